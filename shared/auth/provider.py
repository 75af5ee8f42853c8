"""Reads an OpenID provider's description: where its keys and its token endpoint are."""

from typing import Any
from urllib.parse import urlsplit

import httpx

WITHIN_SECONDS = 5
LARGEST_ANSWER = 256 * 1024


class NotDiscovered(httpx.HTTPError):
    """The provider's description cannot be read, or is not that of the configured provider."""


class Provider:
    """One issuer; its description (OpenID Connect Discovery 1.0) is read each time that it is needed.

    That is every few minutes. An address that the region configured itself is taken as it is, unasked.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        issuer: str,
        *,
        key_set_url: str | None = None,
        token_url: str | None = None,
    ) -> None:
        self._client = client
        self._issuer = issuer
        self._key_set_url = key_set_url
        self._token_url = token_url

    @property
    def issuer(self) -> str:
        return self._issuer

    async def key_set(self) -> Any:
        """Fetch the published keys as they are; raises httpx.HTTPError and ValueError."""
        return await self._read(self._key_set_url or await self._discovered("jwks_uri"))

    async def token_url(self) -> str:
        """Tell where tokens are given out; raises httpx.HTTPError."""
        return self._token_url or await self._discovered("token_endpoint")

    async def endpoint(self, name: str) -> str:
        """Tell where the provider does this, as `authorization_endpoint`; raises httpx.HTTPError."""
        return await self._discovered(name)

    async def _discovered(self, name: str) -> str:
        """Raises NotDiscovered when another issuer answers: its keys must never count for ours (mix-up)."""
        address = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            said = await self._read(address)
        except ValueError as broken:
            raise NotDiscovered(f"{address} is no JSON") from broken
        if not isinstance(said, dict) or said.get("issuer") != self._issuer:
            raise NotDiscovered(f"{address} does not speak for {self._issuer}")
        found = said.get(name)
        if not isinstance(found, str) or not self._as_safe_as_the_issuer(found):
            raise NotDiscovered(f"{address} names no {name}, or one without TLS")
        return found

    def _as_safe_as_the_issuer(self, address: str) -> bool:
        return urlsplit(address).scheme in {"https", urlsplit(self._issuer).scheme}

    async def _read(self, address: str) -> Any:
        answer = await self._client.get(
            address, timeout=WITHIN_SECONDS, headers={"Accept": "application/json"}
        )
        answer.raise_for_status()
        if len(answer.content) > LARGEST_ANSWER:
            raise NotDiscovered(f"{address} says too much")
        return answer.json()
