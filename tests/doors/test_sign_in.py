"""Signing in: the token of an OpenID provider says who it is, and that a card was used (S1)."""

from typing import Any

import pytest
from joserfc.jwk import KeySet

from shared.auth.tokens import InvalidToken, Verifier
from shared.clock import FixedClock
from tests.support import A_MONDAY_MORNING, AUDIENCE, ISSUER, bearer, claims, signing_key

CARD = "http://id.example.se/loa/loa3"
PASSWORD = "http://id.example.se/loa/loa1"
ANYHOW: list[dict[str, Any]] = [{}, {"acr": PASSWORD}, {"acr": ""}]
STAFF = ["prescriber", "order_placer", "customer_service", "economist", "operator"]


async def keys() -> KeySet:
    return KeySet([signing_key()])


def verifier(*staff_acr: str) -> Verifier:
    return Verifier(
        keys,
        issuer=ISSUER,
        audience=AUDIENCE,
        clock=FixedClock(A_MONDAY_MORNING),
        staff_acr=frozenset(staff_acr),
    )


def token(role: str, **changes: Any) -> str:
    return bearer(claims(role, at=A_MONDAY_MORNING, **changes))["Authorization"].removeprefix("Bearer ")


@pytest.mark.parametrize("role", STAFF)
async def test_staff_who_signed_in_with_a_card_are_let_in_as_the_provider_says(role: str) -> None:
    actor = await verifier(CARD).actor(token(role, acr=CARD))

    assert (actor.sub, actor.roles) == (f"{role}-1", frozenset({role}))


@pytest.mark.parametrize("how", ANYHOW)
@pytest.mark.parametrize("role", STAFF)
async def test_staff_who_signed_in_without_a_card_are_nobody(role: str, how: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        await verifier(CARD).actor(token(role, **how))


@pytest.mark.parametrize("acr", [1, True, [CARD], {"acr": CARD}])
async def test_what_is_no_text_says_of_no_card(acr: Any) -> None:
    with pytest.raises(InvalidToken):
        await verifier(CARD).actor(token("prescriber", acr=acr))


@pytest.mark.parametrize("how", ANYHOW)
async def test_a_region_that_demands_nothing_leaves_it_to_the_provider(how: dict[str, Any]) -> None:
    assert (await verifier().actor(token("prescriber", **how))).has("prescriber")


@pytest.mark.parametrize(
    "who", [{"patient_ref": "p-1", "roles": ["patient"]}, {"roles": ["service_ordering"]}]
)
async def test_citizens_and_services_do_not_sign_in_with_a_card_of_staff(who: dict[str, Any]) -> None:
    assert (await verifier(CARD).actor(token("patient", **who))).sub


async def test_one_of_several_accepted_ways_is_enough() -> None:
    assert await verifier(CARD, PASSWORD).actor(token("order_placer", acr=PASSWORD))
