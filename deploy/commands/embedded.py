"""Commands about the embedded run: run, reset, and finding the system that runs."""

import json
import os
import shutil
import sys

from deploy.local.lock import AlreadyRunning, hold
from deploy.local.mongod import NoMongod
from deploy.local.packages import NotInstallable
from deploy.local.place import Place, local_folder
from deploy.local.ports import PortTaken
from deploy.local.processes import NotReady, ProgramDied, StopAsked
from deploy.local.progress import say
from deploy.local.rabbitmq import NoRabbitmq

EXPECTED = (AlreadyRunning, NoMongod, NoRabbitmq, NotInstallable, NotReady, PortTaken, ProgramDied)


def run(port_base: int) -> int:
    from deploy.local.run import run as run_embedded

    place = Place(local_folder(), port_base)
    try:
        run_embedded(place)
    except StopAsked:
        return 0
    except KeyboardInterrupt:
        say("Stopped before anything was started.")
        return 130
    except EXPECTED as trouble:
        say(str(trouble))
        return 1
    return 0


def reset(*, ask: bool) -> int:
    folder = local_folder()
    if not folder.exists():
        say("There is nothing to erase.")
        return 0
    try:
        with hold(folder):
            if ask and not confirmed(f"Erase everything in {folder}? [y/N] "):
                say("Nothing was erased.")
                return 1
            shutil.rmtree(folder)
    except AlreadyRunning as trouble:
        say(str(trouble))
        return 1
    say(f"Erased {folder}.")
    return 0


def confirmed(question: str) -> bool:
    if not sys.stdin.isatty():
        say("Nobody is there to ask; --yes erases without asking.")
        return False
    return input(question).strip().lower() in {"y", "yes", "j", "ja"}


def use_running_system() -> None:
    """Take the addresses of the system that runs here; the caller's own variables come first."""
    folder = local_folder()
    note = folder / "running.json"
    port_base = json.loads(note.read_text())["port_base"] if note.exists() else 8100
    for name, value in Place(folder, port_base).environment().items():
        os.environ.setdefault(name, value)
