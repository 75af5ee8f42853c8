"""The command that erases the embedded system's data."""

from pathlib import Path

import pytest

from tools.commands import embedded
from tools.embedded.lock import AlreadyRunning, hold


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "local"
    folder.mkdir()
    (folder / "data").write_text("kept")
    monkeypatch.setenv("SESAM_PROJECT_LOCAL", str(folder))
    return folder


def test_reset_erases_everything_when_told_not_to_ask(folder: Path) -> None:
    assert embedded.reset(ask=False) == 0
    assert not folder.exists()


def test_reset_erases_nothing_under_a_run(folder: Path) -> None:
    with hold(folder), pytest.raises(AlreadyRunning, match="already running"):
        embedded.reset(ask=False)

    assert (folder / "data").exists()


def test_reset_erases_nothing_when_nobody_can_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    assert embedded.reset(ask=True) == 1
    assert (folder / "data").exists()


def test_reset_erases_nothing_unless_the_answer_is_yes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "")

    assert embedded.reset(ask=True) == 1
    assert (folder / "data").exists()
