"""Access tokens (RFC 9068): verified against a key set with a fixed list of algorithms, deny on any doubt."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.util import urlsafe_b64decode

from shared.auth.actor import Actor
from shared.clock import Clock

ALGORITHMS = ["ES256", "EdDSA"]
LEEWAY_SECONDS = 5
LONGEST_LIFE_SECONDS = 600
LONGEST_TOKEN = 8192
REFETCH_SECONDS = 10
TOKEN_TYPES = ("at+jwt", "application/at+jwt")

KeySource = Callable[[], Awaitable[KeySet]]


class InvalidToken(Exception):
    """The token is missing, broken, foreign, old or not yet valid; never says which to the outside."""


class Verifier:
    """Knows the issuer's keys; an unknown key id makes it look again, at most every ten seconds."""

    def __init__(self, keys: KeySource, *, issuer: str, audience: str, clock: Clock) -> None:
        self._fetch = keys
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._keys: KeySet | None = None
        self._fetched = 0.0
        self._fetching = asyncio.Lock()

    async def actor(self, token: str) -> Actor:
        """Give the person a token speaks for; raises InvalidToken."""
        if len(token) > LONGEST_TOKEN:
            raise InvalidToken
        keys = await self._known_keys(_key_id(token))
        try:
            decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError, TypeError, KeyError) as broken:
            raise InvalidToken from broken
        if decoded.header.get("typ") not in TOKEN_TYPES:
            raise InvalidToken
        self._demand_claims(decoded.claims)
        return _actor(decoded.claims)

    def _demand_claims(self, claims: dict[str, Any]) -> None:
        now = self._clock.now().timestamp()
        issued, expires = _moment(claims.get("iat")), _moment(claims.get("exp"))
        not_before = _moment(claims.get("nbf", issued))
        if not isinstance(claims.get("sub"), str):
            raise InvalidToken
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        in_time = (
            max(issued, not_before) <= now + LEEWAY_SECONDS
            and now < expires + LEEWAY_SECONDS
            and expires - issued <= LONGEST_LIFE_SECONDS
        )
        if claims.get("iss") != self._issuer or self._audience not in audiences or not in_time:
            raise InvalidToken

    async def _known_keys(self, key_id: str) -> KeySet:
        if self._keys is None or key_id not in {key.kid for key in self._keys.keys}:
            async with self._fetching:
                now = asyncio.get_running_loop().time()
                if self._keys is None or now - self._fetched > REFETCH_SECONDS:
                    self._keys = await self._fetch()
                    self._fetched = now
        if key_id not in {key.kid for key in self._keys.keys}:
            raise InvalidToken
        return self._keys


def keys_at(client: httpx.AsyncClient, issuer_url: str) -> KeySource:
    """Fetch the issuer's key set over HTTP; raises InvalidToken when it cannot be had."""

    async def fetch() -> KeySet:
        try:
            answer = await client.get(f"{issuer_url}/.well-known/jwks.json", timeout=5)
            answer.raise_for_status()
            return KeySet.import_key_set(answer.json())
        except (httpx.HTTPError, JoseError, ValueError) as failed:
            raise InvalidToken from failed

    return fetch


def _key_id(token: str) -> str:
    try:
        header = json.loads(urlsafe_b64decode(token.split(".", maxsplit=1)[0].encode()))
    except (ValueError, TypeError) as broken:
        raise InvalidToken from broken
    key_id = header.get("kid") if isinstance(header, dict) else None
    if not isinstance(key_id, str):
        raise InvalidToken
    return key_id


def _moment(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InvalidToken
    return float(value)


def _texts(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InvalidToken
    return frozenset(value)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _actor(claims: dict[str, Any]) -> Actor:
    return Actor(
        sub=claims["sub"],
        roles=_texts(claims.get("roles", [])),
        care_units=_texts(claims.get("care_units", [])),
        product_areas=_texts(claims.get("product_areas", [])),
        profession=_text(claims.get("profession")),
        patient_ref=_text(claims.get("patient_ref")),
        employed_by_region=claims.get("employed_by_region") is True,
        name=_text(claims.get("name")) or "",
        purpose=_text(claims.get("purpose")),
    )
