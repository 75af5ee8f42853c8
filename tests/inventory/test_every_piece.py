"""However goods are received, ordered, picked, lent and taken back: every piece is in one place (I9, I10)."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import date
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.inventory.repository.collections import BALANCES, DEVICE_ORDERS, DEVICES, LOANS, MOVEMENTS
from shared.domain.numbers import number as number_of
from shared.events.fact import Fact
from shared.events.ordering_devices import (
    CollectionOrderAnnulled,
    CollectionOrderRegistered,
    DeviceOnLoan,
    DeviceOrderAnnulmentAsked,
    DeviceOrderSent,
    DeviceOrderSplit,
    DevicesHandedOver,
    HandOutMistaken,
    InPlaceOf,
    LineHandedOver,
)
from tests.inventory.pieces import away, coming_to, promised, summed
from tests.inventory.replenished import RULES
from tests.inventory.shelves import HAND_OUT, KEEPER, PATIENT, order_of, receive, receive_cpaps, stocked
from tests.support import A_MONDAY_MORNING, InMemory

RUNNING = st.integers(1, 3)
COLLECTION = st.integers(1, 2)
DISPOSITION = st.sampled_from(["shelf", "quarantine", "scrap"])
NUMBERS = [f"D{each}" for each in range(6)]


class EveryPiece(RuleBasedStateMachine):
    """Facts come twice and late; what a route refuses changes nothing."""

    @initialize()
    def stocked(self) -> None:
        self.runner = asyncio.Runner()
        self.service: InMemory = self.runner.run(stocked())
        self.runner.run(receive_cpaps(self.service, "DEMO-S1", NUMBERS[:2], hoses=3))
        self.runner.run(receive_cpaps(self.service, "DEMO-W1", NUMBERS[2:4], hoses=3))
        self.received = Counter({"910001": 4, "910100": 6})
        self.runner.run(self.service.hear(RULES))
        self.heard: list[Fact] = []

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.runner.run(self.service.client.aclose())
            self.runner.close()

    def hear(self, fact: Fact) -> None:
        self.heard.append(fact)
        self.runner.run(self.service.hear(fact))

    def ask(self, path: str, body: dict[str, Any] | None = None, **who: Any) -> None:
        role = "order_placer" if who else "store_keeper"
        headers = self.service.once(role, **(who or KEEPER))
        answer = self.runner.run(self.service.client.post(path, json=body, headers=headers))
        assert answer.status_code in {200, 404, 422}, answer.text

    @rule(place=st.sampled_from(["DEMO-S1", "DEMO-W1"]), number=st.sampled_from(NUMBERS))
    def receive_device(self, place: str, number: str) -> None:
        known = self.runner.run(self.service.repository.get(DEVICES.maybe(number)))
        if known is None:
            self.runner.run(receive_cpaps(self.service, place, [number], hoses=0))
            self.received["910001"] += 1

    @rule(place=st.sampled_from(["DEMO-S1", "DEMO-W1"]), quantity=st.integers(1, 4))
    def receive_hoses(self, place: str, quantity: int) -> None:
        self.runner.run(receive(self.service, place, article_no="910100", quantity=quantity))
        self.received["910100"] += quantity

    @rule(running=RUNNING, joint=st.booleans())
    def order(self, running: int, joint: bool) -> None:
        self.hear(order_of(running, joint=joint))

    @rule(running=st.integers(4, 5), number=st.sampled_from(NUMBERS))
    def hand_out(self, running: int, number: str) -> None:
        line = HAND_OUT.lines[0].model_copy(update={"device_no": number})
        self.hear(order_of(running, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,)))

    @rule(running=RUNNING)
    def annul(self, running: int) -> None:
        order_no = order_of(running).order_no
        self.hear(DeviceOrderAnnulmentAsked(order_no=order_no, asked_at=A_MONDAY_MORNING))

    @rule(running=RUNNING)
    def split(self, running: int) -> None:
        self.hear(DeviceOrderSplit(order_no=order_of(running).order_no, split_at=A_MONDAY_MORNING))

    @rule(running=RUNNING)
    def take(self, running: int) -> None:
        self.ask(f"/device-orders/{order_of(running).order_no}/pick-list/take")

    @rule(running=RUNNING, number=st.sampled_from(NUMBERS))
    def pick(self, running: int, number: str) -> None:
        self.ask(f"/device-orders/{order_of(running).order_no}/pick-list/pick", {"device_no": number})

    @rule(running=RUNNING, number=st.sampled_from(NUMBERS), gives_up=st.booleans())
    def put_back(self, running: int, number: str, gives_up: bool) -> None:
        path = f"/device-orders/{order_of(running).order_no}/pick-list"
        self.ask(f"{path}/put-back", {"device_no": number})
        if gives_up:
            self.ask(f"{path}/give-up")

    @rule(number=st.sampled_from(NUMBERS), to=st.sampled_from(["quarantine", "shelf", "scrap"]))
    def set_apart(self, number: str, to: str) -> None:
        self.ask(f"/devices/{number}/set-apart", {"destination": to, "reason": "Kontroll av hyllan"})

    @rule(numbers=st.sets(st.sampled_from(NUMBERS)), place=st.sampled_from(["DEMO-S1", "DEMO-W1"]))
    def scan(self, numbers: set[str], place: str) -> None:
        form = {
            "article_no": "910001", "device_nos": sorted(numbers), "nothing_there": not numbers,
            "reason": "Inventering",
        }  # fmt: skip
        who = {} if place == "DEMO-W1" else {"care_units": ["DEMO-101"], "product_areas": ["cpap"]}
        self.ask(f"/storerooms/{place}/stocktake-devices", form, **who)

    @rule(running=RUNNING, delivered=st.booleans())
    def send(self, running: int, delivered: bool) -> None:
        order_no = order_of(running).order_no
        self.ask(f"/device-orders/{order_no}/pick-list/pack", {})
        self.ask(f"/parcels/{order_no}.1/despatch")
        if delivered:
            self.ask(f"/parcels/{order_no}.1/receive", care_units=["DEMO-101"])

    @rule(running=RUNNING, number=st.sampled_from(NUMBERS), old=st.none() | st.sampled_from(NUMBERS))
    def hand_over(self, running: int, number: str, old: str | None) -> None:
        order, exchange = order_of(running), self.in_place_of(old) if old else None
        line = LineHandedOver(
            line_no=1, article_no="910001", quantity=1, device_nos=(number,), exchange=exchange
        )
        self.hear(
            DevicesHandedOver(
                hand_over_no=f"{order.order_no}-{len(self.heard)}",
                order_no=order.order_no,
                patient_ref=PATIENT,
                care_unit="DEMO-101",
                handed_over_on=date(2026, 11, 27),
                registered_at=A_MONDAY_MORNING,
                lines=(line,),
                storeroom_no="DEMO-S1",
            )
        )

    def in_place_of(self, number: str) -> InPlaceOf:
        known = self.runner.run(self.service.repository.get(DEVICES.maybe(number)))
        loan_id = (known.loan_id if known else None) or "none"
        return InPlaceOf(loan_id=loan_id, device_no=number, disposition="return")

    @rule(which=st.integers(0, 30))
    def mistake(self, which: int) -> None:
        handed = [each for each in self.heard if isinstance(each, DeviceOrderSent | DevicesHandedOver)]
        if handed:
            order_no = handed[which % len(handed)].order_no
            self.hear(HandOutMistaken(order_no=order_no, patient_ref=PATIENT, mistaken_at=A_MONDAY_MORNING))

    @rule(running=COLLECTION, number=st.sampled_from(NUMBERS), annulled=st.booleans())
    def collect(self, running: int, number: str, annulled: bool) -> None:
        collection_no, on = number_of("H", year=2026, running=running), date(2026, 11, 23)
        loan_id = self.in_place_of(number).loan_id
        about: dict[str, Any] = {
            "collection_no": collection_no, "patient_ref": PATIENT,
            "devices": (DeviceOnLoan(loan_id=loan_id, device_no=number),),
        }  # fmt: skip
        self.hear(CollectionOrderRegistered(**about, place="care_unit", registered_on=on))
        if annulled:
            self.hear(CollectionOrderAnnulled(**about, annulled_on=on))

    @rule(number=st.sampled_from(NUMBERS), to=DISPOSITION, lacks=st.booleans())
    def collect_and_close(self, number: str, to: str, lacks: bool) -> None:
        running = 3 + len(self.heard)
        self.collect(running, number, annulled=False)
        self.close_collection(running, {number}, to, lacks=lacks)

    @rule(running=COLLECTION, numbers=st.sets(st.sampled_from(NUMBERS)), to=DISPOSITION, lacks=st.booleans())
    def close_collection(self, running: int, numbers: set[str], to: str, lacks: bool) -> None:
        came: dict[str, Any] = {"disposition": to} | ({"components": []} if lacks else {})
        form = {"storeroom_no": "DEMO-W1", "devices": [{"device_no": each, **came} for each in numbers]}
        self.ask(f"/collection-orders/{number_of('H', year=2026, running=running)}/close", form)

    @rule(
        running=st.integers(6, 8),
        new=st.sampled_from(NUMBERS),
        old=st.sampled_from(NUMBERS),
        collection=st.none() | COLLECTION,
    )
    def exchange(self, running: int, new: str, old: str, collection: int | None) -> None:
        in_place_of = self.in_place_of(old)
        if collection:
            number = number_of("H", year=2026, running=collection)
            collected = {"disposition": "collect", "collection_no": number}
            in_place_of = in_place_of.model_copy(update=collected)
        line = HAND_OUT.lines[0].model_copy(update={"device_no": new, "exchange": in_place_of, "fee": None})
        self.hear(order_of(running, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,)))

    @rule(number=st.sampled_from(NUMBERS), place=st.sampled_from(["DEMO-S1", "DEMO-S2"]))
    def hand_back(self, number: str, place: str) -> None:
        unit = {"DEMO-S1": "DEMO-101", "DEMO-S2": "DEMO-102"}[place]
        form = {"patient_ref": PATIENT, "storeroom_no": place, "devices": [{"device_no": number}]}
        self.ask("/returns", form, care_units=[unit], product_areas=["cpap"])

    @rule(running=RUNNING, place=st.sampled_from(["DEMO-S1", "DEMO-W1"]), taken=st.booleans())
    def not_fetched(self, running: int, place: str, taken: bool) -> None:
        path, why = f"/device-orders/{order_of(running).order_no}", {"reason": "Aldrig hämtad"}
        who = {"care_units": ["DEMO-101"], "product_areas": ["cpap"]}
        self.ask(f"{path}/not-fetched", {"storeroom_no": place, **why}, **who)
        if taken:
            self.ask(f"{path}/take-back", why)

    @rule(minimum=st.integers(1, 4), ends=st.booleans())
    def replenish(self, minimum: int, ends: bool) -> None:
        path, form = "/storerooms/DEMO-S1/articles/910001/level", {"minimum": minimum, "packages": 1}
        headers = self.service.once("order_placer", care_units=["DEMO-101"])
        answer = self.runner.run(self.service.client.put(path, json=form, headers=headers))
        assert answer.status_code == 200, answer.text
        for job in self.service.assembled.jobs:
            if job.name in {"replenish storerooms", "book what has arrived"}:
                self.runner.run(_done(job.run()))
        if ends:
            self.ask(f"{path}/end", care_units=["DEMO-101"])

    @rule(running=st.integers(1, 2), number=st.sampled_from(NUMBERS))
    def carry(self, running: int, number: str) -> None:
        order_no = number_of("P", year=2026, running=running)
        self.ask(f"/device-orders/{order_no}/pick-list/take")
        self.ask(f"/device-orders/{order_no}/pick-list/pick", {"device_no": number})
        self.ask(f"/device-orders/{order_no}/pick-list/pack", {})
        self.ask(f"/parcels/{order_no}.1/despatch")

    @rule(
        running=st.integers(1, 2),
        number=st.sampled_from(NUMBERS),
        kind=st.sampled_from([None, "missing", "damaged", "too_many"]),
        late=st.booleans(),
    )
    def receive_carried(self, running: int, number: str, kind: str | None, late: bool) -> None:
        order_no = number_of("P", year=2026, running=running)
        path = f"/replenishments/{order_no}/parcels/{order_no}.1/" + ("deviations" if late else "receive")
        row = {"kind": kind, "article_no": "910001", "device_no": number, "reason": "Stämmer inte"}
        self.ask(path, {"deviations": [row] if kind else []}, care_units=["DEMO-101"])

    @rule(running=st.integers(1, 2))
    def annul_replenishment(self, running: int) -> None:
        order_no = number_of("P", year=2026, running=running)
        self.ask(f"/replenishments/{order_no}/annul", care_units=["DEMO-101"])

    @rule(which=st.integers(0, 30))
    def again(self, which: int) -> None:
        if self.heard:
            self.runner.run(self.service.hear(self.heard[which % len(self.heard)]))

    @invariant()
    def every_piece_is_in_one_place(self) -> None:
        if not hasattr(self, "service"):
            return
        self.runner.run(self.compared())

    async def compared(self) -> None:
        repository = self.service.repository
        balances = await repository.whole(BALANCES, {})
        devices = await repository.whole(DEVICES, {})
        orders = await repository.whole(DEVICE_ORDERS, {})
        loans = [each for each in await repository.whole(LOANS, {}) if each.state == "on_loan"]
        rows = [row for each in await repository.whole(MOVEMENTS, {}) for row in each.rows]
        on_shelf = Counter[str]()
        for each in balances:
            on_shelf[each.article_no] += each.on_hand + each.quarantined
            there = [
                one for one in devices if one.storeroom_no == each.storeroom_no and one.state == "in_stock"
            ]
            assert each.on_hand + each.quarantined == summed(rows, each), (
                "a balance is the sum of its movements"
            )
            assert each.on_hand == len(there) or each.article_no != "910001"
            assert (each.reserved, each.waiting) == promised(orders, each)
            assert sum(one.quantity for one in each.coming) == coming_to(each, orders)
        assert on_shelf + away(orders, rows) == +self.received, "no piece is lost and none is made"
        assert {(each.device_no, each.loan_id) for each in devices if each.state == "on_loan"} == {
            (each.device_no, each.loan_id) for each in loans
        }


async def _done(work: Awaitable[None]) -> None:
    await work


TestEveryPiece = EveryPiece.TestCase
TestEveryPiece.settings = settings(
    max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
