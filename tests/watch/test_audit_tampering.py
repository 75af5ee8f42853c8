"""The audit command finds whatever was changed, removed or put in (0059)."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy import audit
from shared.repository import Repository
from shared.sealed import new_keys, seals_from
from tests.watch.audit_log import Rows, changed, read_again
from tests.watch.chains import rehashed
from tools.embedded.place import PROJECT

pytestmark = pytest.mark.connected


FINDINGS = re.compile(r"^\| (`[^|]+)\|", re.MULTILINE)
"""What the runbook's table of breaks begins its rows with."""


def deleted_in_the_middle(rows: Rows, keys: Path) -> None:
    rows.delete_one({"sequence": 2})


def deleted_at_the_end(rows: Rows, keys: Path) -> None:
    rows.delete_one({"sequence": 4})


def deleted_at_the_beginning(rows: Rows, keys: Path) -> None:
    rows.delete_one({"sequence": 1})


def dropped(rows: Rows, keys: Path) -> None:
    rows.drop()


def doubled(rows: Rows, keys: Path) -> None:
    rows.insert_one({**rows.find_one({"sequence": 3}), "_id": "copy"})


def swapped(rows: Rows, keys: Path) -> None:
    rows.update_one({"sequence": 2}, {"$set": {"sequence": 9}})
    rows.update_one({"sequence": 3}, {"$set": {"sequence": 2}})
    rows.update_one({"sequence": 9}, {"$set": {"sequence": 3}})


def moved_to_another_writer(rows: Rows, keys: Path) -> None:
    rows.update_one({"sequence": 4}, {"$set": {"writer": "billing-other", "sequence": 1}})


def set_back(rows: Rows, keys: Path) -> None:
    rows.update_one({"sequence": 3}, {"$set": {"at": "2026-01-01T00:00:00Z"}})


def written_anew_with_the_key(rows: Rows, keys: Path) -> None:
    kept = list(rows.find().sort("sequence"))
    rows.drop()
    anew = [{**row, "actor": "nobody"} for row in kept]
    rows.insert_many(rehashed(anew, seals_from(keys).audit_keys("billing")[0]))


def key_replaced(rows: Rows, keys: Path) -> None:
    fresh = {**json.loads(keys.read_text()), "audit_root": new_keys()["audit_root"]}
    keys.write_text(json.dumps(fresh))


def heads_removed(rows: Rows, keys: Path) -> None:
    shutil.rmtree(keys.parent / "audit" / "billing")


def put_in(rows: Rows, keys: Path) -> None:
    rows.insert_one({"_id": "put in", "writer": 7, "sequence": "1"})


def in_the_runbook(said: str) -> bool:
    table = FINDINGS.findall((PROJECT / "docs" / "runbooks" / "audit.md").read_text())
    known = [name for cell in table for name in re.findall("`([^`]+)`", cell)]
    return "its time lies before" in said or any(name.replace("N", "") in said for name in known)


@pytest.mark.parametrize(
    "tamper",
    [
        changed, deleted_in_the_middle, deleted_at_the_end, deleted_at_the_beginning, dropped, doubled,
        swapped, moved_to_another_writer, set_back, written_anew_with_the_key, key_replaced, heads_removed,
        put_in,
    ],
)  # fmt: skip
async def test_tampering_in_the_database_is_found(
    written: Repository,
    keys: Path,
    rows: Rows,
    capsys: pytest.CaptureFixture[str],
    tamper: Callable[[Rows, Path], None],
) -> None:
    tamper(rows, keys)

    assert await audit.verify() == 3
    said = capsys.readouterr().out
    assert "BREAKS" in said
    assert [each for each in said.splitlines() if each.startswith("  ") and not in_the_runbook(each)] == []


def changed_later(rows: Rows, keys: Path) -> None:
    rows.update_one({"sequence": 5}, {"$set": {"actor": "somebody else"}})


def last_seen_row_deleted(rows: Rows, keys: Path) -> None:
    rows.delete_many({"sequence": {"$gte": 4}})


def last_seen_row_written_anew(rows: Rows, keys: Path) -> None:
    rows.delete_many({"sequence": {"$gt": 4}})
    written_anew_with_the_key(rows, keys)


def day_removed(rows: Rows, keys: Path) -> None:
    min((keys.parent / "audit" / "billing").glob("*.jsonl")).unlink()


def note_forged(rows: Rows, keys: Path) -> None:
    """Somebody without the key lets the note say that all of it was seen, and changes a row."""
    file = keys.parent / "audit" / "billing" / "verified.json"
    note = json.loads(file.read_text())
    file.write_text(json.dumps({**note, "rows": 6, "chains": {}}))
    rows.update_one({"sequence": 2}, {"$set": {"actor": "somebody else"}})


LATER = [changed_later, last_seen_row_deleted, last_seen_row_written_anew, day_removed, note_forged, dropped,
         put_in, heads_removed, key_replaced]  # fmt: skip


@pytest.mark.parametrize("tamper", LATER)
async def test_tampering_after_a_good_verification_is_found_by_the_next(
    written: Repository, keys: Path, rows: Rows, capsys: pytest.CaptureFixture[str], tamper: Any
) -> None:
    assert await audit.verify() == 0
    await read_again(written, keys, 2)
    tamper(rows, keys)

    assert await audit.verify() == 3

    said = capsys.readouterr().out.partition("BREAKS")[2]
    assert [each for each in said.splitlines() if each.startswith("  ") and not in_the_runbook(each)] == []


async def test_tampering_with_what_was_verified_before_is_found_from_the_start(
    written: Repository, keys: Path, rows: Rows
) -> None:
    assert await audit.verify() == 0
    changed(rows, keys)

    assert await audit.verify() == 0
    assert await audit.verify(full=True) == 3
