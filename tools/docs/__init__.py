"""Writes the generated documents from the code, or compares them with what lies in `docs/`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from services import SERVICES
from tools.docs.asyncapi import asyncapi
from tools.docs.catalogue import catalogue
from tools.docs.decisions import decisions
from tools.docs.landscape import landscape
from tools.docs.openapi import openapi
from tools.docs.page_roles import page_roles
from tools.docs.policy import policy_copy, policy_page
from tools.docs.refusals import refusals

PROJECT = Path(__file__).resolve().parents[2]
COMMAND = "./sesam docs"


@cache
def documents() -> Mapping[str, str]:
    """Give every generated document: its path in the project, and its text."""
    told = landscape()
    return {
        "docs/events.md": catalogue(told),
        "docs/asyncapi.yaml": asyncapi(told),
        "docs/refusals.md": refusals(),
        "docs/policy.md": policy_page(),
        "docs/pages.md": page_roles(),
        "docs/decisions/README.md": decisions(PROJECT / "docs" / "decisions"),
        "shared/auth/policy.json": policy_copy(),
        **{f"docs/openapi/{service}.json": openapi(service) for service in SERVICES},
    }


def stale(wanted: Mapping[str, str], folder: Path) -> list[str]:
    """Name the documents that are missing or say something else than the code."""
    return [path for path, text in wanted.items() if _text_of(folder / path) != text]


def main(check: bool) -> int:
    """Write the documents; with `check` change nothing and answer 1 when one is stale."""
    wanted = documents()
    old = stale(wanted, PROJECT)
    if not check:
        for path in old:
            (PROJECT / path).parent.mkdir(parents=True, exist_ok=True)
            (PROJECT / path).write_text(wanted[path])
            print(f"written: {path}")
    elif old:
        print(f"Stale, the code says something else: {', '.join(old)}. Write them with {COMMAND}.")
        return 1
    print(f"{len(wanted)} documents say what the code says.")
    return 0


def _text_of(file: Path) -> str | None:
    return file.read_text() if file.exists() else None
