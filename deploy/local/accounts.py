"""The passwords of a run: one account per service and partner on the broker and in the database."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

OPERATOR = "operator"
SERVICES = ("prescription", "ordering", "inventory", "billing", "notification")
PARTNERS = ("distributors", "invoicing")


def accounts_in(path: Path) -> Mapping[str, str]:
    """Give the passwords, made once and readable by their owner only."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = {name: secrets.token_urlsafe(24) for name in (OPERATOR, *SERVICES, *PARTNERS)}
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(made, file)
    known: dict[str, str] = json.loads(path.read_text())
    return known


def key_file_in(path: Path) -> Path:
    """Give the file by which the members of the replica set know each other."""
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(256))
    return path
