"""A warehouse purchases: proposed, approved by a person, sent once, received in parts, ended (Q60)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.events.inventory_goods import DeviceOrderReserved
from shared.events.inventory_orders import GoodsOrderChanged
from shared.events.ordering_devices import DeviceLine
from shared.events.tasks import TaskRaised, TaskResolved
from shared.suppliers import PurchaseCancelRequest, PurchaseOrder
from tests.inventory.purchased import (
    LEVEL,
    NAME,
    NO,
    SOLD,
    SUPPLIER,
    answered,
    asked,
    balance,
    done,
    proposed,
    purchases,
    purchasing,
    received,
    sent,
    shown,
)
from tests.inventory.shelves import CPAP, HOSE, WALKER, keep_article, order_of
from tests.support import InMemory


@pytest.fixture
async def service() -> InMemory:
    return await purchasing()


async def with_minimum(service: InMemory, minimum: int) -> None:
    await done(service, LEVEL, {"minimum": minimum, "packages": 4}, method="PUT")


def kinds(service: InMemory) -> list[str]:
    return [each.kind or "" for each in service.told_of(TaskRaised)]


async def test_below_its_minimum_the_warehouse_proposes_once_and_sends_nothing(service: InMemory) -> None:
    await with_minimum(service, 10)
    await service.run_jobs()
    at_the_minimum = await purchases(service)
    await with_minimum(service, 11)

    await service.run_jobs()
    await service.run_jobs()

    (purchase,) = await purchases(service)
    assert at_the_minimum == []
    assert (purchase.state, purchase.supplier, purchase.lines[0].packages) == ("proposed", SUPPLIER, 4)
    assert (await balance(service)).on_order == 20
    assert service.told_of(PurchaseOrder) == []
    assert kinds(service) == ["purchase_proposed"]


async def test_what_falls_below_joins_the_proposal_until_somebody_approves_it(service: InMemory) -> None:
    await with_minimum(service, 11)
    await service.run_jobs()
    path = f"/storerooms/DEMO-W1/articles/{HOSE.article_no}/level"
    await done(service, path, {"minimum": 1, "packages": 2}, method="PUT")

    await service.run_jobs()
    (purchase,) = await purchases(service)
    await done(service, f"/purchases/{purchase.order_no}/approve", {})
    await with_minimum(service, 100)
    await service.run_jobs()

    assert [each.article_no for each in purchase.lines] == [NO, HOSE.article_no]
    assert [each.state for each in await purchases(service)] == ["sent"]


async def test_an_approved_purchase_is_sent_once_in_whole_packages_at_the_agreed_price(
    service: InMemory,
) -> None:
    order_no = await proposed(service)
    form = {"lines": [{"article_no": NO, "packages": 6}]}

    answer = await done(service, f"/purchases/{order_no}/approve", form)
    again = await asked(service, f"/purchases/{order_no}/approve", form)

    assert (answer["state_text"], answer["approved_by_name"]) == (
        "Skickad till leverantören", "Testsson, store_keeper",
    )  # fmt: skip
    assert again.json()["rule"] == "not-proposed"
    (message,) = service.told_of(PurchaseOrder)
    (line,) = message.lines
    assert (message.supplier, message.routing_key) == (SUPPLIER, "supplier.demo-aids.orders")
    assert (line.quantity, line.unit, line.pieces_per_package) == (6, "PK", 5)
    assert line.unit_price == Decimal("450.00")
    assert (await balance(service)).on_order == 30


async def test_it_is_received_in_parts_and_then_over(service: InMemory) -> None:
    order_no = await sent(service)
    await answered(service, order_no, "response", lines=[{"line": 1, "status": "accepted"}])
    await answered(
        service, order_no, "despatched", packages=["395200000000000017"],
        lines=[{"line": 1, "quantity": 1, "batch": "L9"}],
    )  # fmt: skip

    await received(service, order_no, 5)
    partly = await shown(service, order_no)
    await received(service, order_no, 15)

    whole = await shown(service, order_no)
    assert (partly["state"], partly["lines"][0]["to_come"]) == ("part_received", 15)
    assert (whole["state_text"], whole["lines"][0]["received"]) == ("Inlevererad", 20)
    kept = await balance(service)
    assert (kept.on_hand, kept.on_order, kept.coming) == (30, 0, ())
    assert [each.state for each in service.told_of(GoodsOrderChanged)][-2:] == ["part_received", "received"]
    late = await received(service, order_no, 5)
    assert late.json()["rule"] == "purchase-over"


async def test_more_than_was_ordered_is_on_the_shelf_and_a_task(service: InMemory) -> None:
    order_no = await sent(service)

    await received(service, order_no, 23)

    (task,) = [each for each in service.told_of(TaskRaised) if each.kind == "purchase_deviation"]
    assert (task.reason, task.details["quantity"]) == ("purchase-too-many", "3")
    assert (await balance(service)).on_hand == 33


async def test_devices_are_received_by_number_and_counted_on_the_purchase(service: InMemory) -> None:
    assert CPAP.device is not None
    cpap = replace(CPAP, device=CPAP.device.model_copy(update={"supplier": NAME}))
    await keep_article(service, cpap)
    order_no = await sent(service, **{CPAP.article_no: 2})
    form = {"storeroom_no": "DEMO-W1", "article_no": CPAP.article_no, "supply_no": order_no,
            "devices": [{"device_no": "D900001"}, {"device_no": "D900002"}]}  # fmt: skip

    answer = await asked(service, "/goods/receive", form)

    assert answer.status_code == 200, answer.text
    assert (await shown(service, order_no))["state"] == "received"


@pytest.mark.parametrize(
    ("kind", "article_no", "quarantined", "to_come"),
    [("damaged", NO, 4, 16), ("missing", NO, 0, 20), ("wrong", HOSE.article_no, 0, 20)],
)
async def test_what_differs_is_set_apart_and_a_task(
    service: InMemory, kind: str, article_no: str, quarantined: int, to_come: int
) -> None:
    order_no = await sent(service)
    deviation = {"kind": kind, "article_no": article_no, "quantity": 4, "reason": "Enligt följesedeln"}
    form = {"deviations": [deviation]}

    answer = await done(service, f"/purchases/{order_no}/deviations", form)

    kept = await balance(service)
    assert (kept.on_hand, kept.quarantined, answer["lines"][0]["to_come"]) == (10, quarantined, to_come)
    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.reason, task.care_unit) == (
        "purchase_deviation",
        f"purchase-{kind}",
        "DEMO-W1",
    )
    assert task.details["article_name"]


async def test_a_proposal_is_annulled_at_once_and_what_was_sent_by_the_suppliers_answer(
    service: InMemory,
) -> None:
    proposal, order_no = await proposed(service), await sent(service)
    reason = {"reason": "Behövs inte"}

    annulled = await done(service, f"/purchases/{proposal}/annul", reason)
    waits = await done(service, f"/purchases/{order_no}/annul", reason)
    await done(service, f"/purchases/{order_no}/annul", reason)
    await answered(service, order_no, "cancelled", reason="as_asked")

    assert (annulled["state"], waits["state"]) == ("annulled", "sent")
    assert len(service.told_of(PurchaseCancelRequest)) == 1
    assert (await shown(service, order_no))["state"] == "annulled"
    assert (await balance(service)).on_order == 0
    assert kinds(service) == []


async def test_an_automatic_proposal_is_annulled_only_when_the_minimum_is_lowered(service: InMemory) -> None:
    await with_minimum(service, 11)
    await service.run_jobs()
    (purchase,) = await purchases(service)
    path, form = f"/purchases/{purchase.order_no}/annul", {"reason": "För dyrt"}

    refused = await asked(service, path, form)
    await with_minimum(service, 1)
    answer = await done(service, path, form)

    assert refused.json()["rule"] == "would-be-ordered-again"
    assert answer["state"] == "annulled"


async def test_silence_and_lateness_are_one_task_each(service: InMemory) -> None:
    order_no = await sent(service)
    service.clock.move(days=3)
    await service.run_jobs()
    await service.run_jobs()
    await answered(service, order_no, "ack")
    await answered(
        service, order_no, "response",
        lines=[{"line": 1, "status": "accepted", "delivery_date": "2026-12-01"}],
    )  # fmt: skip
    service.clock.move(days=6)
    await service.run_jobs()
    await service.run_jobs()

    assert kinds(service) == ["purchase_silent", "purchase_late"]
    await done(service, f"/purchases/{order_no}/close", {"reason": "Leverantören hittar den inte"})
    assert (await shown(service, order_no))["state_text"] == "Avslutad, allt kom inte"
    assert {each.task_id.split(":")[0] for each in service.told_of(TaskResolved)} >= {"purchase-late"}
    assert (await balance(service)).on_order == 0


async def test_an_order_that_waits_is_told_the_day_that_the_supplier_gave(service: InMemory) -> None:
    await service.hear(order_of(1, lines=(DeviceLine(line_no=1, article_no=NO, quantity=15),)))
    order_no = await sent(service)
    await answered(
        service, order_no, "response",
        lines=[{"line": 1, "status": "accepted", "delivery_date": "2026-12-01"}],
    )  # fmt: skip

    (line,) = service.told_of(DeviceOrderReserved)[-1].lines
    assert (line.waiting, line.expected_on.isoformat()) == (5, "2026-12-01")


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ([{"article_no": WALKER.article_no, "packages": 1}], "may-not-be-purchased"),
        ([{"article_no": "999999", "packages": 1}], "may-not-be-purchased"),
        ([{"article_no": NO, "packages": 1}] * 2, "article-twice"),
    ],
)
async def test_what_cannot_be_purchased_says_why(
    service: InMemory, lines: list[dict[str, object]], rule: str
) -> None:
    answer = await asked(service, "/purchases", {"warehouse_no": "DEMO-W1", "lines": lines})

    assert (answer.status_code, answer.json()["rule"]) == (422, rule)


async def test_a_level_of_what_is_purchased_no_more_stops_with_a_task(service: InMemory) -> None:
    await with_minimum(service, 11)
    await keep_article(service, replace(SOLD[NO], status="discontinued"))

    await service.run_jobs()
    await service.run_jobs()
    stopped = kinds(service), await purchases(service)
    await keep_article(service, SOLD[NO])
    await service.run_jobs()
    await service.run_jobs()

    assert stopped == (["purchase_stopped"], [])
    assert len(await purchases(service)) == 1


async def test_who_works_elsewhere_sees_no_purchase(service: InMemory) -> None:
    order_no = await proposed(service)

    elsewhere = await asked(service, f"/purchases/{order_no}", method="GET", care_units=["DEMO-W2"])
    listed = await asked(service, "/purchases", method="GET", care_units=["DEMO-W2"])

    assert (elsewhere.status_code, listed.json()) == (404, [])
