"""Less came than was ordered: the ledger follows, whatever is heard first and whatever people did (Q32)."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

from services.billing.domain.fees.account import Account
from services.billing.domain.fees.ledger import Fee, net
from services.billing.repository.collections import ACCOUNTS, FEES, WITHDRAWALS
from shared.events.fees import FeeDue, LineCame
from shared.events.ordering import Notify, OrderDelivered, OrderSent, WithdrawalRepriced
from shared.events.tasks import TaskRaised, TaskResolved
from tests.billing.in_memory import ANNULLED, AT, FEE, SENT, TODAY, WITHDRAWAL, Billing


def repriced(
    revision: int, first: str, second: str = "210.00", *, number: str = WITHDRAWAL
) -> WithdrawalRepriced:
    return WithdrawalRepriced(
        withdrawal_no=number,
        patient_ref="p-1",
        revision=revision,
        repriced_on=TODAY,
        lines=(LineCame(line_id="F1-1", packages=2, cost=Decimal(first)),),
        fees=(
            FeeDue(fee_no=1, amount=Decimal(first), priced=FEE.amount),
            FeeDue(fee_no=2, amount=Decimal(second), priced=Decimal("210.00")),
        ),
    )


def about(fact: Any, number: str) -> Any:
    return fact.model_copy(update={"withdrawal_no": number})


async def fees_of(billing: Billing, number: str = WITHDRAWAL) -> list[Fee]:
    return await billing.service.repository.find(FEES, {"withdrawal_no": number}, limit=50)


async def sum_of(billing: Billing, number: str = WITHDRAWAL) -> str:
    return str(net(await fees_of(billing, number)))


def invoiced(billing: Billing) -> Decimal:
    signs = {"charge": 1, "credit": -1}
    return sum((signs[each["kind"]] * Decimal(each["amount"]) for each in billing.events()), Decimal(0))


async def test_what_did_not_come_is_credited_also_at_invoicing(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT, repriced(1, "76.00"))

    assert await sum_of(billing) == "286.00"
    assert invoiced(billing) == Decimal(286)
    kinds = [(each["kind"], each["amount"]) for each in billing.events()[2:]]
    assert kinds == [("credit", "120.00"), ("charge", "76.00")]


async def test_a_fee_that_nothing_changed_is_left_alone(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT, repriced(1, "76.00"))

    second = [each for each in await fees_of(billing) if each.entry.fee_no % 1000 == 2]
    assert [(each.entry.kind, each.stage) for each in second] == [("charge", "told")]


async def test_in_whatever_order_and_however_often_the_sum_is_that_of_the_newest_price(
    billing: Billing,
) -> None:
    facts = (billing.patient(), SENT, repriced(1, "76.00"), repriced(2, "100.00"))
    for count, order in enumerate(permutations(facts)):
        number = f"U2026-{count:06}-0"
        for fact in order:
            told = fact if fact is facts[0] else about(fact, number)
            await billing.hear(told, told)

        assert await sum_of(billing, number) == "310.00"


async def test_what_is_annulled_stays_credited_in_whatever_order(billing: Billing) -> None:
    facts = (SENT, repriced(1, "76.00"), ANNULLED)
    for count, order in enumerate(permutations(facts)):
        number = f"U2026-{count:06}-0"
        await billing.hear(billing.patient(), *(about(fact, number) for fact in order))

        assert await sum_of(billing, number) == "210.00"


async def corrected(billing: Billing, event_id: str, amount: str) -> None:
    client, path = billing.service.client, f"/fees/{event_id}/correction"
    asked = await client.post(
        path,
        json={"amount": amount, "reason": "Fel belopp vid registrering"},
        headers=billing.service.once("economist", f"ask-{event_id}", sub="economist-1"),
    )
    assert asked.is_success, asked.text
    approved = await client.post(
        f"{path}/approve",
        json={"amount": amount},
        headers=billing.service.once("economist", f"yes-{event_id}", sub="economist-2"),
    )
    assert approved.is_success, approved.text


async def first_charge(billing: Billing) -> str:
    fees = [
        each
        for each in await fees_of(billing)
        if each.entry.fee_no % 1000 == 1 and each.entry.kind == "charge"
    ]
    return max(fees, key=lambda each: each.entry.fee_no).event_id


async def test_a_persons_lower_correction_stands(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    await corrected(billing, await first_charge(billing), "50.00")
    await billing.hear(repriced(1, "76.00"))

    assert await sum_of(billing) == "260.00"


async def test_a_persons_higher_correction_follows_what_came_and_is_never_gone_beyond(
    billing: Billing,
) -> None:
    await billing.hear(billing.patient(), SENT)
    await corrected(billing, await first_charge(billing), "90.00")
    await billing.hear(repriced(1, "76.00"))
    less = await sum_of(billing)
    await billing.hear(repriced(2, "120.00"))

    assert (less, await sum_of(billing)) == ("286.00", "300.00")


async def test_what_a_person_corrects_afterwards_stands(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT, repriced(1, "76.00"))
    await corrected(billing, await first_charge(billing), "10.00")
    await billing.hear(repriced(1, "76.00"))

    assert await sum_of(billing) == "220.00"


async def test_a_fee_that_is_held_by_hand_goes_on_being_held(billing: Billing) -> None:
    await billing.hear(SENT)  # its payer is not known yet, so nothing was told
    event_id = await first_charge(billing)
    headers = billing.service.once("economist", "hold-this-fee")
    held = await billing.service.client.post(
        f"/fees/{event_id}/hold", json={"reason": "Väntar på besked"}, headers=headers
    )
    assert held.is_success, held.text
    await billing.hear(repriced(1, "76.00"), billing.patient())

    assert invoiced(billing) == Decimal(210)
    assert await sum_of(billing) == "286.00"
    raised = [each.task_id for each in billing.service.told_of(TaskRaised) if each.kind == "fee_on_hold"]
    ended = [each.task_id for each in billing.service.told_of(TaskResolved)]
    assert [each for each in raised if each not in ended] == [f"fee-on-hold:{await first_charge(billing)}"]


async def test_an_order_of_the_rest_is_no_difference_and_is_awaited(billing: Billing) -> None:
    rest = OrderSent(
        order_no="B2026-000009-7",
        withdrawal_no=WITHDRAWAL,
        patient_ref="p-1",
        distributor="demo-a",
        sent_on=TODAY + timedelta(days=20),
        lines=(),
        notify=Notify(channel="none"),
        is_rest=True,
    )
    first = rest.model_copy(update={"order_no": SENT.order_nos[0], "is_rest": False, "sent_on": TODAY})
    came = OrderDelivered(
        order_no=first.order_no, withdrawal_no=WITHDRAWAL, patient_ref="p-1", delivered_at=AT
    )
    await billing.hear(
        billing.patient(), SENT, first, came, repriced(1, "76.00"), rest, repriced(2, "120.00")
    )

    row = await billing.service.repository.get(WITHDRAWALS.ref(WITHDRAWAL))
    assert [(each.order_no, each.rest_on is not None) for each in row.orders] == [
        (first.order_no, False),
        (rest.order_no, True),
    ]
    assert row.standing_fees[0].amount == Decimal("120.00")
    assert await sum_of(billing) == "330.00"


async def test_an_account_remembers_only_the_newest_price(billing: Billing) -> None:
    await billing.hear(repriced(2, "100.00"), repriced(1, "76.00"))

    account: Account = await billing.service.repository.get(ACCOUNTS.ref(WITHDRAWAL))
    assert account.repriced is not None
    assert account.repriced.revision == 2
