"""Order of devices = hand-outs = fees = files: what does not agree at night is work (N11)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from services.billing.domain.devices.comparison import DeviceCase, device_differences
from services.billing.domain.devices.following import note_made, note_over, note_sent, note_settled
from services.billing.domain.devices.order import LineSent, Made, Sent
from services.billing.domain.fees.ledger import Fee
from services.billing.domain.reconciling.comparison import Moment
from services.billing.repository.collections import DEVICE_ORDERS
from shared.domain.money import Money
from shared.events.fees import DeviceFee
from shared.events.inventory_goods import (
    DeviceOrderReleased,
    HandOutMade,
    HandOutRefused,
    LineHandedOut,
)
from shared.events.ordering_devices import DeviceFeeDecided, DeviceLine, DeviceOrderSent
from shared.events.tasks import TaskRaised, TaskResolved
from tests.billing.in_memory import AT, TODAY, Billing
from tests.billing.loans import (
    AMOUNT,
    OF_ORDER,
    Book,
    at_care_unit,
    day,
    decided,
    handed_out,
    returned,
    taken_back,
)
from tests.billing.test_device_orders_in_memory import ON_LINE_1, TAKEN_BACK
from tests.billing.test_devices_in_memory import FEE, ORDER
from tests.billing.test_tariff import TARIFF
from tests.billing.test_tariff_in_memory import published as publish_tariff

MOMENT = Moment(at=AT, today=TODAY, closed_at=AT, tariffs=(TARIFF,))
SENT = DeviceOrderSent(
    order_no=ORDER,
    kind="hand_out",
    patient_ref="p-1",
    care_unit="DEMO-101",
    placed_by="placer",
    prescriber="prescriber",
    product_area="devices",
    storeroom_no="DEMO-S1",
    deliver_to="unit",
    sent_on=TODAY,
    sent_at=AT,
    lines=(DeviceLine(line_no=1, article_no="90001", quantity=1, device_no="4711", fee=FEE),),
)
MADE = HandOutMade(
    order_no=ORDER,
    patient_ref="p-1",
    handed_out_on=TODAY,
    handed_out_at=AT,
    lines=(
        LineHandedOut(line_no=1, article_no="90001", quantity=1, device_nos=("4711",), loan_ids=("loan-1",)),
    ),
)
REFUSED = HandOutRefused(order_no=ORDER, rule="device-on-loan", sv="På lån.", en="On loan.", refused_at=AT)
OLD_FEE = FEE.model_copy(update={"tariff": "2025-01-01"})
OF_ANOTHER_TARIFF = SENT.model_copy(update={"lines": (SENT.lines[0].model_copy(update={"fee": OLD_FEE}),)})
MADE_1 = Made(1, TODAY, AT)
FREE_LINE = DeviceLine(line_no=1, article_no="90001", quantity=1)


async def published(billing: Billing, *facts: Any) -> None:
    await publish_tariff(billing)
    await billing.service.run_jobs()
    await billing.hear(billing.patient(), *facts)


async def night(billing: Billing, number: int = 1) -> Any:
    billing.service.clock.set(datetime(2026, 11, 23 + number, 3, 0, tzinfo=UTC))
    await billing.service.run_jobs()
    answer = await billing.service.client.get(
        f"/reconciliations/{TODAY}", headers=billing.service.token("economist")
    )
    return answer.json()


def kinds(made: Any) -> list[str]:
    return [each["kind"] for each in made["differences"]]


async def settled(billing: Billing) -> bool:
    return (await billing.service.repository.get(DEVICE_ORDERS.ref(ORDER))).settled


async def test_a_device_whose_fee_waits_agrees_and_is_looked_at_until_it_is_over(billing: Billing) -> None:
    await published(billing, SENT, ON_LINE_1, MADE)

    made = await night(billing)

    assert (made["device_orders"], made["fees"], made["charged"], kinds(made)) == (1, 1, "500.00", [])
    assert not await settled(billing)


async def test_a_fee_that_never_came_to_billing_is_work_until_it_does(billing: Billing) -> None:
    await published(billing, SENT, MADE)

    made = await night(billing)
    raised = [each for each in billing.service.told_of(TaskRaised) if each.subject_no == ORDER]
    await billing.hear(ON_LINE_1)
    after = await night(billing, 2)

    assert (kinds(made), [each.reason for each in raised]) == (["device-fee-missing"],) * 2
    assert kinds(after) == []
    assert billing.service.told_of(TaskResolved)[-1].how == "agrees-now"


async def test_what_came_in_exchange_has_the_fee_of_the_loan_that_continues(billing: Billing) -> None:
    (line,) = MADE.lines
    continued = line.model_copy(update={"loan_ids": ("loan-of-before",), "exchanged": True})
    await published(billing, SENT, MADE.model_copy(update={"lines": (continued,)}))

    assert kinds(await night(billing)) == []
    assert await settled(billing)


async def test_a_fee_by_another_tariff_than_that_of_the_day_of_sending_is_named(billing: Billing) -> None:
    await published(billing, OF_ANOTHER_TARIFF, ON_LINE_1, MADE)

    assert kinds(await night(billing)) == ["device-fee-by-another-tariff"]


async def test_a_hand_out_by_mistake_and_a_decided_no_agree_and_are_over(billing: Billing) -> None:
    no = DeviceFeeDecided(order_no=ORDER, line_no=1, patient_ref="p-1", version=1, fee=None, decided_at=AT)
    await published(billing, SENT, ON_LINE_1, MADE, TAKEN_BACK, no)

    assert kinds(await night(billing)) == []
    assert await settled(billing)


@pytest.mark.parametrize(
    "facts",
    [
        (SENT, REFUSED),
        (REFUSED, SENT),
        (SENT, DeviceOrderReleased(order_no=ORDER, released_at=AT)),
        (SENT.model_copy(update={"lines": (FREE_LINE,)}),),
    ],
    ids=["refused", "refused, heard first", "annulled", "without a fee"],
)
async def test_what_nothing_is_awaited_of_is_looked_at_once(billing: Billing, facts: tuple[Any, ...]) -> None:
    await published(billing, *facts)

    assert kinds(await night(billing)) == []
    assert await settled(billing)
    order = await billing.service.repository.get(DEVICE_ORDERS.ref(ORDER))
    assert (order.patient_ref, order.day) == ("p-1", TODAY)


async def test_a_late_fact_opens_an_order_again(billing: Billing) -> None:
    await published(billing, SENT.model_copy(update={"lines": (FREE_LINE,)}))
    await night(billing)
    less = FEE.model_copy(update={"amount": Decimal("300.00")})

    await billing.hear(
        DeviceFeeDecided(order_no=ORDER, line_no=1, patient_ref="p-1", version=1, fee=less, decided_at=AT),
        MADE,
    )

    assert not await settled(billing)
    assert kinds(await night(billing, 2)) == ["device-fee-missing"]


def sent(fee: DeviceFee | None) -> Sent:
    return Sent("devices", "DEMO-101", "DEMO-101", (LineSent(1, "910300", fee),))


def looked_at(book: Book, *fees: Fee, on: date | None = None) -> list[str]:
    """Compare an order with a ledger that has other fees than the rules would have written."""
    assert book.order
    case = DeviceCase(book.order, book.loans, fees or tuple(book.fees))
    moment = replace(MOMENT, today=on or TODAY)
    found = device_differences(case, moment=moment)
    return [each.kind for each in found]


def test_another_amount_than_that_of_the_line_differs_unless_people_or_the_cap_set_it() -> None:
    book = Book().hear(handed_out())
    (fee,) = book.fees
    less = replace(fee, entry=replace(fee.entry, amount=Money.of(300)))
    capped = replace(less, entry=replace(less.entry, before_cap=AMOUNT))
    by_people = replace(less, entry=replace(less.entry, why="corrected", because="a correction"))
    waived = fee.came_to("removed", at=AT, note="a waiver")

    assert looked_at(book, less) == ["device-fee-differs"]
    assert [looked_at(book, each) for each in (fee, capped, by_people, waived)] == [[], [], [], []]


def test_a_fee_that_stands_though_the_device_came_back_is_to_be_credited() -> None:
    book = Book().hear(handed_out())
    (fee,) = book.fees
    book.hear(returned("A", day(1)))

    assert (looked_at(book, fee), looked_at(book)) == (["device-credit-missing"], [])
    assert looked_at(book.hear(taken_back(day(1), "loan-1")), fee) == ["device-credit-missing"]


def test_a_fee_that_waits_past_its_day_is_named_unless_a_collection_order_holds_it() -> None:
    book = Book().hear(handed_out())

    assert looked_at(book, on=day(91)) == []
    assert looked_at(book, on=day(92)) == ["device-fee-not-due"]
    assert looked_at(book.hear(at_care_unit(day(80))), on=day(92)) == []


def test_an_amount_that_was_changed_agrees() -> None:
    less = FEE.model_copy(update={"amount": Decimal("300.00")})
    book = Book().hear(handed_out()).settle(day(91)).hear(decided(1, less), on=day(92))

    assert looked_at(book, on=day(92)) == []


def test_counted_goods_that_were_taken_back_are_not_paid_for() -> None:
    order = replace(OF_ORDER, sent=sent(FEE), made=(MADE_1,))

    assert looked_at(Book(order=order)) == ["device-fee-missing"]
    assert looked_at(Book(order=replace(order, taken_back_at=AT))) == []


def test_what_is_known_of_an_order_is_stored_once() -> None:
    made = [MADE_1]
    order, _ = note_sent(None, opened=OF_ORDER, on=TODAY, sent=sent(FEE))
    order, _ = note_made(order, opened=OF_ORDER, made=made)
    order, _ = note_over(order, opened=OF_ORDER)
    assert order

    assert note_sent(order, opened=OF_ORDER, on=TODAY, sent=sent(None))[0] is order
    assert note_made(order, opened=OF_ORDER, made=made)[0] is order
    assert note_over(order, opened=OF_ORDER)[0] is order
    settled, _ = note_settled(order, seen=order.fingerprint)
    assert (settled.settled, note_settled(order, seen=b"another")[0] is order) == (True, True)
    assert note_settled(settled, seen=settled.fingerprint)[0] is settled
