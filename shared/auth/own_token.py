"""A service's own access token, for the one question that goes over HTTP between services."""

import asyncio

import httpx

from shared.clock import Clock

EARLY_SECONDS = 30


class OwnToken:
    """Fetched with the service's secret, kept until shortly before it expires."""

    def __init__(
        self, client: httpx.AsyncClient, *, issuer_url: str, service: str, secret: str, clock: Clock
    ) -> None:
        self._client = client
        self._issuer_url = issuer_url
        self._service = service
        self._secret = secret
        self._clock = clock
        self._token = ""
        self._fetched = self._expires = 0.0
        self._fetching = asyncio.Lock()

    async def current(self) -> str:
        """Give a token that is good for a while; raises httpx.HTTPError when the issuer does not answer."""
        async with self._fetching:
            now = self._clock.now().timestamp()
            # a clock that was set back stands before the token's own time: others would not take it yet
            if not self._fetched <= now <= self._expires - EARLY_SECONDS:
                await self._fetch(now)
            return self._token

    def refused(self, token: str) -> None:
        """Somebody did not take it: its key may have changed, or the issuer's clock gone wrong."""
        if token == self._token:
            self._expires = 0.0

    async def _fetch(self, now: float) -> None:
        answer = await self._client.post(
            f"{self._issuer_url}/token", json={"service": self._service, "secret": self._secret}, timeout=5
        )
        answer.raise_for_status()
        body = answer.json()
        self._token = str(body["access_token"])
        self._fetched, self._expires = now, now + float(body["expires_in"])
