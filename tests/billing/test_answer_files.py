"""Invoicing's answer files as they really lie in a folder: broken, strange, huge, or not finished."""

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import pytest

from services.billing.application.answers import Answers
from services.billing.application.batches import Batches
from services.billing.application.ledger import Ledger
from services.billing.domain.files.ack_file import Fault
from services.billing.gateways.files import Files
from services.billing.gateways.inbox_folder import shown_name
from shared.events.tasks import TaskRaised
from tests.billing.in_memory import SENT, Billing, ids
from tests.billing.test_files_in_memory import answer_with, batches, close_and_write, look

BROKEN = "egenavgift_20260101-0001.ack.jsonl"
"""Sorts before every other: a reader that stops there reads nothing else."""


async def sent_file(billing: Billing) -> tuple[str, list[dict[str, Any]]]:
    """Write a day's file of two entries; give its number and a whole answer to it."""
    await billing.hear(billing.patient(), SENT)
    await close_and_write(billing)
    (batch,) = await batches(billing)
    head = {"rec": "head", "batch": batch["batch_id"], "status": "accepted"}
    rows = [{"event_id": each, "status": "accepted"} for each in ids(billing.events())]
    return batch["batch_id"], [head, *rows, {"rec": "trailer", "rows": 2}]


async def stages(billing: Billing) -> set[str]:
    return {fee["stage"] for fee in (await billing.statement()).json()["fees"]}


def tasks(billing: Billing) -> list[TaskRaised]:
    return [each for each in billing.service.told_of(TaskRaised) if each.kind == "ack_unreadable"]


def lone_surrogate(path: Path) -> None:
    row = '{"event_id": "\\ud800", "status": "accepted"}'
    path.write_text(f'{{"rec": "head", "status": "accepted"}}\n{row}\n{{"rec": "trailer", "rows": 1}}\n')


def brackets(path: Path) -> None:
    path.write_text("[" * 100_000)


def undecodable(path: Path) -> None:
    Path(os.fsdecode(os.fsencode(path).replace(b"-0001", b"-\xff01"))).write_text("{}\n")


def a_folder(path: Path) -> None:
    path.mkdir()


def dangling(path: Path) -> None:
    path.symlink_to("/nowhere/at/all")


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(40_000_000_000)


def not_utf_8(path: Path) -> None:
    path.write_bytes('{"rec": "head", "status": "accepted", "by": "Åsa"}\n'.encode("latin-1"))


def twice_the_same_name(path: Path) -> None:
    path.write_text('{"rec": "head", "status": "rejected", "status": "accepted"}\n')


def misnamed(path: Path) -> None:
    path.with_name("egenavgift_2026.ack.jsonl").write_text("{}\n")


@pytest.mark.parametrize(
    "strange",
    [
        lone_surrogate, brackets, undecodable, a_folder, dangling, a_pipe, endless, not_utf_8,
        twice_the_same_name, misnamed,
    ],
)  # fmt: skip
async def test_a_strange_file_is_a_task_once_and_holds_up_no_other(
    billing: Billing, strange: Callable[[Path], None]
) -> None:
    batch_id, lines = await sent_file(billing)
    strange(billing.folder / BROKEN)
    good = answer_with(billing, batch_id, *lines)

    for _ in range(3):
        await look(billing, seconds=70)

    assert await stages(billing) == {"accepted"}
    assert not good.exists()
    (task,) = tasks(billing)
    assert task.reason in get_args(Fault)
    json.dumps(task.model_dump(mode="json")).encode()


async def test_a_strange_file_is_no_second_task_after_a_restart(billing: Billing) -> None:
    billing.folder.mkdir()
    a_folder(billing.folder / BROKEN)
    await look(billing)

    repository, clock = billing.service.repository, billing.service.clock
    batches_ = Batches(repository, clock, billing.service.seals, Files(billing.folder))
    ledger = Ledger(repository, clock)
    restarted = Answers(repository, clock, billing.folder, batches=batches_, ledger=ledger)
    for _ in range(2):
        await restarted.read_all()
        clock.move(seconds=2)

    assert len(tasks(billing)) == 1


@pytest.mark.parametrize(
    "trailer",
    [
        {"rows": 500},
        {"rows": 1},
        {"rows": "2"},
        {"rows": True},
        {},
        {"rows": 2, "sum": "120.00"},
        {"rows": 2, "sum": 330},
        {"rows": 2, "sha256": "0" * 64},
    ],
)
async def test_an_answer_whose_last_line_does_not_agree_is_believed_in_nothing(
    billing: Billing, trailer: dict[str, Any]
) -> None:
    batch_id, lines = await sent_file(billing)
    path = answer_with(billing, batch_id, *lines[:-1], {"rec": "trailer", **trailer})

    await look(billing)

    assert await stages(billing) == {"told"}
    assert (len(tasks(billing)), path.exists()) == (1, True)


async def test_an_answer_with_the_right_sum_and_hash_is_believed(billing: Billing) -> None:
    batch_id, lines = await sent_file(billing)
    body = "".join(f"{json.dumps(each)}\n" for each in lines[:-1])
    hashed = sha256(body.encode()).hexdigest()
    answer_with(billing, batch_id, *lines[:-1], {**lines[-1], "sum": "330.00", "sha256": hashed})

    await look(billing)

    assert await stages(billing) == {"accepted"}


async def test_a_file_that_is_being_written_is_read_when_it_is_whole(billing: Billing) -> None:
    batch_id, lines = await sent_file(billing)
    seen = []
    for written in range(1, len(lines) + 1):
        answer_with(billing, batch_id, *lines[:written])
        await look(billing, seconds=20)
        seen.append(await stages(billing))

    assert seen == [{"told"}, {"told"}, {"told"}, {"accepted"}]
    assert tasks(billing) == []


async def test_a_file_that_changes_between_two_looks_waits(billing: Billing) -> None:
    batch_id, lines = await sent_file(billing)
    path = answer_with(billing, batch_id, *lines)
    await billing.service.run_jobs()
    billing.service.clock.move(seconds=2)
    path.write_text(path.read_text() + "\n")

    await billing.service.run_jobs()

    assert (await stages(billing), path.exists()) == ({"told"}, True)


async def test_an_answer_without_a_last_line_counts_when_nobody_wrote_to_it_for_a_minute(
    billing: Billing,
) -> None:
    batch_id, lines = await sent_file(billing)
    answer_with(billing, batch_id, *lines[:-1])
    await look(billing, seconds=50)
    before = await stages(billing)

    await look(billing, seconds=15)

    assert (before, await stages(billing)) == ({"told"}, {"accepted"})


async def test_a_days_file_that_cannot_be_written_holds_up_no_other(billing: Billing) -> None:
    await billing.hear(billing.patient(), SENT)
    await billing.close()
    (first,) = await batches(billing)
    (billing.folder / first["file_name"]).mkdir(parents=True)
    more = SENT.model_copy(update={"withdrawal_no": "U2026-000124-2"})
    await billing.hear(more)
    await billing.close(key="close-the-day-2")

    with pytest.raises(Exception, match="batch-file-differs"):
        await billing.service.run_jobs()

    assert {each["file_name"]: each["state"] for each in await batches(billing)} == {
        first["file_name"]: "frozen",
        "egenavgift_20261123-0002.jsonl": "written",
    }


def test_a_name_that_cannot_be_shown_is_written_with_codes() -> None:
    assert shown_name(Path(os.fsdecode("egenavgift_å\n".encode() + b"\xff"))) == "egenavgift_å\\x0a\\xff"
