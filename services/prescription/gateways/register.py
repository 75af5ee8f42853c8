"""Asks the population register over HTTP; the number is in the body, never in the URL."""

import httpx

from services.prescription.domain.patients.register import Answer, NotInRegister, Register, Unavailable
from services.prescription.gateways.register_records import read_answer
from shared import strict_json
from shared.clock import Clock
from shared.domain.person_id import PersonId
from shared.http_client import http_client
from shared.settings import Settings

ANSWER_SECONDS = 2.0
LARGEST_ANSWER = 64 * 1024


class RegisterMissing(Exception):
    """A system with real patients asks a register: without one nobody's protection would be known."""


class HttpRegister:
    """Asks the region's adapter to the register, one person at a time."""

    def __init__(self, client: httpx.AsyncClient, url: str, *, clock: Clock, test_persons: bool) -> None:
        self._client = client
        self._url = f"{url.rstrip('/')}/persons/lookup"
        self._clock = clock
        self._test_persons = test_persons

    async def lookup(self, number: PersonId) -> Answer:
        """Ask; a reserve number is not even asked for, since no register of persons has it (S65)."""
        if number.is_reserve:
            return NotInRegister()
        question = {"personalIdentity": {"root": number.oid, "extension": number.value}}
        try:
            answer = await self._client.post(self._url, json=question, timeout=ANSWER_SECONDS)
            readable = answer.is_success and len(answer.content) <= LARGEST_ANSWER
            body = strict_json.loads(answer.content) if readable else None
        except (httpx.HTTPError, ValueError):
            return Unavailable()
        return read_answer(body, asked=number, today=self._clock.today(), test_persons=self._test_persons)


class NoRegister:
    """A trial without a register: everybody is registered by hand."""

    async def lookup(self, number: PersonId) -> Answer:  # noqa: ARG002  nobody is known
        return NotInRegister()


def register_of(settings: Settings, clock: Clock) -> Register:
    """Give the register that the settings name; raises RegisterMissing in production without one."""
    if settings.register_url:
        test_persons = settings.mode == "embedded"
        return HttpRegister(
            http_client(within_seconds=ANSWER_SECONDS),
            settings.register_url,
            clock=clock,
            test_persons=test_persons,
        )
    if settings.mode == "production":
        raise RegisterMissing("name the population register in SESAM_REGISTER_URL")
    return NoRegister()
