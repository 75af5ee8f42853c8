"""Which process reaches which fault point in the main job, and what must be done for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.fault import POINTS, Order
from tools.embedded.refusals import Unknown

Drive = Literal[
    "job", "close", "poison", "import", "orphans", "nothing", "correct", "publish", "waive", "again",
    "answer", "alarm", "night", "held", "annul", "die", "merge", "follow", "exempt", "write", "deadline",
    "remind", "escalate", "task", "silence", "lend", "receive", "release", "despatch", "recall",
    "replenish", "book", "purchase",
    "collect", "exchange",
]  # fmt: skip
BESIDES: frozenset[Drive] = frozenset({"job", "close", "poison", "import", "orphans", "nothing"})
APART: frozenset[Drive] = frozenset({"lend"})
"""Operations that go on beside another one: nobody else touches their patients and devices."""
NO_GOODS: frozenset[Drive] = frozenset({"annul", "die", "silence"})
"""While these hold the distributor nothing is despatched, so that nobody is sent a message."""
LANES = {"import": "inventory"}
"""Processes of which only one may die in a round: the same drive brings both to their points."""

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
IMPORT = (
    "import.before_stage", "import.before_switch", "import.after_switch", "import.before_rows",
    "import.after_rows",
)  # fmt: skip

RECEIPT = ("receipt.before_commit", "receipt.after_commit")
WAIVER = ("waiver.before_fee", "waiver.after_fee")
ANSWERS = (
    "answers.before_rows",
    "answers.after_row",
    "answers.before_note",
    "answers.before_put_away",
    "answers.after_rename",
)
OUTGOING = (
    "outgoing.before_temporary",
    "outgoing.after_write",
    "outgoing.after_fsync",
    "outgoing.after_rename",
)

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
    def lane(self) -> str:
        return LANES.get(self.process, self.process)

    @property
    def is_operation(self) -> bool:
        return self.drive not in BESIDES

    def goes_with(self, other: "Visit") -> bool:
        """Tell whether both may be made in one round: neither keeps the other from its point."""
        if self.lane == other.lane or (self.is_operation and other.is_operation and not self._apart(other)):
            return False
        pairs = ((self, other), (other, self))
        return not any(one.drive in NO_GOODS and each.process == "notification" for one, each in pairs)

    def _apart(self, other: "Visit") -> bool:
        return self.drive in APART or other.drive in APART

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


def _hearer(process: str, drive: Drive = "job") -> tuple[Stretch, ...]:
    return (
        Stretch(process, (*COMMIT, *HEAR, *RELAY), drive),
        Stretch(process, LEASE, "nothing"),
        Stretch(process, ("sweep.with_orphans",), "orphans"),
        Stretch(process, PARK, "poison"),
    )


def _around(process: str, step: str, drive: Drive) -> Stretch:
    return Stretch(process, (f"{step}.before_commit", f"{step}.after_commit"), drive)


MONEY = (
    _around("billing", "correction", "correct"),
    _around("billing", "tariff", "publish"),
    Stretch("billing", WAIVER, "waive"),
    Stretch("billing", ("waiver.before_count",), "waive", ONCE),
    _around("billing", "again", "again"),
    Stretch("billing", ANSWERS, "answer"),
    _around("billing", "watch", "alarm"),
    Stretch("billing", ("close.before_deadline", "reconcile.after_day"), "night", ONCE),
    Stretch("billing", ("reconcile.before_deadline",), "night", ONCE),
    _around("billing", "held", "held"),
    Stretch("billing", ("merge.with_part",), "merge"),
    Stretch("billing", ("follow.with_part",), "follow"),
)
GOODS = (
    _around("ordering", "annul", "annul"),
    _around("ordering", "stop", "die"),
    _around("ordering", "remind", "remind"),
    _around("ordering", "silence", "silence"),
    Stretch("ordering", ("merge.with_part",), "merge"),
)
OF_DEVICES = (
    Stretch("inventory", ("goods.after_receipt",), "receive"),
    Stretch("inventory", ("release.after_commit",), "release"),
    _around("inventory", "despatch", "despatch"),
    _around("inventory", "recall", "recall"),
    _around("inventory", "replenish", "replenish"),
    _around("inventory", "booking", "book"),
    _around("inventory", "purchase", "purchase"),
    _around("inventory", "collect", "collect"),
    Stretch("ordering", ("exchange.with_part",), "exchange"),
)
PEOPLE = (
    _around("prescription", "merge", "merge"),
    Stretch("prescription", ("follow.with_part",), "follow"),
    _around("prescription", "exemption", "exempt"),
    _around("prescription", "deadline", "deadline"),
    Stretch("notification", RECEIPT, "job"),
    Stretch("notification", OUTGOING, "write"),
    _around("notification", "escalate", "escalate"),
    _around("notification", "task", "task"),
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
    *_hearer("inventory", "lend"),
    Stretch("import", (*COMMIT, *IMPORT), "import", ONCE),
    *MONEY,
    *GOODS,
    *OF_DEVICES,
    *PEOPLE,
)


def every_visit() -> list[Visit]:
    return [visit for stretch in WAY for visit in stretch.visits()]


def chosen(patterns: Sequence[str]) -> list[Visit]:
    """Choose visits by the beginning of their names; raises Unknown for one that names none."""
    visits = every_visit()
    for pattern in patterns:
        if not any(visit.name.startswith(pattern) for visit in visits):
            raise Unknown(f"No fault point begins with {pattern}; ./sesam chaos sweep --list names them.")
    return [each for each in visits if not patterns or each.name.startswith(tuple(patterns))]


def unvisited() -> set[str]:
    """Name the registered points that no process is brought to."""
    return set(POINTS) - {visit.point for visit in every_visit()}
