"""The day is closed, its file written, and answered."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from services.billing.domain.files.batch import FileDiffers
from shared.events.tasks import TaskRaised
from tests.billing.in_memory import ANNULLED, SENT, Billing, ids


async def test_the_days_file_holds_the_same_entries_as_the_messages(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT, ANNULLED)

    closed = await billing.close()
    await billing.service.run_jobs()

    assert (closed.status_code, closed.json()["rows"], closed.json()["total"]) == (201, 3, "210.00")
    lines = billing.file(closed.json()["batch_id"]).splitlines(keepends=True)
    rows = [json.loads(line) for line in lines[1:-1]]
    assert sorted(rows, key=str) == sorted(
        [{k: v for k, v in event.items() if k != "message_id"} for event in billing.events()], key=str
    )
    trailer = json.loads(lines[-1])
    assert trailer == {
        "rec": "trailer",
        "rows": 3,
        "sum": "210.00",
        "sha256": sha256(b"".join(lines[:-1])).hexdigest(),
    }


async def test_an_entry_is_in_one_file_and_the_next_file_has_what_came_after(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    first = await billing.close()

    nothing = await billing.close("close-the-day-2")
    await billing.hear(ANNULLED)
    second = await billing.close("close-the-day-3")

    assert (nothing.status_code, nothing.json()["rule"]) == (422, "nothing-to-close")
    assert (first.json()["batch_id"], second.json()["batch_id"]) == ("20261123-0001", "20261123-0002")
    assert (second.json()["rows"], second.json()["total"]) == (1, "-120.00")


async def test_closing_twice_with_one_key_closes_once(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)

    first, second = await billing.close(), await billing.close()

    assert first.json() == second.json()


async def test_a_file_that_was_lost_is_written_again_to_the_same_bytes(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    batch_id = (await billing.close()).json()["batch_id"]
    await billing.service.run_jobs()
    before = billing.file(batch_id)
    (billing.folder / f"egenavgift_{batch_id}.jsonl").unlink()
    await billing.acknowledge(ids(billing.events())[0], "accepted")
    await billing.hear(billing.patient(version=2, number="200207022385"))

    again = await billing.service.client.post(
        f"/batches/{batch_id}/export", headers=billing.service.once("economist")
    )

    assert again.json()["state"] == "written"
    assert billing.file(batch_id) == before


async def test_a_file_that_lies_there_already_is_left_alone(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    batch_id = (await billing.close()).json()["batch_id"]
    await billing.service.run_jobs()
    written_at = (billing.folder / f"egenavgift_{batch_id}.jsonl").stat().st_mtime_ns

    await billing.service.client.post(
        f"/batches/{batch_id}/export", headers=billing.service.once("economist")
    )

    assert (billing.folder / f"egenavgift_{batch_id}.jsonl").stat().st_mtime_ns == written_at


async def test_a_file_that_a_killed_process_left_unfinished_is_finished(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    batch_id = (await billing.close()).json()["batch_id"]
    billing.folder.mkdir()
    (billing.folder / f"egenavgift_{batch_id}.jsonl.tmp").write_text('{"rec":"he')

    await billing.service.run_jobs()

    assert len(billing.file(batch_id).splitlines()) == 4
    shown = await billing.service.client.get(
        f"/batches/{batch_id}", headers=billing.service.token("economist")
    )
    assert shown.json()["state"] == "written"


async def test_another_file_of_the_same_name_is_never_written_over(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    batch_id = (await billing.close()).json()["batch_id"]
    billing.folder.mkdir()
    (billing.folder / f"egenavgift_{batch_id}.jsonl").write_text("not ours")

    with pytest.raises(FileDiffers):
        await billing.service.run_jobs()

    assert billing.file(batch_id) == b"not ours"


async def test_the_day_is_closed_by_itself_at_18_and_once(billing: Billing) -> None:
    await billing.service.run_jobs()
    await billing.hear(billing.patient(), SENT)
    await billing.service.run_jobs()
    assert not billing.folder.exists()

    billing.service.clock.set(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    await billing.service.run_jobs()
    await billing.service.run_jobs()

    listed = await billing.service.client.get("/batches", headers=billing.service.token("economist"))
    assert [(batch["batch_id"], batch["state"]) for batch in listed.json()] == [("20261123-0001", "written")]


async def test_an_acknowledgement_file_answers_entry_by_entry(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    first, second = ids(billing.events())
    batch_id = (await billing.close()).json()["batch_id"]
    rows = [
        {"event_id": first, "status": "invoiced", "invoice_no": "7", "invoice_date": "2026-11-30"},
        {"event_id": second, "status": "rejected", "code": "E17"},
    ]

    headers = billing.service.once("economist", "acknowledged-1")
    for _ in range(2):
        answered = await billing.service.client.post(
            f"/batches/{batch_id}/acknowledgement", json={"head": "accepted", "rows": rows}, headers=headers
        )
        assert (answered.status_code, answered.json()["answer"]) == (200, "accepted")

    stages = {fee["event_id"]: fee["stage"] for fee in (await billing.statement()).json()["fees"]}
    assert stages == {first: "invoiced", second: "rejected"}
    assert len(billing.service.told_of(TaskRaised)) == 1


async def test_after_a_clock_that_was_a_year_ahead_the_day_is_closed_at_the_next_18_as_ever(
    billing: Billing,
) -> None:
    billing.service.clock.move(days=365)
    await billing.service.run_jobs()
    billing.service.clock.move(days=-365)
    await billing.hear(billing.patient(), SENT)
    await billing.service.run_jobs()
    assert not billing.folder.exists()

    billing.service.clock.set(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    await billing.service.run_jobs()

    assert [each.name for each in billing.folder.iterdir()] == ["egenavgift_20261123-0001.jsonl"]


async def test_in_the_night_when_the_clock_goes_back_each_day_has_one_file_with_its_own_fees(
    billing: Billing,
) -> None:
    clock = billing.service.clock
    clock.set(datetime(2026, 10, 24, 12, 0, tzinfo=UTC))
    await billing.hear(billing.patient())
    files: list[str] = []
    for hour in range(72):
        clock.move(hours=1)
        if hour in {12, 13}:  # 02:00 twice in Stockholm
            number = f"U2026-00012{hour}-4"
            sent = {"withdrawal_no": number, "sent_at": clock.now(), "sent_on": clock.today()}
            await billing.hear(SENT.model_copy(update=sent))
        await billing.service.run_jobs()
        files += [each.stem for each in billing.folder.glob("*.jsonl") if each.stem not in files]

    assert files == ["egenavgift_20261025-0001"]
    body = billing.file("20261025-0001").decode().splitlines()[1:-1]
    assert {json.loads(row)["bill_not_before"] for row in body} == {"2026-10-25"}
    assert len(body) == 4
