"""The demo's record system: what it signs is what prescription reads, and its key stays at home."""

import json
from pathlib import Path

import pytest

from services.prescription.api.patients.launch import RecordSystems
from services.prescription.domain.patients.launching import LaunchRefused
from shared.clock import FixedClock
from tests.demo.orders import AT
from tools.demo.record_system import launch_context, write_trusted_keys
from tools.embedded.place import Place
from tools.embedded.run import prepare

NUMBER, USER = "200207022385", "TSTNMT2321000156-1001"


@pytest.fixture
def trusted(tmp_path: Path) -> Path:
    path = tmp_path / "launch.json"
    write_trusted_keys(path, key_file=tmp_path / "record_system.json")
    return path


def test_prescription_reads_what_the_record_system_signed(trusted: Path, tmp_path: Path) -> None:
    context = launch_context(tmp_path / "record_system.json", user=USER, number=NUMBER, at=AT)

    claims = RecordSystems(trusted, FixedClock(AT)).read(context, user=USER)

    assert claims["number"] == NUMBER


def test_what_another_key_signed_is_refused(trusted: Path, tmp_path: Path) -> None:
    forged = launch_context(tmp_path / "another.json", user=USER, number=NUMBER, at=AT)

    with pytest.raises(LaunchRefused):
        RecordSystems(trusted, FixedClock(AT)).read(forged, user=USER)


def test_the_run_trusts_the_demos_record_system_and_holds_no_private_key_of_it(tmp_path: Path) -> None:
    place = Place(tmp_path, 8100)
    prepare(place)

    told = place.environment()
    ((system, keys),) = json.loads(Path(told["SESAM_LAUNCH_KEYS_FILE"]).read_text()).items()

    assert system == "demo-journal"
    assert "d" not in keys["keys"][0]
    assert Path(told["SESAM_RECORD_SYSTEM_KEY_FILE"]).stat().st_mode & 0o077 == 0
