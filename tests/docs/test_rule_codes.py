"""The documents name only rule codes that a service can answer with, and places where a service answers."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services import SERVICES
from tools.embedded.place import Place

PROJECT = Path(__file__).resolve().parents[2]
CODES = re.compile(r"urn:oppna-sesam:problem:([a-z0-9-]+)")


def codes_in(told: Any) -> Iterator[str]:
    """Walk a document; a code stands beside its sentence, or at the end of a problem's type."""
    if isinstance(told, dict):
        if isinstance(told.get("rule"), str) and "detail" in told:
            yield told["rule"]
        yield from (code for each in told.values() for code in codes_in(each))
    elif isinstance(told, list):
        yield from (code for each in told for code in codes_in(each))
    elif isinstance(told, str):
        yield from CODES.findall(told)


def known() -> set[str]:
    """List every text of the sources and the rule book that could be a code."""
    folders, kinds = ("services", "shared"), ("*.py", "*.json")
    files = [file for folder in folders for kind in kinds for file in (PROJECT / folder).rglob(kind)]
    return {code for file in files for code in re.findall(r'"([a-z0-9-]+)"', file.read_text())}


def documents() -> dict[str, Any]:
    kept = {file.name: json.loads(file.read_text()) for file in (PROJECT / "docs").rglob("*.json")}
    pages = {file.name: file.read_text() for file in (PROJECT / "docs" / "integrating").glob("*.md")}
    return kept | pages


def test_every_rule_code_in_the_documents_is_one_that_a_service_answers_with() -> None:
    found = {code: name for name, told in documents().items() for code in codes_in(told)}

    assert len(found) > 10
    assert {code: name for code, name in found.items() if code not in known()} == {}


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_document_names_the_address_of_an_embedded_run(service: str) -> None:
    told = json.loads((PROJECT / "docs" / "openapi" / f"{service}.json").read_text())
    port = Place(PROJECT, 8100).service_ports[service]

    assert told["servers"][0]["variables"]["address"]["default"] == f"http://127.0.0.1:{port}"
