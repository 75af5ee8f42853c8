"""The embedded issuer's sign-in for people: OpenID Connect with code, PKCE, refresh and logout."""

import base64
import hashlib
import hmac
import html
import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from shared.clock import Clock
from tools.demo.people import CARE_UNITS, PEOPLE, Person

CLIENT = "gateway"
CODE_LIFE = timedelta(minutes=1)
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LEEWAY_SECONDS = 5


class Wrong(Exception):
    """The request is not to be answered; says the code of RFC 6749."""


@dataclass(frozen=True)
class SignedIn:
    """One sign-in of a person at the issuer."""

    sid: str
    person: Person
    nonce: str = ""


@dataclass
class SignIns:
    """Codes, refresh tokens and sign-ins of this run; a restart of the issuer ends them all."""

    clock: Clock
    key: ECKey
    issuer_url: str
    gateway_url: str
    gateway_key_file: Path
    codes: dict[str, tuple[SignedIn, str, datetime]] = field(default_factory=dict)
    refresh: dict[str, SignedIn] = field(default_factory=dict)
    live: dict[str, Person] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    client: Callable[[], httpx.AsyncClient] = lambda: httpx.AsyncClient(timeout=5, trust_env=False)

    def demand_known(self, asked: Mapping[str, str]) -> None:
        """Refuse anybody but the gateway, any other address of it, and a code without a challenge."""
        is_known = (
            asked.get("client_id") == CLIENT
            and asked.get("redirect_uri") == f"{self.gateway_url}/sign-in/callback"
            and asked.get("response_type") == "code"
            and asked.get("code_challenge_method") == "S256"
            and bool(asked.get("code_challenge"))
        )
        if not is_known:
            raise Wrong("invalid_request")

    def chosen(self, asked: Mapping[str, str], person: Person) -> str:
        """Sign a person in; give the gateway's address with the code."""
        self.demand_known(asked)
        signed_in = SignedIn(secrets.token_urlsafe(16), person, asked.get("nonce", ""))
        code = secrets.token_urlsafe(32)
        self.codes[code] = (signed_in, asked["code_challenge"], self.clock.now() + CODE_LIFE)
        self.live[signed_in.sid] = person
        said = {"code": code, "state": asked.get("state", ""), "iss": self.issuer_url}
        return f"{asked['redirect_uri']}?{urlencode(said)}"

    def redeemed(self, form: Mapping[str, str]) -> SignedIn:
        """Give the sign-in behind a code or a refresh token, each good once; raises Wrong."""
        self._demand_gateway(form)
        if form.get("grant_type") == "refresh_token":
            signed_in = self.refresh.pop(form.get("refresh_token", ""), None)
            if signed_in is None or signed_in.sid not in self.live:
                raise Wrong("invalid_grant")
            return signed_in
        known = self.codes.pop(form.get("code", ""), None)
        if known is None:
            raise Wrong("invalid_grant")
        signed_in, challenge, until = known
        if self.clock.now() > until or not hmac.compare_digest(
            challenge, challenge_of(form.get("code_verifier", ""))
        ):
            raise Wrong("invalid_grant")
        return signed_in

    def with_refresh(self, signed_in: SignedIn, tokens: Mapping[str, Any]) -> dict[str, Any]:
        """Add what OpenID Connect gives beside the access token."""
        renewed = secrets.token_urlsafe(32)
        self.refresh[renewed] = signed_in
        return {**tokens, "refresh_token": renewed, "id_token": self._identity(signed_in)}

    def _identity(self, signed_in: SignedIn) -> str:
        claims = {"sub": signed_in.person.sub, "sid": signed_in.sid, "nonce": signed_in.nonce}
        return self._signed("JWT", claims)

    def _signed(self, kind: str, claims: Mapping[str, Any]) -> str:
        now = int(self.clock.now().timestamp())
        whole = {"iss": self.issuer_url, "aud": CLIENT, "iat": now, "exp": now + 300, **claims}
        return jwt.encode({"alg": "ES256", "typ": kind, "kid": self.key.kid}, whole, self.key)

    def _demand_gateway(self, form: Mapping[str, str]) -> None:
        """Check the gateway's own signature (RFC 7523): for us, now, and once."""
        try:
            public = ECKey.import_key(json.loads(self.gateway_key_file.read_text()))
            claims = jwt.decode(form.get("client_assertion", ""), public, algorithms=["ES256"]).claims
            in_time = claims["exp"] > self.clock.now().timestamp() - LEEWAY_SECONDS
            is_gateway = claims["iss"] == claims["sub"] == CLIENT and claims["aud"] == self.issuer_url
            is_new = claims["jti"] not in self.shown
        except (JoseError, OSError, ValueError, KeyError) as broken:
            raise Wrong("invalid_client") from broken
        if not (in_time and is_gateway and is_new and form.get("client_assertion_type") == ASSERTION):
            raise Wrong("invalid_client")
        self.shown.add(claims["jti"])

    async def ended(self, sid: str | None, person: Person | None = None) -> None:
        """End one sign-in, or all of a person, and tell the gateway without the browser (back-channel)."""
        gone = [each for each, who in self.live.items() if each == sid or (person and who == person)]
        for each in gone:
            about = {"sid": each, "sub": self.live.pop(each).sub}
            token = self._signed(
                "logout+jwt", {**about, "jti": secrets.token_hex(8), "events": {LOGOUT_EVENT: {}}}
            )
            async with self.client() as client:
                with suppress(httpx.HTTPError):  # a gateway that is down has no pages open either
                    await client.post(f"{self.gateway_url}/sign-out/notified", data={"logout_token": token})

    def sid_in(self, identity: str) -> str | None:
        """Read which sign-in an identity token of ours was about, however old it is."""
        try:
            return str(jwt.decode(identity, self.key, algorithms=["ES256"]).claims["sid"])
        except (JoseError, ValueError, KeyError):
            return None


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


STYLE = (
    "body{margin:0;font:1rem/1.5 system-ui,sans-serif;background:#f4f6f7;color:#1b1e20}"
    "main{max-width:46rem;margin:0 auto;padding:1.5rem}h1{font-size:1.6rem;margin:0 0 .5rem}"
    "ul{list-style:none;padding:0;display:grid;gap:.6rem;"
    "grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr))}"
    "button{width:100%;min-height:3.4rem;text-align:left;padding:.6rem .9rem;font:inherit;color:inherit;"
    "background:#fff;border:1px solid #c3ccd0;border-radius:6px;cursor:pointer}"
    "button:hover{border-color:#0b6b82;background:#e3f1f4}"
    "button:focus-visible{outline:3px solid #0b6b82}span{display:block;color:#566066;font-size:.92rem}"
)


def page(asked: Mapping[str, str]) -> str:
    """Give the page on which one chooses whom to be; nothing is asked for but that."""
    fields = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in asked.items()
    )
    people = "".join(
        f'<li><button name="person" value="{each.key}"><strong>{html.escape(each.name)}</strong>'
        f"<span>{html.escape(described(each))}</span></button></li>"
        for each in PEOPLE.values()
    )
    return (
        '<!doctype html><html lang="sv"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<title>Demolegitimation</title><style>{STYLE}</style><main><h1>Demolegitimation</h1>"
        "<p>Här loggar regionens legitimation in dig på riktigt. I demon väljer du vem du är.</p>"
        f'<form method="post" action="/authorize">{fields}<ul>{people}</ul></form></main></html>'
    )


def described(person: Person) -> str:
    """Say of a person which roles and units, to choose by."""
    units = ", ".join(CARE_UNITS[each] for each in person.care_units)
    return f"{person.key.replace('_', ' ')}{': ' + units if units else ''}"


def add_sign_in(app: FastAPI, sign_ins: SignIns) -> None:
    """Add the pages by which people sign in and out."""

    @app.get("/authorize")
    async def get_choice(request: Request) -> HTMLResponse:
        asked = dict(request.query_params)
        return known_or_refused(sign_ins, asked) or HTMLResponse(page(asked))

    @app.post("/authorize")
    async def post_choice(request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        person = known(form.pop("person", ""))
        refused = known_or_refused(sign_ins, form)
        return refused or RedirectResponse(sign_ins.chosen(form, person), 303)

    @app.get("/end-session")
    async def get_end(request: Request) -> RedirectResponse:
        """End the sign-in that the identity token is about, and lead back to the gateway."""
        await sign_ins.ended(sign_ins.sid_in(request.query_params.get("id_token_hint", "")))
        return RedirectResponse(f"{sign_ins.gateway_url}/signed-out", 303)

    @app.post("/people/{person}/sign-out", status_code=204)
    async def post_sign_out(person: str) -> None:
        """End every sign-in of a person, as when a card is blocked."""
        await sign_ins.ended(None, known(person))


def known_or_refused(sign_ins: SignIns, asked: Mapping[str, str]) -> HTMLResponse | None:
    try:
        sign_ins.demand_known(asked)
    except Wrong:
        return HTMLResponse("<p>Den som frågar är inte gatewayen.</p>", 400)
    return None


def known(person: str) -> Person:
    if person not in PEOPLE:
        raise HTTPException(404, f"no such person; there are: {', '.join(PEOPLE)}")
    return PEOPLE[person]
