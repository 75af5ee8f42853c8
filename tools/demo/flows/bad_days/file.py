"""A bad day for the day's file: it is interrupted at every step, and finished to the same bytes (S46)."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from shared.domain.days import STOCKHOLM
from shared.partners import FeeEvent
from tools.demo.flows.acts import Line
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.money.files import FOLDER, close_all, path_of, told_fee
from tools.demo.flows.money.tariffs import ONE, statement
from tools.demo.flows.stage import Body, Call, Stage, demand

STEPS = ("nothing on the disk", "half of it", "the whole of it, unnamed", "the whole of it, named")
"""What is left in the folder when the writing of a file ends there."""
NOTHING, HALF, UNNAMED, NAMED = STEPS
UNFINISHED = ".0badcafe.tmp"


async def interrupted(stage: Stage) -> None:
    """Files that cannot be written are left, each at another step, and all are finished by themselves.

    That the process itself is killed at every step is shown by tests/billing and by the sweep of
    ./sesam chaos: a run that lost a process would end, and the demo with it.
    """
    await close_all(stage)
    line = await drink_line(stage, (await newcomer(stage)).patient_ref, withdrawals=len(STEPS))
    batches: dict[str, Body] = {}
    with folder_away(stage) as folder:
        for left in STEPS:
            batches[left] = await frozen(stage, line)
        await nothing_more(stage)
        before = leave(stage, folder, batches)
    await finished(stage, batches)
    see_all(stage, batches, named_before=before)
    await lost(stage, batches[NOTHING])
    await never_written_over(stage, batches[NOTHING])


@contextmanager
def folder_away(stage: Stage) -> Iterator[Path]:
    """Take the folder away, as a disk that is not mounted, until the block ends; give where it lies."""
    folder, away = stage.settings.export_dir, away_of(stage)
    with stage.timeline.step("the folder of the day's files is gone"):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.rename(away)
        folder.write_text("The demo took the folder away.\n")
    try:
        yield away
    finally:
        folder_back(stage)


def folder_back(stage: Stage) -> bool:
    """Put the folder back; tell whether it was away."""
    if not away_of(stage).exists():
        return False
    stage.settings.export_dir.unlink(missing_ok=True)
    away_of(stage).rename(stage.settings.export_dir)
    return True


def away_of(stage: Stage) -> Path:
    folder = stage.settings.export_dir
    return folder.with_name(f"{folder.name}.away")


async def frozen(stage: Stage, line: Line) -> Body:
    """Withdraw, and close the day, unless 18:00 was first; give the unwritten file with its fee."""
    fee = await told_fee(stage, line)
    with stage.timeline.step("an economist closes the day: its entries are frozen") as step:
        await stage.answer(ONE, Call("billing", "/batches"))
        (booked,) = (await statement(stage, fee["withdrawal_no"]))["fees"]
        batch = dict(await stage.ask(ONE, Call("billing", f"/batches/{booked['batch']}", method="GET")))
        demand((batch["rows"], batch["state"]) == (1, "frozen"), f"{batch}", look_at=FOLDER)
        step.note(str(batch["file_name"]))
    return batch | {"fee": fee}


async def nothing_more(stage: Stage) -> None:
    """What is frozen stays in its one file, written or not."""
    with stage.timeline.step("closing once more finds nothing: each entry is frozen in one file") as step:
        step.note(", ".join(await stage.refusal(ONE, Call("billing", "/batches"))))


def leave(stage: Stage, folder: Path, batches: Mapping[str, Body]) -> tuple[int, int]:
    """Leave each file at its own step; give what tells the named one from a file that is written anew."""
    with stage.timeline.step(f"what a writer left when it was interrupted: {'; '.join(STEPS)}"):
        half, unnamed, named = (folder / str(batches[each]["file_name"]) for each in (HALF, UNNAMED, NAMED))
        content = whole(stage, batches[HALF])
        half.with_name(half.name + UNFINISHED).write_bytes(content[: len(content) // 2])
        unnamed.with_name(unnamed.name + UNFINISHED).write_bytes(whole(stage, batches[UNNAMED]))
        named.write_bytes(whole(stage, batches[NAMED]))
    return identity(named)


def identity(path: Path) -> tuple[int, int]:
    return path.stat().st_ino, path.stat().st_mtime_ns


def whole(stage: Stage, batch: Body) -> bytes:
    """Write the file as it must be, from the form of the file and what invoicing was sent of the entry."""
    booked = [each["body"] for each in stage.book("invoicing") if each["what"] == "asked"]
    entry = next(each for each in booked if each["event_id"] == batch["fee"]["event_id"])
    created = datetime.fromisoformat(batch["created_at"]).astimezone(STOCKHOLM).isoformat()
    head = {"rec": "head", "batch": batch["batch_id"], "created": created, "system": "lmn"}
    body = f"{in_line(head)}\n{FeeEvent.model_validate(entry).model_dump_json()}\n".encode()
    checked = sha256(body).hexdigest()
    trailer = {"rec": "trailer", "rows": 1, "sum": str(batch["total"]), "sha256": checked}
    return body + f"{in_line(trailer)}\n".encode()


def in_line(said: Body) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


async def finished(stage: Stage, batches: Mapping[str, Body]) -> None:
    """Wait until billing has written all of them, since the folder is back; nobody asks it to."""

    async def all_written() -> str | None:
        paths = [f"/batches/{each['batch_id']}" for each in batches.values()]
        shown = [await stage.ask(ONE, Call("billing", path, method="GET")) for path in paths]
        return f"{len(shown)} files" if {each["state"] for each in shown} == {"written"} else None

    says = "the folder is back: all of them are written, and nobody asked for it"
    await stage.eventually(says, all_written, look_at=FOLDER, noting=str)


def see_all(stage: Stage, batches: Mapping[str, Body], *, named_before: tuple[int, int]) -> None:
    """Compare each file to the byte, and count the entries over all files of the folder."""
    folder = stage.settings.export_dir
    with stage.timeline.step("each is what it must be, to the byte, and no half one is left") as step:
        for left, batch in batches.items():
            same = path_of(stage, batch).read_bytes() == whole(stage, batch)
            demand(same, f"left with {left}, it is another file", look_at=FOLDER)
        demand(not list(folder.glob("*.tmp")), "half a file is left", look_at=FOLDER)
        step.note(f"{len(batches)} files")
    with stage.timeline.step("the one that had its name was not touched"):
        demand(identity(path_of(stage, batches[NAMED])) == named_before, "it was", look_at=FOLDER)
    with stage.timeline.step("each fee stands in one file, once"):
        lines = [line for each in folder.glob("egenavgift_*.jsonl") for line in each.read_text().splitlines()]
        counted = Counter(json.loads(line).get("event_id") for line in lines)
        times = {counted[batch["fee"]["event_id"]] for batch in batches.values()}
        demand(times == {1}, f"{times} times", look_at=FOLDER)


async def lost(stage: Stage, batch: Body) -> None:
    """Lose a written file but for half of it: an economist has it written again."""
    path = path_of(stage, batch)
    before = path.read_bytes()
    with stage.timeline.step("a file is lost later: half of it is left"):
        path.with_name(path.name + UNFINISHED).write_bytes(before[: len(before) // 2])
        path.unlink()
    with stage.timeline.step("it is written again, to the byte, and the half one is swept away") as step:
        await stage.ask(ONE, Call("billing", f"/batches/{batch['batch_id']}/export"))
        demand(path.read_bytes() == before, "the file is another one", look_at=FOLDER)
        demand(not list(path.parent.glob(f"{path.name}*.tmp")), "half a file is left", look_at=FOLDER)
        step.note(f"sha256 {sha256(before).hexdigest()[:12]}")


async def never_written_over(stage: Stage, batch: Body) -> None:
    path = path_of(stage, batch)
    before = path.read_bytes()
    with stage.timeline.step("another file under that name is never written over") as step:
        path.write_bytes(b"somebody else's\n")
        answer = await stage.answer(ONE, Call("billing", f"/batches/{batch['batch_id']}/export"))
        demand(answer.is_error, "it was written over", look_at=FOLDER)
        step.note(str(answer.json()["rule"]))
        path.write_bytes(before)
