"""Locks the folder of a run: one run at a time, no reset during a run, and nothing fetched twice at once."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another run holds the place."""


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold the place until the block ends; the kernel lets go even after kill -9."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(
                f"The system is already running here, as process {lock.read().strip()}.\n"
                "Stop it first (Ctrl-C where it runs), or give the second one a folder and ports of its own: "
                "SESAM_PROJECT_LOCAL=/tmp/sesam-2 ./sesam run --port-base 8200"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


@contextmanager
def one_at_a_time(folder: Path, what: str) -> Iterator[None]:
    """Wait until nobody else fetches the same for this folder, and hold it until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{what}.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_held(folder: Path) -> bool:
    """Tell whether a run holds the place now."""
    file = folder / "run.lock"
    if not file.exists():
        return False
    with file.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
