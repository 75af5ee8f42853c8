"""What may import what: each contract of pyproject.toml is trespassed once, in a copy, and caught."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from services import SERVICES

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("tools", "deploy", "services", "gateway", "shared")
SETTINGS = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = {each["name"]: each for each in SETTINGS["contracts"]}

TRESPASSES = {
    "services.billing.domain.trespass_httpx": "httpx",
    "services.ordering.domain.dialogue.trespass_clock": "shared.clock",
    "services.inventory.domain.trespass_settings": "pydantic_settings",
    "shared.domain.trespass_fastapi": "fastapi",
    "shared.events.trespass_faststream": "faststream",
    "services.notification.domain.trespass_time": "time",
    "services.prescription.domain.trespass_pymongo": "pymongo",
    "services.billing.domain.trespass_repository": "services.billing.repository.collections",
    "services.billing.repository.trespass_application": "services.billing.application.ledger",
    "services.ordering.application.trespass_api": "services.ordering.api.forms",
    "services.prescription.gateways.trespass_repository": "services.prescription.repository.collections",
    "services.notification.jobs.trespass_handlers": "services.notification.handlers",
    "services.inventory.api.trespass_app": "services.inventory.app",
    "services.billing.api.trespass_ordering": "services.ordering.domain.order",
    "services.billing.api.trespass_deploy": "deploy.topology",
    "deploy.trespass_tools": "tools.demo.people",
    "gateway.pages.trespass_ordering": "services.ordering.domain.delivery",
    "services.ordering.api.trespass_gateway": "gateway.web.words",
    "gateway.web.trespass_pages": "gateway.pages.start",
    "shared.trespass_services": "services.billing.domain.fees.ledger",
    "shared.domain.trespass_fields": "shared.fields",
    "shared.repository.trespass_messaging": "shared.messaging.relay",
    "shared.messaging.trespass_http": "shared.http.pages",
    "services.ordering.domain.trespass_fact": "shared.events.notification",
    "services.billing.domain.trespass_fact": "shared.events.prescription",
    "services.inventory.application.trespass_fact": "shared.events.ordering",
    "services.notification.application.trespass_fact": "shared.events.billing",
    "services.prescription.api.trespass_fact": "shared.events.inventory",
    "services.ordering.repository.trespass_fact": "shared.events.inventory_goods",
    "shared.domain.trespass_fact": "shared.events.ordering_devices",
}
"""A module that is not there, and what it imports though it may not."""


def told_by_the_linter(root: Path) -> tuple[int, str]:
    """Run the linter on a tree; give its exit code, and what it says without line breaks and blanks."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    surroundings = {**os.environ, "COLUMNS": "400", "PYTHONPATH": str(root)}
    ended = subprocess.run(command, cwd=root, env=surroundings, capture_output=True, text=True, check=False)
    return ended.returncode, re.sub(r"\s+", "", ended.stdout)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("copy")
    shutil.copy(PROJECT / "pyproject.toml", root)
    for room in ROOMS:
        shutil.copytree(PROJECT / room, root / room, ignore=shutil.ignore_patterns("__pycache__"))
    return root


@pytest.fixture(scope="module")
def trespassed(copy: Path) -> str:
    for module, imported in TRESPASSES.items():
        (copy / f"{module.replace('.', '/')}.py").write_text(f"import {imported}\n")
    (copy / "services" / "billing" / "helpers.py").write_text("")
    (copy / "shared" / "helpers.py").write_text("")
    code, told = told_by_the_linter(copy)
    assert code == 1
    return told


@pytest.mark.slow
@pytest.mark.parametrize("module", TRESPASSES)
def test_an_import_that_the_layers_forbid_is_caught(trespassed: str, module: str) -> None:
    imported = TRESPASSES[module]
    caught = re.escape(module) + r"->" + re.escape(imported) + r"(\b|\(l)"
    whole_room = re.escape(module) + r"->" + re.escape(imported.split(".", maxsplit=1)[0]) + r"\b"

    assert re.search(caught, trespassed) or re.search(whole_room, trespassed)


@pytest.mark.slow
@pytest.mark.parametrize("module", ["services.billing.helpers", "shared.helpers"])
def test_a_room_that_no_contract_names_is_caught(trespassed: str, module: str) -> None:
    assert f"-{module.rpartition('.')[2]}" in trespassed or module in trespassed


@pytest.mark.slow
@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_contract_is_broken_by_one_of_the_trespasses(trespassed: str, contract: str) -> None:
    assert re.sub(r"\s+", "", f"{contract} BROKEN") in trespassed


def test_the_contracts_name_every_service() -> None:
    wanted = [f"services.{name}" for name in SERVICES]

    of_services = [each for each in CONTRACTS.values() if "policy" in each.get("layers", ())]
    assert [each["containers"] for each in of_services] == [wanted]
    assert [each["modules"] for each in CONTRACTS.values() if each["type"] == "independence"] == [wanted]
    assert {each.parent.name for each in (PROJECT / "services").glob("*/app.py")} == set(SERVICES)


def test_no_contract_has_an_exception() -> None:
    assert [name for name, each in CONTRACTS.items() if "ignore_imports" in each] == []


def test_every_service_has_the_same_rooms() -> None:
    """Handlers are one module, or a folder when they outgrow it."""
    rooms = {"api", "application", "domain", "gateways", "jobs", "repository"}

    for name in SERVICES:
        service = PROJECT / "services" / name
        found = {each.parent.name for each in service.glob("*/__init__.py")}
        assert found - {"handlers"} == rooms, name
        assert (service / "handlers.py").exists() != ("handlers" in found), name


def test_a_repository_changes_nothing() -> None:
    """`change` is called by doors, jobs and application."""
    files = sorted(PROJECT.glob("services/*/repository/*.py"))

    assert [file for file in files if ".change(" in file.read_text()] == []


def test_only_a_repository_queries() -> None:
    """Elsewhere documents are read by name; each search is in `repository`, beside its index."""
    query = re.compile(r"(repository|backend)\.(find|page|whole|tally|remembered)\(")
    files = [
        file
        for file in PROJECT.glob("services/*/**/*.py")
        if file.relative_to(PROJECT).parts[2] != "repository"
    ]

    assert [str(file.relative_to(PROJECT)) for file in sorted(files) if query.search(file.read_text())] == []


def test_no_rule_needs_a_cast_an_assertion_or_an_ignored_type_error() -> None:
    """What the states make impossible needs no assurance; otherwise decision 0089 is looked at again."""
    needs = re.compile(r"\bcast\(|^\s*assert |# type: ignore", re.MULTILINE)

    assert not [file for file in Path("services").glob("*/domain/**/*.py") if needs.search(file.read_text())]
