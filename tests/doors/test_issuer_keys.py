"""The issuer's keys: changed, gone, invented, or out of reach."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from shared.auth import keys
from shared.auth.keys import ASK_AGAIN_SECONDS, FRESH_SECONDS, LONGEST_STALE_SECONDS, NoKeys
from shared.auth.tokens import Verifier
from shared.clock import FixedClock
from tests.doors.forging import HEADER, es256, pem, public_keys, said
from tests.doors.verifying import lets_in, verifier_of
from tests.support import A_MONDAY_MORNING, AUDIENCE, ISSUER


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
