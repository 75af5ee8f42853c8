"""Asks the provider: where to sign in, which tokens a code gives, and who a signed token is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jws, jwt
from joserfc.errors import JoseError

from gateway.sessions.session import Tokens
from gateway.sign_in.attempt import Attempt
from shared.auth.keys import KnownKeys, algorithms_of
from shared.auth.own_token import Credentials
from shared.auth.provider import Provider
from shared.clock import Clock

WITHIN_SECONDS = 5
LEEWAY_SECONDS = 30
LIFE_UNSAID_SECONDS = 60
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class NotSignedIn(Exception):
    """The provider did not let the person in, or its answer is not to be trusted."""


@dataclass(frozen=True)
class Identity:
    """Whom a token of the provider is about: the person, and the sign-in there."""

    sub: str | None
    sid: str | None


class OpenId:
    """The region's provider, as the gateway uses it (OpenID Connect Core 1.0, code with PKCE)."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        provider: Provider,
        keys: KnownKeys,
        credentials: Credentials,
        *,
        clock: Clock,
        gateway_url: str,
        scope: str = "openid",
        more: Mapping[str, str] | None = None,
    ) -> None:
        self._client = client
        self._provider = provider
        self._keys = keys
        self._credentials = credentials
        self._clock = clock
        self._url = gateway_url.rstrip("/")
        self._asked = {"scope": scope, **(more or {})}

    @property
    def callback(self) -> str:
        return f"{self._url}/sign-in/callback"

    async def address_to_sign_in(self, attempt: Attempt, *, language: str) -> str:
        """Give the provider's page for this attempt; raises httpx.HTTPError when there is none."""
        asked = {
            **self._asked,
            "response_type": "code",
            "client_id": self._credentials.client_id,
            "redirect_uri": self.callback,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
            "ui_locales": language,
        }
        return f"{await self._provider.endpoint('authorization_endpoint')}?{urlencode(asked)}"

    async def address_to_sign_out(self, identity_token: str) -> str | None:
        """Give the provider's page that ends the sign-in there too; None for a provider without one."""
        try:
            address = await self._provider.endpoint("end_session_endpoint")
        except httpx.HTTPError:
            return None
        asked = {
            **({"id_token_hint": identity_token} if identity_token else {}),
            "client_id": self._credentials.client_id,
            "post_logout_redirect_uri": f"{self._url}/signed-out",
        }
        return f"{address}?{urlencode(asked)}"

    async def tokens_for(self, code: str, attempt: Attempt) -> tuple[Tokens, Identity]:
        """Trade the code for tokens; raises NotSignedIn, and httpx.HTTPError when nobody answers."""
        tokens = await self._asked_for_tokens({
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback,
            "code_verifier": attempt.verifier,
        })  # fmt: skip
        claims = await self._signed(tokens.identity, kind={"JWT", None})
        if claims.get("nonce") != attempt.nonce or not isinstance(claims.get("sub"), str):
            raise NotSignedIn
        return tokens, identity_in(claims)

    async def refreshed(self, tokens: Tokens) -> Tokens:
        """Get new tokens for the same sign-in; raises NotSignedIn when the provider has ended it."""
        if not tokens.refresh:
            raise NotSignedIn
        return await self._asked_for_tokens({"grant_type": "refresh_token", "refresh_token": tokens.refresh})

    async def signed_out(self, logout_token: str) -> Identity:
        """Read a back-channel logout (OpenID Connect Back-Channel Logout 1.0); raises NotSignedIn."""
        claims = await self._signed(logout_token, kind={"logout+jwt", "JWT", None})
        events = claims.get("events")
        is_logout = isinstance(events, dict) and LOGOUT_EVENT in events
        identity = identity_in(claims)
        about_somebody = identity.sub or identity.sid
        if not is_logout or "nonce" in claims or not about_somebody or not claims.get("jti"):
            raise NotSignedIn
        return identity

    async def _asked_for_tokens(self, form: Mapping[str, str]) -> Tokens:
        now = self._clock.now()
        shown = self._credentials.form(audience=self._provider.issuer, now=now.timestamp())
        answer = await self._client.post(
            await self._provider.token_url(),
            data={**form, **shown},
            headers={"Accept": "application/json", **self._credentials.header()},
            timeout=WITHIN_SECONDS,
        )
        if answer.is_server_error:
            answer.raise_for_status()
        try:
            said = answer.json()
            lives = timedelta(seconds=float(said.get("expires_in", LIFE_UNSAID_SECONDS)))
            refresh, identity = said.get("refresh_token"), said.get("id_token") or ""
            return Tokens(str(said["access_token"]), now + lives, refresh=refresh, identity=str(identity))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as broken:
            raise NotSignedIn from broken

    async def _signed(self, token: str, *, kind: set[str | None]) -> dict[str, Any]:
        """Give the claims of a token that the provider signed for us, now; raises NotSignedIn."""
        try:
            header = jws.extract_compact(token.encode()).headers()
            keys = await self._keys.with_id(str(header.get("kid")))
            key = next(each for each in keys.keys if each.kid == header["kid"]) if keys else None
            if key is None or header.get("typ") not in kind or header["alg"] not in algorithms_of(key):
                raise NotSignedIn
            claims = jwt.decode(token, key, algorithms=[header["alg"]]).claims
        except (JoseError, ValueError, TypeError, KeyError, StopIteration) as broken:
            raise NotSignedIn from broken
        self._demand_for_us(claims)
        return claims

    def _demand_for_us(self, claims: Mapping[str, Any]) -> None:
        audience, ours = claims.get("aud"), self._credentials.client_id
        audiences = [audience] if isinstance(audience, str) else audience
        now = self._clock.now().timestamp()
        issued, expires = claims.get("iat"), claims.get("exp")
        is_for_us = (
            claims.get("iss") == self._provider.issuer
            and isinstance(audiences, list)
            and ours in audiences
            and claims.get("azp", ours) == ours
            and isinstance(issued, int | float)
            and isinstance(expires, int | float)
            and issued <= now + LEEWAY_SECONDS
            and now < expires + LEEWAY_SECONDS
        )
        if not is_for_us:
            raise NotSignedIn

    def is_from_provider(self, issuer: str | None) -> bool:
        """Tell whether an answer may be the provider's: it names itself, or does not say (RFC 9207)."""
        return issuer is None or issuer == self._provider.issuer


def identity_in(claims: Mapping[str, Any]) -> Identity:
    sub, sid = claims.get("sub"), claims.get("sid")
    return Identity(sub if isinstance(sub, str) else None, sid if isinstance(sid, str) else None)
