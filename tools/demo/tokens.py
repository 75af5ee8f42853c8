"""Gets tokens for the demo's people from the embedded run's own issuer."""

from time import monotonic

import httpx

USED_FOR_SECONDS = 240.0


class Tokens:
    """Keeps each person's token for a while, less than it lives."""

    def __init__(self, http: httpx.AsyncClient, issuer_url: str) -> None:
        self._http = http
        self._issuer_url = issuer_url
        self._kept: dict[str, tuple[str, float]] = {}

    async def of(self, person: str) -> str:
        token, until = self._kept.get(person, ("", 0.0))
        if monotonic() >= until:
            answer = await self._http.post(f"{self._issuer_url}/token", json={"person": person})
            answer.raise_for_status()
            token = answer.json()["access_token"]
            self._kept[person] = (token, monotonic() + USED_FOR_SECONDS)
        return token

    def forget(self) -> None:
        """Ask anew, as when the run's clock was moved and every token grew old."""
        self._kept.clear()
