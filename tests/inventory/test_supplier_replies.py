"""What a supplier answers is taken in once; each of its mistakes is a task and changes nothing (Q60)."""

from typing import Any

import pytest

from shared.events.tasks import TaskRaised
from tests.inventory.purchased import NO, answered, balance, done, purchasing, received, sent, shown
from tests.support import InMemory


@pytest.fixture
async def service() -> InMemory:
    return await purchasing()


def reasons(service: InMemory) -> list[str]:
    return [each.reason or "" for each in service.told_of(TaskRaised)]


def said(**line: Any) -> list[dict[str, Any]]:
    return [{"line": 1, "status": "accepted", **line}]


async def test_another_price_than_the_agreements_is_a_task_that_names_both(service: InMemory) -> None:
    order_no = await sent(service)

    await answered(service, order_no, "response", lines=said(unit_price="475.00"))

    line = (await shown(service, order_no))["lines"][0]
    assert (line["price"], line["said_price"], line["price_differs"]) == ("450.00", "475.00", True)
    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.details["agreed"], task.details["said"]) == (
        "purchase_price_differs", "450.00", "475.00",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "state", "on_order", "reason"),
    [
        ({}, "confirmed", 20, []),
        ({"status": "changed", "quantity": 3}, "confirmed", 15, ["purchase-line-changed"]),
        ({"status": "changed", "quantity": 9}, "confirmed", 45, ["purchase-line-changed"]),
        ({"status": "accepted", "quantity": 3}, "confirmed", 15, ["purchase-line-changed"]),
        ({"status": "changed", "quantity": 0}, "refused", 0, ["purchase-line-rejected"]),
        ({"status": "rejected", "code": "out_of_stock"}, "refused", 0, ["purchase-line-rejected"]),
    ],
)
async def test_what_the_supplier_makes_of_a_line_is_what_is_on_order(
    service: InMemory, line: dict[str, Any], state: str, on_order: int, reason: list[str]
) -> None:
    order_no = await sent(service)

    await answered(service, order_no, "response", lines=said(**line))

    assert (await shown(service, order_no))["state"] == state
    assert (await balance(service)).on_order == on_order
    assert reasons(service) == reason


async def test_a_refusal_of_all_ends_it_with_the_code(service: InMemory) -> None:
    order_no = await sent(service)

    await answered(service, order_no, "ack", accepted=False, code="unknown_customer")

    purchase = await shown(service, order_no)
    assert (purchase["state"], purchase["ended_why"]) == ("refused", "unknown_customer")
    assert (reasons(service), (await balance(service)).on_order) == (["purchase-refused"], 0)


async def test_a_delivery_that_is_told_again_under_another_id_counts_once(service: InMemory) -> None:
    order_no = await sent(service)
    for _ in range(2):
        await answered(
            service, order_no, "despatched", packages=["395200000000000017"],
            lines=[{"line": 1, "quantity": 3}],
        )  # fmt: skip

    purchase = await shown(service, order_no)

    assert (len(purchase["deliveries"]), purchase["lines"][0]["despatched"]) == (1, 3)
    assert reasons(service) == []


async def test_more_than_was_ordered_on_its_way_is_a_task(service: InMemory) -> None:
    order_no = await sent(service)

    await answered(service, order_no, "despatched", lines=[{"line": 1, "quantity": 5}])

    assert reasons(service) == ["purchase-more-than-ordered"]


async def test_what_the_supplier_cancels_after_a_part_came_is_closed_with_a_task(service: InMemory) -> None:
    order_no = await sent(service)
    await received(service, order_no, 5)

    await answered(service, order_no, "cancelled", reason="discontinued")

    assert (await shown(service, order_no))["state"] == "closed_short"
    assert (reasons(service), (await balance(service)).on_order) == (["purchase-cancelled"], 0)


async def test_too_late_lets_the_purchase_go_on(service: InMemory) -> None:
    order_no = await sent(service)
    await done(service, f"/purchases/{order_no}/annul", {"reason": "Behövs inte"})

    await answered(service, order_no, "too_late", reason="despatched")

    purchase = await shown(service, order_no)
    assert (purchase["state"], purchase["annulment_asked_at"]) == ("sent", None)
    assert reasons(service) == ["purchase-annulled-too-late"]


STRAY: list[tuple[str, dict[str, Any], str]] = [
    ("ack", {"sender": "demo-tech"}, "purchase-answered-by-another"),
    ("response", {"lines": said(line=7)}, "purchase-line-unknown"),
    ("response", {"lines": [*said(), *said()]}, "purchase-line-twice"),
    ("too_late", {}, "purchase-was-not-annulled"),
    ("despatched", {"lines": [{"line": 2, "quantity": 1}]}, "purchase-line-unknown"),
]


@pytest.mark.parametrize(("kind", "reply", "reason"), STRAY)
async def test_what_does_not_fit_the_purchase_is_a_task_and_changes_nothing(
    service: InMemory, kind: str, reply: dict[str, Any], reason: str
) -> None:
    order_no = await sent(service)
    before = await shown(service, order_no)

    await answered(service, order_no, kind, **reply)

    assert await shown(service, order_no) == before
    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.reason, task.subject_no) == ("purchase_reply_stray", reason, order_no)


async def test_an_answer_after_the_goods_have_left_or_the_end_is_a_task(service: InMemory) -> None:
    order_no = await sent(service)
    await answered(service, order_no, "despatched", lines=[{"line": 1, "quantity": 4}])
    await answered(service, order_no, "response", lines=said(quantity=1))
    await answered(service, order_no, "ack", accepted=False)
    await received(service, order_no, 20)
    await answered(service, order_no, "despatched", lines=[{"line": 1, "quantity": 4}])

    assert reasons(service) == [
        "purchase-answered-after-despatch", "purchase-refused-after-despatch", "purchase-not-waiting",
    ]  # fmt: skip
    assert (await shown(service, order_no))["state"] == "received"


async def test_an_answer_to_a_purchase_that_nobody_made_is_a_task(service: InMemory) -> None:
    await answered(service, "P2026-999999-1", "ack")

    (task,) = service.told_of(TaskRaised)
    assert (task.reason, task.role) == ("purchase-unknown", "store_keeper")


async def test_a_day_that_cannot_be_is_no_expected_day(service: InMemory) -> None:
    order_no = await sent(service)

    await answered(service, order_no, "response", lines=said(delivery_date="2062-12-01"))

    assert (await shown(service, order_no))["lines"][0]["expected_on"] is None
    assert NO
