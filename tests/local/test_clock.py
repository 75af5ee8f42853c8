"""The command that sets the embedded system's clock."""

import json
from pathlib import Path

import pytest

from tools.commands.clock import clock


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SESAM_PROJECT_LOCAL", str(tmp_path))
    return tmp_path


def test_a_moment_is_swedish_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert clock("2026-07-01T10:00", real=False) == 0

    assert capsys.readouterr().out.startswith("2026-07-01 10:00:00 CEST")


def test_the_clock_goes_on_from_the_moment_set(folder: Path) -> None:
    clock("2031-01-01T00:00", real=False)

    assert json.loads((folder / "clock.json").read_text())["offset_seconds"] > 0


def test_the_real_time_comes_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clock("2031-01-01T00:00", real=False)
    clock(None, real=True)

    assert not (folder / "clock.json").exists()
    assert capsys.readouterr().out.endswith("(the real time)\n")


def test_what_is_not_a_moment_is_refused(folder: Path) -> None:
    assert clock("soon", real=False) == 2
    assert not (folder / "clock.json").exists()
