"""The issuer's published keys: fetched, cached, and fetched again for an unknown key id."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey

from shared.auth.provider import Provider

ASK_AGAIN_SECONDS = 10
"""An unknown key id makes us ask the issuer, but no oftener than this: anybody can invent key ids."""
FRESH_SECONDS = 300
"""A key that the issuer took away is refused after this at the latest."""
LONGEST_STALE_SECONDS = 900
"""So long the known keys are trusted while the issuer does not answer; no token lives longer."""

SHORTEST_RSA_BITS = 2048
PUBLIC = frozenset({"kty", "kid", "use", "key_ops", "alg", "crv", "x", "y", "n", "e"})
"""All that is read of a published key: a shared secret (`k`) or a private half is not."""

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


def keys_at(provider: Provider) -> KeySource:
    """Fetch the provider's key set over HTTP; raises NoKeys when it cannot be had."""

    async def fetch() -> KeySet:
        try:
            published = (await provider.key_set())["keys"]
            return KeySet([key for each in published if (key := signing_key(each))])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as failed:
            raise NoKeys from failed

    return fetch


def signing_key(published: Any) -> Key | None:
    """Read a key that may have signed a token; None for any other that a provider publishes beside."""
    if not isinstance(published, dict) or not isinstance(published.get("kid"), str):
        return None
    if published.get("use", "sig") != "sig" or "verify" not in published.get("key_ops", ["verify"]):
        return None
    public = {name: value for name, value in published.items() if name in PUBLIC}
    kinds: dict[Any, Any] = {"EC": ECKey, "OKP": OKPKey, "RSA": RSAKey}
    try:
        key: Key = kinds[published.get("kty")].import_key(public)
        fits = bool(algorithms_of(key))
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return key if fits else None


def algorithms_of(key: Key) -> frozenset[str]:
    """Name the algorithms that a key may have signed with: by its kind, and by what its issuer says of it.

    So no header can choose another, and no public key is ever taken for a shared secret.
    """
    by_kind: frozenset[str] = frozenset()
    if isinstance(key, ECKey) and key.curve_name == "P-256":
        by_kind = frozenset({"ES256"})
    elif isinstance(key, OKPKey) and key.curve_name == "Ed25519":
        by_kind = frozenset({"EdDSA", "Ed25519"})
    elif isinstance(key, RSAKey) and key.public_key.key_size >= SHORTEST_RSA_BITS:
        by_kind = frozenset({"RS256", "PS256"})
    said = key.get("alg")
    return by_kind if said is None or said in ("EdDSA", "Ed25519") else by_kind & {str(said)}
