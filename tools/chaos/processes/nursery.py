"""Starts a trial's processes by forking one that has imported all code and runs no threads."""

import ctypes
import multiprocessing
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from services import SERVICES
from shared import logs
from shared.service.server import answer
from tools.embedded.ports import ADDRESS

PR_SET_PDEATHSIG = 1
APPS = {service: import_module(f"services.{service}.app") for service in SERVICES}


@dataclass(frozen=True)
class Birth:
    """What one process is told: the same that the embedded run tells it, and what shall go wrong."""

    name: str
    environment: Mapping[str, str]
    log: Path
    command: Sequence[str] = ()
    """What to become; else the service of this name."""
    service: str = ""
    port: int = 0
    bug: str | None = None


def nursery() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def bear(context: ForkServerContext, birth: Birth) -> ForkServerProcess:
    process = context.Process(target=live, args=(birth,), name=birth.name)
    process.start()
    return process


def live(birth: Birth) -> None:
    """Be what the birth says, in a process group of its own, until killed or told to stop."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setpgid(0, 0)
    os.environ.update(birth.environment)
    with birth.log.open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    if birth.command:
        os.execvpe(birth.command[0], list(birth.command), dict(os.environ))  # noqa: S606  our own commands
    if birth.bug:
        from tools.chaos.planted import plant

        plant(birth.bug)
    serve(birth)


def serve(birth: Birth) -> None:
    """Be a service, with the same server and options as in the embedded run."""
    logs.close_other_ways()
    logs.set_up(birth.service)
    answer(APPS[birth.service].create_app, factory=True, host=ADDRESS, port=birth.port)
