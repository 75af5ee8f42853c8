"""The definitions of a run, kept between its starts."""

from pathlib import Path
from typing import Any

import pytest

from tools.embedded import definitions


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count how often the services are asked."""
    asked: list[str] = []

    def read(distributors: object, *, events_vhost: str, partners_vhost: str, **_: object) -> dict[str, Any]:
        assert distributors
        asked.append(events_vhost)
        return {"vhosts": [{"name": events_vhost}, {"name": partners_vhost}]}

    monkeypatch.setattr("deploy.topology.definitions", read)
    return asked


def test_the_services_are_asked_once_while_nothing_changes(tmp_path: Path, readings: list[str]) -> None:
    first = definitions.of_run(tmp_path / "kept", ["demo-a"], events="e", partners="p")
    second = definitions.of_run(tmp_path / "kept", ["demo-a"], events="e", partners="p")

    assert first == second
    assert readings == ["e"]


def test_the_services_are_asked_again_when_a_source_has_changed(
    tmp_path: Path, readings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    definitions.of_run(tmp_path / "kept", ["demo-a"], events="e", partners="p")
    monkeypatch.setattr(definitions, "source_stamp", lambda: [1, 2])

    definitions.of_run(tmp_path / "kept", ["demo-a"], events="e", partners="p")

    assert readings == ["e", "e"]
