"""Proposing and deciding what a patient pays for a stolen, lost or damaged device: two people (Q57)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from services.billing.domain.devices.compensation import Compensation, Proposal, solved
from services.billing.domain.devices.compensation_tariff import NoCompensationRule, PriceNotKnown, basis_of
from services.billing.domain.devices.loan import Loan
from services.billing.domain.fees.account import Account, refuse_merged
from services.billing.domain.fees.ledger import COMPENSATION, Entry, Fee, booked, event_id_of, told_facts
from services.billing.domain.fees.payer import Payer
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.domain.money import NOTHING, Money
from shared.domain.two_people import refuse_same_person, refuse_unread
from shared.events.fees import Tariff

ONLY_FEE = 1
"""A compensation has one entry, whose number is this one."""
MOST_GIVEN_BACK = 20
"""Proposals of one case that were taken away."""


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


class OtherReportWaits(Refused):
    """Another report about the same device on the same loan is settled first (Q57)."""

    rule = "other-report-waits"
    sentence = Sentence(
        "En annan anmälan om samma hjälpmedel väntar. Avgör den först, så att det inte ersätts två gånger.",
        "Another report about the same device waits. Decide on it first, so that it is not paid for twice.",
    )


class HandOutWasMistake(Refused):
    """The patient never had the device, so there is nothing to compensate (Q51, Q57)."""

    rule = "hand-out-was-mistake"
    sentence = Sentence(
        "Utlämningen var registrerad av misstag, så patienten har inget att ersätta. Lämna tillbaka ett "
        "förslag som finns, och föreslå 0 kr.",
        "The hand-out was registered by mistake, so the patient has nothing to compensate. Give the proposal "
        "back if there is one, and propose 0 kr.",
    )


class ProposedTooOften(Refused):
    """All that was proposed is kept in the case (Q57)."""

    rule = "proposed-too-often"
    sentence = Sentence(
        f"Ersättningen är tillbakalämnad {MOST_GIVEN_BACK} gånger. Avgör den, och rätta sedan avgiften.",
        f"The compensation was given back {MOST_GIVEN_BACK} times. Decide on it, then correct the fee.",
    )


def propose(
    case: Compensation,
    loan: Loan | None,
    *,
    amount: Money | None,
    reason: str,
    by: str,
    at: datetime,
    tariffs: Iterable[Tariff],
    others: Sequence[Compensation] = (),
) -> Decision[Compensation, Loan | None]:
    """Propose what the rule gives, or another amount with a reason (Q57).

    Of `others`, reports about the same device on the same loan, the first is settled first, and taken off.

    Raises CompensationDecided, CompensationProposed, OtherReportWaits, HandOutWasMistake and NoTariff;
    without an amount also NoCompensationRule and PriceNotKnown.
    """
    refuse_any(_against_propose(case, others))
    basis = basis_of(case, tariffs, others=others)
    wanted = amount if amount is not None else basis.by_rule
    if wanted is None and basis.is_ruled:
        raise PriceNotKnown(device_no=case.device_no)
    if wanted is None:
        raise NoCompensationRule(day=case.happened_on.isoformat(), how=case.how)
    _refuse_mistaken(loan, wanted, case)
    proposal = Proposal(wanted, basis.fee_code, basis.text, basis.tariff, basis.by_rule, reason, by, at)
    return replace(case, state="proposed", proposal=proposal), loan, []


def give_back(case: Compensation) -> Decision[Compensation]:
    """Take a proposal away, as any economist; it is kept, and the case waits for a new one (Q57).

    Raises CompensationNotProposed, CompensationDecided and ProposedTooOften.
    """
    proposal = _proposed(case)
    if len(case.earlier) >= MOST_GIVEN_BACK:
        raise ProposedTooOften(loss_no=case.loss_no)
    return replace(case, state="reported", proposal=None, earlier=(*case.earlier, proposal)), []


def decide(
    case: Compensation,
    account: Account | None,
    fee: Fee | None,
    payer: Payer | None,
    loan: Loan | None,
    *,
    amount: Money,
    patient_ref: str,
    cost_centre: str,
    by: str,
    at: datetime,
    on: date,
) -> Decision[Compensation, Account | None, Fee | None, Payer | None, Loan | None]:
    """Book the compensation once, as a second person; 0 kr ends the case without a fee (Q57).

    `amount` is what that person read: no other is decided.

    Raises CompensationNotProposed, CompensationDecided, SamePerson, AnotherProposal and HandOutWasMistake.
    """
    proposal = _proposed(case)
    refuse_same_person(asked_by=proposal.by, by=by)
    refuse_unread(proposed=proposal.amount, read=amount)
    _refuse_mistaken(loan, amount, case)
    refuse_merged(payer)
    decided = replace(case, state="decided", decided_by=by, decided_at=at)
    entry = _entry(case, proposal, patient_ref=patient_ref, cost_centre=cost_centre, at=at, on=on)
    charge = fee or booked(entry, payer, at=at)
    known = account or Account(case.loss_no, patient_ref, charged=True)
    return decided, known, charge, payer, loan, [*told_facts([charge]), solved(case)]


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


def _against_propose(case: Compensation, others: Sequence[Compensation]) -> Iterator[Refused]:
    moment = (case.reported_at, case.loss_no)
    for each in others:
        is_first = each.state == "reported" and (each.reported_at, each.loss_no) < moment
        if is_first or each.state == "proposed":
            yield OtherReportWaits(loss_no=each.loss_no)
    if case.state == "decided":
        yield CompensationDecided(loss_no=case.loss_no)
    if case.state == "proposed":
        yield CompensationProposed(loss_no=case.loss_no)


def _refuse_mistaken(loan: Loan | None, amount: Money, case: Compensation) -> None:
    if loan and loan.mistaken and amount > NOTHING:
        raise HandOutWasMistake(loss_no=case.loss_no)


def _proposed(case: Compensation) -> Proposal:
    if case.state == "decided":
        raise CompensationDecided(loss_no=case.loss_no)
    if case.proposal is None:
        raise CompensationNotProposed(loss_no=case.loss_no)
    return case.proposal
