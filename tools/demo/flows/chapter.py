"""A flow as the programme names it, and the chapter that it stands in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tools.demo.flows.stage import Stage


@dataclass(frozen=True)
class Flow:
    """One story: its name on the command line, what it shows, and how it is played."""

    name: str
    says: str
    play: Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True)
class Chapter:
    """Flows that belong together; the chapter's name plays them all."""

    name: str
    flows: tuple[Flow, ...]
