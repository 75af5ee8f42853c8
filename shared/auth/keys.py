"""The issuer's published keys: fetched, kept a while, fetched anew for an unknown key id."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

FETCH_SECONDS = 5
ASK_AGAIN_SECONDS = 10
"""An unknown key id makes us ask the issuer, but no oftener than this: anybody can invent key ids."""
FRESH_SECONDS = 300
"""A key that the issuer took away is refused after this at the latest."""
LONGEST_STALE_SECONDS = 900
"""So long the known keys are trusted while the issuer does not answer; no token lives longer."""

KeySource = Callable[[], Awaitable[KeySet]]


class NoKeys(Exception):
    """The issuer's key set cannot be had."""


class KnownKeys:
    """What the issuer published last."""

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self._keys: KeySet | None = None
        self._ids: frozenset[str | None] = frozenset()
        self._fetched = 0.0
        self._asked = -float(ASK_AGAIN_SECONDS)
        self._asking = asyncio.Lock()

    async def with_id(self, key_id: str) -> KeySet | None:
        """Give the key set when it holds the key; None when the issuer knows no such key, or cannot say."""
        if key_id not in self._ids or self._age() > FRESH_SECONDS:
            async with self._asking:
                await self._ask_again(key_id)
        return self._keys if key_id in self._ids and self._age() <= LONGEST_STALE_SECONDS else None

    async def _ask_again(self, key_id: str) -> None:
        answered_meanwhile = key_id in self._ids and self._age() <= FRESH_SECONDS
        if answered_meanwhile or monotonic() - self._asked < ASK_AGAIN_SECONDS:
            return
        self._asked = monotonic()
        try:
            self._keys = await self._source()
        except NoKeys:
            return  # what is known stays good for a while: an issuer that restarts signs nobody out
        self._ids = frozenset(key.kid for key in self._keys.keys)
        self._fetched = monotonic()

    def _age(self) -> float:
        return monotonic() - self._fetched


def keys_at(client: httpx.AsyncClient, issuer_url: str) -> KeySource:
    """Fetch the issuer's key set over HTTP; raises NoKeys when it cannot be had."""

    async def fetch() -> KeySet:
        try:
            answer = await client.get(f"{issuer_url}/.well-known/jwks.json", timeout=FETCH_SECONDS)
            answer.raise_for_status()
            return KeySet.import_key_set(answer.json())
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as failed:
            raise NoKeys from failed

    return fetch
