"""The demo's bad day of the day's file: what it takes away it brings back, and it knows the file's bytes."""

from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from services.billing.app import assemble
from tests.billing.in_memory import AT, FEE, SENT, Billing
from tests.support import in_memory
from tools.demo.flows.bad_days.file import STEPS, UNFINISHED, away_of, folder_away, leave, see_all, whole
from tools.demo.flows.play import play
from tools.demo.flows.stage import Body, Stage, demand
from tools.demo.flows.timeline import StepFailed, Timeline
from tools.demo.journal import Journal
from tools.demo.settings import DemoSettings


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    (tmp_path / "invoicing").mkdir()
    settings = DemoSettings(
        clock_file=tmp_path / "clock.json", peer_log_dir=tmp_path, export_dir=tmp_path / "invoicing"
    )
    return Stage(settings, httpx.AsyncClient(), Timeline(Console(file=StringIO())))


async def test_the_folder_is_away_until_the_block_ends_also_when_a_step_fails(stage: Stage) -> None:
    (stage.settings.export_dir / "kept").touch()

    def go_wrong() -> None:
        with folder_away(stage) as away:
            assert (away / "kept").exists()
            assert not stage.settings.export_dir.is_dir()
            demand(condition=False, what="it went wrong", look_at="")

    with pytest.raises(StepFailed):
        go_wrong()

    assert (stage.settings.export_dir / "kept").exists()
    assert not away_of(stage).exists()


async def test_the_demo_brings_back_the_folder_of_a_demo_that_was_killed(stage: Stage) -> None:
    stage.settings.export_dir.rename(away_of(stage))
    stage.settings.export_dir.touch()
    output = StringIO()

    await play([], stage.settings, Console(file=output, width=160))

    assert stage.settings.export_dir.is_dir()
    assert "it is back" in output.getvalue()


@pytest.fixture
async def batches(stage: Stage) -> Mapping[str, Body]:
    """One file for each step, closed by billing in memory and not written yet; invoicing was told of each."""
    service = await in_memory("billing", assemble, at=AT, export_dir=stage.settings.export_dir)
    billing, found = Billing(service, stage.settings.export_dir), {}
    await billing.hear(billing.patient())
    for number, left in enumerate(STEPS):
        sent = {"withdrawal_no": f"U2026-00012{number}-4", "fees": (FEE,)}
        await billing.hear(SENT.model_copy(update=sent))
        closed = (await billing.close(f"close-the-day-{number}")).json()
        event = billing.events()[-1]
        Journal(stage.settings.peer_log_dir / "invoicing.jsonl").add({"what": "asked", "body": event})
        found[left] = closed | {"fee": {"event_id": event["event_id"]}}
    leave(stage, stage.settings.export_dir, found)
    await service.run_jobs()
    return found


def named(stage: Stage, batches: Mapping[str, Body]) -> tuple[int, int]:
    seen = (stage.settings.export_dir / batches[STEPS[-1]]["file_name"]).stat()
    return seen.st_ino, seen.st_mtime_ns


async def test_billing_finishes_what_was_left_at_every_step_to_the_bytes_that_the_demo_expects(
    stage: Stage, batches: Mapping[str, Body]
) -> None:
    see_all(stage, batches, named_before=named(stage, batches))

    files = {each.name: each.read_bytes() for each in stage.settings.export_dir.iterdir()}
    assert files == {str(each["file_name"]): whole(stage, each) for each in batches.values()}


def other_bytes(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"{}\n")


def half_left(folder: Path, name: str) -> None:
    (folder / f"{name}{UNFINISHED}").touch()


def written_anew(folder: Path, name: str) -> None:
    content = (folder / name).read_bytes()
    (folder / "new").write_bytes(content)
    (folder / "new").rename(folder / name)


def twice(folder: Path, name: str) -> None:
    (folder / "egenavgift_20261123-0009.jsonl").write_bytes((folder / name).read_bytes())


@pytest.mark.parametrize("spoil", [other_bytes, half_left, written_anew, twice])
async def test_the_demo_sees_a_file_that_was_not_finished_as_it_must_be(
    stage: Stage, batches: Mapping[str, Body], spoil: Callable[[Path, str], None]
) -> None:
    before = named(stage, batches)

    spoil(stage.settings.export_dir, str(batches[STEPS[-1]]["file_name"]))

    with pytest.raises(StepFailed):
        see_all(stage, batches, named_before=before)
