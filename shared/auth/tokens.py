"""Verifies access tokens (RFC 9068) with a published key and its algorithm; refuses on any doubt."""

import hashlib
import warnings
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet

from shared.auth.actor import Actor
from shared.auth.compact import Compact, InvalidToken, read
from shared.auth.keys import KeySource, KnownKeys, algorithms_of, keys_at
from shared.auth.rule import STAFF
from shared.clock import Clock

LEEWAY_SECONDS = 5
LONGEST_LIFE_SECONDS = 600
LATEST = 253_402_300_799
"""The last second of the year 9999: a later moment is no moment."""
MOST_REMEMBERED = 10_000
"""Tokens whose signature need not be checked again."""
TOKEN_TYPES = ("at+jwt", "application/at+jwt")
EMPLOYED = STAFF | {"operator"}
NEEDED = ("sub", "client_id", "jti")

__all__ = ["InvalidToken", "KeySource", "Verifier", "keys_at"]


class Verifier:
    """Says whom a token speaks for."""

    def __init__(
        self,
        keys: KeySource,
        *,
        issuer: str,
        audience: str,
        clock: Clock,
        staff_acr: frozenset[str] = frozenset(),
    ) -> None:
        self._keys = KnownKeys(keys)
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._staff_acr = staff_acr
        self._signed: dict[bytes, tuple[Compact, KeySet]] = {}

    async def actor(self, token: str) -> Actor:
        """Give the person a token speaks for; raises InvalidToken."""
        said = await self._signed_words(token)
        self._demand_for_us(said.claims)
        self._demand_in_time(said.claims)
        actor = _actor(said.claims)
        self._demand_strong(actor, said.claims)
        return actor

    async def _signed_words(self, token: str) -> Compact:
        """Check a signature once for each key set that may have made it; all else is checked each time."""
        digest = hashlib.sha256(token.encode(errors="replace")).digest()
        said, checked_with = self._signed.get(digest) or (read(token), None)
        keys = await self._keys.with_id(said.key_id)
        if keys is None or said.type not in TOKEN_TYPES:
            raise InvalidToken
        if checked_with is not keys:
            _demand_signed(token, said, keys)
            if len(self._signed) >= MOST_REMEMBERED:
                self._signed.clear()
            self._signed[digest] = (said, keys)
        return said

    def _demand_for_us(self, claims: dict[str, Any]) -> None:
        audience = claims.get("aud")
        audiences = [audience] if isinstance(audience, str) else audience
        if claims.get("iss") != self._issuer or self._audience not in _texts(audiences):
            raise InvalidToken
        if not all(_text(claims.get(name)) for name in NEEDED):
            raise InvalidToken

    def _demand_strong(self, actor: Actor, claims: dict[str, Any]) -> None:
        """Demand that staff signed in as the region demands, as with a card (S1, RFC 9068 section 2.2.1)."""
        if self._staff_acr and actor.has(*EMPLOYED) and _text(claims.get("acr")) not in self._staff_acr:
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


def _demand_signed(token: str, said: Compact, keys: KeySet) -> None:
    """Verify with the one key that is named, and with an algorithm that this key signs with."""
    key = next((each for each in keys.keys if each.kid == said.key_id), None)
    if key is None or said.algorithm not in algorithms_of(key):
        raise InvalidToken
    try:
        with warnings.catch_warnings():
            # the old name of Ed25519 (RFC 9864), which providers still write
            warnings.simplefilter("ignore", SecurityWarning)
            jwt.decode(token, key, algorithms=[said.algorithm])
    except (JoseError, ValueError, TypeError, KeyError) as broken:
        raise InvalidToken from broken


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
