"""Which process passes which fault point in the main job, and what has to be done for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.fault import POINTS, Order

Drive = Literal["job", "close", "poison", "import", "orphans", "nothing"]

COMMIT = ("commit.before", "commit.in_transaction", "commit.after", "commit.before_answer")
RELAY = ("relay.before_publish", "relay.after_confirm", "relay.before_mark", "relay.after_mark")
LEASE = ("sweep.before_lease", "sweep.after_lease")
HEAR = ("hear.before_handler", "hear.after_handler", "hear.after_ack")
PARK = ("park.before", "park.after")
NUMBERS = ("numbers.before_block", "numbers.after_block")
SEND = ("send.before_commit", "send.after_commit")
SMS = ("sms.before_claim", "sms.after_claim", "sms.after_call", "sms.after_record")
CLOSE = ("close.before_freeze", "close.after_freeze")
EXPORT = (
    "export.before_temporary",
    "export.after_write",
    "export.after_fsync",
    "export.after_rename",
    "export.before_mark",
    "export.after_mark",
)
IMPORT = ("import.before_rows", "import.after_rows")

TWICE = (1, 2)
ONCE = (1,)
"""Where a process passes only once in its life."""


@dataclass(frozen=True)
class Visit:
    """One kill: the process that dies, where, at which hit, and what brings it there."""

    process: str
    point: str
    hit: int
    drive: Drive

    @property
    def name(self) -> str:
        return f"{self.process}.{self.point}"

    @property
    def order(self) -> Order:
        return Order(point=self.name, hit=self.hit, action="kill")


@dataclass(frozen=True)
class Stretch:
    """Some points that one process passes in the same way."""

    process: str
    points: Sequence[str]
    drive: Drive
    hits: Sequence[int] = TWICE

    def visits(self) -> Iterator[Visit]:
        for point in self.points:
            for hit in self.hits:
                yield Visit(self.process, point, hit, self.drive)


def _hearer(process: str) -> tuple[Stretch, ...]:
    return (
        Stretch(process, (*COMMIT, *HEAR, *RELAY), "job"),
        Stretch(process, LEASE, "nothing"),
        Stretch(process, ("sweep.with_orphans",), "orphans"),
        Stretch(process, PARK, "poison"),
    )


WAY = (
    *_hearer("prescription"),
    Stretch("prescription", NUMBERS, "job", ONCE),
    *_hearer("ordering"),
    Stretch("ordering", (*SEND, *NUMBERS), "job"),
    *_hearer("billing"),
    Stretch("billing", (*CLOSE, *EXPORT), "close"),
    *_hearer("notification"),
    Stretch("notification", SMS, "job"),
    Stretch("inventory", RELAY, "import"),
    Stretch("inventory", LEASE, "nothing"),
    Stretch("inventory", ("sweep.with_orphans",), "orphans"),
    Stretch("import", (*COMMIT, *IMPORT), "import", ONCE),
)


def every_visit() -> list[Visit]:
    return [visit for stretch in WAY for visit in stretch.visits()]


def chosen(patterns: Sequence[str]) -> list[Visit]:
    """Choose visits by the beginning of their names; raises LookupError for one that names none."""
    visits = every_visit()
    for pattern in patterns:
        if not any(visit.name.startswith(pattern) for visit in visits):
            raise LookupError(f"no fault point begins with {pattern!r}")
    return [each for each in visits if not patterns or each.name.startswith(tuple(patterns))]


def unvisited() -> set[str]:
    """Name the registered points that no process is brought to."""
    return set(POINTS) - {visit.point for visit in every_visit()}
