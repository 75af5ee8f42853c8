"""Reads persons from the register and stores copies, refreshed when looked up or due (S65, S68, Q18)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

from services.prescription.application.sealing import sealed_person
from services.prescription.domain.patients.copies import (
    REFRESH_EVERY,
    TRY_AGAIN_AFTER,
    Copied,
    Copy,
    against_copy,
    keep_copy,
    put_off,
)
from services.prescription.domain.patients.register import (
    Answer,
    Found,
    Moved,
    NumberGivenAway,
    OutOfRegion,
    Record,
    Register,
    RegisterSilent,
    Unavailable,
)
from services.prescription.domain.patients.routines import NoFixedAddress, ProtectedIdentity, UnknownPatient
from services.prescription.repository.collections import COPIES, IDENTITIES, PATIENTS
from services.prescription.repository.patients import PatientQueries
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.domain.decision import Refused, refuse_any
from shared.domain.person_id import PersonId, parse
from shared.repository import Cause, Entry
from shared.sealed import Seals

MOST_REPLACED = 3
"""A number that was replaced oftener than this is looked into by a person."""
ASKED_LATELY = timedelta(hours=1)
"""Who was asked about so lately is not asked about again in the night's round."""
MOST_AT_ONCE = 50
LEASE_SECONDS = 300
"""Longer than a page takes of a register that answers late."""
MOST_SILENCES = 3
"""After so many the register counts as down, and the rest waits for the next run."""
KEPT_AS = 1
"""Counted up when more of a record is kept: then every copy is written anew at its next refresh."""


class Residents:
    """Asks the register and keeps what it says; the one place where its copies are written."""

    def __init__(
        self, prescribing: Prescribing, register: Register, seals: Seals, clock: Clock, *, own_county: str
    ) -> None:
        self._prescribing = prescribing
        self._repository = prescribing.repository
        self._register = register
        self._seals = seals
        self._patients = PatientQueries(prescribing.repository)
        self._clock = clock
        self._own_county = own_county
        self._holder = uuid4().hex

    async def find(self, number: PersonId, *, entry: Entry) -> str:
        """Give whose number it is, fetched or refreshed from the register (S5, S65 to S68).

        Raises UnknownPatient, RegisterSilent, OutOfRegion and what speaks against serving who is new.
        """
        patient_ref = await self._prescribing.patient_ref_of(self._seals.key_of(number.value))
        if patient_ref is None:
            return await self._fetch(number, entry)
        await self.refresh(patient_ref, number=number)
        return patient_ref

    async def look_up(self, number: PersonId) -> Record | None:
        """Give the person whom the register knows by the number, or by the one that replaced it.

        None when nobody has it. Raises RegisterSilent (Q18) and NumberGivenAway.
        """
        answer, old = await self._follow(number)
        if isinstance(answer, Unavailable):
            raise RegisterSilent
        return with_former(answer.record, old) if isinstance(answer, Found) else None

    async def keep(
        self, record: Record, *, patient_ref: str | None = None, entry: Entry | None = None
    ) -> str:
        """Keep a copy under every number of the person; give the patient's reference."""
        keys = self.keys_of(record)
        known = [each for each in await self._repository.get(IDENTITIES.maybe_many(keys)) if each]
        ref = patient_ref or (known[0].patient_ref if known else new_reference())
        rule = partial(
            keep_copy,
            patient_ref=ref,
            number_keys=keys,
            said=self.copied(record),
            own_county=self._own_county,
        )
        refs = PATIENTS.maybe(ref) & COPIES.maybe(ref) & IDENTITIES.maybe_many(keys)
        await self._repository.change(refs, rule, cause=Cause(key=None, entry=entry))
        return await self._prescribing.patient_ref_of(keys[0]) or ref

    async def refresh(
        self, patient_ref: str, *, number: PersonId | None = None, at_this_moment: bool = False
    ) -> bool:
        """Ask anew when the copy is not fresh; tell whether what is kept is what the register says (Q18).

        A person registered by hand is asked for only with a number at hand: the register may know it by now.
        """
        copy = await self._repository.get(COPIES.maybe(patient_ref))
        if copy is not None and copy.is_fresh(self._clock.now()) and not at_this_moment:
            return True
        if copy is not None and number is None:
            number = await self.number_of(patient_ref)
        answer, old = await self._follow(number) if number else (None, ())
        if isinstance(answer, Found):
            await self.keep(with_former(answer.record, old), patient_ref=patient_ref)
            return True
        if copy is not None:
            await self._put_off(copy, asked=answer is not None)
        return copy is None and not isinstance(answer, Unavailable)

    async def refresh_nightly(self, patient_ref: str) -> bool:
        """Ask of a person whom nobody looks up, also one registered by hand; tell whether it was answered.

        Of whom no number is kept, and who has a reserve number, nothing can be asked (Q18, S65).
        """
        copy = await self._repository.get(COPIES.maybe(patient_ref))
        lately = copy is not None and self._clock.now() - copy.taken_at < ASKED_LATELY
        number = None if lately else await self.number_of(patient_ref)
        if number is None or number.is_reserve:
            return True
        return await self.refresh(patient_ref, number=number, at_this_moment=True)

    async def against_age_of_copy(self, patient_ref: str) -> Sequence[Refused]:
        """Refresh, and say whether what is left is too old to prescribe by (Q18)."""
        await self.refresh(patient_ref)
        copy = await self._repository.get(COPIES.maybe(patient_ref))
        return list(against_copy(copy, at=self._clock.now()))

    async def refresh_due(self) -> None:
        """Refresh what is due, so many at a time; a register that is down is left alone until next time."""
        if await self._repository.backend.lease("register-due", self._holder, seconds=LEASE_SECONDS) is None:
            return  # another replica asks
        silences = 0
        for copy in await self._patients.copies_due(self._clock.now(), limit=MOST_AT_ONCE):
            silences += not await self.refresh(copy.patient_ref, at_this_moment=True)
            if silences >= MOST_SILENCES:
                return

    async def number_of(self, patient_ref: str) -> PersonId | None:
        """Open a patient's number; None when nothing is kept of the person (Q18)."""
        patient = await self._repository.get(PATIENTS.ref(patient_ref))
        if patient.person is None:
            return None
        value = self._seals.open(patient.person.number)
        return parse(value, self._clock.today(), number_type=patient.person.number_type)

    def keys_of(self, record: Record) -> list[str]:
        """Give the keyed hashes of a person's numbers, the one that holds now first."""
        numbers = dict.fromkeys((record.number, *record.former))
        return [self._seals.key_of(each.value) for each in numbers]

    def copied(self, record: Record) -> Copied:
        """Seal what the register says."""
        person = None
        if record.name and record.address:
            person = sealed_person(
                record.number, born=record.born, name=record.name, address=record.address, seals=self._seals
            )
        return Copied(
            person=person,
            protected=record.protected,
            no_fixed_address=record.no_fixed_address,
            deceased_on=record.deceased_on,
            county=record.county,
            digest=self._seals.key_of(f"record:{KEPT_AS}:{record!r}"),
            taken_at=self._clock.now(),
        )

    async def _fetch(self, number: PersonId, entry: Entry) -> str:
        record = await self.look_up(number)
        if record is None:
            raise UnknownPatient
        known = await self._repository.get(IDENTITIES.maybe_many(self.keys_of(record)))
        if not any(known):
            refuse_any(against_new(record, self._own_county))
        return await self.keep(record, entry=entry)

    async def _follow(self, number: PersonId) -> tuple[Answer, tuple[PersonId, ...]]:
        """Follow a number that was replaced; raises NumberGivenAway."""
        old: list[PersonId] = []
        while len(old) <= MOST_REPLACED:
            answer = await self._register.lookup(number)
            if not isinstance(answer, Moved):
                return answer, tuple(old)
            old.append(number)
            number = answer.number
        raise NumberGivenAway

    async def _put_off(self, copy: Copy, *, asked: bool) -> None:
        # Of a withheld person no number is kept: only who has the number can ask again.
        wait = TRY_AGAIN_AFTER if asked else REFRESH_EVERY
        rule = partial(put_off, at=self._clock.now() + wait)
        await self._repository.change(COPIES.ref(copy.patient_ref), rule, cause=Cause(key=None))


def against_new(record: Record, own_county: str) -> Iterator[Refused]:
    """Say why a person whom the register knows is not kept at a mere search (S66 to S68, Q18)."""
    withheld = list(against_withheld(record))
    yield from withheld
    if not withheld and record.county != own_county:
        yield OutOfRegion()


def against_withheld(record: Record) -> Iterator[Refused]:
    """Say why nothing of the person may be kept (S66, S67); of a protected one nothing more is said."""
    if record.protected:
        yield ProtectedIdentity()
    elif record.no_fixed_address:
        yield NoFixedAddress()


def with_former(record: Record, old: Sequence[PersonId]) -> Record:
    return replace(record, former=tuple(dict.fromkeys((*record.former, *old))))


def new_reference() -> str:
    return str(uuid4())
