"""The passwords file: one account per service and partner on the broker and in the database."""

import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from services import SERVICES
from shared.distributors import account_of, account_of_supplier
from shared.durable import write_whole

OPERATOR = "operator"
INVOICING = "invoicing"
GATEWAY = "gateway"
"""It has an account in the database; the broker lets it do nothing."""
OWNER_READS = 0o400
"""MongoDB takes no key file that others may read or write."""


def accounts_in(path: Path, distributors: Sequence[str], suppliers: Sequence[str] = ()) -> Mapping[str, str]:
    """Give the passwords, each made once and readable by its owner only; a new partner gets its own.

    An account that nobody needs any more stays, so that the broker is told to let it do nothing.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    of_partners = (*map(account_of, distributors), *map(account_of_supplier, suppliers))
    wanted = (OPERATOR, *SERVICES, GATEWAY, INVOICING, *of_partners)
    missing = {name: secrets.token_urlsafe(24) for name in wanted if name not in known}
    if missing:
        _keep(path, {**known, **missing})
    return {**known, **missing}


def _keep(path: Path, accounts: Mapping[str, str]) -> None:
    write_whole(path, json.dumps(dict(accounts)).encode())


def key_file_in(path: Path) -> Path:
    """Give the file by which the members of the replica set know each other."""
    if not path.exists():
        write_whole(path, secrets.token_hex(256).encode(), mode=OWNER_READS)
    return path
