"""In production the gateway does not start with the demo's settings, and says which to set."""

from pathlib import Path

import pytest

from gateway.sessions.kept import new_session_keys
from gateway.settings import GatewaySettings
from gateway.starting import against


def settings(folder: Path, **changes: object) -> GatewaySettings:
    usual: dict[str, object] = {
        "mode": "production",
        "gateway_url": "https://sesam.region.example",
        "issuer_url": "https://id.region.example",
        "service_secret": "x" * 20,
        "session_key_file": folder / "sessions.json",
    }
    return GatewaySettings(**{**usual, **changes})  # type: ignore[arg-type]  # pydantic checks


def test_with_a_region_s_own_settings_nothing_stands_against(tmp_path: Path) -> None:
    new_session_keys(tmp_path / "sessions.json")

    assert [*against(settings(tmp_path))] == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"gateway_url": "http://sesam.region.example"}, "SESAM_GATEWAY_URL"),
        ({"issuer_url": "http://127.0.0.1:8100"}, "SESAM_ISSUER_URL"),
        ({"service_secret": "embedded"}, "SESAM_SERVICE_SECRET"),
        ({"clock_file": Path("clock.json")}, "SESAM_CLOCK_FILE"),
        ({"session_key_file": Path("nowhere.json")}, "SESAM_SESSION_KEY_FILE"),
    ],
)
def test_each_setting_of_the_demo_is_named(tmp_path: Path, changes: dict[str, object], named: str) -> None:
    new_session_keys(tmp_path / "sessions.json")

    (fault,) = against(settings(tmp_path, **changes))

    assert fault.startswith(named)


@pytest.mark.parametrize("text", ["{}", "[]", '["short"]'])
def test_a_file_without_keys_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "sessions.json"
    file.write_text(text)
    file.chmod(0o600)

    (fault,) = against(settings(tmp_path))

    assert "no JSON list" in fault
