"""A sign-in that has begun: what the browser brings back in a sealed cookie until the provider answers."""

import base64
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

WITHIN = timedelta(minutes=15)
COOKIE = "__Host-sign-in-"
NAME_LENGTH = 8


@dataclass(frozen=True)
class Attempt:
    """One click on sign in. Each has a cookie of its own: two tabs do not end each other's."""

    state: str
    nonce: str
    verifier: str
    then_to: str

    @property
    def cookie(self) -> str:
        return cookie_of(self.state)

    @property
    def challenge(self) -> str:
        """Give the hash of the verifier (RFC 7636, S256)."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")


def new_attempt(then_to: str) -> Attempt:
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Attempt(state, nonce, verifier, own_path(then_to))


def cookie_of(state: str) -> str:
    return COOKIE + "".join(each for each in state[:NAME_LENGTH] if each.isalnum())


def own_path(path: str) -> str:
    """Give an address of ours to go on to; the start page for what leads anywhere else."""
    is_ours = path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
    return path if is_ours else "/"


class Attempts:
    """Seals attempts into cookies, and opens what comes back in time."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(each) for each in keys])

    def sealed(self, attempt: Attempt) -> str:
        return self._fernet.encrypt(json.dumps(asdict(attempt)).encode()).decode()

    def opened(self, sealed: str, state: str) -> Attempt | None:
        """Give the attempt that this browser began with this state; None for any other, or too late."""
        try:
            said = json.loads(self._fernet.decrypt(sealed.encode(), ttl=int(WITHIN.total_seconds())))
        except InvalidToken:
            return None
        attempt = Attempt(**said)
        return attempt if secrets.compare_digest(attempt.state, state) else None
