"""The fees of an order of devices by the facts of inventory and ordering, to statement and invoicing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from services.billing.domain.devices.loan import HandedOut, Loan
from services.billing.domain.devices.order import falls_due_on
from services.billing.domain.fees.account import Account
from services.billing.domain.fees.ledger import Fee, event_id_of
from services.billing.repository.collections import ACCOUNTS, FEES, LOANS
from shared.domain.money import Money
from shared.events.billing import FeeCharged, FeeCredited
from shared.events.inventory import GoodsHandedOut
from shared.events.inventory_goods import HandOutTakenBack
from shared.events.ordering_devices import DeviceFeeDecided
from shared.repository import Cause
from tests.billing.examples import ENTRY
from tests.billing.in_memory import AT, TODAY, Billing
from tests.billing.test_devices_in_memory import FEE, HANDED_OUT, ORDER, RETURNED, on_day, shown

AT_ONCE = FEE.model_copy(update={"fee_code": "HJM-20", "amount": Decimal("75.00"), "deferred_days": 0})
GOODS = GoodsHandedOut(
    order_no=ORDER,
    line_no=1,
    patient_ref="p-1",
    article_no="910300",
    product_area="devices",
    care_unit="DEMO-101",
    quantity=2,
    handed_out_on=TODAY,
    handed_out_at=AT,
    fee=AT_ONCE,
)
TAKEN_BACK = HandOutTakenBack(
    order_no=ORDER, patient_ref="p-1", loan_ids=("loan-1",), taken_back_at=AT + timedelta(hours=1)
)
ON_LINE_1 = HANDED_OUT.model_copy(update={"line_no": 1})
NO = DeviceFeeDecided(
    order_no=ORDER, line_no=1, patient_ref="p-1", version=1, fee=None, decided_at=AT + timedelta(days=1)
)
YES = NO.model_copy(update={"version": 2, "fee": FEE})
LESS = NO.model_copy(update={"version": 3, "fee": FEE.model_copy(update={"amount": Decimal("300.00")})})
FREE = ON_LINE_1.model_copy(update={"fee": None})


async def stages(billing: Billing) -> list[tuple[str, str]]:
    return [(kind, stage) for kind, stage, _ in await shown(billing)]


async def test_counted_goods_without_deferral_are_invoiced_at_once_and_as_devices(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), GOODS)

    assert await shown(billing) == [("charge", "told", "Ska faktureras")]
    (event,) = billing.events()
    assert event["source"] == {"system": "devices", "uttag": ORDER}
    assert (event["bill_not_before"], event["amount"]) == (TODAY.isoformat(), "75.00")


async def test_a_line_that_comes_in_pieces_is_paid_once_at_the_first(billing: Billing) -> None:
    rest = GOODS.model_copy(
        update={"handed_out_on": TODAY + timedelta(days=5), "handed_out_at": AT + timedelta(days=5)}
    )
    await on_day(billing, 0, billing.patient(), GOODS, GOODS)
    await on_day(billing, 5, rest)

    assert await stages(billing) == [("charge", "told")]
    assert [event["bill_not_before"] for event in billing.events()] == [TODAY.isoformat()]


async def test_two_devices_of_a_line_are_one_fee_that_stands_while_one_is_kept(
    billing: Billing,
) -> None:
    other = ON_LINE_1.model_copy(update={"loan_id": "loan-2", "device_no": "4799"})
    back = RETURNED.model_copy(update={"loan_id": "loan-2", "device_no": "4799"})
    await on_day(billing, 0, billing.patient(), ON_LINE_1, other)
    await on_day(billing, 10, back)
    one_back = await stages(billing)

    await on_day(billing, 20, RETURNED)

    assert (one_back, await stages(billing)) == ([("charge", "deferred")], [("charge", "removed")])


@pytest.mark.parametrize("late", [False, True], ids=["heard after the hand-out", "heard before it"])
async def test_a_mistaken_hand_out_removes_the_fee_while_it_is_deferred(billing: Billing, late: bool) -> None:
    heard = (TAKEN_BACK, ON_LINE_1) if late else (ON_LINE_1, TAKEN_BACK)
    await on_day(billing, 0, billing.patient(), *heard)

    await on_day(billing, 91)

    assert await stages(billing) in ([], [("charge", "removed")])
    assert billing.events() == []


async def test_a_mistaken_hand_out_is_credited_when_invoicing_has_its_fee(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), GOODS)

    await on_day(billing, 1, TAKEN_BACK, TAKEN_BACK)

    assert await stages(billing) == [("charge", "told"), ("credit", "told")]
    assert [each.why for each in billing.service.told_of(FeeCredited)] == ["annulled"]


async def test_what_is_handed_out_to_the_patient_after_a_mistake_is_paid(billing: Billing) -> None:
    again = GOODS.model_copy(update={"handed_out_at": TAKEN_BACK.taken_back_at + timedelta(minutes=5)})
    await on_day(billing, 0, billing.patient(), GOODS, TAKEN_BACK)

    await on_day(billing, 1, again)

    assert len(billing.service.told_of(FeeCharged)) - len(billing.service.told_of(FeeCredited)) == 1


async def test_no_instead_of_yes_removes_the_fee_and_credits_one_that_is_invoiced(
    billing: Billing,
) -> None:
    await on_day(billing, 0, billing.patient(), ON_LINE_1)
    await on_day(billing, 10, NO)
    removed = await stages(billing)
    await on_day(billing, 20, YES)
    await on_day(billing, 91)
    told = await stages(billing)

    await on_day(billing, 95, NO.model_copy(update={"version": 4}))

    assert (removed, told) == ([("charge", "removed")], [("charge", "told")])
    assert await stages(billing) == [("charge", "told"), ("credit", "told")]
    assert [each.why for each in billing.service.told_of(FeeCredited)] == ["corrected"]


async def test_yes_instead_of_no_counts_from_the_day_that_the_patient_got_it(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), FREE)
    nothing = await stages(billing)
    await on_day(billing, 80, YES)
    deferred = await stages(billing)

    await on_day(billing, 91)

    assert (nothing, deferred) == ([], [("charge", "deferred")])
    assert [event["bill_not_before"] for event in billing.events()] == ["2027-02-22"]


async def test_another_amount_takes_the_place_of_the_first_and_is_deferred_as_long(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), ON_LINE_1)
    await on_day(billing, 10, LESS)
    changed = await stages(billing)

    await on_day(billing, 91)

    assert changed == [("charge", "deferred"), ("charge", "removed")]
    assert [(event["kind"], event["amount"]) for event in billing.events()] == [("charge", "300.00")]


@pytest.mark.parametrize(
    "heard",
    [
        (NO, YES, LESS, ON_LINE_1),
        (LESS, NO, ON_LINE_1, YES),
        (ON_LINE_1, LESS, YES, NO),
        (YES, ON_LINE_1, NO, LESS),
    ],
)
async def test_the_newest_decision_counts_in_whatever_order_they_are_consumed(
    billing: Billing, heard: tuple[object, ...]
) -> None:
    await on_day(billing, 0, billing.patient())
    for number, fact in enumerate(heard):
        await on_day(billing, number + 1, fact)

    await on_day(billing, 91)

    assert [(event["kind"], event["amount"]) for event in billing.events()] == [("charge", "300.00")]


async def test_a_decision_in_the_order_never_undoes_what_economists_decided(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), ON_LINE_1)
    statement = await billing.statement(care_units=["DEMO-101"], product_areas=["devices"])
    (fee,) = statement.json()["fees"]
    path, client = f"/fees/{fee['event_id']}/correction", billing.service.client
    wanted = {"amount": 200, "reason": "another tariff row"}
    await client.post(path, json=wanted, headers=billing.service.once("economist", sub="eko"))
    await client.post(
        f"{path}/approve",
        json={"amount": wanted["amount"]},
        headers=billing.service.once("economist", sub="ekon"),
    )

    await on_day(billing, 50, ON_LINE_1, YES)
    await on_day(billing, 91)

    assert [(event["kind"], event["amount"]) for event in billing.events()] == [("charge", "200.00")]


async def test_a_statement_says_until_when_a_fee_is_deferred_and_what_it_is_for(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), ON_LINE_1)

    statement = await billing.statement(care_units=["DEMO-101"], product_areas=["devices"])

    (fee,) = statement.json()["fees"]
    assert (fee["order_nos"], fee["article_nos"], fee["line_no"]) == ([ORDER], ["90001"], 1)
    assert (fee["status"], fee["deferred_through"]) == (
        "Ska faktureras, om hjälpmedlet inte lämnas tillbaka i tid",
        "2027-02-21",
    )


async def test_a_fee_that_a_version_before_kept_with_its_loan_falls_due_and_is_removed_as_ever(
    billing: Billing,
) -> None:
    await on_day(billing, 0, billing.patient())
    await store_as_the_version_before(billing, "loan-1", ORDER)
    await store_as_the_version_before(billing, "loan-2", "B2026-000502-7")

    await on_day(billing, 90, RETURNED)
    await on_day(billing, 91)

    assert await stages(billing) == [("charge", "removed"), ("charge", "told")]
    assert [event["source"]["uttag"] for event in billing.events()] == ["B2026-000502-7"]


async def store_as_the_version_before(billing: Billing, loan_id: str, order_no: str) -> None:
    """Store a loan that has its fee, and the fee, of which no document of an order says anything."""
    event_id = event_id_of(order_no, 1, kind="charge")
    due_on = falls_due_on(TODAY, deferred_days=90)
    entry = replace(
        ENTRY, event_id=event_id, source_no=order_no, due_on=due_on, loan_id=loan_id, care_unit="DEMO-101",
        product_area="devices", article_nos=("90001",), amount=Money.of(500),
    )  # fmt: skip
    loan = Loan(loan_id, "p-1", HandedOut("4711", TODAY, entry))
    fee = Fee(event_id, "p-1", order_no, entry, stage="deferred", progress=())
    refs = LOANS.maybe(loan_id) & FEES.maybe(event_id) & ACCOUNTS.maybe(order_no)
    await billing.service.repository.change(
        refs, lambda *_: (loan, fee, Account(order_no, "p-1"), []), cause=Cause(key=order_no)
    )
