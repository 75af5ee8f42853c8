"""`./sesam audit`: every service's log verified in a real database, and a patient's extract across them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pymongo.errors import ConnectionFailure

from deploy import audit, verifying
from services import SERVICES
from shared.clock import FixedClock
from shared.repository import Repository
from shared.repository.audit.signing import Signing, heads_of
from shared.sealed import seals_from
from shared.service.process import repository_of
from tests.watch.audit_log import AN_ENTRY, NOW, PATIENT, Rows, changed, read_again
from tools.embedded.place import PROJECT

pytestmark = pytest.mark.connected


async def test_an_untouched_log_is_unbroken_and_says_so(
    written: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await audit.verify() == 0

    assert "billing       4 rows, 1 chains: unbroken" in capsys.readouterr().out
    assert (tmp_path / "audit" / "billing.verified").exists()


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
