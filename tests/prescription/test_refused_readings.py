"""What a door refuses about a patient has one row in the audit log, and a refused reading is never done."""

from typing import Any

import pytest

from shared.repository.codec import Document
from tests.prescription.conftest import post
from tests.support import InMemory

ELSEWHERE: dict[str, Any] = {"care_units": ["DEMO-102"]}


async def rows_of(service: InMemory, action: str) -> list[Document]:
    return [row for row in await service.repository.backend.audit.rows() if row["action"] == action]


@pytest.mark.parametrize("path", ["", "/attachments"])
async def test_a_refused_reading_of_a_prescription_is_a_refusal_and_not_done(
    service: InMemory, prescribed: dict[str, Any], path: str
) -> None:
    number = prescribed["prescription_no"]

    answer = await service.client.get(
        f"/prescriptions/{number}{path}", headers=service.token("dietitian", **ELSEWHERE)
    )

    assert answer.status_code == 403
    last = (await service.repository.backend.audit.rows())[-1]
    assert (last["outcome"], last["patient_refs"]) == ("refused: not-your-unit", [prescribed["patient_ref"]])
    assert [row["outcome"] for row in await rows_of(service, last["action"])] == ["refused: not-your-unit"]


async def test_a_refused_change_has_one_row(service: InMemory, prescribed: dict[str, Any]) -> None:
    number = prescribed["prescription_no"]

    await post(
        service,
        f"/prescriptions/{number}/lines/{number}-1/annul",
        {"reason": "fel"},
        "dietitian",
        **ELSEWHERE,
    )

    rows = await rows_of(service, "prescription.annul_line")
    assert [(row["outcome"], row["patient_refs"]) for row in rows] == [
        ("refused: not-your-unit", [prescribed["patient_ref"]])
    ]


async def test_who_is_withheld_is_not_read_by_a_refused_reading(service: InMemory, adult: str) -> None:
    await post(service, f"/patients/{adult}/status", {"protected": True}, "customer_service")

    for path in (f"/patients/{adult}", f"/patients/{adult}/prescriptions", f"/patients/{adult}/lines"):
        await service.client.get(path, headers=service.token("order_placer"))

    rows = [row for row in await service.repository.backend.audit.rows() if row["actor"] == "order_placer-1"]
    assert [(row["outcome"], row["patient_refs"]) for row in rows] == [
        ("refused: protected-identity", [adult])
    ] * 3


async def test_a_number_that_is_nobodys_is_tried_in_the_log_once(service: InMemory) -> None:
    answer = await post(service, "/patients/find", {"number": "189807039814"}, "order_placer")

    assert answer.status_code == 422
    assert [row["outcome"] for row in await rows_of(service, "prescription.find_patient")] == [
        "refused: unknown-patient"
    ]


async def test_a_number_typed_in_the_place_of_a_reference_is_not_kept(service: InMemory) -> None:
    await service.client.get("/patients/199007052393", headers=service.token("store_keeper"))

    (row,) = await rows_of(service, "prescription.get_patient")
    assert (row["outcome"], row["patient_refs"]) == ("refused: forbidden", [])
