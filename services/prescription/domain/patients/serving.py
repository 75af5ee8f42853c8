"""Which care units serve a patient: an active line, an open order, a loan or a task (S70, S73)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.prescriptions.prescriptions import Prescription
from shared.domain.customer_service import CALL
from shared.domain.decision import Decision, Sentence
from shared.events.tasks import TaskRaised

KNOWN_FOR = timedelta(days=1)
"""How long somebody who opened the full number may change a patient whom nobody serves yet."""

NOT_YOUR_PATIENT = (
    Sentence(
        "Patienten har ingen rad, beställning, hämtorder, utlåning, förlust eller uppgift hos någon av dina "
        "enheter. Låt kundservice ändra, eller ange varför det är en nödsituation; kundservice får veta det.",
        "The patient has no line, order, collection order, loan, loss or task at any of your units. Let "
        "customer service make the change, or say why it is an emergency; customer service is told.",
    )
    + CALL
)

What = Literal["order", "loan", "task"]


@dataclass(frozen=True)
class Tie:
    """What ties a patient to a care unit, from other services' facts; its end may come first.

    An order, of goods or to collect them, and a loan, or the loss that ended it, end for good.
    A task may be raised again: what was published last counts.
    """

    tie_id: str
    what: What
    patient_ref: str | None = None
    care_unit: str | None = None
    product_area: str | None = None
    role: str | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    is_open: bool = False

    def settled(self) -> "Tie":
        """Tell whether it is open, from the facts about its beginning and its end."""
        over = self.closed_at is not None and (
            self.what != "task" or self.opened_at is None or self.closed_at >= self.opened_at
        )
        return replace(self, is_open=self.opened_at is not None and not over)


@dataclass(frozen=True)
class Server:
    """Somebody who may serve patients, as the token says."""

    roles: frozenset[str]
    covers: Callable[[str | None, str | None], bool]
    """Whether the person works in a product area and for a care unit; None leaves either out."""


def open_tie(known: Tie | None, *, published: Tie) -> Decision[Tie | None]:
    """Store that something ties the patient to a care unit, also when its end is known already (S70)."""
    before = known or Tie(published.tie_id, published.what)
    opened_at = max(filter(None, (before.opened_at, published.opened_at)), default=None)
    return replace(published, opened_at=opened_at, closed_at=before.closed_at).settled(), []


def close_tie(known: Tie | None, *, tie_id: str, what: What, at: datetime) -> Decision[Tie | None]:
    """Store that it is over, also when its beginning is not known yet (S70)."""
    before = known or Tie(tie_id, what)
    closed_at = max(filter(None, (before.closed_at, at)))
    return replace(before, closed_at=closed_at).settled(), []


def move_ties(ties: tuple[Tie, ...], *, into_ref: str) -> Decision[tuple[Tie, ...]]:
    """Let what tied a merged patient tie the one that is kept (S65)."""
    return tuple(replace(each, patient_ref=into_ref) for each in ties), []


def serves(server: Server, prescriptions: Iterable[Prescription], ties: Iterable[Tie]) -> bool:
    """Tell whether the person works where the patient has a line, order, loan, loss or task (S70, S73).

    `prescriptions` are those with active lines, `ties` the open ones. A task also asks for its role.
    """
    lines = ((each.product_area, each.care_unit) for each in prescriptions)
    others = (
        (each.product_area, each.care_unit)
        for each in ties
        if each.care_unit is not None and (each.role is None or each.role in server.roles)
    )
    return any(server.covers(area, unit) for area, unit in (*lines, *others))


def knows(opened_at: datetime | None, *, at: datetime) -> bool:
    """Tell whether somebody opened the patient by the full number lately (S5, S70)."""
    return opened_at is not None and at - opened_at <= KNOWN_FOR


def active_on(prescriptions: Iterable[Prescription], on: date) -> list[Prescription]:
    """Leave out the prescriptions whose last day has passed (S24, Q4)."""
    return [each for each in prescriptions if on <= each.valid_through]


def in_emergency(
    patient: Patient, *, rule: Callable[[Patient], Decision[Patient]], note: str
) -> Decision[Patient]:
    """Change a patient of somebody else's, and tell customer service who did it and why (S70).

    `note` is sealed: it holds what a person wrote.
    """
    newer, facts = rule(patient)
    if newer is patient:
        return patient, facts
    task = TaskRaised(
        task_id=f"changed-in-emergency:{patient.patient_ref}:{newer.version}",
        kind="changed_in_emergency",
        role="customer_service",
        patient_ref=patient.patient_ref,
        reason="changed-in-emergency",
        note=note,
    )
    return newer, [*facts, task]
