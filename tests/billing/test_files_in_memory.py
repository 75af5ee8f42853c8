"""The day's file, whatever interrupts it, its other shapes, and the answers that come as files."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.billing.app import assemble
from services.billing.domain.files.batch import FileDiffers
from services.billing.gateways.files import Files
from shared.events.tasks import TaskRaised, TaskResolved
from shared.fault import Disturbed, Order, arm
from tests.billing.in_memory import AT, SENT, Billing, ids
from tests.support import in_memory

STEPS = (
    "close.before_freeze",
    "close.after_freeze",
    "export.before_temporary",
    "export.after_write",
    "export.after_fsync",
    "export.after_rename",
    "export.before_mark",
    "export.after_mark",
)


@pytest.fixture(autouse=True)
async def undisturbed() -> AsyncIterator[None]:
    yield
    arm("billing", [], book=None, mode="embedded")


async def close_and_write(billing: Billing) -> None:
    await billing.close()
    await billing.service.run_jobs()


async def batches(billing: Billing) -> Any:
    return (await billing.service.client.get("/batches", headers=billing.service.token("economist"))).json()


def answer_with(billing: Billing, batch_id: str, *lines: object) -> Path:
    path = billing.folder / f"egenavgift_{batch_id}.ack.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return path


async def look(billing: Billing, *, seconds: float = 2) -> None:
    """Let the job see the folder twice, so far apart."""
    await billing.service.run_jobs()
    billing.service.clock.move(seconds=seconds)
    await billing.service.run_jobs()


@pytest.mark.parametrize("step", STEPS)
async def test_a_file_that_is_interrupted_at_any_step_is_finished_to_the_same_bytes(
    billing: Billing, step: str
) -> None:
    await billing.hear(billing.patient(), SENT)
    arm("billing", [Order(point=f"billing.{step}", action="raise")], book=None, mode="embedded")

    with pytest.raises(Disturbed):
        await close_and_write(billing)
    await close_and_write(billing)

    (batch,) = await batches(billing)
    assert (batch["state"], batch["rows"], batch["total"]) == ("written", 2, "330.00")
    content = billing.file(batch["batch_id"])
    assert json.loads(content.splitlines()[-1])["sha256"] == batch["sha256"]
    (billing.folder / batch["file_name"]).unlink()
    await billing.service.client.post(
        f"/batches/{batch['batch_id']}/export", headers=billing.service.once("economist")
    )
    assert billing.file(batch["batch_id"]) == content
    assert [each.name for each in billing.folder.iterdir()] == [batch["file_name"]]


def test_a_name_that_may_not_be_durable_is_made_so_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, settled = Files(tmp_path), 0
    files.keep("a.jsonl", b"content")

    def count(_: Path) -> None:
        nonlocal settled
        settled += 1

    monkeypatch.setattr("services.billing.gateways.files.settle", count)
    files.keep("a.jsonl", b"content")

    assert settled == 1
    with pytest.raises(FileDiffers):
        files.keep("a.jsonl", b"other")


async def test_the_same_entries_are_written_in_the_shapes_that_the_receiver_reads(tmp_path: Path) -> None:
    layout = tmp_path / "layout.json"
    layout.write_text('{"number": 12}')
    service = await in_memory(
        "billing",
        assemble,
        at=AT,
        export_dir=tmp_path / "out",
        invoice_shapes=("fixed_width", "csv"),
        fixed_width_layout=layout,
    )
    billing = Billing(service, tmp_path / "out")
    await billing.hear(billing.patient(), SENT)

    await close_and_write(billing)

    (batch,) = await batches(billing)
    assert batch["copies"] == ["egenavgift_20261123-0001.csv", "egenavgift_20261123-0001.txt"]
    fixed = (billing.folder / "egenavgift_20261123-0001.txt").read_text("iso-8859-1").splitlines()
    assert (fixed[1][1:13], fixed[-1]) == ("199007052393", "T+00000000033000")
    assert len((billing.folder / "egenavgift_20261123-0001.csv").read_text().splitlines()) == 3


async def test_a_shape_that_does_not_fit_is_a_task_and_the_days_file_is_written(tmp_path: Path) -> None:
    service = await in_memory(
        "billing", assemble, at=AT, export_dir=tmp_path / "out", invoice_shapes=("fixed_width",)
    )
    billing = Billing(service, tmp_path / "out")
    odd = SENT.fees[0].model_copy(update={"text": "Egenavgift €"})
    await billing.hear(billing.patient(), SENT.model_copy(update={"fees": (odd,)}))

    await close_and_write(billing)

    (batch,) = await batches(billing)
    assert (batch["state"], batch["copies"]) == ("written", [])
    assert not (billing.folder / "egenavgift_20261123-0001.txt").exists()
    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.reason) == ("batch_unfit", "fixed-width-character")


async def test_an_answer_dropped_into_the_folder_is_believed_row_by_row_and_put_away(
    billing: Billing,
) -> None:
    await billing.hear(billing.patient(), SENT)
    first, second = ids(billing.events())
    await close_and_write(billing)
    (batch,) = await batches(billing)
    head = {"rec": "head", "batch": batch["batch_id"], "status": "accepted"}
    path = answer_with(
        billing,
        batch["batch_id"],
        head,
        {"event_id": first, "status": "invoiced", "invoice_no": "7", "invoice_date": "2026-11-30"},
        {"event_id": second, "status": "rejected", "code": "E17"},
        {"rec": "trailer", "rows": 2, "sum": "330.00"},
    )

    await look(billing)
    await look(billing)

    stages = {fee["event_id"]: fee["stage"] for fee in (await billing.statement()).json()["fees"]}
    assert stages == {first: "invoiced", second: "rejected"}
    assert (await batches(billing))[0]["answer"] == "accepted"
    assert not path.exists()
    assert len(list((billing.folder / "read").iterdir())) == 1
    assert [task.kind for task in billing.service.told_of(TaskRaised)] == ["fee_rejected"]


async def test_an_answer_that_cannot_be_read_is_believed_in_nothing_until_it_is_mended(
    billing: Billing,
) -> None:
    await billing.hear(billing.patient(), SENT)
    await close_and_write(billing)
    (batch,) = await batches(billing)
    head = {"rec": "head", "status": "accepted"}
    rows = [{"event_id": each, "status": "accepted"} for each in ids(billing.events())]
    trailer = {"rec": "trailer", "rows": 2}
    answer_with(billing, batch["batch_id"], head, rows[0], {"status": "accepted"}, trailer)
    for _ in range(2):
        await look(billing)
    before = {fee["stage"] for fee in (await billing.statement()).json()["fees"]}

    answer_with(billing, batch["batch_id"], head, *rows, trailer)
    await look(billing)

    assert before == {"told"}
    assert {fee["stage"] for fee in (await billing.statement()).json()["fees"]} == {"accepted"}
    assert [task.kind for task in billing.service.told_of(TaskRaised)] == ["ack_unreadable"]
    assert len(billing.service.told_of(TaskResolved)) == 1


async def test_an_answer_about_a_file_that_nobody_wrote_is_a_task(billing: Billing) -> None:
    billing.folder.mkdir()
    path = answer_with(
        billing, "20200101-0001", {"rec": "head", "status": "accepted"}, {"rec": "trailer", "rows": 0}
    )

    await look(billing)

    assert path.exists()
    assert [task.kind for task in billing.service.told_of(TaskRaised)] == ["ack_unreadable"]


async def test_a_file_that_nobody_answers_is_an_alarm_and_is_sent_again_by_its_old_name(
    billing: Billing,
) -> None:
    await billing.hear(billing.patient(), SENT)
    await close_and_write(billing)
    billing.service.clock.move(hours=24)
    await billing.service.run_jobs()
    (batch,) = await batches(billing)
    content = billing.file(batch["batch_id"])
    (billing.folder / batch["file_name"]).unlink()

    again = await billing.service.client.post(
        f"/batches/{batch['batch_id']}/send-again", headers=billing.service.once("economist")
    )

    assert batch["unanswered_since"]
    alarms = [task for task in billing.service.told_of(TaskRaised) if task.kind == "batch_unanswered"]
    assert len(alarms) == 1
    assert (again.status_code, len(again.json()["sent_again_at"])) == (200, 1)
    assert billing.file(batch["batch_id"]) == content
    assert ids(billing.events())[2:] == ids(billing.events())[:2]

    for event_id in dict.fromkeys(ids(billing.events())):
        await billing.acknowledge(event_id, "accepted")
    await billing.service.run_jobs()

    assert [task.task_id for task in billing.service.told_of(TaskResolved)] == [alarms[0].task_id]
    assert (await batches(billing))[0]["unanswered_since"] is None


async def test_a_file_is_unanswered_after_24_hours_before_anybody_was_told(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    await close_and_write(billing)
    billing.service.clock.move(hours=24, seconds=-1)
    before = (await batches(billing))[0]["unanswered_since"]
    billing.service.clock.move(seconds=1)
    (batch,) = await batches(billing)
    token = billing.service.token("economist")
    one = (await billing.service.client.get(f"/batches/{batch['batch_id']}", headers=token)).json()

    assert (before, batch["unanswered_since"]) == (None, "2026-11-24T09:00:00Z")
    assert one["unanswered_since"] == batch["unanswered_since"]
    assert billing.service.told_of(TaskRaised) == []


async def test_a_file_whose_entries_are_all_answered_is_not_unanswered(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    await close_and_write(billing)
    for event_id in dict.fromkeys(ids(billing.events())):
        await billing.acknowledge(event_id, "accepted")
    billing.service.clock.move(hours=24)

    assert (await batches(billing))[0]["unanswered_since"] is None
