"""What a patient pays for a device that was stolen, lost or damaged: decided by two people (Q57)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Literal

from services.billing.domain.fees.account import Account, refuse_merged
from services.billing.domain.fees.ledger import COMPENSATION, Entry, Fee, booked, event_id_of, told_facts
from services.billing.domain.fees.payer import Payer
from shared.domain.days import age
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.domain.money import Money
from shared.domain.tariff import in_force
from shared.domain.two_people import refuse_same_person
from shared.events.fees import CompensationRow, Tariff
from shared.events.tasks import TaskRaised, TaskResolved

How = Literal["stolen", "lost", "damaged"]
State = Literal["reported", "proposed", "decided"]
USUAL_CODE, USUAL_TEXT = "HJM-ERS", "Ersättning hjälpmedel"
"""What a compensation is invoiced as when the tariff of its day has no rule for it."""
ONLY_FEE = 1
"""A compensation has one entry, whose number is this one."""


class NoCompensationRule(Refused):
    """The tariff of the day says nothing about it."""

    rule = "no-compensation-rule"
    sentence = Sentence(
        "Taxan för den dagen säger inte vad som ersätts. Ange beloppet, och lägg in regeln i nästa taxa.",
        "The tariff of that day does not say what is compensated. Give the amount, and put the rule in the "
        "next tariff.",
    )


class PriceNotKnown(Refused):
    """Nobody knows what the device cost, so the rule gives no amount."""

    rule = "device-price-not-known"
    sentence = Sentence(
        "Hjälpmedlets pris är inte känt. Ange beloppet.",
        "What the device cost is not known. Give the amount.",
    )


class CompensationProposed(Refused):
    """A colleague was first: that proposal is decided before another is made."""

    rule = "compensation-proposed"
    sentence = Sentence(
        "En ersättning är redan föreslagen. Avgör den, eller lämna tillbaka den, innan du föreslår en ny.",
        "A compensation is proposed already. Decide on it, or give it back, before you propose another.",
    )


class CompensationNotProposed(Refused):
    """Nothing waits for a decision."""

    rule = "compensation-not-proposed"
    sentence = Sentence(
        "Ingen ersättning är föreslagen. Föreslå ett belopp först.",
        "No compensation is proposed. Propose an amount first.",
    )


class CompensationDecided(Refused):
    """A colleague was first to decide."""

    rule = "compensation-decided"
    sentence = Sentence(
        "Ersättningen är redan avgjord. Rätta avgiften om beloppet är fel.",
        "The compensation is decided already. Correct the fee if the amount is wrong.",
    )


@dataclass(frozen=True)
class Proposal:
    """What somebody proposes that the patient pays; 0 kr: nothing."""

    amount: Money
    fee_code: str
    text: str
    tariff: str
    by_rule: Money | None
    """What the tariff's rule gives; None where it gives none."""
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Compensation:
    """A reported loss, and what two people decide that the patient pays for it."""

    loss_no: str
    loan_id: str
    patient_ref: str
    device_no: str
    article_no: str
    product_area: str
    care_unit: str
    order_no: str
    how: How
    happened_on: date
    reported_at: datetime
    price: Money | None
    bought_on: date
    """The purchase, or where nobody knows it the hand-out."""
    state: State = "reported"
    proposal: Proposal | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


def note_loss(known: Compensation | None, *, reported: Compensation) -> Decision[Compensation]:
    """Open the case once, and ask an economist to propose a compensation (S181)."""
    if known is not None:
        return known, []
    return reported, [_waits(reported)]


def row_for(case: Compensation, tariffs: Iterable[Tariff]) -> CompensationRow | None:
    """Find the row of the tariff in force on the day it happened: of the area, else of all areas (Q57)."""
    tariff = in_force(tariffs, on=case.happened_on)
    rows = [each for each in tariff.compensations if each.how == case.how]
    own = [each for each in rows if each.product_area == case.product_area]
    found = own or [each for each in rows if each.product_area is None]
    return found[0] if found else None


def amount_by(row: CompensationRow, case: Compensation) -> Money | None:
    """Give a share of what the device cost, less for each whole year since; whole kronor (Q57)."""
    if case.price is None:
        return None
    years = max(0, age(case.bought_on, on=case.happened_on))
    percent = max(row.at_least, row.percent - row.less_each_year * years)
    share = case.price.amount * percent / Decimal(100)
    most = share if row.at_most is None else min(share, row.at_most)
    return Money(most.quantize(Decimal(1), rounding=ROUND_DOWN))


def propose(
    case: Compensation,
    *,
    amount: Money | None,
    reason: str,
    by: str,
    at: datetime,
    tariffs: Iterable[Tariff],
) -> Decision[Compensation]:
    """Propose what the rule gives, or another amount with a reason (Q57).

    Raises CompensationDecided, CompensationProposed and NoTariff; without an amount also NoCompensationRule
    and PriceNotKnown.
    """
    refuse_any(_against_propose(case))
    rows = tuple(tariffs)
    row = row_for(case, rows)
    by_rule = amount_by(row, case) if row else None
    wanted = amount if amount is not None else by_rule
    if wanted is None:
        raise (
            PriceNotKnown(device_no=case.device_no)
            if row
            else NoCompensationRule(day=case.happened_on.isoformat(), how=case.how)
        )
    code, text = (row.fee_code, row.text) if row else (USUAL_CODE, USUAL_TEXT)
    tariff = in_force(rows, on=case.happened_on).tariff
    proposal = Proposal(wanted, code, text, tariff, by_rule, reason, by, at)
    return replace(case, state="proposed", proposal=proposal), []


def give_back(case: Compensation) -> Decision[Compensation]:
    """Take a proposal away, as who proposed it or another; the case waits for a new one (Q57).

    Raises CompensationNotProposed and CompensationDecided.
    """
    _proposed(case)
    return replace(case, state="reported", proposal=None), []


def decide(
    case: Compensation,
    account: Account | None,
    fee: Fee | None,
    payer: Payer | None,
    *,
    patient_ref: str,
    cost_centre: str,
    by: str,
    at: datetime,
    on: date,
) -> Decision[Compensation, Account | None, Fee | None, Payer | None]:
    """Book the compensation once, as a second person; 0 kr ends the case without a fee (Q57).

    Raises CompensationNotProposed, CompensationDecided and SamePerson.
    """
    proposal = _proposed(case)
    refuse_same_person(asked_by=proposal.by, by=by)
    refuse_merged(payer)
    decided = replace(case, state="decided", decided_by=by, decided_at=at)
    entry = _entry(case, proposal, patient_ref=patient_ref, cost_centre=cost_centre, at=at, on=on)
    charge = fee or booked(entry, payer, at=at)
    known = account or Account(case.loss_no, patient_ref, charged=True)
    return decided, known, charge, payer, [*told_facts([charge]), _solved(case)]


def _entry(
    case: Compensation, proposal: Proposal, *, patient_ref: str, cost_centre: str, at: datetime, on: date
) -> Entry:
    return Entry(
        event_id=event_id_of(case.loss_no, ONLY_FEE, kind="charge"),
        kind="charge",
        reverses=None,
        source_no=case.loss_no,
        fee_no=ONLY_FEE,
        patient_ref=patient_ref,
        fee_code=proposal.fee_code,
        text=proposal.text,
        amount=proposal.amount,
        reason=COMPENSATION,
        tariff=proposal.tariff,
        occurred_at=at,
        due_on=on,
        cost_centre=cost_centre,
        product_area=case.product_area,
        care_unit=case.care_unit,
        article_nos=(case.article_no,),
    )


def _against_propose(case: Compensation) -> Iterator[Refused]:
    if case.state == "decided":
        yield CompensationDecided(loss_no=case.loss_no)
    if case.state == "proposed":
        yield CompensationProposed(loss_no=case.loss_no)


def _proposed(case: Compensation) -> Proposal:
    if case.state == "decided":
        raise CompensationDecided(loss_no=case.loss_no)
    if case.proposal is None:
        raise CompensationNotProposed(loss_no=case.loss_no)
    return case.proposal


def _task_id(case: Compensation) -> str:
    return f"compensation:{case.loss_no}"


def _waits(case: Compensation) -> TaskRaised:
    return TaskRaised(
        task_id=_task_id(case),
        kind="compensation_waits",
        role="economist",
        patient_ref=case.patient_ref,
        subject_no=case.loss_no,
        reason=f"device-{case.how}",
    )


def _solved(case: Compensation) -> TaskResolved:
    return TaskResolved(task_id=_task_id(case), how="decided")
