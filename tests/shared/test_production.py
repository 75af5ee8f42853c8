"""In production nothing starts with what is only for the demo, and says all of it at once."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from shared.sealed import KEYS_OF, write_keys
from shared.service.production import against
from shared.settings import Settings
from tools.commands.keys import make as make_keys

PROJECT = Path(__file__).parents[2]
REGION: Mapping[str, str] = {
    "MONGODB_URL": "mongodb://billing:secret@db.region.example/?replicaSet=sesam",
    "RABBITMQ_URL": "amqps://billing:secret@bus.region.example/sesam",
    "RABBITMQ_PARTNERS_URL": "amqps://billing:secret@bus.region.example/partners",
    "SESAM_ISSUER_URL": "https://idp.region.example",
    "SESAM_SERVICE_SECRET": "made-by-the-provider-itself",
    "SESAM_SMS_SENDER": "Regionen",
    "SESAM_CUSTOMER_SERVICE_PHONE": "010-000 00 00",
    "SESAM_EMAIL_SENDER": "hjalpmedel@region.example",
    "SESAM_BUYER_GLN": "7300000000004",
    "SESAM_COST_CENTRE": "12345",
    "SESAM_REGISTER_URL": "https://register.region.example",
    "SESAM_DISTRIBUTORS": '["north"]',
    "SESAM_VIRUS_SCANNER": "clamav:3310",
}


@pytest.fixture(autouse=True)
def nothing_else_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("SESAM_") or name in REGION:
            monkeypatch.delenv(name)


@pytest.fixture
def region(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Set everything as a region would; give the folder with the keys."""
    make_keys(tmp_path)
    for name, value in {**REGION, "SESAM_KEYS_FILE": str(tmp_path / "sealed-billing.json")}.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def faults(service: str = "billing") -> list[str]:
    return list(against(Settings(), service))


def test_what_a_region_sets_is_enough(region: Path) -> None:
    assert faults() == []


@pytest.mark.parametrize("service", KEYS_OF)
def test_each_service_starts_with_its_own_keys_and_not_with_anothers(
    region: Path, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SESAM_KEYS_FILE", str(region / f"sealed-{service}.json"))
    assert faults(service) == []

    monkeypatch.setenv("SESAM_KEYS_FILE", str(region / "sealed.json"))
    whole = faults(service)

    others = (4 - len(KEYS_OF[service].purposes)) + (not KEYS_OF[service].lookup)
    assert len(whole) == others + len({"the root of the audit keys"})
    assert all(line.startswith("SESAM_KEYS_FILE") for line in whole)


OF_THE_DEMO = {name: str(Settings.model_fields[name.removeprefix("SESAM_").lower()].default) for name in (
    "SESAM_ISSUER_URL", "SESAM_SERVICE_SECRET", "SESAM_SMS_SENDER", "SESAM_CUSTOMER_SERVICE_PHONE",
    "SESAM_EMAIL_SENDER", "SESAM_BUYER_GLN", "SESAM_COST_CENTRE",
)}  # fmt: skip
WRONG = {
    **{f"{name} of the demo": (name, value) for name, value in OF_THE_DEMO.items()},
    "an issuer without TLS": ("SESAM_ISSUER_URL", "http://idp.region.example"),
    "a short secret": ("SESAM_SERVICE_SECRET", "short"),
    "no secret": ("SESAM_SERVICE_SECRET", ""),
    "no GLN": ("SESAM_BUYER_GLN", " "),
    "a key that is asked for and missing": ("SESAM_TOKEN_AUTH", "private_key_jwt"),
    "no account in the database": ("MONGODB_URL", "mongodb://db.region.example/?replicaSet=sesam"),
    "the guest of the broker": ("RABBITMQ_URL", "amqp://guest:guest@bus.region.example/sesam"),
    "the guest at the partners": ("RABBITMQ_PARTNERS_URL", "amqp://guest:guest@bus.region.example/partners"),
    "no register": ("SESAM_REGISTER_URL", ""),
    "no distributors": ("SESAM_DISTRIBUTORS", "[]"),
    "a clock that may be set": ("SESAM_CLOCK_FILE", "/tmp/clock.json"),
    "faults": ("SESAM_FAULTS", '[{"point": "billing.hear.after_ack"}]'),
    "no password file": ("SESAM_SMS_PASSWORD_FILE", "/nowhere/password"),
}


@pytest.mark.parametrize("name", WRONG)
def test_one_wrong_value_is_one_line_that_names_its_variable(
    region: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable, value = WRONG[name]
    monkeypatch.setenv(variable, value)

    (line,) = faults()

    assert line.startswith("SESAM_CLIENT_KEY_FILE" if variable == "SESAM_TOKEN_AUTH" else variable)
    assert len(line.splitlines()) == 1
    assert not value.strip() or "secret" not in variable.lower() or f" {value} " not in line


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_file_that_others_may_read_is_refused(region: Path, mode: int) -> None:
    (region / "sealed-billing.json").chmod(mode)

    (line,) = faults()

    assert line.startswith("SESAM_KEYS_FILE")
    assert "chmod 600" in line


def changed(keys: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**keys, **changes}


def without(keys: dict[str, Any], purpose: str) -> dict[str, Any]:
    return changed(keys, seal={name: of_it for name, of_it in keys["seal"].items() if name != purpose})


BROKEN: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    "no audit key": lambda keys: changed(keys, audit=""),
    "a short audit key": lambda keys: changed(keys, audit="x"),
    "no keys of a purpose": lambda keys: changed(keys, seal={**keys["seal"], "number": []}),
    "an empty key": lambda keys: changed(keys, seal={**keys["seal"], "number": [""]}),
    "what is no key": lambda keys: changed(keys, seal={**keys["seal"], "number": ["x" * 44]}),
    "a purpose missing": lambda keys: changed(
        keys, seal={k: v for k, v in keys["seal"].items() if k != "number"}
    ),
    "no purposes": lambda _: {"seal": None},
    "a list": lambda _: [],
}


@pytest.mark.parametrize("name", BROKEN)
def test_keys_that_are_none_are_refused(region: Path, name: str) -> None:
    file = region / "sealed-billing.json"
    write_keys(file, BROKEN[name](json.loads(file.read_text())))

    (line,) = faults()

    assert line.startswith("SESAM_KEYS_FILE")


def test_an_empty_key_file_is_refused(region: Path) -> None:
    (region / "sealed-billing.json").write_text("")

    assert "is empty" in faults()[0]


def start(**environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "shared.service.server", "services.billing.app", "--port", "1"]
    return subprocess.run(
        command, cwd=PROJECT, env={"PYTHONPATH": str(PROJECT), **environment}, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip


def test_a_process_with_nothing_set_says_all_that_is_missing_and_ends() -> None:
    done = start(SESAM_KEYS_FILE="/nowhere/keys.json")
    lines = done.stderr.splitlines()

    assert done.returncode == 78
    assert done.stdout == ""
    assert all(line.startswith("billing does not start: ") for line in lines)
    named = {line.split()[4] for line in lines}
    servers = {"MONGODB_URL", "RABBITMQ_URL", "RABBITMQ_PARTNERS_URL"}
    assert named == {*OF_THE_DEMO, *servers, "SESAM_REGISTER_URL", "SESAM_DISTRIBUTORS", "SESAM_KEYS_FILE"}


def test_a_value_that_cannot_be_read_names_its_variable_and_is_not_told() -> None:
    done = start(SESAM_MODE="embedded", SESAM_PREFETCH="many-19121212-1212", SESAM_MODE_X="y")

    assert done.returncode == 78
    (line,) = done.stderr.splitlines()
    assert line.startswith("billing does not start: SESAM_PREFETCH cannot be read:")
    assert "many" not in line


def test_ordering_needs_a_virus_scanner_and_the_others_none(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SESAM_VIRUS_SCANNER")
    named = [each for each in faults("ordering") if "SESAM_VIRUS_SCANNER" in each]

    assert named == ["SESAM_VIRUS_SCANNER is not set: set it to host and port of a ClamAV daemon."]
    assert faults("billing") == []
