"""`./sesam audit`: every service's log verified in a real database, and a patient's extract across them."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import ConnectionFailure

from deploy import audit, verifying
from services import SERVICES
from shared.clock import FixedClock
from shared.repository import Entry, Repository
from shared.repository.audit.signing import Signing, heads_of
from shared.repository.mongo.backend import Mongo, connect
from shared.sealed import new_key_file, new_keys, seals_from
from shared.service.process import repository_of
from tests.watch.chains import rehashed
from tools.embedded.place import PROJECT

pytestmark = pytest.mark.connected

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PATIENT = "11111111-1111-4111-8111-111111111111"
AN_ENTRY = Entry(actor="clerk-1", action="billing.search_fees", care_units=("DEMO-101",))
Rows = Any
FINDINGS = re.compile(r"^\| (`[^|]+)\|", re.MULTILINE)
"""What the runbook's table of breaks begins its rows with."""


@pytest.fixture
def keys(mongodb_url: str, database_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    keys = tmp_path / "keys.json"
    new_key_file(keys)
    told = {
        "MONGODB_URL": mongodb_url,
        "SESAM_DATABASE_PREFIX": database_prefix,
        "SESAM_KEYS_FILE": str(keys),
        "SESAM_AUDIT_DIR": str(tmp_path / "audit"),
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return keys


@pytest.fixture
async def written(
    keys: Path, mongodb_url: str, database_prefix: str, tmp_path: Path
) -> AsyncIterator[Repository]:
    """Four readings of one patient in billing, signed when the process ended well."""
    client, clock, seals = connect(mongodb_url, app_name="tests"), FixedClock(NOW), seals_from(keys)
    backend = Mongo(client[f"{database_prefix}_billing"])
    await backend.prepare([])
    repository = repository_of(backend, service="billing", clock=clock, seals=seals)
    for number in range(4):
        await repository.note(audit.Asking(AN_ENTRY), [PATIENT, f"p-{number}"])
        clock.move(minutes=1)
    heads = heads_of("billing", tmp_path / "audit", seals)
    await Signing(repository, heads, clock).sign()
    yield repository
    await repository.close()
    await client.close()


@pytest.fixture
def rows(mongodb_url: str, database_prefix: str) -> Iterator[Rows]:
    """The log's rows, as somebody with every right reaches them."""
    with MongoClient[dict[str, Any]](mongodb_url) as client:
        yield client[f"{database_prefix}_billing"]["audit"]


async def test_an_untouched_log_is_unbroken_and_says_so(
    written: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await audit.verify() == 0

    assert "billing       4 rows, 1 chains: unbroken" in capsys.readouterr().out
    assert (tmp_path / "audit" / "billing.verified").exists()


def changed(rows: Rows, keys: Path) -> None:
    rows.update_one({"sequence": 2}, {"$set": {"actor": "somebody else"}})


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


async def test_a_log_without_its_keys_is_neither_unbroken_nor_broken(
    written: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SESAM_KEYS_FILE", str(tmp_path / "not mounted" / "keys.json"))

    assert await audit.verify() == 1

    assert "nothing is known of it" in capsys.readouterr().out
    assert not (tmp_path / "audit" / "billing.verified").exists()


def test_a_database_out_of_reach_ends_the_command_as_neither_unbroken_nor_broken(
    keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "MONGODB_URL", "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200&directConnection=true"
    )

    command = [sys.executable, "-m", "tools.cli", "audit", "verify"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=60)

    assert ended.returncode == 1, ended.stderr
    assert "nothing is known of it" in ended.stdout
    assert "Traceback" not in ended.stderr


async def test_a_broken_log_is_not_noted_as_verified_and_those_of_the_others_are(
    written: Repository, rows: Rows, tmp_path: Path
) -> None:
    rows.delete_one({"sequence": 2})

    assert await audit.verify() == 3

    noted = {each.name for each in (tmp_path / "audit").glob("*.verified")}
    assert noted == {f"{name}.verified" for name in SERVICES if name != "billing"}


async def read_again(repository: Repository, keys: Path, times: int) -> None:
    for number in range(times):
        await repository.note(audit.Asking(AN_ENTRY), [f"q-{number}"])
    seals = seals_from(keys)
    heads = heads_of("billing", keys.parent / "audit", seals)
    await Signing(repository, heads, FixedClock(NOW)).sign()


async def test_the_next_verification_looks_at_what_is_new(
    written: Repository, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await audit.verify() == 0
    await read_again(written, keys, 2)

    assert await audit.verify() == 0
    assert "billing       6 rows, 1 chains, 2 of them looked at now: unbroken" in capsys.readouterr().out
    assert await audit.verify() == 0
    assert "billing       6 rows, 1 chains, 0 of them looked at now: unbroken" in capsys.readouterr().out
    assert await audit.verify(full=True) == 0
    assert "billing       6 rows, 1 chains: unbroken" in capsys.readouterr().out


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


async def test_a_verification_from_the_start_that_was_broken_off_goes_on_and_forgets_nothing(
    written: Repository, keys: Path, rows: Rows, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.setattr(verifying, "NOTED_EVERY_ROWS", 2)
    changed(rows, keys)

    ended = verifying.Verifying._ended

    async def broken_off(self: Any, verification: Any, *rest: Any, **more: Any) -> Any:
        if verification.rows:
            raise ConnectionFailure("the database went away")
        return await ended(self, verification, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr(verifying.Verifying, "_ended", broken_off)
        assert await audit.verify(full=True) == 1

    assert await audit.verify(full=True) == 3
    said = capsys.readouterr().out
    assert "goes on behind row 4" in said
    assert "billing       4 rows, 1 chains" in said
    assert "was changed" in said.partition("goes on")[2]


async def test_what_a_killed_process_could_not_sign_is_signed_at_the_next_start(
    keys: Path, written: Repository, rows: Rows, tmp_path: Path
) -> None:
    await written.note(audit.Asking(AN_ENTRY), [PATIENT])
    seals = seals_from(keys)
    next_one = repository_of(written.backend, service="billing", clock=FixedClock(NOW), seals=seals)
    heads = heads_of("billing", tmp_path / "audit", seals)

    await Signing(next_one, heads, FixedClock(NOW)).adopt()
    rows.delete_one({"sequence": 5})

    assert await audit.verify() == 3


async def test_a_patients_extract_has_the_laws_fields_and_is_itself_audited(
    written: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await audit.extract(PATIENT, since=None, until=None, as_json=True) == 0

    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    readings = [row for row in rows if row["action"] == "billing.search_fees"]
    assert [row["user"] for row in readings] == ["clerk-1"] * 4
    assert all(row["care_units"] == ["DEMO-101"] and row["patient_ref"] == PATIENT for row in readings)
    assert sum(row["action"] == "extract_access_log" for row in rows) == 5


async def test_an_extract_for_people_names_time_user_unit_and_action(
    written: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    await audit.extract(PATIENT, since=None, until=None, as_json=False)

    first = capsys.readouterr().out.splitlines()[0]
    assert first.split("  ") == [
        "2026-11-20 10:00:00", "clerk-1", "-", "DEMO-101", "-", "billing.search_fees", "done",
    ]  # fmt: skip


BOUNDS: list[tuple[tuple[str | None, str | None], int]] = [
    (("2026-11-20T10:01", None), 3),
    (("2026-11-20T09:01:00Z", None), 3),
    (("2026-11-20T11:01:00+02:00", None), 3),
    (("2026-11-20T09:00:00.5Z", None), 3),
    (("2026-11-20 10:01:00,5", None), 2),
    ((None, "2026-11-20T10:01"), 1),
    ((None, "2026-11-20T04:01:00.000001-05:00"), 2),
    (("2026-11-20", "2026-11-20"), 4),
    (("2026-11-21", None), 0),
    ((None, "2026-11-19"), 0),
    (("2026-11-20T09:01Z", "2026-11-20T11:03+02:00"), 2),
]


@pytest.mark.parametrize("writer", ["this version", "the version before"])
async def test_an_extract_holds_what_lies_in_its_time_whoever_wrote_the_rows(
    written: Repository,
    rows: Rows,
    capsys: pytest.CaptureFixture[str],
    subtests: pytest.Subtests,
    writer: str,
) -> None:
    if writer == "the version before":
        for number in range(4):
            rows.update_one({"sequence": number + 1}, {"$set": {"at": f"2026-11-20T09:0{number}:00Z"}})

    for (since, until), found in BOUNDS:
        with subtests.test(since=since, until=until):
            assert await audit.extract(PATIENT, since=since, until=until, as_json=True) == 0

            told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
            assert sum(row["action"] == "billing.search_fees" for row in told) == found


async def test_a_time_that_cannot_be_read_is_refused_and_nothing_is_extracted(
    written: Repository, rows: Rows, capsys: pytest.CaptureFixture[str], subtests: pytest.Subtests
) -> None:
    for typed in ("yesterday", "1767225600", "2026-13-01", "2026-11-20T25:00", ""):
        with subtests.test(typed=typed):
            assert await audit.extract(PATIENT, since=typed, until=None, as_json=True) == 2
            assert await audit.extract(PATIENT, since=None, until=typed, as_json=True) == 2

            assert "Swedish time" in capsys.readouterr().out
            assert rows.count_documents({}) == 4


async def test_a_number_instead_of_a_reference_is_refused_and_written_nowhere(
    written: Repository, rows: Rows, capsys: pytest.CaptureFixture[str], subtests: pytest.Subtests
) -> None:
    for given in ("191212121212", "19121212-1212", "121212+1212", "1912 1212 1212", "", "x", "*"):
        with subtests.test(given=given):
            before = rows.count_documents({})

            assert await audit.extract(given, since=None, until=None, as_json=False) == 2

            said = capsys.readouterr().out
            assert "no patient's reference" in said
            assert len(given) < 10 or given not in said
            assert rows.count_documents({}) == before


async def test_an_extract_about_somebody_unknown_says_so_and_is_no_success(
    written: Repository, rows: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody, before = PATIENT.replace("1", "2"), rows.count_documents({})

    assert await audit.extract(nobody, since=None, until=None, as_json=False) == 1

    assert "Check the reference" in capsys.readouterr().out
    assert rows.count_documents({}) == before


@pytest.mark.parametrize("number", ["191212121212", "19121212-1212", "121212 1212", "19121212\u20131212"])
async def test_a_number_that_is_given_as_a_reference_never_stands_in_a_log(
    written: Repository, rows: Rows, number: str
) -> None:
    await written.note(audit.Asking(AN_ENTRY), [number, PATIENT])

    assert number not in str(list(rows.find()))
    assert await audit.verify() == 0
