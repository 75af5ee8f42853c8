"""Messages go out from 08 to 20: outside those hours the demo moves the run's clock to a morning (Q24)."""

import asyncio
import json
import os
from datetime import datetime, time, timedelta
from pathlib import Path

from deploy.demo.flows.stage import Stage
from deploy.demo.flows.timeline import StepFailed
from shared.domain.days import STOCKHOLM

OPENS = time(8)
CLOSES = time(20)
STARTS = time(10)
ENOUGH = timedelta(minutes=10)
NOTICED_WITHIN_SECONDS = 0.5


def next_opening(moment: datetime) -> datetime | None:
    """Give the next 10:00 where patients live; None when messages may go out now and for a while yet."""
    local = moment.astimezone(STOCKHOLM)
    closes = datetime.combine(local.date(), CLOSES, STOCKHOLM)
    if local.time() >= OPENS and local + ENOUGH < closes:
        return None
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    return datetime.combine(day, STARTS, STOCKHOLM)


async def begin_by_day(stage: Stage) -> None:
    """Move the run's clock when it is night, and say so; raises StepFailed when the run has no clock file."""
    now = stage.clock.now()
    opening = next_opening(now)
    if opening is None:
        return
    file = stage.clock_file
    if file is None:
        raise StepFailed(
            "it is night, and messages wait until 08", look_at="SESAM_CLOCK_FILE, which sets the run's clock"
        )
    move_clock(file, by=opening - now)
    stage.timeline.remark(
        f"It is {now.astimezone(STOCKHOLM):%H:%M}: the run's clock goes forward to {opening:%A %H:%M}."
    )
    await asyncio.sleep(NOTICED_WITHIN_SECONDS)
    stage.tokens.forget()


def move_clock(path: Path, *, by: timedelta) -> None:
    """Move the run's clock forward; every process of the run reads the file again within a moment."""
    told = json.loads(path.read_text()) if path.exists() else {}
    offset = float(told.get("offset_seconds", 0)) + by.total_seconds()
    new = path.with_suffix(".new")
    new.write_text(json.dumps({**told, "offset_seconds": offset}))
    os.replace(new, path)  # noqa: PTH105 - the one call that says it is atomic
