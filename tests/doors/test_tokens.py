"""Tokens at the verifier itself and at the doors of a running application: no attack gets in."""

from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import KeySet, OKPKey

from services.inventory.app import assemble
from tests.doors import attacks, claim_attacks
from tests.doors.forging import HEADER, NOW, Attack, b64, ed25519_signed, es256, public_keys, said, without
from tests.doors.verifying import lets_in, verifier_of
from tests.support import AUDIENCE, InMemory, in_memory

FAMILIES: tuple[Callable[[], Iterator[Attack]], ...] = (
    attacks.unsigned, attacks.confused, attacks.embedded, attacks.named_wrongly, attacks.headed_wrongly,
    attacks.doubled, attacks.shaped_wrongly, attacks.garbled, attacks.signed_wrongly,
    claim_attacks.claimed_wrongly, claim_attacks.claimed_half, claim_attacks.timed_wrongly,
)  # fmt: skip
each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)


@pytest.fixture
async def inventory() -> InMemory:
    return await in_memory("inventory", assemble)


@each_family
async def test_the_verifier_lets_no_forged_token_in(family: Callable[[], Iterator[Attack]]) -> None:
    verifier = verifier_of(public_keys)

    inside = [attack.name for attack in family() if await lets_in(verifier, attack.token)]

    assert inside == []


@each_family
async def test_the_doors_let_no_forged_token_in(
    inventory: InMemory, family: Callable[[], Iterator[Attack]]
) -> None:
    for attack in family():
        authorization = b"Bearer " + attack.token.encode()
        answer = await inventory.client.get("/subgroups", headers=[(b"authorization", authorization)])

        assert (answer.status_code, answer.json()["rule"]) == (401, "not-signed-in"), attack.name


def test_the_attacks_are_at_least_two_hundred_different_tokens() -> None:
    tokens = {attack.token for family in FAMILIES for attack in family()}

    assert len(tokens) >= 600


GOOD = {
    "as the issuer writes it": es256(HEADER, said()),
    "with the long type": es256({**HEADER, "typ": "application/at+jwt"}, said()),
    "for several audiences": es256(HEADER, said(aud=["another", AUDIENCE])),
    "without nbf": es256(HEADER, without("nbf")),
    "in its last leeway": es256(HEADER, said(iat=NOW - 604, nbf=NOW - 604, exp=NOW - 4)),
    "from a clock four seconds ahead": es256(HEADER, said(iat=NOW + 4, nbf=NOW + 4, exp=NOW + 604)),
    "with fractions of seconds": es256(HEADER, said(iat=NOW + 0.5, nbf=NOW + 0.5, exp=NOW + 300.5)),
    "of nobody in particular": es256(HEADER, said(roles=[], care_units=[], product_areas=[])),
    "with claims that we do not know": es256(HEADER, said(acr="loa3", more={"deep": [1]})),
}


@pytest.mark.parametrize("token", GOOD.values(), ids=GOOD)
async def test_a_good_token_gets_in(token: str) -> None:
    actor = await verifier_of(public_keys).actor(token)

    assert actor.sub == "customer_service-1"


async def test_a_token_signed_with_an_edwards_key_gets_in() -> None:
    secret = Ed25519PrivateKey.generate()
    public = OKPKey.import_key(_okp(secret))

    async def both() -> KeySet:
        return KeySet([*(await public_keys()).keys, public])

    token = ed25519_signed({**HEADER, "alg": "Ed25519", "kid": "edwards"}, said(), secret)

    assert await lets_in(verifier_of(both), token)


SCHEMES: dict[str, list[tuple[str, str]]] = {
    "no header": [],
    "an empty one": [("Authorization", "")],
    "the scheme alone": [("Authorization", "Bearer")],
    "another scheme": [("Authorization", f"Basic {attacks.GOOD}")],
    "the token alone": [("Authorization", attacks.GOOD)],
    "a scheme that only begins so": [("Authorization", f"Bearerx {attacks.GOOD}")],
    "two spaces": [("Authorization", f"Bearer  {attacks.GOOD}")],
    "a parameter": [("Authorization", f"Bearer token={attacks.GOOD}")],
    "two tokens": [("Authorization", f"Bearer {attacks.GOOD} {attacks.GOOD}")],
    "a cookie": [("Cookie", f"access_token={attacks.GOOD}; Authorization=Bearer {attacks.GOOD}")],
    "a proxy's header": [("Proxy-Authorization", f"Bearer {attacks.GOOD}")],
    "a forwarded user": [("X-Forwarded-User", "customer_service-1"), ("X-Remote-User", "customer_service-1")],
    "two headers": [("Authorization", f"Bearer {attacks.GOOD}"), ("Authorization", "Bearer x")],
    "two headers, the good one last": [
        ("Authorization", "Bearer x"),
        ("Authorization", f"Bearer {attacks.GOOD}"),
    ],
}


@pytest.mark.parametrize("headers", SCHEMES.values(), ids=SCHEMES)
async def test_a_good_token_in_the_wrong_place_opens_nothing(
    inventory: InMemory, headers: list[tuple[str, str]]
) -> None:
    answer = await inventory.client.get("/subgroups", params={"access_token": attacks.GOOD}, headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def _okp(secret: Ed25519PrivateKey) -> dict[str, str | list[str]]:
    raw = secret.public_key().public_bytes_raw()
    return {"kty": "OKP", "crv": "Ed25519", "x": b64(raw), "kid": "edwards"}
