"""Encrypts personal fields with rotating keys, and makes keyed hashes to look them up by."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from shared.domain.hashing import plain_hash
from shared.durable import sweep, write_whole
from shared.events.fact import SEALED_PREFIX

Purpose = Literal["number", "identity", "contact", "messages"]
PURPOSES: tuple[Purpose, ...] = ("number", "identity", "contact", "messages")
"""`number`: personal identity numbers. `identity`: names and birth dates; until 0.1.0 numbers as well."""


@dataclass(frozen=True)
class Needed:
    """Which keys a service works with; it gets these and no others."""

    purposes: frozenset[Purpose]
    lookup: bool = False
    """Whether it finds sealed texts again by their keyed hash."""


KEYS_OF: dict[str, Needed] = {
    "prescription": Needed(frozenset({"number", "identity", "contact", "messages"}), lookup=True),
    "ordering": Needed(frozenset({"identity", "contact", "messages"})),
    "inventory": Needed(frozenset()),
    "billing": Needed(frozenset({"number", "identity", "messages"})),
    "notification": Needed(frozenset({"identity", "contact", "messages"}), lookup=True),
}


def fingerprint(key: str) -> str:
    """Name a key without showing it: twelve hexadecimal digits."""
    return plain_hash(f"fingerprint|{key}")[:12]


class NoKey(Exception):
    """Such text is not this service's to open or seal: it has no key for the purpose."""


class Hashes:
    """Keyed hashes of what others write as a key, an id or a text: it may be a person's number (N7).

    Ten thousand million numbers are hashed within an hour; without the key nobody can tell which one it was.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, said: str | bytes) -> str:
        """Give 64 hexadecimal digits, the same for the same words under the same key."""
        return hmac.digest(self._key, said.encode() if isinstance(said, str) else said, "sha256").hex()


def hashes_under(audit_key: bytes, service: str) -> Hashes:
    """Give a service's keyed hashes, under a key that is derived from the key of its audit log."""
    return Hashes(hmac.digest(audit_key, f"hashes|{service}".encode(), "sha256"))


class Seals:
    """Opens and seals text; the first key of a purpose seals, every key opens (rotation)."""

    def __init__(
        self, keys: dict[str, list[str]], *, lookup: bytes, audit: bytes = b"", audit_root: bytes = b""
    ) -> None:
        self._keys = {
            purpose: {fingerprint(key): Fernet(key) for key in of_purpose}
            for purpose, of_purpose in keys.items()
        }
        self._fernets = {
            purpose: MultiFernet([*known.values()]) for purpose, known in self._keys.items() if known
        }
        self._lookup = lookup
        self._audit = audit
        self._audit_root = audit_root

    def seal(self, text: str, *, purpose: Purpose = "contact") -> str:
        """Seal with the purpose's newest key; raises NoKey."""
        token = self._of(purpose).encrypt(text.encode()).decode()
        return f"{SEALED_PREFIX}{purpose}:{token}"

    def open(self, sealed: str) -> str:
        """Open sealed text; raises NoKey, and InvalidToken when no key of the purpose fits."""
        purpose, token = self._parts(sealed)
        return self._of(purpose).decrypt(token.encode()).decode()

    def rewrap(self, sealed: str) -> str:
        """Seal again with the newest key, so that an old one can be retired."""
        purpose, token = self._parts(sealed)
        return f"{SEALED_PREFIX}{purpose}:{self._of(purpose).rotate(token.encode()).decode()}"

    @property
    def fingerprints(self) -> dict[str, list[str]]:
        """Name the keys of each purpose; the first of them seals."""
        return {purpose: [*known] for purpose, known in self._keys.items()}

    def key_behind(self, sealed: str) -> str | None:
        """Name the key that a text is sealed with; None when it is none of ours."""
        purpose, token = self._parts(sealed)
        for name, fernet in self._keys.get(purpose, {}).items():
            try:
                fernet.decrypt(token.encode())
            except InvalidToken:
                continue
            return name
        return None

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
        """Give the keyed hash by which a sealed field can be looked up; raises NoKey."""
        if not self._lookup:
            raise NoKey("lookup")
        return hmac.new(self._lookup, text.encode(), hashlib.sha256).hexdigest()

    def audit_keys(self, service: str) -> tuple[bytes, ...]:
        """Give the keys of a service's audit log: the first writes, each verifies.

        A service has its own, derived from the root that the operator alone keeps. Beside a root, the single
        key of the versions before still verifies what was written with it.
        """
        if not self._audit_root:
            return (self._audit,)
        own = hmac.new(self._audit_root, f"audit|{service}".encode(), hashlib.sha256).hexdigest()
        return (own.encode(), self._audit) if self._audit else (own.encode(),)

    def hashes(self, service: str) -> Hashes:
        """Give a service's keyed hashes, under a key derived from its own audit key (decision 0084)."""
        return hashes_under(self.audit_keys(service)[0], service)

    def _of(self, purpose: str) -> MultiFernet:
        try:
            return self._fernets[purpose]
        except KeyError:
            raise NoKey(purpose) from None

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
        "audit_root": Fernet.generate_key().decode(),
    }


def new_key_file(path: Path) -> None:
    """Make a file of fresh keys, readable by its owner only; an existing one gets what it lacks, no more."""
    kept = json.loads(path.read_text()) if path.exists() else {"seal": {}}
    fresh = new_keys()
    whole = {**fresh, **kept, "seal": {**fresh["seal"], **kept["seal"]}}
    if whole != kept:
        write_keys(path, whole)


def key_file_of(service: str, whole: Path) -> Path:
    """Write beside the file with all keys the one with this service's own; gives its path."""
    own = whole.with_name(f"{whole.stem}-{service}{whole.suffix}")
    keys = only_needed(json.loads(whole.read_text()), service)
    if not own.exists() or json.loads(own.read_text()) != keys:
        write_keys(own, keys)
    return own


def only_needed(keys: dict[str, Any], service: str) -> dict[str, Any]:
    """Leave of all keys those that a service works with."""
    needed = KEYS_OF[service]
    return {
        "seal": {purpose: of_it for purpose, of_it in keys["seal"].items() if purpose in needed.purposes},
        "lookup": keys["lookup"] if needed.lookup else "",
        "audit": seals_of(keys).audit_keys(service)[0].decode(),
    }


def write_keys(path: Path, keys: dict[str, Any]) -> None:
    """Write a key file whole, readable by its owner only: a key that is lost opens nothing any more."""
    write_whole(path, json.dumps(keys).encode())
    sweep(path)


def seals_of(keys: dict[str, Any]) -> Seals:
    """Build from a file's content; a file with all keys has a root, and no key for a log of its own."""
    audit, root = (str(keys.get(name, "")).encode() for name in ("audit", "audit_root"))
    return Seals(keys["seal"], lookup=keys["lookup"].encode(), audit=audit, audit_root=root)


def seals_from(path: Path, *, service: str | None = None) -> Seals:
    """Read the keys, for a service its own only; raises FileNotFoundError when there are none."""
    keys = json.loads(path.read_text())
    return seals_of(only_needed(keys, service) if service else keys)
