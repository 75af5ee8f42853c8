"""Hashes of what others write: with a key (`shared.sealed.Hashes`), and without, as earlier versions did."""

import hashlib
from collections.abc import Callable

Hashed = Callable[[str], str]
"""Gives the same 64 hexadecimal digits for the same words."""


def plain_hash(said: str | bytes) -> str:
    """Hash without a key: the value can be guessed, as a personal number can."""
    return hashlib.sha256(said.encode() if isinstance(said, str) else said).hexdigest()
