"""The doors of attached files: scanned, sealed, read by those of the care unit (S88)."""

import base64
from typing import Any

import pytest

from services.ordering.domain.devices.attachments import LARGEST_BYTES
from services.ordering.gateways.virus_scanner import EICAR
from services.ordering.repository.collections import ATTACHMENTS, CONTENTS
from tests.ordering.examples import PATIENT
from tests.support import InMemory

PDF = b"%PDF-1.7 remiss"
UNIT = "DEMO-101"


def form(content: bytes = PDF, **changes: Any) -> dict[str, Any]:
    written = base64.b64encode(content).decode()
    return {"patient_ref": PATIENT, "care_unit": UNIT, "name": "remiss.pdf", "content": written} | changes


async def uploaded(desk: InMemory, said: dict[str, Any], **claims: Any) -> Any:
    headers = desk.once("order_placer", **({"care_units": [UNIT]} | claims))
    return await desk.client.post("/attachments", json=said, headers=headers)


async def test_a_file_is_kept_sealed_and_given_back_as_it_was(desk: InMemory) -> None:
    answer = await uploaded(desk, form())

    assert answer.status_code == 200, answer.text
    number = answer.json()["attachment_id"]
    kept = await desk.repository.get(ATTACHMENTS.ref(number))
    file = await desk.repository.get(CONTENTS.ref(number))
    assert (file.content or "").startswith("sealed:")
    assert kept.file.name.startswith("sealed:")
    read = await desk.client.get(
        f"/attachments/{number}", headers=desk.token("order_placer", care_units=[UNIT])
    )
    assert (read.content, read.headers["content-type"]) == (PDF, "application/pdf")
    assert read.headers["cache-control"] == "no-store"
    assert "remiss" not in str(read.headers)


async def test_who_reads_a_file_is_in_the_audit_log_and_other_units_do_not(desk: InMemory) -> None:
    number = (await uploaded(desk, form())).json()["attachment_id"]

    other = await desk.client.get(
        f"/attachments/{number}", headers=desk.token("order_placer", care_units=["DEMO-102"])
    )

    row = (await desk.repository.backend.audit.rows())[-1]
    assert other.status_code == 403
    assert (row["action"], row["patient_refs"]) == ("ordering.get_attachment", [PATIENT])
    assert row["outcome"] != "done"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"MZ\x90\x00", "attachment-type"),
        (b"", "attachment-empty"),
        (PDF + EICAR, "attachment-infected"),
        (PDF.ljust(LARGEST_BYTES + 1), "attachment-too-large"),
    ],
)
async def test_what_is_not_kept_is_refused_with_what_to_do(desk: InMemory, content: bytes, rule: str) -> None:
    refused = await uploaded(desk, form(content))

    assert (refused.status_code, refused.json()["rule"]) == (422, rule)
    assert await desk.repository.find(ATTACHMENTS, {}) == []


async def test_a_file_of_five_megabytes_passes_the_limit_of_the_body(desk: InMemory) -> None:
    answer = await uploaded(desk, form(PDF.ljust(LARGEST_BYTES, b"\xff")))

    assert (answer.status_code, answer.json()["size"]) == (200, LARGEST_BYTES)


@pytest.mark.parametrize("content", ["remiss", "AAA=A", "data:application/pdf;base64,AAAA", 5, None])
async def test_what_is_no_base64_is_refused_by_name(desk: InMemory, content: Any) -> None:
    refused = await uploaded(desk, form() | {"content": content})

    assert refused.status_code == 422
    assert [each["field"] for each in refused.json()["fields"]] == ["body.content"]


async def test_what_no_line_names_is_removed_after_a_week(desk: InMemory) -> None:
    number = (await uploaded(desk, form())).json()["attachment_id"]

    desk.clock.move(days=7, seconds=1)
    await desk.run_jobs()

    headers = desk.token("order_placer", care_units=[UNIT])
    gone = await desk.client.get(f"/attachments/{number}", headers=headers)
    assert gone.status_code == 404
    assert (await desk.repository.get(CONTENTS.ref(number))).content is None
