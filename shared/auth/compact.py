"""Parses a token's compact form, strictly, before anything of it is used."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from joserfc.util import urlsafe_b64decode

LONGEST_TOKEN = 8192
PARTS = 3
HEADER_FIELDS = frozenset({"alg", "typ", "kid"})
"""All that our issuer writes: a key brought along (jwk, jku) or a demand (crit, b64) is refused unread."""


class InvalidToken(Exception):
    """The token is missing, broken, foreign, old or not yet valid; never says which to the outside."""


@dataclass(frozen=True)
class Compact:
    """What a token says of itself; nothing of it is verified yet."""

    key_id: str
    algorithm: str
    type: str
    claims: dict[str, Any]


def read(token: str) -> Compact:
    """Read a signed token's header and claims; raises InvalidToken for anything out of the ordinary."""
    parts = token[: LONGEST_TOKEN + 1].split(".")
    if len(token) > LONGEST_TOKEN or len(parts) != PARTS:
        raise InvalidToken
    header, claims = _object(parts[0]), _object(parts[1])
    key_id, algorithm, kind = (header.get(name) for name in ("kid", "alg", "typ"))
    if not isinstance(key_id, str) or not isinstance(algorithm, str) or not isinstance(kind, str):
        raise InvalidToken
    if not header.keys() <= HEADER_FIELDS:
        raise InvalidToken
    return Compact(key_id, algorithm, kind, claims)


def _object(part: str) -> dict[str, Any]:
    try:
        text = urlsafe_b64decode(part.encode("ascii")).decode()
        read = json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as broken:
        raise InvalidToken from broken
    if not isinstance(read, dict):
        raise InvalidToken
    return read


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A name twice is read differently by different readers."""
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a name twice")
    return read


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
