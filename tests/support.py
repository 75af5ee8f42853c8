"""A service in memory: its doors, its subscriptions and its outbox, without a server."""

import json
import os
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from shared.auth.tokens import Verifier
from shared.clock import FixedClock
from shared.events.fact import Fact
from shared.http.rates import Rates
from shared.messaging.consuming import PARKED, Dispatcher, Subscription
from shared.partners import Reply
from shared.repository import Cause, Repository
from shared.repository.codec import Document
from shared.repository.memory.backend import Memory
from shared.sealed import KEYS_OF, Seals, new_keys, only_needed, seals_of
from shared.service.definition import Assemble, Dependencies, ServiceDefinition
from shared.service.process import repository_of
from shared.service.readiness import Readiness
from shared.service.web import application
from shared.settings import Settings
from shared.suppliers import SupplierReply
from tests.late_route import assembled_late

ISSUER = "http://issuer.test"
AUDIENCE = "oppna-sesam"
A_MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

READ_BY_SETTINGS = ("SESAM_", "MONGODB_", "RABBITMQ_")

PROFESSIONS = {"physician": "physician", "dietitian": "dietitian"}


@cache
def signing_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": "test-1"}, auto_kid=False)


@cache
def test_keys() -> dict[str, Any]:
    return new_keys()


@cache
def test_seals() -> Seals:
    """Every key: what a service itself gets is less, see `seals_for`."""
    return seals_of(test_keys())


def seals_for(name: str) -> Seals:
    """Give a service the keys that it gets in a process too; one of a test's own gets all."""
    return seals_of(only_needed(test_keys(), name)) if name in KEYS_OF else test_seals()


def facts_by_topic() -> dict[str, type[Fact]]:
    def below(kind: type[Fact]) -> Iterable[type[Fact]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    return {kind.topic: kind for kind in below(Fact) if "topic" in vars(kind)}


def claims(role: str, *, at: datetime, **changes: Any) -> dict[str, Any]:
    """Claims of a token for somebody with a role; `changes` replaces what the test is about."""
    now = int(at.timestamp())
    roles = [role, "prescriber"] if role in PROFESSIONS else [role]
    usual: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": f"{role}-1",
        "client_id": "tests",
        "iat": now,
        "nbf": now,
        "exp": now + 600,
        "jti": str(uuid.uuid4()),
        "name": f"Testsson, {role}",
        "roles": roles,
        "care_units": ["DEMO-101"],
        "product_areas": ["foods"],
        "employed_by_region": True,
    }
    if role in PROFESSIONS:
        usual["profession"] = PROFESSIONS[role]
    return {**usual, **changes}


def bearer(of_claims: dict[str, Any]) -> dict[str, str]:
    key = signing_key()
    token = jwt.encode(
        {"alg": "ES256", "typ": "at+jwt", "kid": key.kid}, of_claims, key, algorithms=["ES256"]
    )
    return {"Authorization": f"Bearer {token}"}


async def _test_keys() -> KeySet:
    return KeySet([signing_key()])


async def nobody_answers(service: str, method: str, path: str, *, json: Any = None) -> Any:
    """The default for `ask`: no other service is there."""
    raise httpx.ConnectError(f"no {service} in this test for {method} {path} {json is not None}")


@dataclass
class InMemory:
    """One service, as a test holds it."""

    name: str
    app: FastAPI
    client: httpx.AsyncClient
    clock: FixedClock
    repository: Repository
    seals: Seals
    assembled: ServiceDefinition
    rows: list[Document] = field(default_factory=list)
    delivered: int = 0

    def token(self, role: str, **changes: Any) -> dict[str, str]:
        """Headers of a signed-in person with this role."""
        return bearer(claims(role, at=self.clock.now(), **changes))

    def once(self, role: str, key: str | None = None, **changes: Any) -> dict[str, str]:
        """Headers of a signed-in person with an Idempotency-Key."""
        return {**self.token(role, **changes), "Idempotency-Key": key or str(uuid.uuid4())}

    @property
    def told(self) -> list[Fact]:
        """Every fact and partner message told so far, personal fields still sealed."""
        kinds = facts_by_topic()
        return [kinds[row["topic"]].model_validate_json(row["body"]) for row in self.rows]

    def told_of(self, kind: type[Fact]) -> list[Any]:
        return [fact for fact in self.told if isinstance(fact, kind)]

    def partner_messages(self) -> list[dict[str, Any]]:
        """What the partners receive: opened, as at the last door."""
        outside = [row for row in self.rows if row["partner"]]
        return [{"message_id": row["_id"], **self.seals.open_all(json.loads(row["body"]))} for row in outside]

    async def hear(self, fact: Fact, message_id: str | None = None) -> None:
        """Deliver a fact as from the bus; the same message_id twice is one message. Bugs are raised."""
        body = (fact.reply if isinstance(fact, Reply | SupplierReply) else fact).model_dump_json()
        sender = fact.sender if isinstance(fact, Reply | SupplierReply) else None
        await self.hear_body(fact.topic, body.encode(), message_id or str(uuid.uuid4()), sender=sender)

    async def hear_body(self, topic: str, body: bytes, message_id: str, *, sender: str | None = None) -> None:
        for subscription in self.ears_for(topic):
            await subscription.handler(
                subscription.parse(body, sender=sender), Cause(key=f"{subscription.queue}|{message_id}")
            )

    def ears_for(self, topic: str) -> Sequence[Subscription]:
        return [
            subscription for subscription in self.assembled.subscriptions.all if subscription.topic == topic
        ]

    async def run_jobs(self) -> None:
        for job in self.assembled.jobs:
            await job.run()

    def dispatcher(self) -> Dispatcher:
        return Dispatcher(self.repository, self.clock, self.seals)


def settings_with(**told: Any) -> Settings:
    """Give the settings of a process that is told so; reading the environment anew takes a long while."""
    if any(isinstance(each, dict) for each in told.values()):
        return Settings(**told)  # nothing to know it again by
    environment = frozenset(each for each in os.environ.items() if each[0].startswith(READ_BY_SETTINGS))
    return _settings(environment, frozenset(told.items()))


@cache
def _settings(environment: frozenset[tuple[str, str]], told: frozenset[tuple[str, Any]]) -> Settings:
    return Settings(**dict(told))


async def in_memory(
    name: str,
    assemble: Assemble,
    *,
    at: datetime = A_MONDAY_MORNING,
    clock: FixedClock | None = None,
    ask: Callable[..., Any] = nobody_answers,
    **settings: Any,
) -> InMemory:
    """Assemble a service around a repository in memory, at a moment that stands still."""
    clock = clock or FixedClock(at)
    backend = Memory()
    repository = repository_of(backend, service=name, clock=clock, seals=seals_for(name))
    its_settings = settings_with(mode="embedded", issuer_url=ISSUER, **settings)
    dependencies = Dependencies(repository, clock, seals_for(name), its_settings, ask)
    assembled = assembled_late(assemble, dependencies)
    rows: list[Document] = []
    repository.on_commit(rows.extend)
    await backend.prepare([*assembled.collections, PARKED])
    for prepare in assembled.before_start:
        await prepare()
    verifier = Verifier(_test_keys, issuer=ISSUER, audience=AUDIENCE, clock=clock)
    app = application(
        assembled, verifier, Readiness(), rates=Rates(its_settings), hashes=dependencies.seals.hashes(name)
    )
    transport = httpx.ASGITransport(app=app)
    client = httpx.AsyncClient(transport=transport, base_url="http://service.test")
    return InMemory(name, app, client, clock, repository, test_seals(), assembled, rows)


async def deliver_all(services: Sequence[InMemory]) -> None:
    """Carry facts between services until nobody says anything new."""
    moved = True
    while moved:
        moved = False
        for publisher in services:
            fresh, publisher.delivered = publisher.rows[publisher.delivered :], len(publisher.rows)
            for row in fresh:
                moved = True
                for consumer in services:
                    await consumer.hear_body(row["topic"], str(row["body"]).encode(), row["_id"])
