"""Gets a service's own access token, for requests to other services."""

import asyncio
import base64
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote_plus

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from shared.auth.keys import algorithms_of
from shared.auth.provider import NotDiscovered, Provider
from shared.clock import Clock

EARLY_SECONDS = 30
WITHIN_SECONDS = 5
LIFE_UNSAID_SECONDS = 60
"""How long a token is used whose provider does not say how long it lives (RFC 6749 section 5.1)."""
ASSERTION_SECONDS = 60
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PREFERRED = ("PS256", "ES256", "Ed25519", "RS256", "EdDSA")

Way = Literal["client_secret_basic", "client_secret_post", "private_key_jwt"]


@dataclass(frozen=True)
class Credentials:
    """By what a service shows the provider who it is (RFC 6749 section 2.3, RFC 7523)."""

    client_id: str
    way: Way = "client_secret_basic"
    secret: str = field(default="", repr=False)
    key: Key | None = field(default=None, repr=False)

    def header(self) -> Mapping[str, str]:
        if self.way != "client_secret_basic":
            return {}
        pair = f"{quote_plus(self.client_id)}:{quote_plus(self.secret)}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def form(self, *, audience: str, now: float) -> Mapping[str, str]:
        if self.way == "client_secret_basic":
            return {}
        if self.way == "client_secret_post":
            return {"client_id": self.client_id, "client_secret": self.secret}
        assertion = self._assertion(audience, int(now))
        return {
            "client_id": self.client_id,
            "client_assertion_type": JWT_BEARER,
            "client_assertion": assertion,
        }

    def _assertion(self, audience: str, now: int) -> str:
        assert self.key is not None  # noqa: S101  who is configured with this way has a key
        algorithm = next(each for each in PREFERRED if each in algorithms_of(self.key))
        header = {"alg": algorithm, "typ": "JWT", **({"kid": self.key.kid} if self.key.kid else {})}
        claims = {
            "iss": self.client_id, "sub": self.client_id, "aud": audience, "jti": uuid.uuid4().hex,
            "iat": now, "exp": now + ASSERTION_SECONDS,
        }  # fmt: skip
        return jwt.encode(header, claims, self.key, algorithms=[algorithm])


def private_key(path: Path) -> Key:
    """Read a private key as JWK; raises ValueError for what none of our algorithms signs with."""
    read = json.loads(path.read_text())
    kinds: Mapping[str, type[ECKey | OKPKey | RSAKey]] = {
        "EC": ECKey, "OKP": OKPKey, "RSA": RSAKey,
    }  # fmt: skip
    if read.get("kty") not in kinds or "d" not in read:
        raise ValueError("no private key of the kinds EC, OKP or RSA")
    key: Key = kinds[read["kty"]].import_key(read)
    if not algorithms_of(key):
        raise ValueError("the key is of another curve, or too short")
    return key


class OwnToken:
    """Asked for with the service's own credentials, kept until shortly before it expires."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        provider: Provider,
        credentials: Credentials,
        *,
        clock: Clock,
        more: Mapping[str, str] | None = None,
    ) -> None:
        self._client = client
        self._provider = provider
        self._credentials = credentials
        self._clock = clock
        self._more = dict(more or {})
        """What this provider wants to know besides, as `scope` or `resource`."""
        self._token = ""
        self._fetched = self._expires = 0.0
        self._fetching = asyncio.Lock()

    async def current(self) -> str:
        """Give a token that is good for a while; raises httpx.HTTPError when the provider gives none."""
        async with self._fetching:
            now = self._clock.now().timestamp()
            # a clock that was set back stands before the token's own time: others would not take it yet
            if not self._fetched <= now <= self._expires - EARLY_SECONDS:
                await self._fetch(now)
            return self._token

    def refused(self, token: str) -> None:
        """Somebody did not take it: its key may have changed, or the provider's clock gone wrong."""
        if token == self._token:
            self._expires = 0.0

    async def _fetch(self, now: float) -> None:
        answer = await self._client.post(
            await self._provider.token_url(),
            data={
                "grant_type": "client_credentials",
                **self._credentials.form(audience=self._provider.issuer, now=now),
                **self._more,
            },
            headers={"Accept": "application/json", **self._credentials.header()},
            timeout=WITHIN_SECONDS,
        )
        answer.raise_for_status()
        self._token, lives = _given(answer)
        self._fetched, self._expires = now, now + lives


def _given(answer: httpx.Response) -> tuple[str, float]:
    try:
        said = answer.json()
        kind, token = said["token_type"], said["access_token"]
        lives = float(said.get("expires_in", LIFE_UNSAID_SECONDS))
    except (ValueError, KeyError, TypeError) as broken:
        raise NotDiscovered("the provider's answer is no token") from broken
    if str(kind).lower() != "bearer" or not isinstance(token, str):
        raise NotDiscovered("the provider gave another kind of token")
    return token, lives
