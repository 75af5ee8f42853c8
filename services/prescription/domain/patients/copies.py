"""Copies of persons in the register: when they are taken, and how old they may be (Q18, S66 to S68)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.prescription.domain.patients.patients import Identity, Patient, Person, Status, changed
from services.prescription.domain.patients.person import as_published
from shared.domain.decision import Addressed, Decision, Refused, Sentence
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised

FRESH_FOR = timedelta(minutes=1)
"""So long a copy is taken for what the register would say."""
PRESCRIBABLE_FOR = timedelta(hours=24)
REFRESH_EVERY = timedelta(hours=12)
TRY_AGAIN_AFTER = timedelta(minutes=15)
BY_REGISTER = "population-register"
"""Who registered a patient that nobody registered by hand."""

Identities = tuple[Identity | None, ...]


class CopyTooOld(Refused):
    """The register has been silent for longer than the copy of it may be prescribed by (Q18)."""

    rule = "register-copy-too-old"
    sentence = Addressed(
        "Folkbokföringen har inte svarat på mer än 24 timmar. Vänta med förskrivningen, "
        "eller ring kundservice.",
        "The population register has not answered for more than 24 hours. Wait with the prescription, "
        "or call customer service.",
        to_customer_service=Sentence(
            "Folkbokföringen har inte svarat på mer än 24 timmar. "
            "Vänta med ändringen, eller kontakta driften.",
            "The population register has not answered for more than 24 hours. "
            "Wait with the change, or contact operations.",
        ),
    )


class RegisterKeepsPerson(Refused):
    """The register's name and address are never edited here (Q27)."""

    rule = "register-keeps-person"
    sentence = Sentence(
        "Namn och adress hämtas från folkbokföringen och ändras inte här. "
        "Lägg till en leveransadress i stället.",
        "Name and address come from the population register and are not changed here. Add a delivery address "
        "instead.",
    )


class RegisterSaysOtherwise(Refused):
    """What the register says of protection, address or death is not lifted by hand (Q18)."""

    rule = "register-says-otherwise"
    sentence = Sentence(
        "Folkbokföringen har en annan uppgift, och den gäller. Uppgiften ändras när den är ändrad där.",
        "The population register says otherwise, and that holds. It changes here when it is changed there.",
    )


@dataclass(frozen=True)
class Copied:
    """What the register just said, sealed; `digest` is a keyed hash that tells two answers apart."""

    person: Person | None
    protected: bool
    no_fixed_address: bool
    deceased_on: date | None
    county: str | None
    digest: str
    taken_at: datetime


@dataclass(frozen=True)
class Copy:
    """When the register last answered about a patient, what it said, and when it is asked again."""

    patient_ref: str
    taken_at: datetime
    due_at: datetime
    digest: str
    protected: bool
    no_fixed_address: bool
    deceased_on: date | None
    county: str | None

    def is_fresh(self, at: datetime) -> bool:
        return at - self.taken_at <= FRESH_FOR


def keep_copy(
    patient: Patient | None,
    copy: Copy | None,
    identities: Identities,
    *,
    patient_ref: str,
    number_keys: Sequence[str],
    said: Copied,
    own_county: str,
) -> Decision[Patient | None, Copy | None, Identities]:
    """Keep what the register said, under every number of the person (S5, S65, Q18).

    A patient that somebody else kept at the same moment is left alone. `number_keys` has the number that
    holds now first; one that another patient has becomes a task of customer service, who merges the two.
    """
    if patient is None:
        return _kept_first(copy, identities, patient_ref, number_keys, said)
    ours = tuple(
        each or Identity(key, patient_ref) for each, key in zip(identities, number_keys, strict=True)
    )
    newer, facts = changed(patient, *_combined(patient, copy, said))
    tasks = [*_same_person(patient_ref, ours), *_moved_away(patient_ref, copy, said, own_county)]
    return newer, copy_of(patient_ref, said), ours if ours != identities else identities, [*facts, *tasks]


def put_off(copy: Copy, *, at: datetime) -> Decision[Copy]:
    """Ask again at another time, since the register did not answer (Q18); the date of the copy stays."""
    return replace(copy, due_at=at), []


def against_copy(copy: Copy | None, *, at: datetime) -> Iterator[Refused]:
    """Say whether the copy is too old to prescribe by; a person registered by hand has none (Q18)."""
    if copy is not None and at - copy.taken_at > PRESCRIBABLE_FOR:
        yield CopyTooOld(copied_at=copy.taken_at.isoformat(timespec="minutes"))


def against_lifting(copy: Copy | None, status: Status) -> Iterator[Refused]:
    """Say what of a status the register contradicts; more may be said by hand, never less (Q18)."""
    if copy is None:
        return
    lifted = (copy.protected and not status.protected) or (
        copy.no_fixed_address and not status.no_fixed_address
    )
    if lifted or (copy.deceased_on is not None and status.deceased_on is None):
        yield RegisterSaysOtherwise()


def _kept_first(
    copy: Copy | None, identities: Identities, patient_ref: str, number_keys: Sequence[str], said: Copied
) -> Decision[Patient | None, Copy | None, Identities]:
    if any(each is not None for each in identities):
        return None, copy, identities, []
    status = Status(
        protected=said.protected, no_fixed_address=said.no_fixed_address, deceased_on=said.deceased_on
    )
    person = None if status.withheld else said.person
    kept = Patient(patient_ref, 1, person, status, BY_REGISTER)
    ours = tuple(Identity(key, patient_ref) for key in number_keys)
    return kept, copy_of(patient_ref, said), ours, [as_published(kept)]


def copy_of(patient_ref: str, said: Copied) -> Copy:
    """Note when the register said it, and what of it decides how the person is served (Q18)."""
    return Copy(
        patient_ref=patient_ref,
        taken_at=said.taken_at,
        due_at=said.taken_at + REFRESH_EVERY,
        digest=said.digest,
        protected=said.protected,
        no_fixed_address=said.no_fixed_address,
        deceased_on=said.deceased_on,
        county=None if said.protected or said.no_fixed_address else said.county,
    )


def _combined(patient: Patient, copy: Copy | None, said: Copied) -> tuple[Person | None, Status]:
    """Put together what the register says and what was said by hand: the stricter of the two holds."""
    before = patient.status
    by_hand = {
        "protected": before.protected and not (copy and copy.protected),
        "no_fixed_address": before.no_fixed_address and not (copy and copy.no_fixed_address),
    }
    died = said.deceased_on or (before.deceased_on if not (copy and copy.deceased_on) else None)
    status = replace(
        before,
        protected=said.protected or by_hand["protected"],
        no_fixed_address=said.no_fixed_address or by_hand["no_fixed_address"],
        deceased_on=died,
    )
    return None if status.withheld else person_after(patient.person, copy, said), status


def person_after(before: Person | None, copy: Copy | None, said: Copied) -> Person | None:
    """Sealed text never equals itself: as long as the digest is the same, what we have stays."""
    if before is None or said.person is None:
        return said.person
    if copy is not None and copy.digest == said.digest:
        return before
    return Person.of(said.person.registered, before.contact.completed_by(said.person.contact))


def _same_person(patient_ref: str, identities: Identities) -> Iterator[Fact]:
    others = {each.patient_ref for each in identities if each is not None} - {patient_ref}
    for other in sorted(others):
        first, second = sorted((patient_ref, other))
        yield TaskRaised(
            task_id=f"same-person:{first}:{second}",
            kind="patients_are_one_person",
            role="customer_service",
            patient_ref=patient_ref,
            subject_no=other,
            reason="same-person",
        )


def _moved_away(patient_ref: str, copy: Copy | None, said: Copied, own_county: str) -> Iterator[Fact]:
    if copy is not None and copy.county == own_county and said.county not in (own_county, None):
        yield TaskRaised(
            task_id=f"moved-out-of-region:{patient_ref}",
            kind="moved_out_of_region",
            role="customer_service",
            patient_ref=patient_ref,
            reason="moved-out-of-region",
        )
