"""The data that a trial is judged by: the five databases, what partners received, the folder of files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from services import SERVICES
from tools.chaos.judging.canaries import leaks
from tools.demo.journal import read

Row = dict[str, Any]

STATES = {
    "prescription": ("prescriptions", "articles", "exemptions", "patients"),
    "ordering": (
        "withdrawals",
        "orders",
        "allowances",
        "articles",
        "collection_orders",
        "device_articles",
        "device_loans",
        "device_orders",
        "devices",
        "stray_replies",
        "tariffs",
    ),
    "inventory": (
        "articles",
        "balances",
        "collection_orders",
        "device_orders",
        "devices",
        "loans",
        "movements",
        "purchases",
        "recalls",
        "storerooms",
    ),
    "billing": (
        "article_names",
        "fees",
        "accounts",
        "batches",
        "stray_acknowledgements",
        "tariffs",
        "ack_files",
        "deadlines",
        "device_orders",
        "reconciliations",
        "withdrawals",
    ),
    "notification": ("messages", "tasks"),
}
BEGINNING = ""


@dataclass(frozen=True)
class Evidence:
    """One look at everything; `states` by service and collection, each document by its id."""

    states: Mapping[tuple[str, str], Mapping[str, Row]]
    outbox: Mapping[str, Sequence[Row]]
    inbox: Mapping[str, frozenset[str]]
    parked: Mapping[str, Sequence[Row]]
    audit: Mapping[str, Sequence[Row]]
    orders_booked: Sequence[Row]
    fees_booked: Sequence[Row]
    messages_booked: Sequence[Row]
    files: Mapping[str, str]
    """The hash of all lines before the trailer, by the file's name; temporary ones too."""
    answers: Mapping[str, Sequence[str]]
    """Invoicing's answer files: those that lie in the folder, and those that were read and put away."""
    outgoing: Sequence[str]
    """Letters and e-mails by their names, whole or not."""
    twice: Sequence[tuple[str, str]] = ()
    """Stretches of time, as rows carry it, that came twice because the clock was set back."""
    purchases_booked: Sequence[Row] = ()
    """What the suppliers got and answered."""
    leaks: Sequence[str] = ()
    """Where somebody of the trial is named who must not be; looked for with the audit."""

    def of(self, service: str, collection: str) -> Mapping[str, Row]:
        return self.states[service, collection]


class Scene:
    """Where evidence is taken."""

    def __init__(self, mongodb_url: str, folder: Path, *, prefix: str = "sesam") -> None:
        self._client: MongoClient[dict[str, Any]] = MongoClient(
            mongodb_url, serverSelectionTimeoutMS=20_000, readConcernLevel="majority", retryReads=True
        )
        self._prefix = prefix
        self._folder = folder

    def close(self) -> None:
        self._client.close()

    def database(self, service: str) -> Any:
        return self._client[f"{self._prefix}_{service}"]

    def now(self) -> str:
        """Give a moment, as rows carry it, from which later evidence may be taken."""
        latest = [
            row["committed_at"]
            for service in SERVICES
            for row in self.database(service)["outbox"].find().sort("committed_at", -1).limit(1)
        ]
        return max(latest, default=BEGINNING)

    def take(self, *, since: str = BEGINNING, audit: bool = False) -> Evidence:
        """Look at everything; outbox rows from a moment on. Books come last: they only grow.

        With `audit` also at the audit logs, at what was consumed, and for names where none may be.
        """
        states = {
            (service, name): self._by_id(service, name) for service, names in STATES.items() for name in names
        }
        recent = {"committed_at": {"$gte": since}}
        outbox = {each: list(self.database(each)["outbox"].find(recent)) for each in SERVICES}
        return Evidence(
            states=states,
            outbox=outbox,
            inbox={each: self._heard(each) if audit else frozenset() for each in SERVICES},
            parked={each: list(self.database(each)["parked"].find()) for each in SERVICES},
            audit={each: list(self.database(each)["audit"].find()) if audit else [] for each in SERVICES},
            orders_booked=read(self._folder / "peers" / "distributor.jsonl"),
            fees_booked=read(self._folder / "peers" / "invoicing.jsonl"),
            purchases_booked=read(self._folder / "peers" / "supplier.jsonl"),
            messages_booked=read(self._folder / "peers" / "sms.jsonl"),
            files=self._files(),
            answers={"new": self._names("invoicing", "*.ack.jsonl"), "read": self._names("invoicing/read")},
            outgoing=[*self._names("letters"), *self._names("email")],
            leaks=leaks(self._folder, chain.from_iterable(outbox.values())) if audit else (),
        )

    def untold(self, service: str) -> int:
        return int(self.database(service)["outbox"].count_documents({"published_at": None}))

    def _by_id(self, service: str, name: str) -> dict[str, Row]:
        return {row["_id"]: row for row in self.database(service)[name].find()}

    def _heard(self, service: str) -> frozenset[str]:
        return frozenset(row["_id"] for row in self.database(service)["inbox"].find({}, {"_id": 1}))

    def _files(self) -> dict[str, str]:
        folder = self._folder / "invoicing"
        if not folder.exists():
            return {}
        own = (each for each in folder.iterdir() if each.is_file() and ".ack." not in each.name)
        return {each.name: hash_of_file(each) for each in own}

    def _names(self, folder: str, pattern: str = "*") -> list[str]:
        return sorted(each.name for each in (self._folder / folder).glob(pattern) if each.is_file())


def hash_of_file(path: Path) -> str:
    """Give what a batch keeps: of its own file all but the trailer, of a copy in another shape everything."""
    content = path.read_bytes()
    return hash_of_body(content) if path.suffix == ".jsonl" else sha256(content).hexdigest()


def hash_of_body(content: bytes) -> str:
    body = b"".join(content.splitlines(keepends=True)[:-1])
    return sha256(body).hexdigest()
