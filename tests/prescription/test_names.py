"""Many patients are named in one question, and the log says so before a name leaves (Q38)."""

from typing import Any

from tests.prescription.conftest import ADULT, STRANGER, Register
from tests.support import InMemory


async def named(service: InMemory, refs: list[str], role: str = "customer_service") -> Any:
    body = {"patient_refs": refs}
    return await service.client.post("/patients/names", json=body, headers=service.token(role))


async def test_many_patients_are_named_in_one_question_that_the_log_keeps(
    service: InMemory, register: Register
) -> None:
    first, second = await register(number=ADULT), await register(number=STRANGER, name="Bo Testsson")

    answer = await named(service, [second, first, second])

    assert [(each["patient_ref"], each["name"]) for each in answer.json()] == [
        (second, "Bo Testsson"),
        (first, "Test Testsson"),
    ]
    row = (await service.repository.backend.audit.rows())[-1]
    assert (row["action"], sorted(row["patient_refs"])) == (
        "prescription.name_patients",
        sorted([first, second]),
    )


async def test_a_protected_patient_has_neither_name_nor_number_there(
    service: InMemory, register: Register
) -> None:
    ref = await register(number=STRANGER, protected=True, name=None, address=None)

    answer = await named(service, [ref, "somebody-unknown"])

    assert answer.json() == [{"patient_ref": ref, "name": None, "number": None}]


async def test_who_meets_no_patients_is_told_no_names(service: InMemory, register: Register) -> None:
    ref = await register(number=ADULT)

    for role in ("economist", "operator", "technician", "store_keeper", "patient"):
        assert (await named(service, [ref], role)).status_code == 403
