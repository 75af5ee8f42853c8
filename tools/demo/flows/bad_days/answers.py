"""A bad day for invoicing's answers: files that are no answers lie before a good one (S46, decision 0050)."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.demo.flows.money.files import FOLDER, answered, closed, two_fees
from tools.demo.flows.money.tariffs import ONE
from tools.demo.flows.stage import Stage, demand
from tools.demo.flows.tasks import listed, resolved

STRANGE = ("a folder", "a link to nothing", "100,000 brackets", "a last line that says 500 rows")


async def strange_answers(stage: Stage) -> None:
    """Each strange file is an economist's work, once; the good one behind them is believed all the same."""
    with stage.behaving("invoicing", "hold"):
        fees = await two_fees(stage)
        batch = await closed(stage, fees[-1])
        with strange_files(stage) as left:
            await answered(stage, batch, fees)
            for what, path in left.items():
                task = await listed(
                    stage, f"ack-unreadable:{path.name}", says=f"{what}: an economist asks", by=ONE
                )
                await resolved(stage, task, how="not_needed", by=ONE)
            demand(all(path.is_symlink() or path.exists() for path in left.values()), "gone", look_at=FOLDER)


@contextmanager
def strange_files(stage: Stage) -> Iterator[dict[str, Path]]:
    """Let files lie in the folder that sort before every answer, until the block ends."""
    day = f"1999{secrets.randbelow(9_000) + 1_000}"
    paths = [
        stage.settings.export_dir / f"egenavgift_{day}-{number:04d}.ack.jsonl"
        for number in range(len(STRANGE))
    ]
    folder, link, brackets, short = paths
    with stage.timeline.step(f"files that are no answers lie there: {'; '.join(STRANGE)}"):
        folder.mkdir()
        link.symlink_to("/nowhere/at/all")
        brackets.write_text("[" * 100_000)
        lines = ({"rec": "head", "status": "accepted"}, {"rec": "trailer", "rows": 500})
        short.write_text("".join(f"{json.dumps(each)}\n" for each in lines))
    try:
        yield dict(zip(STRANGE, paths, strict=True))
    finally:
        folder.rmdir()
        for path in (link, brackets, short):
            path.unlink()
