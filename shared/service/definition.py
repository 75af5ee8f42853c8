"""What a service depends on, and what it consists of: plain values, no container."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from shared.auth.policy import Policy
from shared.clock import Clock
from shared.domain.decision import NotFound, Refused
from shared.http import Router, Webhook
from shared.messaging.consuming import Subscriptions
from shared.messaging.returned import WhenSetAside
from shared.repository import Collection, Entry, Repository
from shared.sealed import Seals
from shared.service.metrics import Figures
from shared.settings import Settings


class AskService(Protocol):
    """Ask another service over HTTP, as this one; raises httpx.HTTPError when it does not answer well."""

    async def __call__(self, service: str, method: str, path: str, *, json: Any = None) -> Any: ...


@dataclass(frozen=True)
class Dependencies:
    """What every service is given when its process starts."""

    repository: Repository
    clock: Clock
    seals: Seals
    settings: Settings
    ask: AskService


@dataclass(frozen=True, kw_only=True)
class Job:
    """Work that is repeated after a pause; setting `wake` starts the next run at once.

    A run is one function without arguments. What it does with many, it does through `each_for_itself`.
    """

    name: str = field(kw_only=False)
    every_seconds: float
    run: Callable[[], Awaitable[None]]
    wake: asyncio.Event = field(default_factory=asyncio.Event)


NoteRefused = Callable[[Entry, Refused | NotFound], Awaitable[None]]


@dataclass(frozen=True)
class ServiceDefinition:
    """A service as its `app.py` defines it; `before_start` runs when its database can be read."""

    name: str
    collections: Sequence[Collection[Any]]
    routers: Sequence[Router]
    subscriptions: Subscriptions
    policy: Policy = field(default_factory=dict)
    """Which roles may use which route; a service with a route that has no line does not start."""
    jobs: Sequence[Job] = ()
    before_start: Sequence[Callable[[], Awaitable[None]]] = ()
    webhooks: Sequence[Webhook] = ()
    """Routes where partners report without signing in: an encrypted part of the URL is the permission."""
    note_refused: NoteRefused | None = None
    """Where refusals of routes are audited; None when no route is about a person."""
    when_set_aside: WhenSetAside | None = None
    """Called with topic and subject of a message to a distributor that no queue takes, perhaps twice."""
    figures: Figures | None = None
    """What the service counts of its own, for the metrics."""


Assemble = Callable[[Dependencies], ServiceDefinition]
