"""Every door that names a patient writes in the audit log whom it refused."""

import re
import uuid
from pathlib import Path

import pytest

from services import SERVICES
from tests.doors.services import all_services, doors_of, knock


@pytest.mark.slow
async def test_every_door_that_names_a_patient_writes_who_was_refused(tmp_path: Path) -> None:
    services, patient_ref = await all_services(tmp_path), str(uuid.uuid4())
    missing = []
    for name in SERVICES:
        service = services[name]
        for door in (each for each in doors_of(service) if "{patient_ref}" in each.path):
            ids = dict.fromkeys(re.findall(r"{(\w+)}", door.path), patient_ref)
            headers = service.token("nobody", roles=["technician"], care_units=["DEMO-101"])
            answer = await knock(service, door, headers, **ids)
            last = (await service.repository.backend.audit.rows())[-1:]
            kept = [(row["actor"], row["patient_refs"], row["outcome"][:7]) for row in last]
            if answer.status_code != 403 or kept != [("nobody-1", [patient_ref], "refused")]:
                missing.append((door.action, answer.status_code, kept))

    assert missing == []
