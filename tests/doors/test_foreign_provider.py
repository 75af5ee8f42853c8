"""Tokens of an OpenID provider that nobody here wrote (npm `oidc-provider`), from discovery to the door."""

import json
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from shared.auth.keys import keys_at
from shared.auth.own_token import Credentials, OwnToken, private_key
from shared.auth.policy import allows, whole_policy
from shared.auth.provider import Provider
from shared.auth.tokens import InvalidToken, Verifier
from shared.clock import SystemClock
from tests import npm
from tests.support import AUDIENCE
from tools.embedded.ports import ADDRESS, answers, free_ports

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[1] / "provider"
SECRET = "a secret: with % and + and /"
START_SECONDS = 60
KEYS: dict[str, Key] = {
    "RS256": RSAKey.generate_key(2048, {"kid": "rs", "alg": "RS256", "use": "sig"}, auto_kid=False),
    "PS256": RSAKey.generate_key(2048, {"kid": "ps", "alg": "PS256", "use": "sig"}, auto_kid=False),
    "ES256": ECKey.generate_key("P-256", {"kid": "es", "alg": "ES256", "use": "sig"}, auto_kid=False),
    "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "ed", "alg": "EdDSA", "use": "sig"}, auto_kid=False),
}
OWN_KEY = ECKey.generate_key("P-256", {"kid": "own", "alg": "ES256", "use": "sig"}, auto_kid=False)
BASIC = Credentials("ordering", secret=SECRET)
POST = Credentials("billing", "client_secret_post", secret=SECRET)
BY_KEY = Credentials("notification", "private_key_jwt", key=OWN_KEY)


def client(known: Credentials) -> dict[str, Any]:
    about: dict[str, Any] = {
        "client_id": known.client_id,
        "grant_types": ["client_credentials"],
        "redirect_uris": [],
        "response_types": [],
        "token_endpoint_auth_method": known.way,
    }
    if known.key:
        public = {"keys": [known.key.as_dict(private=False)]}
        return {**about, "jwks": public, "token_endpoint_auth_signing_alg": "ES256"}
    return {**about, "client_secret": known.secret}


def told_to_provider(issuer: str, port: int) -> dict[str, Any]:
    """What the provider is told: its address, its keys, and its clients with their claims."""
    clients = (BASIC, POST, BY_KEY)
    return {
        "issuer": issuer,
        "port": port,
        "audience": AUDIENCE,
        "lives": 600,
        "keys": [key.as_dict(private=True) for key in KEYS.values()],
        "clients": [client(each) for each in clients],
        "claims": {
            each.client_id: {"roles": [f"service_{each.client_id}"], "purpose": "system"} for each in clients
        },
    }


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the provider; give its address."""
    folder, told = npm.packages(FOLDER), tmp_path_factory.mktemp("provider") / "told.json"
    (port,) = free_ports(1)
    issuer = f"http://{ADDRESS}:{port}"
    told.write_text(json.dumps(told_to_provider(issuer, port)))
    shutil.copy(FOLDER / "provider.mjs", folder)
    log = told.with_name("log")
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(npm.node()), "provider.mjs", str(told)], cwd=folder, stdout=output, stderr=output
        )
    deadline = time.monotonic() + START_SECONDS
    while not answers(port):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
    yield issuer
    process.terminate()
    process.wait()


@dataclass
class Trust:
    """What a service of ours has when it is told the issuer's address and nothing else."""

    http: httpx.AsyncClient
    provider: Provider

    def token(self, known: Credentials, algorithm: str = "RS256") -> OwnToken:
        more = {"resource": f"urn:oppna-sesam:{algorithm}"}
        return OwnToken(self.http, self.provider, known, clock=SystemClock(), more=more)

    def verifier(self, **changes: Any) -> Verifier:
        usual = {"issuer": self.provider.issuer, "audience": AUDIENCE, "clock": SystemClock()}
        return Verifier(keys_at(self.provider), **{**usual, **changes})


@pytest.fixture
async def trust(issuer: str) -> AsyncIterator[Trust]:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        yield Trust(http, Provider(http, issuer))


@pytest.mark.parametrize("algorithm", KEYS)
async def test_a_service_is_known_by_its_token_in_every_algorithm(trust: Trust, algorithm: str) -> None:
    token = await trust.token(BASIC, algorithm).current()

    actor = await trust.verifier().actor(token)

    assert (actor.sub, set(actor.roles)) == ("ordering", {"service_ordering"})


@pytest.mark.parametrize("known", [BASIC, POST, BY_KEY], ids=lambda each: each.way)
async def test_a_service_shows_who_it_is_in_each_way_of_oauth(trust: Trust, known: Credentials) -> None:
    actor = await trust.verifier().actor(await trust.token(known).current())

    assert actor.roles == {f"service_{known.client_id}"}


async def test_its_token_opens_what_the_service_may_do_and_nothing_else(trust: Trust) -> None:
    actor = await trust.verifier().actor(await trust.token(BY_KEY).current())

    assert allows(whole_policy(), actor, "prescription.ask_reachability")
    assert not allows(whole_policy(), actor, "billing.publish_tariff")


@pytest.mark.parametrize(
    "wrong",
    [
        replace(BASIC, secret="another"),
        replace(POST, secret=""),
        replace(BY_KEY, key=ECKey.generate_key("P-256", {"kid": "own", "alg": "ES256"}, auto_kid=False)),
        replace(BASIC, client_id="nobody"),
    ],
    ids=["secret", "no secret", "key", "name"],
)
async def test_who_cannot_show_it_gets_no_token(trust: Trust, wrong: Credentials) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        await trust.token(wrong).current()


async def test_a_token_for_somebody_else_or_of_somebody_else_is_refused(trust: Trust) -> None:
    token = await trust.token(BASIC).current()

    for changes in ({"audience": "another-system"}, {"issuer": "http://127.0.0.1:1"}):
        with pytest.raises(InvalidToken):
            await trust.verifier(**changes).actor(token)


async def test_another_address_of_the_same_provider_is_another_issuer(trust: Trust, issuer: str) -> None:
    renamed = issuer.replace(ADDRESS, "localhost")
    provider = Provider(trust.http, renamed)

    with pytest.raises(InvalidToken):
        await Verifier(keys_at(provider), issuer=renamed, audience=AUDIENCE, clock=SystemClock()).actor(
            await trust.token(BASIC).current()
        )


async def test_the_addresses_may_be_configured_instead_of_discovered(trust: Trust, issuer: str) -> None:
    provider = Provider(trust.http, issuer, key_set_url=f"{issuer}/jwks", token_url=f"{issuer}/token")
    told = Trust(trust.http, provider)

    assert (await told.verifier().actor(await told.token(POST).current())).sub == "billing"


def test_a_private_key_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    file.write_text(json.dumps(OWN_KEY.as_dict(private=True)))

    assert private_key(file).thumbprint() == OWN_KEY.thumbprint()

    file.write_text(json.dumps(OWN_KEY.as_dict(private=False)))
    with pytest.raises(ValueError, match="no private key"):
        private_key(file)
