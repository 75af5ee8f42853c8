"""The metrics of a process, for Prometheus; none names a person."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared.clock import Clock
from shared.messaging.consuming import PARKED
from shared.repository import Repository

if TYPE_CHECKING:
    from shared.messaging.consumers import Consumers
    from shared.messaging.consuming import Dispatcher
    from shared.messaging.relay import Relay

MOST_PARKED = 1000
MOST_ASIDE = 1000

Counts = Mapping[tuple[str, ...], float]


@dataclass(frozen=True)
class Figure:
    """What a service counts of its own: numbers of this moment, by the values of some labels."""

    name: str
    says: str
    labels: tuple[str, ...]
    values: Counts


Figures = Callable[[], Awaitable[Sequence[Figure]]]


@dataclass
class Sources:
    """The sources of a process's own figures; what does not run yet gives none."""

    repository: Repository | None = None
    clock: Clock | None = None
    relay: "Relay | None" = None
    dispatcher: "Dispatcher | None" = None
    figures: Figures | None = None
    consumers: "Consumers | None" = None
    audit_moments: Callable[[], Mapping[str, datetime | None]] | None = None
    jobs: Callable[[], Mapping[str, float]] | None = None
    """Seconds since each job last ended a run."""
    job_failures: Callable[[], Mapping[str, int]] | None = None
    """Runs of each job that failed since one ended well."""


def seldom(figures: Figures, *, every_seconds: float) -> Figures:
    """Count at most so often: a count reads a whole collection."""
    kept: list[Figure] = []
    counted_at = -every_seconds

    async def counted() -> Sequence[Figure]:
        nonlocal kept, counted_at
        if monotonic() - counted_at >= every_seconds:
            kept, counted_at = list(await figures()), monotonic()
        return kept

    return counted


async def as_text(sources: Sources) -> bytes:
    """Read every source now, and write the figures."""
    registry = CollectorRegistry()
    registry.register(_Families([*_counters(sources), *await _gauges(sources)]))
    return generate_latest(registry)


class _Families(Collector):
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        return iter(self._families)


def _counters(sources: Sources) -> Iterator[Metric]:
    relay = sources.relay.counts if sources.relay else {}
    yield _counter("sesam_relay", "What became of the outbox's rows", ("outcome",), _by_one(relay))
    heard: Counts = (
        {(*key,): count for key, count in sources.dispatcher.counts.items()} if sources.dispatcher else {}
    )
    yield _counter("sesam_heard", "What became of deliveries, by attempt", ("queue", "outcome"), heard)
    returns = sources.consumers.returns if sources.consumers else {}
    yield _counter(
        "sesam_queue_returns", "Consumers of ours that had to attach anew", ("queue",), _by_one(returns)
    )
    changes = sources.repository.counts if sources.repository else {}
    yield _counter("sesam_changes", "What became of changes and readings", ("outcome",), _by_one(changes))


async def _gauges(sources: Sources) -> list[Metric]:
    own = await sources.figures() if sources.figures else []
    consumers = await sources.consumers.attached() if sources.consumers else {}
    dead = await sources.relay.dead_letters() if sources.relay else {}
    attached = {queue: float(is_attached) for queue, is_attached in consumers.items()}
    jobs = sources.jobs() if sources.jobs else {}
    failures = sources.job_failures() if sources.job_failures else {}
    return [
        *(_gauge(each.name, each.says, each.labels, each.values) for each in own),
        _gauge("sesam_queue_consumers", "Consumers of ours on our queue", ("queue",), _by_one(attached)),
        _gauge("sesam_dead_letters", "Messages that the broker gave up delivering", ("what",), _by_one(dead)),
        _gauge("sesam_job_idle_seconds", "Since a job last ended a run", ("what",), _by_one(jobs)),
        _gauge("sesam_job_failures", "Runs that failed since one ended well", ("what",), _by_one(failures)),
        *await _kept(sources.repository, sources.clock),
        _gauge("sesam_audit_timestamp_seconds", "When the audit log was last signed, and last found unbroken",
               ("what",), _moments(sources)),
    ]  # fmt: skip


async def _kept(repository: Repository | None, clock: Clock | None) -> list[Metric]:
    depth, oldest, aside = 0, None, 0
    parked: Counts = {}
    if repository and clock:
        depth, oldest = await repository.backend.outbox.waiting()
        aside = len(await repository.backend.outbox.aside(limit=MOST_ASIDE))
        parked = await _parked(repository)
    age = max(0.0, (clock.now() - oldest).total_seconds()) if oldest and clock else 0.0
    return [
        _gauge("sesam_outbox_depth", "Facts that are committed and not told", (), {(): depth}),
        _gauge("sesam_outbox_oldest_seconds", "How long the oldest of them has waited", (), {(): age}),
        _gauge("sesam_outbox_set_aside", "Orders that no queue takes", (), {(): aside}),
        _gauge("sesam_parked", "Messages that wait for a person", ("topic", "reason"), parked),
    ]


async def _parked(repository: Repository) -> Counts:
    """Count by the kind of failure; the text of a failure stays in the database."""
    found: dict[tuple[str, ...], float] = {}
    for each in await repository.find(PARKED, {"state": "parked"}, limit=MOST_PARKED):
        key = (each.topic, each.kind_of_failure)
        found[key] = found.get(key, 0) + 1
    return found


def _moments(sources: Sources) -> Counts:
    moments = sources.audit_moments() if sources.audit_moments else {}
    return {(what,): moment.timestamp() for what, moment in moments.items() if moment}


def by_state(states: Iterable[str], counted: Mapping[str, float]) -> Counts:
    """Give every state its number, also those that are empty: an alert needs the zero."""
    return {(state,): counted.get(state, 0) for state in states}


def _by_one(values: Mapping[str, float]) -> Counts:
    return {(name,): value for name, value in values.items()}


def _counter(name: str, says: str, labels: tuple[str, ...], values: Counts) -> Metric:
    family = CounterMetricFamily(name, says, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


def _gauge(name: str, says: str, labels: tuple[str, ...], values: Counts) -> Metric:
    family = GaugeMetricFamily(name, says, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family
