"""Tokens at the verifier itself and at the doors of a running application: no attack gets in."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey

from services.inventory.app import assemble
from shared.auth import keys
from shared.auth.keys import ASK_AGAIN_SECONDS, FRESH_SECONDS, LONGEST_STALE_SECONDS, NoKeys
from shared.auth.tokens import InvalidToken, Verifier
from shared.clock import FixedClock
from tests.doors import attacks, claim_attacks
from tests.doors.forging import (
    HEADER,
    NOW,
    Attack,
    b64,
    ed25519_signed,
    es256,
    pem,
    public_keys,
    said,
    without,
)
from tests.support import A_MONDAY_MORNING, AUDIENCE, ISSUER, InMemory, in_memory

FAMILIES: tuple[Callable[[], Iterator[Attack]], ...] = (
    attacks.unsigned, attacks.confused, attacks.embedded, attacks.named_wrongly, attacks.headed_wrongly,
    attacks.doubled, attacks.shaped_wrongly, attacks.garbled, attacks.signed_wrongly,
    claim_attacks.claimed_wrongly, claim_attacks.claimed_half, claim_attacks.timed_wrongly,
)  # fmt: skip
each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)


def verifier_of(source: keys.KeySource) -> Verifier:
    return Verifier(source, issuer=ISSUER, audience=AUDIENCE, clock=FixedClock(A_MONDAY_MORNING))


async def lets_in(verifier: Verifier, token: str) -> bool:
    try:
        await verifier.actor(token)
    except InvalidToken:
        return False
    return True


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


class Issuer:
    """Publishes what it is told to, and counts who asks."""

    def __init__(self, *key_ids: str) -> None:
        self.secrets = {each: ec.generate_private_key(ec.SECP256R1()) for each in key_ids}
        self.published = list(key_ids)
        self.answers = True
        self.asked = 0

    async def keys(self) -> KeySet:
        self.asked += 1
        if not self.answers:
            raise NoKeys
        return KeySet([_published(self.secrets[each], each) for each in self.published])

    def token(self, key_id: str) -> str:
        return es256({**HEADER, "kid": key_id}, said(), self.secrets[key_id])


class Timer:
    """The seconds that the known keys grow old by."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def timer(monkeypatch: pytest.MonkeyPatch) -> Timer:
    timer = Timer()
    monkeypatch.setattr(keys, "monotonic", timer)
    return timer


@pytest.fixture
async def rotating(timer: Timer) -> tuple[Issuer, Verifier]:
    """Give an issuer that published only its old key, and a verifier that has just met it."""
    issuer = Issuer("old", "new")
    issuer.published = ["old"]
    verifier = verifier_of(issuer.keys)
    assert await lets_in(verifier, issuer.token("old"))
    timer.now += ASK_AGAIN_SECONDS
    return issuer, verifier


async def test_a_signature_is_checked_once_and_again_when_the_keys_are_fetched_anew(
    rotating: tuple[Issuer, Verifier], timer: Timer, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer, verifier = rotating
    token, checked = issuer.token("old"), 0
    decode = jwt.decode

    def counting(*words: Any, **options: Any) -> Any:
        nonlocal checked
        checked += 1
        return decode(*words, **options)

    monkeypatch.setattr(jwt, "decode", counting)
    assert await lets_in(verifier, token)
    assert await lets_in(verifier, token)
    assert checked == 1

    timer.now += FRESH_SECONDS
    assert await lets_in(verifier, token)
    assert checked == 2


async def test_a_token_that_was_let_in_is_refused_once_its_time_is_over() -> None:
    issuer, clock = Issuer("old"), FixedClock(A_MONDAY_MORNING)
    verifier = Verifier(issuer.keys, issuer=ISSUER, audience=AUDIENCE, clock=clock)
    token = issuer.token("old")
    assert await lets_in(verifier, token)

    clock.move(hours=1)

    assert not await lets_in(verifier, token)


async def test_a_new_key_is_found_by_its_first_token(rotating: tuple[Issuer, Verifier]) -> None:
    issuer, verifier = rotating
    issuer.published = ["old", "new"]

    assert await lets_in(verifier, issuer.token("new"))
    assert await lets_in(verifier, issuer.token("old"))


async def test_a_token_of_a_key_that_is_gone_is_refused_as_soon_as_the_new_one_is_seen(
    rotating: tuple[Issuer, Verifier],
) -> None:
    issuer, verifier = rotating
    issuer.published = ["new"]
    await lets_in(verifier, issuer.token("new"))

    assert not await lets_in(verifier, issuer.token("old"))


async def test_a_token_of_a_key_that_is_gone_is_refused_after_five_minutes_even_if_no_new_one_comes(
    rotating: tuple[Issuer, Verifier], timer: Timer
) -> None:
    issuer, verifier = rotating
    issuer.published = []
    timer.now += FRESH_SECONDS

    assert not await lets_in(verifier, issuer.token("old"))


async def test_another_key_under_an_old_name_is_another_key(
    rotating: tuple[Issuer, Verifier], timer: Timer
) -> None:
    issuer, verifier = rotating
    replayed = issuer.token("old")
    issuer.secrets["old"] = issuer.secrets["new"]
    timer.now += FRESH_SECONDS

    assert not await lets_in(verifier, replayed)
    assert await lets_in(verifier, issuer.token("old"))


async def test_invented_key_ids_make_us_ask_the_issuer_once_in_ten_seconds(
    rotating: tuple[Issuer, Verifier],
) -> None:
    issuer, verifier = rotating
    before = issuer.asked

    for number in range(50):
        await lets_in(verifier, es256({**HEADER, "kid": f"invented-{number}"}, said()))

    assert issuer.asked == before + 1


async def test_an_issuer_that_is_away_signs_nobody_out_for_a_quarter_of_an_hour(
    rotating: tuple[Issuer, Verifier], timer: Timer
) -> None:
    issuer, verifier = rotating
    issuer.answers = False

    timer.now += FRESH_SECONDS
    assert await lets_in(verifier, issuer.token("old"))

    timer.now += LONGEST_STALE_SECONDS
    assert not await lets_in(verifier, issuer.token("old"))


async def test_an_issuer_that_is_away_is_not_asked_at_every_door(timer: Timer) -> None:
    issuer = Issuer("old")
    issuer.answers = False
    verifier = verifier_of(issuer.keys)

    for _ in range(20):
        await lets_in(verifier, issuer.token("old"))
    assert issuer.asked == 1

    issuer.answers = True
    timer.now += ASK_AGAIN_SECONDS
    assert await lets_in(verifier, issuer.token("old"))


async def test_a_token_grows_old_while_it_is_used() -> None:
    clock = FixedClock(A_MONDAY_MORNING)
    verifier = Verifier(public_keys, issuer=ISSUER, audience=AUDIENCE, clock=clock)
    token = es256(HEADER, said())
    assert await lets_in(verifier, token)

    clock.set(A_MONDAY_MORNING + timedelta(minutes=11))

    assert not await lets_in(verifier, token)


def _published(secret: ec.EllipticCurvePrivateKey, key_id: str) -> ECKey:
    whole = ECKey.import_key(pem(secret), {"kid": key_id})
    return ECKey.import_key(whole.as_dict(private=False))


def _okp(secret: Ed25519PrivateKey) -> dict[str, str | list[str]]:
    raw = secret.public_key().public_bytes_raw()
    return {"kty": "OKP", "crv": "Ed25519", "x": b64(raw), "kid": "edwards"}
