"""Registering by hand a person whom the register knows: the register's answer holds (S68, Q18, Q27)."""

from collections.abc import Sequence
from dataclasses import replace

from services.prescription.domain.patients.copies import Copied, Copy, Identities, copy_of
from services.prescription.domain.patients.patients import (
    AnotherPatientsNumber,
    Identity,
    Patient,
    Status,
    record_patient,
    register_patient,
)
from shared.domain.decision import Decision


def register_copied(
    patient: Patient | None,
    _: Copy | None,
    identities: Identities,
    *,
    patient_ref: str,
    number_keys: Sequence[str],
    said: Copied,
    status: Status,
    by: str,
) -> Decision[Patient, Copy, Identities]:
    """Register by hand whom the register knows: its name, address and protection hold (S68, Q18, Q27).

    Raises AlreadyRegistered and HomeRegionMissing.
    """
    taken = next((each for each in identities if each is not None), None)
    registered, identity, facts = register_patient(
        patient,
        taken,
        patient_ref=patient_ref,
        number_key=number_keys[0],
        person=said.person,
        status=_stricter(status, said),
        by=by,
    )
    ours = (identity, *(Identity(key, patient_ref) for key in number_keys[1:]))
    return registered, copy_of(patient_ref, said), ours, facts


def record_copied(
    patient: Patient,
    _: Copy | None,
    identities: Identities,
    *,
    number_keys: Sequence[str],
    said: Copied,
    status: Status,
) -> Decision[Patient, Copy, Identities]:
    """Record status and contact data anew of whom the register knows, as when protection set by hand ended.

    Name and address stay the register's (Q27, Q18). Raises AnotherPatientsNumber and HomeRegionMissing.
    """
    if patient.patient_ref not in {each.patient_ref for each in identities if each is not None}:
        raise AnotherPatientsNumber
    recorded, _identity, facts = record_patient(
        patient,
        Identity(number_keys[0], patient.patient_ref),
        person=said.person,
        status=_stricter(status, said),
    )
    ours = tuple(
        each or Identity(key, patient.patient_ref) for each, key in zip(identities, number_keys, strict=True)
    )
    return recorded, copy_of(patient.patient_ref, said), ours, facts


def _stricter(status: Status, said: Copied) -> Status:
    return replace(
        status,
        protected=status.protected or said.protected,
        no_fixed_address=status.no_fixed_address or said.no_fixed_address,
        deceased_on=said.deceased_on or status.deceased_on,
    )
