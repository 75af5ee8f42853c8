"""Reads the examples: docs/examples/<service>.json of operations, tests/messages of facts."""

import json
import re
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "docs" / "examples"
MESSAGES = PROJECT / "tests" / "messages"
MESSAGE_ID = "0b7f2c1e-5d0a-4a51-9d2e-6f1c8a3b7e10"
SEALED = re.compile(r"sealed:.*AAAAAB([a-z]+2?)-[0-9]+")
"""What a kept message has for a sealed field: the word tells which."""
IN_CLEAR = {
    "name": "Test Testsson", "number": "199007052393", "street": "Provvägen 3", "street2": "lgh 1201",
    "postal": "21120", "city": "MALMÖ", "door": "1234", "instructions": "3 tr, ingen hiss",
    "phone": "+46701740605",
}  # fmt: skip


def examples_of(service: str) -> dict[str, dict[str, Any]]:
    """Give what was recorded of each operation: `request`, `answer`, `etag`, if there are any."""
    file = FOLDER / f"{service}.json"
    examples: dict[str, dict[str, Any]] = json.loads(file.read_text()) if file.exists() else {}
    return examples


def message_of(topic: str, *, kind: str | None = None, opened: bool = False) -> dict[str, Any]:
    """Give the newest kept message of a topic, of this `type` where a topic has several.

    `opened` shows it as a partner gets it: with its id, and what is sealed between us in clear.
    """
    kept = [json.loads(file.read_text()) for file in sorted((MESSAGES / topic).glob("*.json"))]
    newest: dict[str, Any] = next(each for each in reversed(kept) if kind in {None, each.get("type")})
    return {"message_id": MESSAGE_ID, **_opened(newest)} if opened else newest


def _opened(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {name: _opened(each) for name, each in tree.items()}
    if isinstance(tree, list):
        return [_opened(each) for each in tree]
    sealed = SEALED.fullmatch(tree) if isinstance(tree, str) else None
    return IN_CLEAR[sealed[1]] if sealed else tree
