"""Packages unpacked without root, with an apt of the test's own."""

import os
from pathlib import Path

import pytest

from tools.embedded import packages
from tools.embedded.packages import NotInstallable

APT_GET = """#!/bin/sh
echo "apt-get $*" >> "$CALLS"
case "$*" in
    *Dir::State::Lists=*) ;;
    *) [ -z "$NO_LISTS" ] || { echo 'E: Unable to locate package' >&2; exit 100; } ;;
esac
case "$*" in
    *" -s "* | "-s "*) echo 'Inst rabbit (1.0)'; echo 'Inst erlang (2.0)'; echo 'Conf rabbit (1.0)' ;;
    *download*) shift $(($# - 2)); for name in "$@"; do : > "$name.deb"; done ;;
esac
"""
DPKG = """#!/bin/sh
touch "$3/$(basename "$2" .deb)"
"""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, script in (("apt-get", APT_GET), ("dpkg", DPKG)):
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.delenv("NO_LISTS", raising=False)
    return tmp_path / "calls"


def test_a_package_is_unpacked_with_what_the_machine_lacks(tmp_path: Path, calls: Path) -> None:
    packages.unpack(tmp_path / "room", "rabbit")

    assert sorted(path.name for path in (tmp_path / "room").iterdir()) == ["erlang", "rabbit"]
    assert "update" not in calls.read_text()


def test_a_machine_without_package_lists_gets_lists_of_its_own(
    tmp_path: Path, calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_LISTS", "1")

    packages.unpack(tmp_path / "room", "rabbit")

    assert sorted(path.name for path in (tmp_path / "room").iterdir()) == ["erlang", "rabbit"]
    assert "update" in calls.read_text()


def test_apt_s_own_words_are_shown_when_nothing_helps(tmp_path: Path, calls: Path) -> None:
    (tmp_path / "bin" / "apt-get").write_text("#!/bin/sh\necho 'E: no network' >&2\nexit 100\n")

    with pytest.raises(NotInstallable, match="E: no network"):
        packages.unpack(tmp_path / "room", "rabbit")
