"""Guardians of a minor, with first and last day, and until what age they act (S70, Q7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from services.prescription.domain.patients.patients import Patient, against_serving, changed
from services.prescription.domain.patients.person import Guardian
from shared.domain.decision import Decision, NotFound, Refused, Sentence, refuse_any
from shared.domain.guardianship import guardian_acts, is_minor, minor_through

MOST_GUARDIANS = 10
"""Now and later; of those before, so many are remembered too."""


class NoGuardianForAnAdult(Refused):
    """A person who has turned 18, or whose age is unknown, has no guardian here (S70, Q7)."""

    rule = "no-guardian-for-an-adult"
    sentence = Sentence(
        "Vårdnadshavare kan bara anges för patienter under 18 år med känt födelsedatum.",
        "A guardian can be given only for patients under 18 whose date of birth is known.",
    )


class OwnGuardian(Refused):
    """Nobody is the own guardian, and a guardian is of age (S70)."""

    rule = "guardian-not-of-age"
    sentence = Sentence(
        "Vårdnadshavaren måste vara en annan person som har fyllt 18 år. Kontrollera numret.",
        "The guardian must be another person who has turned 18. Check the number.",
    )


class DaysTurned(Refused):
    """The last day comes before the first (S70)."""

    rule = "days-turned"
    sentence = Sentence(
        "Sista dagen ligger före den första. Rätta datumen.",
        "The last day is before the first. Correct the dates.",
    )


class TooManyGuardians(Refused):
    """A child has one guardian, or two, and now and then another one (S70)."""

    rule = "too-many-guardians"
    sentence = Sentence(
        f"Barnet har redan {MOST_GUARDIANS} vårdnadshavare. Avsluta en som inte längre gäller.",
        f"The child has {MOST_GUARDIANS} guardians already. End one that is no longer valid.",
    )


def against_guardian(
    child: Patient, guardian: Patient, *, valid_from: date, valid_through: date | None, on: date
) -> Iterator[Refused]:
    """Say why the one cannot be the other's guardian (S70, Q7); says nothing of who is withheld."""
    withheld = [*against_serving(child), *against_serving(guardian)]
    if withheld:
        yield from withheld
        return
    if _minor_through(child) < max(on, valid_from):
        yield NoGuardianForAnAdult()
    if guardian.patient_ref == child.patient_ref or is_minor(_born(guardian), on=on):
        yield OwnGuardian()
    if valid_through is not None and valid_through < valid_from:
        yield DaysTurned()
    acting = [each for each in _others(child, guardian.patient_ref) if each.valid_through >= on]
    if len(acting) >= MOST_GUARDIANS:
        yield TooManyGuardians()


def give_guardian(
    child: Patient, guardian: Patient, *, valid_from: date, valid_through: date | None, on: date
) -> Decision[Patient, Patient]:
    """Note a guardian of a minor, until the day before the 18th birthday at the latest (S70, Q7).

    Raises what against_guardian says. The same guardian again gets the new days.
    """
    refuse_any(against_guardian(child, guardian, valid_from=valid_from, valid_through=valid_through, on=on))
    last = _minor_through(child)
    through = min(valid_through or last, last)
    others = _others(child, guardian.patient_ref)
    past = [each for each in others if each.valid_through < on][:-MOST_GUARDIANS]
    others = tuple(each for each in others if each not in past)
    noted = Guardian(guardian.patient_ref, valid_from, through)
    newer, facts = _with(child, (*others, noted))
    return newer, guardian, facts


def end_guardian(child: Patient, *, guardian_ref: str, on: date) -> Decision[Patient]:
    """Let the day before be a guardian's last (S70); raises NotFound."""
    guardians = child.person.guardians if child.person else ()
    ended = next((each for each in guardians if each.guardian_ref == guardian_ref), None)
    if ended is None:
        raise NotFound("Guardian")
    if ended.valid_through < on:
        return child, []
    left = replace(ended, valid_through=on - timedelta(days=1))
    kept = (left,) if left.valid_from <= left.valid_through else ()
    return _with(child, (*_others(child, guardian_ref), *kept))


def is_guardian_of(child: Patient, guardian_ref: str, *, on: date) -> bool:
    """Tell whether somebody acts for a child that day, alone or through customer service (Q7).

    Nobody does for a child who is withheld: nothing is said of it (S66, S67).
    """
    if child.person is None or not is_minor(child.person.born, on=on):
        return False
    return any(each.guardian_ref == guardian_ref and each.acts_on(on) for each in child.person.guardians)


def acts_alone_for(child: Patient, guardian_ref: str, *, on: date) -> bool:
    """Tell whether a guardian acts for the child without customer service that day (Q7)."""
    return is_guardian_of(child, guardian_ref, on=on) and guardian_acts(_born(child), on=on) == "alone"


def _others(child: Patient, guardian_ref: str) -> tuple[Guardian, ...]:
    guardians = child.person.guardians if child.person else ()
    return tuple(each for each in guardians if each.guardian_ref != guardian_ref)


def _with(child: Patient, guardians: tuple[Guardian, ...]) -> Decision[Patient]:
    person = child.person and replace(child.person, guardians=guardians)
    return changed(child, person, child.status)


def _born(patient: Patient) -> date | None:
    return patient.person.born if patient.person else None


def _minor_through(patient: Patient) -> date:
    born = _born(patient)
    return minor_through(born) if born else date.min
