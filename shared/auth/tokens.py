"""Access tokens (RFC 9068): verified against a key set with a fixed list of algorithms, deny on any doubt."""

from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from shared.auth.actor import Actor
from shared.auth.compact import InvalidToken, read
from shared.auth.keys import KeySource, KnownKeys, keys_at
from shared.clock import Clock

ALGORITHMS = ["ES256", "Ed25519"]
LEEWAY_SECONDS = 5
LONGEST_LIFE_SECONDS = 600
LATEST = 253_402_300_799
"""The last second of the year 9999: a later moment is no moment."""
TOKEN_TYPES = ("at+jwt", "application/at+jwt")
NEEDED = ("sub", "client_id", "jti")

__all__ = ["InvalidToken", "KeySource", "Verifier", "keys_at"]


class Verifier:
    """Says whom a token speaks for."""

    def __init__(self, keys: KeySource, *, issuer: str, audience: str, clock: Clock) -> None:
        self._keys = KnownKeys(keys)
        self._issuer = issuer
        self._audience = audience
        self._clock = clock

    async def actor(self, token: str) -> Actor:
        """Give the person a token speaks for; raises InvalidToken."""
        said = read(token)
        keys = await self._keys.with_id(said.key_id)
        if keys is None or said.type not in TOKEN_TYPES:
            raise InvalidToken
        try:
            jwt.decode(token, keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError, TypeError, KeyError) as broken:
            raise InvalidToken from broken
        self._demand_for_us(said.claims)
        self._demand_in_time(said.claims)
        return _actor(said.claims)

    def _demand_for_us(self, claims: dict[str, Any]) -> None:
        audience = claims.get("aud")
        audiences = [audience] if isinstance(audience, str) else audience
        if claims.get("iss") != self._issuer or self._audience not in _texts(audiences):
            raise InvalidToken
        if not all(_text(claims.get(name)) for name in NEEDED):
            raise InvalidToken

    def _demand_in_time(self, claims: dict[str, Any]) -> None:
        now = self._clock.now().timestamp()
        issued, expires = _moment(claims.get("iat")), _moment(claims.get("exp"))
        not_before = _moment(claims.get("nbf", issued))
        in_time = (
            max(issued, not_before) <= now + LEEWAY_SECONDS
            and now < expires + LEEWAY_SECONDS
            and 0 < expires - issued <= LONGEST_LIFE_SECONDS
        )
        if not in_time:
            raise InvalidToken


def _moment(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LATEST:
        raise InvalidToken
    return float(value)


def _texts(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InvalidToken
    return frozenset(value)


def _text(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise InvalidToken
    return value


def _yes(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidToken
    return value


def _patient(claims: dict[str, Any]) -> str | None:
    """A patient's token speaks for the patient alone: nobody is patient and staff at one time."""
    roles, patient_ref = claims.get("roles", []), _text(claims.get("patient_ref"))
    if ("patient" in roles and len(roles) > 1) or (patient_ref is not None and "patient" not in roles):
        raise InvalidToken
    return patient_ref


def _actor(claims: dict[str, Any]) -> Actor:
    return Actor(
        sub=claims["sub"],
        roles=_texts(claims.get("roles", [])),
        care_units=_texts(claims.get("care_units", [])),
        product_areas=_texts(claims.get("product_areas", [])),
        profession=_text(claims.get("profession")),
        patient_ref=_patient(claims),
        employed_by_region=_yes(claims.get("employed_by_region", False)),
        name=_text(claims.get("name")) or "",
        purpose=_text(claims.get("purpose")),
        guardian_of=_texts(claims.get("guardian_of", [])),
    )
