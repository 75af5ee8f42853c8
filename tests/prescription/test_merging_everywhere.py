"""A reserve number that becomes a personal number, in all services that keep something of the patient."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.billing.app import assemble as assemble_billing
from services.billing.repository.collections import PAYERS
from services.ordering.app import assemble as assemble_ordering
from services.ordering.repository.collections import ALLOWANCES
from shared.events.prescription import PatientChanged, PatientsMerged
from tests.prescription.conftest import DRINK, FORM, form
from tests.prescription.register_double import RESERVE_TO_BE, Registered, start
from tests.support import InMemory, deliver_all, in_memory

RESERVE = "20090122T123"


@dataclass
class Region:
    """Three services that know the same patient."""

    registered: Registered
    ordering: InMemory
    billing: InMemory
    old_ref: str
    line_id: str

    async def merge(self) -> str:
        answer = await self.registered.post(
            f"/patients/{self.old_ref}/number", {"number": RESERVE_TO_BE, "reason": "folkbokförd"}
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["patient_ref"])

    async def lines_of(self, patient_ref: str) -> list[str]:
        allowance = await self.ordering.repository.get(ALLOWANCES.maybe(patient_ref))
        return [line.line_id for line in allowance.lines] if allowance else []


@pytest.fixture
async def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Region]:
    registered = await start(tmp_path, monkeypatch)
    service = registered.service
    await service.hear(DRINK)
    by_hand = {**FORM, "number": RESERVE, "born": "2009-01-22", "name": "Rey Testsson"}
    old_ref = (await registered.post("/patients", by_hand)).json()["patient_ref"]
    saved = (await registered.post("/prescriptions", form(old_ref), role="dietitian")).json()
    yield Region(
        registered,
        await in_memory("ordering", assemble_ordering, clock=service.clock),
        await in_memory("billing", assemble_billing, clock=service.clock, export_dir=tmp_path),
        old_ref,
        saved["lines"][0]["line_id"],
    )
    await registered.http.aclose()


async def test_what_may_be_withdrawn_and_who_pays_follow_the_person(region: Region) -> None:
    services = [region.registered.service, region.ordering, region.billing]
    await deliver_all(services)

    into_ref = await region.merge()
    await deliver_all(services)

    assert await region.lines_of(into_ref) == [region.line_id]
    assert await region.lines_of(region.old_ref) == []
    payer = await region.billing.repository.get(PAYERS.ref(into_ref))
    assert payer.identity is not None
    assert region.registered.service.seals.open(payer.identity.number) == RESERVE_TO_BE


async def test_the_lines_follow_also_when_the_merging_is_consumed_before_everything_else(
    region: Region,
) -> None:
    into_ref = await region.merge()
    told = region.registered.service.told
    first = [fact for fact in told if isinstance(fact, PatientsMerged)]
    late = [fact for fact in told if not isinstance(fact, PatientsMerged)]

    for fact in [*first, *reversed(late), *first]:
        await region.ordering.hear(fact)
        await region.billing.hear(fact)

    assert await region.lines_of(into_ref) == [region.line_id]
    assert [fact.patient_ref for fact in told if isinstance(fact, PatientChanged)] == [
        region.old_ref,
        into_ref,
        into_ref,
    ]
