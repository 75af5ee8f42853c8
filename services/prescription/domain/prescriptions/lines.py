"""How a line ends, and becomes active again when a withdrawal is given back (S24, S26, Q4, Q9, Q21)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from services.prescription.domain.prescriptions.prescriptions import Annulment, Line, Prescription
from shared.domain.decision import Decision, Refused, Sentence
from shared.events.prescription import LineAnnulled, LineEnded


class LineNotActive(Refused):
    """Only an active line is annulled; `state` says what it is (S24, S26)."""

    rule = "line-not-active"
    sentence = Sentence(
        "Raden är redan avslutad. Ladda om sidan för att se hur.",
        "The line has ended already. Reload the page to see how.",
    )


def annul_line(
    prescription: Prescription, *, line_id: str, reason: str, by: str, on: date
) -> Decision[Prescription]:
    """Take an active line back; what was sent before stands on it (S26, Q21).

    Raises NotFound and LineNotActive.
    """
    line = prescription.line(line_id)
    if line.state != "active" or on > prescription.valid_through:
        raise LineNotActive(line_id=line_id, state="expired" if line.state == "active" else line.state)
    annulled = replace(line.ended("annulled", on=on), annulment=Annulment(by, on, reason))
    fact = LineAnnulled(
        line_id=line_id,
        prescription_no=prescription.prescription_no,
        patient_ref=prescription.patient_ref,
        annulled_on=on,
    )
    return prescription.with_lines([annulled]), [fact]


def note_withdrawal(
    prescription: Prescription, *, withdrawal_no: str, line_ids: Collection[str], on: date
) -> Decision[Prescription]:
    """Note a sent withdrawal on its lines, once; a line without any left ends (S24, Q21). Raises NotFound."""
    noted = [_noted(prescription.line(each), withdrawal_no, on) for each in line_ids]
    ended = [line for line in noted if line.state == "used_up" != prescription.line(line.line_id).state]
    return prescription.with_lines(noted), [_ended(prescription, line, "used_up", on) for line in ended]


def give_back(
    prescription: Prescription, *, withdrawal_no: str, line_ids: Collection[str], on: date
) -> Decision[Prescription]:
    """Give back exactly that withdrawal, also when it is not known yet (Q9). Raises NotFound.

    A used-up line becomes active again, or has expired if its time ran out meanwhile.
    """
    last = prescription.valid_through
    given = [_given_back(prescription.line(each), withdrawal_no, last, on) for each in line_ids]
    ended = [line for line in given if line.state == "expired" != prescription.line(line.line_id).state]
    return prescription.with_lines(given), [_ended(prescription, line, "expired", on) for line in ended]


def expire_lines(prescription: Prescription, *, on: date) -> Decision[Prescription]:
    """End what is active after its last day (S16, S24, Q4)."""
    if on <= prescription.valid_through:
        return prescription, []
    ended_on = prescription.valid_through + timedelta(days=1)
    expired = [line.ended("expired", on=ended_on) for line in prescription.lines if line.state == "active"]
    facts = [_ended(prescription, line, "expired", ended_on) for line in expired]
    return prescription.with_lines(expired), facts


def _noted(line: Line, withdrawal_no: str, on: date) -> Line:
    if withdrawal_no in line.sent:
        return line
    noted = replace(line, sent=(*line.sent, withdrawal_no))
    if noted.state == "active" and len(noted.used) >= noted.withdrawals:
        return noted.ended("used_up", on=on)
    return noted


def _given_back(line: Line, withdrawal_no: str, last: date, on: date) -> Line:
    if withdrawal_no in line.given_back:
        return line
    given = replace(line, given_back=(*line.given_back, withdrawal_no))
    if given.state != "used_up" or len(given.used) >= given.withdrawals:
        return given
    return given.ended("expired", on=on) if on > last else replace(given, state="active", ended_on=None)


def _ended(prescription: Prescription, line: Line, why: Literal["used_up", "expired"], on: date) -> LineEnded:
    return LineEnded(
        line_id=line.line_id,
        prescription_no=prescription.prescription_no,
        patient_ref=prescription.patient_ref,
        ended_on=on,
        why=why,
    )
