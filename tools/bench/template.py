"""Reads from MongoDB's log what one order wrote, so that the floor writes the same (decision 0040)."""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bson.timestamp import Timestamp
from pymongo import AsyncMongoClient

Document = dict[str, Any]

QUIET_SECONDS = 1
STEPS = {
    "sent": "ordering.send_withdrawal|",
    "prescription": "prescription.hears.ordering.withdrawal_sent.v1|",
    "billing": "billing.hears.",
    "despatched": "ordering.hears.distributors.replies.in_order|",
    "lots kept": "inventory.hears.ordering.order_despatched.v1|",
    "notified": "notification.hears.ordering.order_despatched.v1|",
    "claimed": "job:claim:",
    "ended": "job:end:",
}
"""The steps of an order, and how the inbox row of a transaction tells that it belongs to one."""
CAUSES = {"billing": 3, "prescription": 2}
"""Inbox rows of one order's step: billing consumes the withdrawal, stores its row, and consumes the order;
prescription keeps that the unit serves the patient, and notes the line's use."""


@dataclass(frozen=True)
class Write:
    """A document that was made, or the fields of one that were changed."""

    kind: Literal["made", "changed"]
    collection: str
    document_id: str
    fields: Document


@dataclass(frozen=True)
class Step:
    """What one service wrote in one transaction; its outbox rows are published then."""

    service: str
    writes: tuple[Write, ...]


@dataclass(frozen=True)
class Template:
    """The steps of one order by their names, and what was there before it began."""

    steps: Mapping[str, Step]
    there: tuple[tuple[str, str, Document], ...]
    """Service, collection and document, without the fields that the order gave it."""

    def __getitem__(self, name: str) -> Step:
        return self.steps[name]


class Reader:
    """Reads what the services of a run write."""

    def __init__(
        self,
        client: AsyncMongoClient[Document],
        prefix: str,
        *,
        steps: Mapping[str, str] = STEPS,
        causes: Mapping[str, int] = CAUSES,
    ) -> None:
        self._client = client
        self._steps = steps
        self._causes = causes
        self._prefix = f"{prefix}_"

    async def rest(self) -> Timestamp:
        """Wait until no service has written a transaction for a while; give the moment since when."""
        seen = await self._now()
        while True:
            await asyncio.sleep(QUIET_SECONDS)
            if not [each async for each in self._transactions(seen)]:
                return seen
            seen = await self._now()

    async def _now(self) -> Timestamp:
        newest = await self._log.find().sort("$natural", -1).limit(1).next()
        moment: Timestamp = newest["ts"]
        return moment

    async def template(self, *, since: Timestamp) -> Template:
        """Read the transactions since then: one order's, and nothing else; raises LookupError for others."""
        by_step: dict[str, list[Write]] = defaultdict(list)
        services: dict[str, str] = {}
        there: dict[tuple[str, str, str], Document] = {}
        made: set[tuple[str, str, str]] = set()
        causes: Counter[str] = Counter()
        async for operations in self._transactions(since):
            service = self._place(operations[0])[0]
            keys = [each["o"]["_id"] for each in operations if self._place(each)[1] == "inbox"]
            if not keys:
                continue  # a service's own job, such as a deadline that moves on: no order's
            step = self._step_of(keys)
            services[step] = service
            for each in operations:
                write, now = await self._write(each)
                by_step[step].append(write)
                name = (service, write.collection, write.document_id)
                if write.kind == "made":
                    made.add(name)
                    causes[step] += write.collection == "inbox"
                elif name not in made:
                    before = there.get(name, now)
                    there[name] = {field: before[field] for field in before if field not in write.fields}
        if missing := self._steps.keys() - by_step.keys():
            raise LookupError(f"nothing was written at {', '.join(sorted(missing))}")
        if twice := [name for name in self._steps if causes[name] != self._causes.get(name, 1)]:
            raise LookupError(f"more than one order's was written at {', '.join(twice)}")
        steps = {name: Step(services[name], tuple(by_step[name])) for name in self._steps}
        return Template(steps, tuple((service, name, now) for (service, name, _), now in there.items()))

    async def _transactions(self, since: Timestamp) -> AsyncIterator[Sequence[Document]]:
        ours = {"$regex": f"^{re.escape(self._prefix)}"}
        async for entry in self._log.find({"ts": {"$gt": since}, "o.applyOps.ns": ours}):
            yield entry["o"]["applyOps"]

    async def _write(self, operation: Document) -> tuple[Write, Document]:
        """Give a write, and how its document is now."""
        service, collection = self._place(operation)
        said = operation["o"]
        if operation["op"] == "i":
            return Write("made", collection, said["_id"], said), said
        document_id = operation["o2"]["_id"]
        now = await self._client[self._prefix + service][collection].find_one({"_id": document_id})
        if now is None:
            raise LookupError(f"{collection} {document_id} is gone")
        return Write("changed", collection, document_id, _changed(said["diff"], now)), now

    def _step_of(self, keys: Iterable[str]) -> str:
        """Give the one step that all causes of a transaction belong to."""
        found = {self._step_of_one(key) for key in keys}
        if len(found) != 1:
            raise LookupError(f"a transaction of {len(found)} steps: {sorted(found)}")
        return found.pop()

    def _step_of_one(self, key: str) -> str:
        name = next((name for name, begins in self._steps.items() if key.startswith(begins)), None)
        if name is None:
            raise LookupError(f"a step that the floor does not know: {key.partition('|')[0]}")
        return name

    def _place(self, operation: Document) -> tuple[str, str]:
        service, _, collection = str(operation["ns"]).removeprefix(self._prefix).partition(".")
        return service, collection

    @property
    def _log(self) -> Any:
        return self._client["local"]["oplog.rs"]


def _changed(diff: Mapping[str, Any], now: Document) -> Document:
    """Give the fields of a difference as the log writes it; what changed inside of one, as it came to be."""
    inside = [name.removeprefix("s") for name in diff if name.startswith("s")]
    return {**diff.get("u", {}), **diff.get("i", {}), **{name: now[name] for name in inside if name in now}}
