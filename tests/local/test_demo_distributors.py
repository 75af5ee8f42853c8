"""The demo's distributors are data, as a region's are settings."""

import json
from pathlib import Path

import pytest

from tools.embedded.place import DEMO_DISTRIBUTORS, PROJECT, Place, demo_distributors

PLACE = Place(Path("nowhere"), 8100)


def test_a_run_has_the_distributors_of_the_demos_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SESAM_DISTRIBUTORS", raising=False)

    assert PLACE.distributors == demo_distributors() == tuple(json.loads(DEMO_DISTRIBUTORS.read_text()))


def test_the_settings_name_others_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESAM_DISTRIBUTORS", '["north", "south", "west"]')

    assert PLACE.distributors == ("north", "south", "west")


def test_no_distributor_stands_in_the_code_that_is_deployed_or_starts_a_run() -> None:
    folders = ("services", "gateway", "shared", "deploy", "tools/embedded", "tools/commands")
    files = [file for folder in folders for file in (PROJECT / folder).rglob("*.py")]

    assert [file for file in files for each in demo_distributors() if f'"{each}"' in file.read_text()] == []
