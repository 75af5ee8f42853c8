"""The database of a service: outlives its processes, and sees transactions as MongoDB's snapshots do."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from shared.repository.backend import Contended, Transaction
from shared.repository.memory.backend import Memory
from shared.repository.mongo.backend import MOST_RUNS
from shared.repository.writes import Writes
from tests.simulation.process import MAY_PASS, Away, Process

Result = TypeVar("Result")
Documents = dict[str, dict[str, bytes]]


class View(Memory):
    """What one transaction sees: the moment when it began, and its own writes."""

    def __init__(self, disk: "Disk") -> None:
        super().__init__()
        self._documents = defaultdict(dict, {name: dict(rows) for name, rows in disk._documents.items()})
        self._collections = disk._collections
        self.before: dict[tuple[str, str], bytes | None] = {}
        self.writes: Writes | None = None

    def write(self, writes: Writes) -> None:
        self.writes = writes
        own = {"inbox": writes.inbox, "outbox": writes.outbox, "audit": writes.audit}
        keys = [(name, row["_id"]) for name, rows in own.items() for row in rows] + list(writes.states)
        self.before = {(name, each): self._documents[name].get(each) for name, each in keys}
        super().write(writes)


class Disk(Memory):
    """Everything that was committed."""

    def __init__(self, documents: Mapping[str, Mapping[str, bytes]], known: Memory | None = None) -> None:
        super().__init__()
        self._documents = defaultdict(dict, {name: dict(rows) for name, rows in documents.items()})
        self._blocks = defaultdict(int, known._blocks if known else {})
        self._collections = dict(known._collections) if known else {}
        self.seen: list[Callable[[Writes], None]] = []
        """Told of every commit."""

    @property
    def documents(self) -> Documents:
        return self._documents

    async def accept(self, view: View) -> bool:
        """Commit, unless somebody else changed meanwhile what this transaction writes too."""
        if view.writes is None:
            return True
        if any(self._documents[name].get(each) != before for (name, each), before in view.before.items()):
            return False
        super().write(view.writes)
        for listener in self.seen:
            listener(view.writes)
        return True


class Connection(Memory):
    """A process's way to its database; dead as soon as the process is."""

    def __init__(self, disk: Disk, process: Process) -> None:
        super().__init__()
        self._disk = disk
        self._process = process
        self.loses_answers = 0
        """How many of the next commits are made without an answer."""

    async def transact(self, work: Callable[[Transaction], Result]) -> Result:
        for _ in range(MOST_RUNS):
            await self._process.gate("begin")
            view = View(self._disk)
            result = work(view)
            await self._process.gate("commit")
            if await self._disk.accept(view):
                return self._answered(result)
        raise Contended

    def _answered(self, result: Result) -> Result:
        if self.loses_answers:
            self.loses_answers -= 1
            raise Away
        return result

    def may_pass(self, failure: Exception) -> bool:
        return isinstance(failure, MAY_PASS)

    @property
    def outbox(self) -> Any:
        return Gated(self._disk.outbox, self._process)

    @property
    def audit(self) -> Any:
        return Gated(self._disk.audit, self._process)


class Gated:
    """A part of the database, asked as `Connection` is: only while the process lives."""

    def __init__(self, part: object, process: Process) -> None:
        self._part = part
        self._process = process

    def __getattr__(self, name: str) -> Any:
        return _gated(name, self._part, self._process)


def _gated(name: str, part: object, process: Process) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> Any:
        await process.gate(name)
        return await getattr(part, name)(*args, **kwargs)

    return call


def _gated_method(name: str) -> property:
    def of(self: Connection) -> Callable[..., Any]:
        return _gated(name, self._disk, self._process)

    return property(of)


for _name in ("prepare", "find", "load", "take_block", "lease", "tally", "can_write"):
    setattr(Connection, _name, _gated_method(_name))
