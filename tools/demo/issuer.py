"""The embedded run's own issuer: short-lived access tokens (RFC 9068) for people of the demo and services."""

import base64
import hmac
import json
import os
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus
from uuid import uuid4

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from joserfc import jwt
from joserfc.jwk import ECKey
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError, model_validator
from starlette.datastructures import FormData

from services import SERVICES
from shared.clock import Clock
from tools.demo.people import CARE_UNITS, PEOPLE, REGION, Person, service_role
from tools.demo.settings import DemoSettings
from tools.demo.sign_in import CLIENT, SignIns, Wrong, add_sign_in, known

AUDIENCE = "oppna-sesam"
FORM = "application/x-www-form-urlencoded"
LIFETIME = timedelta(minutes=10)


class NotForProduction(Exception):
    """The issuer gives anyone a token and must never be where real people are."""


class TokenRequest(BaseModel):
    """Whom the token shall be for: a person of the demo, or a service that knows the secret."""

    model_config = ConfigDict(extra="forbid")

    person: str | None = None
    service: str | None = None
    secret: SecretStr | None = None

    @model_validator(mode="after")
    def one_of_them(self) -> "TokenRequest":
        if (self.person is None) == (self.service is None):
            raise ValueError("name a person or a service, and not both")
        return self


class OwnPatient(BaseModel):
    """Which patient a person of the demo is, once registered, and whose guardian."""

    model_config = ConfigDict(extra="forbid")

    patient_ref: str
    guardian_of: tuple[str, ...] = ()


class Token(BaseModel):
    """The answer of RFC 6749."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name, no secret
    expires_in: int


class Issuer:
    """Signs tokens with a key that outlives a restart, and remembers which patient a demo person is."""

    def __init__(self, settings: DemoSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._patients = settings.issuer_key_file.with_name("issuer_patients.json")
        self._children = settings.issuer_key_file.with_name("issuer_children.json")
        self._key = kept_key(settings.issuer_key_file)
        self.sign_ins = SignIns(
            clock, self._key, settings.issuer_url, settings.gateway_url, settings.gateway_key_file
        )

    @property
    def key_set(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False, alg="ES256", use="sig")]}

    @property
    def description(self) -> dict[str, Any]:
        """Say of itself what any OpenID provider says (Discovery 1.0)."""
        url = self._settings.issuer_url
        return {
            "issuer": url,
            "jwks_uri": f"{url}/.well-known/jwks.json",
            "token_endpoint": f"{url}/token",
            "authorization_endpoint": f"{url}/authorize",
            "end_session_endpoint": f"{url}/end-session",
            "grant_types_supported": ["client_credentials", "authorization_code", "refresh_token"],
            "token_endpoint_auth_methods_supported": [
                "client_secret_basic",
                "client_secret_post",
                "private_key_jwt",
            ],
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        }

    def token_of(self, person: Person, *, client_id: str = "demo") -> Token:
        claims = {
            "name": person.name,
            "roles": list(person.roles),
            "care_units": list(person.care_units),
            "product_areas": list(person.product_areas),
            "profession": person.profession,
            "employed_by_region": person.employed_by_region,
            "purpose": person.purpose,
        }
        patient_ref = noted(self._patients).get(person.key)
        children = noted(self._children).get(person.key)
        own = {"patient_ref": patient_ref} if patient_ref else {}
        return self._signed(
            person.sub, client_id, claims | own | ({"guardian_of": children} if children else {})
        )

    def token_of_service(self, service: str, secret: str) -> Token | None:
        if service not in SERVICES or not hmac.compare_digest(secret, self._settings.service_secret):
            return None
        claims = {"name": service, "roles": [service_role(service)], "purpose": "system"}
        return self._signed(service_role(service), service, claims)

    def note_patient(self, person: Person, own: OwnPatient) -> None:
        write_private(self._patients, json.dumps(noted(self._patients) | {person.key: own.patient_ref}))
        write_private(self._children, json.dumps(noted(self._children) | {person.key: own.guardian_of}))

    def _signed(self, sub: str, client_id: str, claims: Mapping[str, Any]) -> Token:
        now = int(self._clock.now().timestamp())
        lifetime = int(LIFETIME.total_seconds())
        times = {"iat": now, "nbf": now, "exp": now + lifetime, "jti": uuid4().hex}
        who = {"iss": self._settings.issuer_url, "aud": AUDIENCE, "sub": sub, "client_id": client_id}
        header = {"alg": "ES256", "typ": "at+jwt", "kid": self._key.kid}
        return Token(
            access_token=jwt.encode(header, {**who, **times, **claims}, self._key), expires_in=lifetime
        )


def noted(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text())) if path.exists() else {}


def kept_key(path: Path) -> ECKey:
    """Read the key pair, or make it at the first start."""
    if not path.exists():
        made = ECKey.generate_key("P-256", {"use": "sig", "kid": uuid4().hex[:12]})
        write_private(path, json.dumps(made.as_dict(private=True)))
    return ECKey.import_key(json.loads(path.read_text()))


def write_private(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(text)
    os.replace(new, path)  # noqa: PTH105 - the one call that says it is atomic


def create_app() -> FastAPI:
    """Assemble the issuer; raises NotForProduction in production mode."""
    settings = DemoSettings()
    if settings.mode == "production":
        raise NotForProduction(
            "The demo issuer does not start in production: name the region's own issuer instead."
        )
    return routes(Issuer(settings, settings.clock))


def routes(issuer: Issuer) -> FastAPI:
    app = FastAPI(title="Demo issuer", docs_url=None, redoc_url=None)

    @app.get("/live")
    @app.get("/ready")
    async def get_state() -> dict[str, str]:
        return {"status": "ready"}

    @app.get("/.well-known/jwks.json")
    async def get_key_set() -> dict[str, Any]:
        return issuer.key_set

    @app.get("/people")
    async def get_people() -> list[dict[str, Any]]:
        return [shown(person) for person in PEOPLE.values()]

    @app.get("/.well-known/openid-configuration")
    async def get_description() -> dict[str, Any]:
        return issuer.description

    @app.post("/token")
    async def post_token(request: Request) -> JSONResponse:
        """As OAuth has it for services, in a form; a person of the demo signs in with JSON and no secret."""
        kind = request.headers.get("content-type", "").partition(";")[0]
        if kind == FORM:
            return of_client(issuer, await request.form(), request.headers.get("authorization"))
        return given(of_demo(issuer, await request.body()))

    @app.put("/people/{person}/patient", status_code=204)
    async def put_patient(person: str, own: OwnPatient) -> None:
        issuer.note_patient(known(person), own)

    add_sign_in(app, issuer.sign_ins)
    return app


def of_demo(issuer: Issuer, body: bytes) -> Token:
    """Give a token for a named person of the demo, or for a service with the secret, in JSON."""
    try:
        wanted = TokenRequest.model_validate_json(body)
    except ValidationError as wrong:
        raise HTTPException(422, "name a person or a service, and not both") from wrong
    if wanted.person is not None:
        return issuer.token_of(known(wanted.person))
    token = issuer.token_of_service(
        wanted.service or "", wanted.secret.get_secret_value() if wanted.secret else ""
    )
    if token is None:
        raise HTTPException(401, "no service with that secret")
    return token


def of_client(issuer: Issuer, form: FormData, authorization: str | None) -> JSONResponse:
    """Give a service its token by client credentials (RFC 6749 section 4.4), the gateway a person's."""
    if form.get("grant_type") in ("authorization_code", "refresh_token"):
        return of_gateway(issuer, form)
    if form.get("grant_type") != "client_credentials":
        return oauth_error(400, "unsupported_grant_type")
    client_id, secret = shown_in(authorization) or (form.get("client_id"), form.get("client_secret"))
    token = issuer.token_of_service(str(client_id), str(secret))
    return given(token) if token else oauth_error(401, "invalid_client")


def of_gateway(issuer: Issuer, form: FormData) -> JSONResponse:
    """Give the gateway the tokens of somebody who signed in."""
    try:
        signed_in = issuer.sign_ins.redeemed({name: str(value) for name, value in form.items()})
    except Wrong as wrong:
        return oauth_error(401 if str(wrong) == "invalid_client" else 400, str(wrong))
    token = issuer.token_of(signed_in.person, client_id=CLIENT).model_dump()
    whole = issuer.sign_ins.with_refresh(signed_in, token)
    return JSONResponse(whole, headers={"Cache-Control": "no-store"})


def shown_in(authorization: str | None) -> tuple[str, str] | None:
    """Read HTTP Basic as OAuth writes it, each half encoded as in a form; None without it."""
    scheme, _, word = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(word, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote_plus(name), unquote_plus(secret)


def given(token: Token) -> JSONResponse:
    return JSONResponse(token.model_dump(), headers={"Cache-Control": "no-store"})


def oauth_error(status: int, code: str) -> JSONResponse:
    asked = {"WWW-Authenticate": "Basic"} if status == HTTPStatus.UNAUTHORIZED else {}
    return JSONResponse({"error": code}, status, headers={"Cache-Control": "no-store", **asked})


def shown(person: Person) -> dict[str, Any]:
    units = [{"id": each, "name": CARE_UNITS[each]} for each in person.care_units]
    return {
        "person": person.key,
        "name": person.name,
        "roles": person.roles,
        "region": REGION,
        "care_units": units,
    }
