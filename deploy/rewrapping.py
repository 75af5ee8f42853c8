"""Sealing everything that is kept anew, with the newest key of each purpose; and counting what is not yet."""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection

from services import SERVICES
from shared.durable import write_whole
from shared.events.fact import SEALED_PREFIX
from shared.repository.codec import Document
from shared.repository.mongo.backend import OWN
from shared.sealed import Seals

SEALED = re.compile(rf"{SEALED_PREFIX}[a-z]+:[A-Za-z0-9_-]+=*")
WITHOUT_SEALED = frozenset({"audit", *OWN} - {"inbox", "outbox"})
"""The audit log, which may never be changed, holds no sealed text; neither do counters and leases."""
AT_ONCE = 500
TRIES = 5


@dataclass
class Progress:
    """How far a run has come, by collection: a run that was broken off goes on there."""

    file: Path
    keys: list[str]
    """The keys that seal: with others a run begins from the start."""
    reached: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Path, seals: Seals) -> "Progress":
        keys = sorted(known[0] for known in seals.fingerprints.values() if known)
        told = json.loads(file.read_text()) if file.exists() else {}
        return cls(file, keys, told["reached"] if told.get("keys") == keys else {})

    def note(self, place: str, last: str) -> None:
        self.reached[place] = last
        write_whole(self.file, json.dumps({"keys": self.keys, "reached": self.reached}).encode())

    def end(self) -> None:
        self.file.unlink(missing_ok=True)


async def rewrap_all(
    client: AsyncMongoClient[Any],
    seals: Seals,
    *,
    prefix: str,
    progress: Progress,
    say: Callable[[str], None],
) -> int:
    """Seal all that is kept anew; give how many documents could not be: somebody changed them each time."""
    left = 0
    async for place, collection in places(client, prefix=prefix):
        seen = done = 0
        async for page in pages(collection, after=progress.reached.get(place)):
            for row in page:
                sealed_anew, missed = await _rewrap(collection, row, seals)
                done, left = done + sealed_anew, left + missed
            seen += len(page)
            progress.note(place, page[-1]["_id"])
            say(f"{place}: {seen} documents seen, {done} texts sealed anew")
    if not left:
        progress.end()
    return left


async def wrapped_by(client: AsyncMongoClient[Any], seals: Seals, *, prefix: str) -> Counter[str]:
    """Count what is kept by the key that it is sealed with; what no key of ours opens, as `unknown`."""
    counts: Counter[str] = Counter()
    async for _, collection in places(client, prefix=prefix):
        async for page in pages(collection):
            counts.update(seals.key_behind(text) or "unknown" for row in page for text in texts_in(row))
    return counts


async def places(
    client: AsyncMongoClient[Any], *, prefix: str
) -> AsyncIterator[tuple[str, AsyncCollection[Document]]]:
    """Give every collection that may hold sealed texts, in one order."""
    for service in SERVICES:
        database = client[f"{prefix}_{service}"]
        for name in sorted(await database.list_collection_names()):
            if name not in WITHOUT_SEALED and not name.startswith("system."):
                yield f"{service}.{name}", database[name]


async def pages(
    collection: AsyncCollection[Document], *, after: str | None = None
) -> AsyncIterator[list[Document]]:
    """Read a collection by its ids, from behind one on."""
    while True:
        where = {"_id": {"$gt": after}} if after is not None else {}
        page = await collection.find(where).sort("_id").limit(AT_ONCE).to_list()
        if not page:
            return
        yield page
        after = page[-1]["_id"]


def texts_in(value: Any) -> list[str]:
    """Give the sealed texts of a document, also those within a text, such as a message that is kept whole."""
    if isinstance(value, str):
        return SEALED.findall(value)
    if isinstance(value, dict):
        value = list(value.values())
    return [text for each in value for text in texts_in(each)] if isinstance(value, list) else []


def rewrapped(value: Any, seals: Seals) -> Any:
    """Give a document with every text that an older key sealed sealed anew; others stay as they are."""
    if isinstance(value, str):
        return SEALED.sub(lambda found: _anew(found.group(), seals), value)
    if isinstance(value, list):
        return [rewrapped(each, seals) for each in value]
    if isinstance(value, dict):
        return {name: rewrapped(each, seals) for name, each in value.items()}
    return value


def _anew(sealed: str, seals: Seals) -> str:
    purpose = sealed.removeprefix(SEALED_PREFIX).partition(":")[0]
    behind = seals.key_behind(sealed)
    newest = seals.fingerprints.get(purpose, [None])[0]
    return sealed if behind in {None, newest} else seals.rewrap(sealed)


async def _rewrap(collection: AsyncCollection[Document], row: Document, seals: Seals) -> tuple[int, int]:
    """Change only what still is as it was read; give how many texts were sealed anew, and how many not."""
    seen: Document | None = row
    for _ in range(TRIES):
        if seen is None:
            return 0, 0
        changed = {name: anew for name, kept in seen.items() if (anew := rewrapped(kept, seals)) != kept}
        if not changed:
            return 0, 0
        as_read = {name: {"$eq": seen[name]} for name in changed}
        done = await collection.update_one({"_id": seen["_id"], **as_read}, {"$set": changed})
        if done.modified_count:
            return len(texts_in(changed)), 0
        seen = await collection.find_one({"_id": seen["_id"]})
    return 0, 1
