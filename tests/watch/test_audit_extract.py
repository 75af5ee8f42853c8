"""What an extract of the audit log says, and to whom."""

import json

import pytest

from deploy import audit
from shared.repository import Repository
from tests.watch.audit_log import AN_ENTRY, PATIENT, Rows

pytestmark = pytest.mark.connected


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
