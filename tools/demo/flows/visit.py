"""Another moment visited: the run's clock is set to it, and set back as if nobody had been away."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.demo.flows.stage import NOTICED_WITHIN_SECONDS, Stage
from tools.demo.flows.timeline import StepFailed

LEFT_AT = "left_at_seconds"
"""The offset to come back to: kept beside the other, so that a demo that was killed is brought home."""


@asynccontextmanager
async def visiting(stage: Stage, moment: datetime) -> AsyncIterator[None]:
    """Let the run be at another moment until the block ends, also when a step in it fails.

    Go to what is past: what is committed there is old when the run is back, and nothing lies in the future.
    """
    if stage.clock_file is None:
        raise StepFailed("the run's clock cannot be moved", look_at="SESAM_CLOCK_FILE")
    left_at = float(_told(stage.clock_file).get("offset_seconds", 0))
    away = (moment.astimezone(UTC) - stage.clock.now()).total_seconds()
    try:
        await _set(stage, stage.clock_file, {"offset_seconds": left_at + away, LEFT_AT: left_at})
        yield
    finally:
        await home_again(stage)


async def home_again(stage: Stage) -> bool:
    """Set the clock back to where a visit began; tell whether one was going on."""
    told = _told(stage.clock_file) if stage.clock_file else {}
    if stage.clock_file is None or LEFT_AT not in told:
        return False
    await _set(stage, stage.clock_file, {"offset_seconds": told[LEFT_AT]})
    return True


async def _set(stage: Stage, file: Path, told: dict[str, float]) -> None:
    new = file.with_suffix(".new")
    new.write_text(json.dumps(told))
    os.replace(new, file)  # noqa: PTH105 - the one call that says it is atomic
    await asyncio.sleep(NOTICED_WITHIN_SECONDS)
    stage.tokens.forget()


def _told(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text())) if file.exists() else {}
