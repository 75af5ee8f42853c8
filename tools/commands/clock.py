"""The command that shows and sets the embedded system's clock."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.domain.days import STOCKHOLM
from shared.domain.typed_moment import Unreadable, since_typed
from tools.embedded.place import local_folder
from tools.embedded.progress import say


def clock(moment: str | None, *, real: bool) -> int:
    file = local_folder() / "clock.json"
    now = datetime.now(UTC)  # noqa: TID251 - this command is what sets the Clock
    if real:
        file.unlink(missing_ok=True)
    elif moment is not None:
        try:
            wanted = since_typed(moment)
        except Unreadable as unreadable:
            say(str(unreadable))
            return 2
        write(file, wanted - now)
    shown = now + offset(file)
    print(f"{shown.astimezone(STOCKHOLM):%Y-%m-%d %H:%M:%S %Z}{'' if file.exists() else ' (the real time)'}")
    return 0


def offset(file: Path) -> timedelta:
    if not file.exists():
        return timedelta()
    return timedelta(seconds=json.loads(file.read_text())["offset_seconds"])


def write(file: Path, difference: timedelta) -> None:
    """Replace the file in one act; the services read it at any moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(json.dumps({"offset_seconds": difference.total_seconds()}))
    new.replace(file)
