"""Route that names many patients in one audited question, for lists that know references only (Q38)."""

from typing import Annotated

from pydantic import Field

from services.prescription.domain.patients.patients import Patient
from services.prescription.repository.collections import PATIENTS
from services.prescription.repository.prescriptions import Prescribing
from shared.http import Ask, Request, Router, View
from shared.http.ids import PatientRef
from shared.repository.merged import present_of
from shared.sealed import Seals

MOST_NAMED = 200


class PatientsToName(Request):
    """Whose names; each once."""

    patient_refs: Annotated[list[PatientRef], Field(min_length=1, max_length=MOST_NAMED)]


class NamedPatient(View):
    """A patient by the reference that was asked about; without name and number where they are withheld."""

    patient_ref: str
    name: str | None
    number: str | None


def routes(prescribing: Prescribing, seals: Seals) -> Router:
    router = Router("prescription", prefix="/patients", tags=["patients"])
    repository = prescribing.repository

    @router.post("/names")
    async def name_patients(body: PatientsToName, ask: Ask) -> list[NamedPatient]:
        """Every person is in the audit log before a name leaves; who is not known is left out."""
        found = await present_of(repository, PATIENTS, body.patient_refs)
        known = {ref: patient for ref, (_now, patient) in found.items() if patient is not None}
        await repository.note(ask, list(dict.fromkeys(each.patient_ref for each in known.values())))
        return [_named(ref, patient, seals) for ref, patient in known.items()]

    return router


def _named(ref: str, patient: Patient, seals: Seals) -> NamedPatient:
    person = None if patient.status.withheld else patient.person
    if person is None:
        return NamedPatient(patient_ref=ref, name=None, number=None)
    return NamedPatient(patient_ref=ref, name=seals.open(person.name), number=seals.open(person.number))
