"""Which lines soon need a new prescription, and which notices are due (S24, N2)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.prescriptions.lines import expire_lines
from services.prescription.domain.prescriptions.prescriptions import Line, Prescription
from shared.domain.decision import Decision
from shared.events.prescription import RenewalDue, RenewalReason

DAYS_AT_ONCE = 30
"""So many days are looked at together: their lines are found without reading those of other days."""


@dataclass(frozen=True)
class Stretch:
    """Some days in a row, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


@dataclass(frozen=True)
class Renewal:
    """A line that ends or runs out, when, and why."""

    prescription: Prescription
    line: Line
    why: RenewalReason
    on: date


def meet_deadline(
    prescription: Prescription, patient: Patient | None, *, renewed: Collection[str], on: date
) -> Decision[Prescription, Patient | None]:
    """Do all that the day has made due: end old lines, and publish those that will end (S24, N2).

    `renewed` holds the articles that the patient has on other active lines: of those there is no notice.
    """
    ended, end_facts = expire_lines(prescription, on=on)
    due = [line for line in ended.lines if _is_due(ended, line, on)]
    noticed = [replace(line, noticed=(*line.noticed, _reason(line))) for line in due]
    told = [
        _renewal_due(ended, line, patient)
        for line in due
        if _is_still_due(line, patient, renewed=renewed, on=on)
    ]
    return ended.with_lines(noticed), patient, [*end_facts, *told]


def renewals(prescription: Prescription, *, renewed: Collection[str], within: Stretch) -> Iterator[Renewal]:
    """List the lines that end or run out in some days, and are not renewed (N2)."""
    for line in prescription.lines:
        why, on = line.renewal_reason, line.renew_on
        if why and on and within.first <= on <= within.last and line.article_no not in renewed:
            yield Renewal(prescription, line, why, on)


def renewed_articles(prescriptions: Collection[Prescription], *, apart_from: str) -> frozenset[str]:
    """Give the articles on the active lines of a patient's other prescriptions (N2)."""
    others = [each for each in prescriptions if each.prescription_no != apart_from]
    return frozenset(line.article_no for each in others for line in each.lines if line.state == "active")


def window(on: date, *, within_days: int, past_days: int) -> Stretch:
    """Give the days that somebody looks at (N2)."""
    return Stretch(on - timedelta(days=past_days), on + timedelta(days=within_days))


def stretches(window: Stretch, *, since: date | None) -> Iterator[Stretch]:
    """Part a window into days that are looked at together, from one of its days on (N2)."""
    first = max(since, window.first) if since else window.first
    while first <= window.last:
        last = min(first + timedelta(days=DAYS_AT_ONCE - 1), window.last)
        yield Stretch(first, last)
        first = last + timedelta(days=1)


def _is_due(prescription: Prescription, line: Line, on: date) -> bool:
    notice = prescription.notice_on(line)
    return notice is not None and notice <= on


def _is_still_due(line: Line, patient: Patient | None, *, renewed: Collection[str], on: date) -> bool:
    """No notice that is too late, about what is renewed, or about a protected or dead person (Q18)."""
    in_time = line.renew_on is not None and on <= line.renew_on
    served = patient is not None and not patient.status.withheld and patient.status.deceased_on is None
    return in_time and served and line.article_no not in renewed


def _reason(line: Line) -> RenewalReason:
    return "last_withdrawal_used" if line.state == "used_up" else "ends"


def _renewal_due(prescription: Prescription, line: Line, patient: Patient | None) -> RenewalDue:
    person = patient.person if patient else None
    return RenewalDue(
        line_id=line.line_id,
        prescription_no=prescription.prescription_no,
        patient_ref=prescription.patient_ref,
        why=_reason(line),
        on=line.renew_on or prescription.valid_through,
        notify=person and person.phone,
        language=person.language if person else "sv",
    )
