"""An audit log as two writers wrote it, its signed heads, and the ways to tamper with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.repository.audit.chain import START, Chain, Head, Witnessed, digest
from shared.repository.audit.heads import Heads
from shared.repository.cause import Entry
from shared.repository.codec import Document

KEY = b"the audit key of this log"
ANOTHER_KEY = b"a key that somebody else made"
MORNING = datetime(2026, 11, 23, 8, 0, 0, 1, tzinfo=UTC)
AN_ENTRY = Entry(
    actor="clerk-1",
    action="prescription.find_patient",
    roles=("customer_service",),
    care_units=("DEMO-101",),
    purpose="care",
)
FIELDS = (
    "_id", "writer", "sequence", "at", "actor", "roles", "care_units", "purpose", "action",
    "patient_refs", "outcome", "before", "hash",
)  # fmt: skip


def written(writer: str, count: int, *, key: bytes = KEY) -> list[Document]:
    """Write rows, each in a commit of its own, a minute apart."""
    chain = Chain(writer, key)
    rows: list[Document] = []
    for number in range(count):
        entry = replace(AN_ENTRY, actor=f"clerk-{number}")
        linked = chain.link(
            [Witnessed(entry, "done", (f"p-{number}",))], at=MORNING + timedelta(minutes=number)
        )
        chain.advance(linked)
        rows += linked
    return rows


def the_log() -> list[Document]:
    return [*written("billing-1", 5), *written("billing-2", 3)]


def heads(rows: list[Document]) -> list[Head]:
    newest = {row["writer"]: Head(row["writer"], row["sequence"], row["hash"]) for row in rows}
    return list(newest.values())


def signed_in(file: Path, rows: list[Document]) -> Heads:
    """Sign after every row, as a process does that is slow."""
    book = Heads(file, (KEY,))
    for row in rows:
        book.sign([Head(row["writer"], row["sequence"], row["hash"])], at=MORNING)
    return book


def changed(field: str) -> Callable[[list[Document]], list[Document]]:
    """Change one field of the third row, and recompute its hash as well as one can without the key."""

    def tamper(rows: list[Document]) -> list[Document]:
        other = {"sequence": 33, "roles": ["physician"], "care_units": [], "patient_refs": ["p-9"]}
        rows[2] = {**rows[2], field: other.get(field, "another")}
        return rows

    return tamper


def rehashed(rows: list[Document], key: bytes) -> list[Document]:
    """Link every row anew, writer by writer, with a key."""
    before: dict[str, str] = {}
    linked: list[Document] = []
    for row in rows:
        row_before = {**row, "before": before.get(row["writer"], START)}
        linked.append({**row_before, "hash": digest(row_before, key)})
        before[row["writer"]] = linked[-1]["hash"]
    return linked


def without(*places: int) -> Callable[[list[Document]], list[Document]]:
    return lambda rows: [row for place, row in enumerate(rows) if place not in places]


def swapped(rows: list[Document]) -> list[Document]:
    """Let two rows change places, names and all."""
    one, two = rows[1], rows[2]
    names = ("_id", "sequence")
    rows[1] = {**two, **{name: one[name] for name in names}}
    rows[2] = {**one, **{name: two[name] for name in names}}
    return rows


def doubled(rows: list[Document]) -> list[Document]:
    return [*rows, {**rows[2], "_id": "billing-1:copy"}]


def moved(rows: list[Document]) -> list[Document]:
    """Let the last row of one writer stand as the last of another."""
    rows[4] = {**rows[4], "_id": "billing-2:000000000004", "writer": "billing-2", "sequence": 4}
    return rows


def earlier(rows: list[Document]) -> list[Document]:
    rows[3] = {**rows[3], "at": "2026-11-22T08:00:00.000001Z"}
    return rows


def restarted(rows: list[Document]) -> list[Document]:
    """Throw the beginning away and number the rest from one, hashed without the key."""
    kept = [
        {**row, "sequence": number, "_id": f"billing-1:{number:012d}"}
        for number, row in enumerate(rows[2:5], start=1)
    ]
    return [*rehashed(kept, ANOTHER_KEY), *rows[5:]]


TAMPERINGS: dict[str, Callable[[list[Document]], list[Document]]] = {
    **{f"the field {field} of a row is changed": changed(field) for field in FIELDS},
    "a row is changed and hashed again with another key": lambda rows: [
        *rows[:2], *rehashed([{**rows[2], "actor": "nobody"}], ANOTHER_KEY), *rows[3:]
    ],
    "a row gets one more field": lambda rows: [{**rows[0], "remark": "nothing happened"}, *rows[1:]],
    "a row loses a field": lambda rows: [{k: v for k, v in rows[0].items() if k != "purpose"}, *rows[1:]],
    "a row in the middle is deleted": without(2),
    "the newest row is deleted": without(4),
    "the newest three rows are deleted": without(2, 3, 4),
    "the first row is deleted": without(0),
    "two rows change places": swapped,
    "a row is doubled": doubled,
    "all rows of a writer are deleted": without(5, 6, 7),
    "the whole log is deleted": lambda _: [],
    "a row is moved to another writer": moved,
    "the time of a row is set back": earlier,
    "a chain is begun again": restarted,
    "a row is made up": lambda rows: [*rows, {**rows[7], "_id": "billing-2:000000000004", "sequence": 4}],
    "rows of another form are put in": lambda rows: [
        *rows, {"_id": "x"}, {"_id": "y", "writer": "billing-1", "sequence": "6"}, {"_id": "z"}
    ],
    "the key is replaced and every row hashed again": lambda rows: rehashed(rows, ANOTHER_KEY),
}  # fmt: skip

WITH_THE_KEY: dict[str, Callable[[list[Document]], list[Document]]] = {
    "a row is changed": lambda rows: rehashed([{**rows[0], "actor": "nobody"}, *rows[1:]], KEY),
    "the newest row is deleted": without(4),
    "the newest row is replaced": lambda rows: rehashed(
        [*rows[:4], {**rows[4], "actor": "x"}, *rows[5:]], KEY
    ),
    "the log of a writer is begun again": lambda rows: [*written("billing-1", 3), *rows[5:]],
    "the log of a writer is written anew": lambda rows: [
        *rehashed([{**row, "actor": "nobody"} for row in rows[:5]], KEY), *rows[5:]
    ],
    "all rows of a writer are deleted": without(5, 6, 7),
}  # fmt: skip
"""What somebody who holds the key can do in the database: only the heads outside of it tell."""
