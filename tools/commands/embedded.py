"""Commands about the embedded run: run, reset, and finding the system that runs."""

import json
import os
import shutil
import sys
from pathlib import Path

from tools.embedded.lock import hold, is_held
from tools.embedded.place import Place, local_folder
from tools.embedded.processes import StopAsked
from tools.embedded.progress import say
from tools.embedded.refusals import NotRunning

DEFAULT_PORT_BASE = 8100


def run(port_base: int) -> int:
    from tools.embedded.run import run as run_embedded

    place = Place(local_folder(), port_base)
    try:
        run_embedded(place)
    except StopAsked:
        return 0
    except KeyboardInterrupt:
        say("Stopped before anything was started.")
        return 130
    return 0


def reset(*, ask: bool) -> int:
    folder = local_folder()
    if not folder.exists():
        say("There is nothing to erase.")
        return 0
    with hold(folder):
        if ask and not confirmed(f"Erase everything in {folder}? [y/N] "):
            say("Nothing was erased.")
            return 1
        shutil.rmtree(folder)
    say(f"Erased {folder}.")
    return 0


def confirmed(question: str) -> bool:
    if not sys.stdin.isatty():
        say("Nobody is there to ask; --yes erases without asking.")
        return False
    return input(question).strip().lower() in {"y", "yes", "j", "ja"}


def use_running_system() -> None:
    """Take the addresses of the system that runs here; the caller's own variables come first.

    Raises NotRunning when none runs and the caller named no servers: another one that happens to use the
    same ports is never asked.
    """
    folder = local_folder()
    noted = noted_port_base(folder)
    wanted = os.environ.get("SESAM_PORT_BASE")
    if wanted is not None and wanted != str(noted) and not names_servers():
        raise NotRunning(f"No system of this folder runs on the ports from {wanted}: {where(folder, noted)}")
    if not names_servers() and not (noted and is_held(folder)):
        raise NotRunning(f"{where(folder, noted)} Start it with ./sesam run, or name servers in MONGODB_URL.")
    for name, value in Place(folder, noted or DEFAULT_PORT_BASE).environment().items():
        os.environ.setdefault(name, value)


def names_servers() -> bool:
    """Tell whether the caller named a database: then nothing is guessed from a run of this folder."""
    return bool(os.environ.get("MONGODB_URL"))


def noted_port_base(folder: Path) -> int | None:
    note = folder / "running.json"
    return int(json.loads(note.read_text())["port_base"]) if note.exists() else None


def where(folder: Path, noted: int | None) -> str:
    if noted is None:
        return f"No system has run in {folder}."
    if not is_held(folder):
        return f"The system in {folder} does not run now."
    return f"the one in {folder} runs on the ports from {noted}."
