"""Orders of every type are found in one list, kept apart, and only by who may see them (S124 to S128)."""

from datetime import timedelta
from itertools import product
from typing import Any, cast

import bson
import pytest

from services.ordering.repository.collections import WITHDRAWALS
from shared.domain.numbers import number
from shared.events.inventory_goods import DeviceOrderDespatched, LineGoods
from shared.repository.memory.backend import Memory
from tests.ordering.baskets import AT, main_order, reserved, shown
from tests.ordering.desk import REGISTERED, WANTED, articles, patient
from tests.ordering.desk import sent as withdrawn
from tests.ordering.devices import (
    CPAP,
    DEAR,
    DEVICE_NO,
    OTHER_UNIT,
    PRESCRIBER,
    STAFF,
    UNIT,
    device,
    hand_out_form,
    handed_out,
    placer,
    posted,
    told_devices,
)
from tests.ordering.examples import PATIENT
from tests.support import InMemory

AREAS = {"product_areas": ["foods", "cpap"]}


async def told_all() -> InMemory:
    """Tell ordering of one order of each type, a minute after one another: order, hand-out, withdrawal."""
    service = await told_devices()
    for fact in (REGISTERED, *articles()):
        await service.hear(fact)
    await main_order(service)
    service.clock.move(minutes=1)
    await handed_out(service, hand_out_form())
    service.clock.move(minutes=1)
    await withdrawn(service)
    return service


async def found(service: InMemory, role: str = "order_placer", **form: Any) -> Any:
    who = STAFF | AREAS | form.pop("who", {})
    answer = await posted(service, "/orders/search", form, service.token(role, **who))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def types(service: InMemory, **form: Any) -> list[str]:
    return [each["type"] for each in await found(service, **form)]


async def refused(service: InMemory, role: str = "order_placer", **form: Any) -> tuple[int, str | None]:
    who = STAFF | AREAS | form.pop("who", {})
    answer = await posted(service, "/orders/search", form, service.token(role, **who))
    return answer.status_code, answer.json().get("rule")


async def test_every_type_is_in_one_list_the_latest_first_and_says_which_it_is() -> None:
    service = await told_all()

    rows = await found(service)

    assert [each["type"] for each in rows] == ["withdrawal", "hand_out", "order"]
    assert [each["type_text"] for each in rows] == [
        "Uttag av livsmedel",
        "Förskrivning från eget förråd",
        "Förskrivning via huvudlager eller leverantör",
    ]
    assert [each["care_units"] for each in rows] == [
        [{"care_unit": UNIT, "name": "Sömnmottagningen Demostad"}]
    ] * 3
    assert [each["prescriber_name"] for each in rows] == [None, *["Förskrivare Testsson"] * 2]
    assert [each["placed_by_name"] for each in rows] == [
        "Testsson, customer_service",
        *["Testsson, order_placer"] * 2,
    ]
    assert rows[1]["articles"] == [{"article_no": CPAP, "name": "Demo-CPAP", "quantity": 1}]
    assert rows[1]["storeroom_name"] == "Förrådet Sömn"


FINDS: list[tuple[dict[str, Any], list[str]]] = [
    ({"care_unit": UNIT}, ["withdrawal", "hand_out", "order"]),
    ({"types": ["order", "hand_out"]}, ["hand_out", "order"]),
    ({"types": ["withdrawal"]}, ["withdrawal"]),
    ({"article_no": CPAP}, ["hand_out", "order"]),
    ({"article_no": "900101"}, ["withdrawal"]),
    ({"article_no": DEAR}, []),
    ({"device_no": DEVICE_NO}, ["hand_out"]),
    ({"device_no": "D999999"}, []),
    ({"placed_by": "order_placer-1"}, ["hand_out", "order"]),
    ({"placed_by": "customer_service-1"}, ["withdrawal"]),
    ({"prescriber": PRESCRIBER}, ["hand_out", "order"]),
    ({"patient_ref": PATIENT}, ["withdrawal", "hand_out", "order"]),
    ({"patient_ref": "patient-2"}, []),
    ({"since": "2026-11-23", "until": "2026-11-23"}, ["withdrawal", "hand_out", "order"]),
    ({"until": "2026-11-22"}, []),
    ({"since": "2026-11-24"}, []),
    ({"mine": True}, ["hand_out", "order"]),
    ({"mine": True, "who": {"sub": PRESCRIBER}}, ["hand_out", "order"]),
    ({"mine": True, "who": {"sub": "colleague"}}, []),
    ({"order_number": "2026-0000"}, ["withdrawal", "hand_out", "order"]),
    ({"order_number": "u2026"}, ["withdrawal"]),
    ({"direction": "ascending"}, ["order", "hand_out", "withdrawal"]),
    ({"sort": "type", "direction": "ascending"}, ["hand_out", "order", "withdrawal"]),
    ({"sort": "prescriber_name", "direction": "ascending"}, ["withdrawal", "order", "hand_out"]),
    ({"sort": "number"}, ["withdrawal", "hand_out", "order"]),
]


async def test_orders_are_found_by_what_people_know_of_them(subtests: pytest.Subtests) -> None:
    service = await told_all()

    for form, wanted in FINDS:
        with subtests.test(str(form)):
            assert await types(service, **form) == wanted


async def test_a_whole_number_and_each_part_of_it_find_the_order() -> None:
    service = await told_all()
    whole = (await found(service, types=["order"]))[0]["number"]

    for part in (whole, whole.lower(), whole[:9], whole[5:], whole[-6:], whole[6:12]):
        assert whole in [each["number"] for each in await found(service, order_number=part)], part
    elsewhere = await found(service, order_number=number("B", year=2026, running=4711))
    assert elsewhere == []


async def test_another_units_and_areas_orders_are_not_found() -> None:
    service = await told_all()

    assert await types(service, who={"care_units": [OTHER_UNIT]}) == []
    assert await types(service, who={"product_areas": ["foods"]}) == ["withdrawal"]
    assert await types(service, who={"product_areas": ["cpap"]}) == ["hand_out", "order"]
    assert await refused(service, care_unit=OTHER_UNIT) == (403, "not-your-unit")


async def test_customer_service_says_which_orders_and_sees_those_of_every_unit() -> None:
    service = await told_all()

    assert await refused(service, "customer_service") == (422, "say-which-orders")
    assert await refused(service, "customer_service", article_no=CPAP) == (422, "say-which-orders")
    assert len(await found(service, "customer_service", care_unit=UNIT)) == 3


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"order_number": "077"}, "part-of-number-too-short"),
    ({"order_number": "H2026-000001"}, "another-kind-of-number"),
    ({"order_number": "order 77"}, "not-a-number"),
    ({"since": "2026-11-24", "until": "2026-11-23"}, "period-reversed"),
]


async def test_what_cannot_be_searched_for_is_refused_in_words() -> None:
    service = await told_devices()

    answers = [await refused(service, **form) for form, _ in REFUSED]

    assert answers == [(422, rule) for _, rule in REFUSED]


async def test_recipients_are_shown_only_when_asked_for_and_then_it_stands_in_the_log() -> None:
    service = await told_all()
    hidden = await found(service, mine=True)
    before = await service.repository.access_log(PATIENT)

    named = await found(service, mine=True, show_recipients=True)

    after = await service.repository.access_log(PATIENT)
    assert [(each["patient_ref"], each["recipient"]) for each in hidden] == [(None, None)] * 2
    assert [(each["patient_ref"], each["recipient"]) for each in named] == [(PATIENT, "Test Testsson")] * 2
    assert [each["action"] for each in before].count("ordering.search_orders") == 0
    assert [each["action"] for each in after].count("ordering.search_orders") == 1


async def test_a_protected_recipient_is_not_named_not_even_by_reference() -> None:
    service = await told_all()
    await service.hear(
        patient(service.seals, version=2, protected=True, number=None, name=None, address=None)
    )

    rows = await found(service, show_recipients=True)

    assert [(each["patient_ref"], each["recipient"]) for each in rows] == [(None, None)] * 3


async def test_a_device_is_found_by_the_number_it_had_when_it_was_handed_out() -> None:
    service = await told_all()
    await service.hear(device(version=2, label="D100009", former_numbers=(DEVICE_NO,)))

    assert await types(service, device_no="D100009") == ["hand_out"]


async def test_what_came_in_place_of_what_was_ordered_is_found_too() -> None:
    service = await told_devices()
    order = await main_order(service)
    goods = LineGoods(line_no=1, article_no=DEAR, quantity=1, device_nos=("D100777",))
    await service.hear(
        DeviceOrderDespatched(
            order_no=order.order_no, parcel_no="K1", despatched_at=AT, complete=True, lines=(goods,)
        )
    )

    for form in ({"article_no": DEAR}, {"article_no": CPAP}, {"device_no": "D100777"}):
        assert await types(service, **form) == ["order"], form

    as_before(service)
    for form in ({"article_no": DEAR}, {"article_no": CPAP}, {"device_no": "D100777"}):
        assert await types(service, **form) == ["order"], ("by the version before", form)


async def test_pages_follow_one_another_over_all_types_and_none_is_missed_or_doubled(
    monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
) -> None:
    service = await told_all()

    for sort, direction in product(
        ("sent_at", "type", "placed_by_name", "prescriber_name", "number"), ("ascending", "descending")
    ):
        form = {"sort": sort, "direction": direction}
        whole = await found(service, **form)
        with subtests.test(str(form)), monkeypatch.context() as one_a_page:
            one_a_page.setattr("services.ordering.repository.order_search.ROWS", 1)
            assert await page_after_page(service, form) == [each["number"] for each in whole]


async def page_after_page(service: InMemory, form: dict[str, str]) -> list[str]:
    numbers, cursor, who = list[str](), "", service.token("order_placer", **STAFF | AREAS)
    while True:
        answer = await posted(service, f"/orders/search{cursor}", form, who)
        numbers += [each["number"] for each in answer.json()]
        if "Next-Cursor" not in answer.headers or len(numbers) > 10:
            return numbers
        cursor = f"?cursor={answer.headers['Next-Cursor']}"


async def test_an_order_opened_says_the_planned_delivery_and_every_step_with_who_and_when() -> None:
    service = await told_devices()
    order = await main_order(service, joint=True)
    await service.hear(reserved(order, version=1, waiting=1))
    service.clock.move(hours=1)
    await posted(service, f"/device-orders/{order.order_no}/split", None, placer(service, sub=PRESCRIBER))

    opened = await shown(service, f"/device-orders/{order.order_no}")

    assert opened["expected_on"] == "2026-12-01"
    assert [(each["what"], each["by"], each["by_name"]) for each in opened["steps"]] == [
        ("sent", "order_placer-1", "Testsson, order_placer"),
        ("split", PRESCRIBER, "Förskrivare Testsson"),
    ]
    at = [each["at"] for each in opened["steps"]]
    assert at == [
        f"{order.sent_at:%Y-%m-%dT%H:%M:%SZ}",
        f"{order.sent_at + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
    ]


NEW = {"article_nos", "device_nos", "picking_at", "too_late_at"}
"""What documents of the version before do not have."""


def as_before(service: InMemory) -> None:
    """Keep the orders as a replica of the version before writes them."""
    stored = cast("Memory", service.repository.backend)._documents["device_orders"]
    for order_no, row in stored.items():
        before = {name: each for name, each in bson.decode(row).items() if name not in NEW}
        stored[order_no] = bson.encode(before)


async def test_the_name_of_a_citizen_who_made_a_withdrawal_is_not_kept(desk: InMemory) -> None:
    headers = desk.once("patient", patient_ref=PATIENT)
    made = await posted(desk, "/withdrawals", WANTED, headers)

    kept = await desk.repository.get(WITHDRAWALS.ref(made.json()["withdrawal_no"]))

    assert (kept.made_by, kept.made_by_name) == ("patient-1", None)
