"""A service's own token: kept while others take it, and fetched anew when the clock was set back."""

from datetime import UTC, datetime

import httpx
import pytest

from shared.auth.own_token import OwnToken
from shared.clock import FixedClock

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LIFETIME_SECONDS = 600


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def own_token(clock: FixedClock) -> OwnToken:
    """Of an issuer whose tokens say when they were issued."""

    def issue(_: httpx.Request) -> httpx.Response:
        body = {"access_token": clock.now().isoformat(), "expires_in": LIFETIME_SECONDS}
        return httpx.Response(200, json=body)

    client = httpx.AsyncClient(transport=httpx.MockTransport(issue))
    return OwnToken(client, issuer_url="http://issuer", service="notification", secret="s", clock=clock)


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
