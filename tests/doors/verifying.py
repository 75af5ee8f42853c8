"""The verifier of the doors, over whatever keys a test publishes."""

from shared.auth import keys
from shared.auth.tokens import InvalidToken, Verifier
from shared.clock import FixedClock
from tests.support import A_MONDAY_MORNING, AUDIENCE, ISSUER


def verifier_of(source: keys.KeySource) -> Verifier:
    return Verifier(source, issuer=ISSUER, audience=AUDIENCE, clock=FixedClock(A_MONDAY_MORNING))


async def lets_in(verifier: Verifier, token: str) -> bool:
    try:
        await verifier.actor(token)
    except InvalidToken:
        return False
    return True
