"""Personal fields sealed with rotating keys, and keyed hashes to look them up by."""

import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any, Literal

from cryptography.fernet import Fernet, MultiFernet

from shared.events.fact import SEALED_PREFIX

Purpose = Literal["identity", "contact", "messages"]
PURPOSES: tuple[Purpose, ...] = ("identity", "contact", "messages")


class Seals:
    """Opens and seals text; the first key of a purpose seals, every key opens (rotation)."""

    def __init__(self, keys: dict[str, list[str]], *, lookup: bytes, audit: bytes) -> None:
        self._fernets = {
            purpose: MultiFernet([Fernet(key) for key in of_purpose]) for purpose, of_purpose in keys.items()
        }
        self._lookup = lookup
        self.audit_key = audit

    def seal(self, text: str, *, purpose: Purpose = "contact") -> str:
        token = self._fernets[purpose].encrypt(text.encode()).decode()
        return f"{SEALED_PREFIX}{purpose}:{token}"

    def open(self, sealed: str) -> str:
        """Open sealed text; raises InvalidToken when no key fits."""
        purpose, token = self._parts(sealed)
        return self._fernets[purpose].decrypt(token.encode()).decode()

    def rewrap(self, sealed: str) -> str:
        """Seal again with the newest key, so that an old one can be retired."""
        purpose, token = self._parts(sealed)
        return f"{SEALED_PREFIX}{purpose}:{self._fernets[purpose].rotate(token.encode()).decode()}"

    def open_all(self, value: Any) -> Any:
        """Open every sealed string in a JSON value: only for the last door."""
        if isinstance(value, str):
            return self.open(value) if value.startswith(SEALED_PREFIX) else value
        if isinstance(value, list):
            return [self.open_all(each) for each in value]
        if isinstance(value, dict):
            return {name: self.open_all(each) for name, each in value.items()}
        return value

    def key_of(self, text: str) -> str:
        """Give the keyed hash by which a sealed field can be looked up."""
        return hmac.new(self._lookup, text.encode(), hashlib.sha256).hexdigest()

    @staticmethod
    def _parts(sealed: str) -> tuple[str, str]:
        if not sealed.startswith(SEALED_PREFIX):
            raise ValueError("not a sealed field")
        purpose, _, token = sealed.removeprefix(SEALED_PREFIX).partition(":")
        return purpose, token


def new_keys() -> dict[str, Any]:
    return {
        "seal": {purpose: [Fernet.generate_key().decode()] for purpose in PURPOSES},
        "lookup": Fernet.generate_key().decode(),
        "audit": Fernet.generate_key().decode(),
    }


def new_key_file(path: Path) -> None:
    """Make a file of fresh keys, readable by its owner only; an existing one is left alone."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(new_keys(), file)


def rotate(keys: dict[str, Any]) -> dict[str, Any]:
    """Put a fresh sealing key before the old ones of each purpose."""
    fresh = {purpose: [Fernet.generate_key().decode(), *old] for purpose, old in keys["seal"].items()}
    return {**keys, "seal": fresh}


def seals_of(keys: dict[str, Any]) -> Seals:
    return Seals(keys["seal"], lookup=keys["lookup"].encode(), audit=keys["audit"].encode())


def seals_from(path: Path) -> Seals:
    """Read the keys; raises FileNotFoundError when there are none."""
    return seals_of(json.loads(path.read_text()))
