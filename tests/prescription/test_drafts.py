"""A prescription that was begun is kept as typed for its prescriber alone, and forgotten when told (Q5)."""

from typing import Any

import httpx

from services.prescription.domain.own.drafts import MOST_DRAFTS
from tests.prescription.conftest import Register
from tests.support import InMemory

LINE = {"article_no": "900001", "kind": "per_day", "amount": "1,", "days": "30", "withdrawals": ""}
FORM: dict[str, Any] = {"prescription_type": "energy_nutrition", "care_unit": "DEMO-101", "lines": [LINE]}


async def kept(service: InMemory, ref: str, **changes: Any) -> httpx.Response:
    headers = service.once("dietitian")
    return await service.client.put(f"/prescription-drafts/{ref}", json={**FORM, **changes}, headers=headers)


async def read(service: InMemory, ref: str, **claims: Any) -> httpx.Response:
    headers = service.token("dietitian", **claims)
    return await service.client.get(f"/prescription-drafts/{ref}", headers=headers)


async def test_what_was_typed_is_there_again_after_the_browser_was_closed(
    service: InMemory, register: Register
) -> None:
    ref = await register()

    assert (await kept(service, ref)).status_code == 200

    assert (await read(service, ref)).json()["lines"] == [LINE]
    assert "prescription.get_prescription_draft" in str(await service.repository.backend.audit.rows())


async def test_a_draft_is_nobody_elses(service: InMemory, register: Register) -> None:
    ref = await register()
    await kept(service, ref)

    assert (await read(service, ref, sub="dietitian-2")).status_code == 404
    headers = service.token("customer_service")
    assert (await service.client.get("/prescription-drafts", headers=headers)).status_code == 403


async def test_the_newest_draft_of_a_patient_counts_until_it_is_forgotten(
    service: InMemory, register: Register
) -> None:
    ref = await register()
    await kept(service, ref)
    await kept(service, ref, lines=[])
    listed = await service.client.get("/prescription-drafts", headers=service.token("dietitian"))

    forget = f"/prescription-drafts/{ref}/forget"
    answer = await service.client.post(forget, headers=service.once("dietitian"))

    assert [each["lines"] for each in listed.json()] == [[]]
    assert answer.json() == {"patient_refs": []}
    assert (await read(service, ref)).status_code == 404


async def test_the_oldest_draft_of_too_many_is_forgotten(service: InMemory) -> None:
    answers = [await kept(service, f"patient-{number}") for number in range(MOST_DRAFTS + 1)]

    assert len(answers[-1].json()["patient_refs"]) == MOST_DRAFTS
    assert "patient-0" not in answers[-1].json()["patient_refs"]
