"""The embedded run's token issuer: short-lived tokens for ready-made people, never in production."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from shared.clock import FixedClock
from tests.demo.orders import AT
from tools.demo.issuer import AUDIENCE, Issuer, NotForProduction, create_app, routes
from tools.demo.people import PEOPLE
from tools.demo.settings import DemoSettings


def issuer_of(folder: Path) -> httpx.AsyncClient:
    settings = DemoSettings(mode="embedded", issuer_key_file=folder / "issuer.json", service_secret="hush")
    app = routes(Issuer(settings, FixedClock(AT)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://issuer")


@pytest.fixture
def issuer(tmp_path: Path) -> httpx.AsyncClient:
    return issuer_of(tmp_path)


async def token(issuer: httpx.AsyncClient, **wanted: str) -> jwt.Token:
    answer = (await issuer.post("/token", json=wanted)).json()
    keys = KeySet.import_key_set((await issuer.get("/.well-known/jwks.json")).json())
    return jwt.decode(answer["access_token"], keys, algorithms=["ES256"])


async def test_a_token_names_its_type_key_and_algorithm(issuer: httpx.AsyncClient) -> None:
    given = await token(issuer, person="dietitian")

    assert (given.header["typ"], given.header["alg"]) == ("at+jwt", "ES256")
    assert given.header["kid"]


async def test_a_token_is_for_our_services_and_lives_ten_minutes(issuer: httpx.AsyncClient) -> None:
    claims = (await token(issuer, person="dietitian")).claims

    assert claims["aud"] == AUDIENCE
    assert claims["iat"] == claims["nbf"] == int(AT.timestamp())
    assert claims["exp"] - claims["iat"] == 600
    assert {"iss", "jti", "client_id", "sub"} <= set(claims)


async def test_a_token_says_what_the_person_may_see_and_do(issuer: httpx.AsyncClient) -> None:
    claims = (await token(issuer, person="dietitian_elsewhere")).claims

    assert claims["roles"] == ["dietitian", "prescriber"]
    assert claims["care_units"] == ["DEMO-102"]
    assert claims["profession"] == "dietitian"
    assert claims["employed_by_region"] is False


async def test_two_tokens_of_the_same_moment_are_not_the_same(issuer: httpx.AsyncClient) -> None:
    once, again = await token(issuer, person="patient"), await token(issuer, person="patient")

    assert once.claims["jti"] != again.claims["jti"]


async def test_the_key_set_holds_no_private_key(issuer: httpx.AsyncClient) -> None:
    (key,) = (await issuer.get("/.well-known/jwks.json")).json()["keys"]

    assert "d" not in key
    assert key["kid"]


async def test_tokens_given_before_a_restart_stay_valid(issuer: httpx.AsyncClient, tmp_path: Path) -> None:
    before = (await issuer.post("/token", json={"person": "dietitian"})).json()["access_token"]

    restarted = issuer_of(tmp_path)

    keys = KeySet.import_key_set((await restarted.get("/.well-known/jwks.json")).json())
    assert jwt.decode(before, keys, algorithms=["ES256"]).claims["name"] == PEOPLE["dietitian"].name


async def test_the_private_key_is_for_its_owner_only(issuer: httpx.AsyncClient, tmp_path: Path) -> None:
    assert (tmp_path / "issuer.json").stat().st_mode & 0o077 == 0


async def test_a_patient_has_a_reference_once_it_is_registered(issuer: httpx.AsyncClient) -> None:
    unregistered = (await token(issuer, person="patient")).claims

    await issuer.put("/people/patient/patient", json={"patient_ref": "p-1"})

    assert "patient_ref" not in unregistered
    assert (await token(issuer, person="patient")).claims["patient_ref"] == "p-1"


async def test_a_guardians_sign_in_says_whose_guardian_it_is(issuer: httpx.AsyncClient) -> None:
    own = {"patient_ref": "p-1", "guardian_of": ["p-2", "p-3"]}
    await issuer.put("/people/guardian/patient", json=own)

    claims = (await token(issuer, person="guardian")).claims

    assert claims["guardian_of"] == ["p-2", "p-3"]
    assert "guardian_of" not in (await token(issuer, person="patient")).claims


async def test_a_service_gets_its_token_for_its_secret(issuer: httpx.AsyncClient) -> None:
    claims = (await token(issuer, service="notification", secret="hush")).claims

    assert claims["sub"] == "service_notification"
    assert claims["roles"] == ["service_notification"]


@pytest.mark.parametrize(
    "wanted",
    [
        {"service": "notification", "secret": "wrong"},
        {"service": "notification"},
        {"service": "burglar", "secret": "hush"},
    ],
)
async def test_a_service_without_the_secret_gets_nothing(
    issuer: httpx.AsyncClient, wanted: dict[str, Any]
) -> None:
    assert (await issuer.post("/token", json=wanted)).status_code == 401


async def test_an_unknown_person_is_answered_with_those_there_are(issuer: httpx.AsyncClient) -> None:
    answer = await issuer.post("/token", json={"person": "king"})

    assert answer.status_code == 404
    assert "dietitian" in answer.json()["detail"]


@pytest.mark.parametrize("wanted", [{}, {"person": "dietitian", "service": "billing"}])
async def test_a_token_is_for_one(issuer: httpx.AsyncClient, wanted: dict[str, str]) -> None:
    assert (await issuer.post("/token", json=wanted)).status_code == 422


async def test_the_people_are_shown_without_their_ids(issuer: httpx.AsyncClient) -> None:
    shown = (await issuer.get("/people")).json()

    assert {each["person"] for each in shown} == set(PEOPLE)
    assert all("sub" not in each for each in shown)


def test_the_issuer_refuses_to_start_in_production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESAM_MODE", "production")
    monkeypatch.setenv("SESAM_ISSUER_KEY_FILE", str(tmp_path / "issuer.json"))

    with pytest.raises(NotForProduction):
        create_app()

    assert not (tmp_path / "issuer.json").exists()


def test_the_issuer_refuses_to_start_when_nobody_says_that_it_is_not_production(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SESAM_MODE", raising=False)

    with pytest.raises(NotForProduction):
        create_app()


async def test_the_issuer_says_of_itself_what_any_provider_says(issuer: httpx.AsyncClient) -> None:
    about = (await issuer.get("/.well-known/openid-configuration")).json()

    assert about["issuer"] == DemoSettings().issuer_url
    assert about["jwks_uri"] == f"{about['issuer']}/.well-known/jwks.json"
    assert about["token_endpoint"] == f"{about['issuer']}/token"


@pytest.mark.parametrize("by_header", [True, False])
async def test_a_service_gets_its_token_by_client_credentials(
    issuer: httpx.AsyncClient, by_header: bool
) -> None:
    form = {"grant_type": "client_credentials"}
    if by_header:
        answer = await issuer.post("/token", data=form, auth=("ordering", "hush"))
    else:
        answer = await issuer.post("/token", data={**form, "client_id": "ordering", "client_secret": "hush"})

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json()["expires_in"] == 600


@pytest.mark.parametrize(
    ("form", "auth", "status", "error"),
    [
        ({"grant_type": "client_credentials"}, ("ordering", "loud"), 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, ("king", "hush"), 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, None, 401, "invalid_client"),
        ({"grant_type": "password"}, ("ordering", "hush"), 400, "unsupported_grant_type"),
        ({}, ("ordering", "hush"), 400, "unsupported_grant_type"),
    ],
)
async def test_client_credentials_in_doubt_give_an_error_as_oauth_has_it(
    issuer: httpx.AsyncClient, form: dict[str, str], auth: tuple[str, str] | None, status: int, error: str
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    basic = httpx.BasicAuth(*auth) if auth else httpx.Auth()
    answer = await issuer.post("/token", data=form, auth=basic, headers=headers)

    assert (answer.status_code, answer.json()) == (status, {"error": error})
