"""A service's own token: kept while others take it, and fetched anew when the clock was set back."""

from datetime import UTC, datetime

import httpx
import pytest

from shared.auth.own_token import Credentials, OwnToken
from shared.auth.provider import Provider
from shared.clock import FixedClock
from shared.service.process import asking_others
from shared.settings import Settings

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LIFETIME_SECONDS = 600


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def own_token(clock: FixedClock) -> OwnToken:
    """Of an issuer whose tokens say when they were issued."""

    def issue(_: httpx.Request) -> httpx.Response:
        body = {
            "access_token": clock.now().isoformat(),
            "token_type": "Bearer",
            "expires_in": LIFETIME_SECONDS,
        }
        return httpx.Response(200, json=body)

    client = httpx.AsyncClient(transport=httpx.MockTransport(issue))
    provider = Provider(client, "http://issuer", token_url="http://issuer/token")
    return OwnToken(client, provider, Credentials("notification", secret="s"), clock=clock)


@pytest.mark.parametrize("seconds", [0, 1, 569])
async def test_a_token_is_kept_until_half_a_minute_before_it_expires(
    own_token: OwnToken, clock: FixedClock, seconds: int
) -> None:
    first = await own_token.current()

    clock.move(seconds=seconds)

    assert await own_token.current() == first


async def test_a_token_that_soon_expires_is_fetched_anew(own_token: OwnToken, clock: FixedClock) -> None:
    await own_token.current()

    clock.move(seconds=571)

    assert await own_token.current() == clock.now().isoformat()


async def test_a_token_from_before_the_clock_was_set_back_is_fetched_anew(
    own_token: OwnToken, clock: FixedClock
) -> None:
    await own_token.current()

    clock.move(days=-28)

    assert await own_token.current() == clock.now().isoformat()


async def test_a_token_that_somebody_did_not_take_is_fetched_anew(
    own_token: OwnToken, clock: FixedClock
) -> None:
    first = await own_token.current()
    clock.move(seconds=1)

    own_token.refused("another")
    kept = await own_token.current()
    own_token.refused(first)

    assert (kept, await own_token.current()) == (first, clock.now().isoformat())


async def test_who_is_not_let_in_asks_once_more_with_a_fresh_token(
    own_token: OwnToken, clock: FixedClock
) -> None:
    old = await own_token.current()
    clock.move(seconds=1)
    shown: list[str] = []

    def door(request: httpx.Request) -> httpx.Response:
        shown.append(request.headers["Authorization"].removeprefix("Bearer "))
        return httpx.Response(200, json="well") if shown[-1] != old else httpx.Response(401)

    async with httpx.AsyncClient(transport=httpx.MockTransport(door)) as client:
        ask = asking_others(client, own_token, Settings())
        answer = await ask("prescription", "POST", "/reachability", json={})

    assert (answer, shown) == ("well", [old, clock.now().isoformat()])


async def test_who_is_never_let_in_is_told_so_and_asks_no_third_time(own_token: OwnToken) -> None:
    shown: list[httpx.Request] = []

    def door(request: httpx.Request) -> httpx.Response:
        shown.append(request)
        return httpx.Response(401)

    async with httpx.AsyncClient(transport=httpx.MockTransport(door)) as client:
        with pytest.raises(httpx.HTTPStatusError):
            await asking_others(client, own_token, Settings())("prescription", "GET", "/x")

    assert len(shown) == 2
