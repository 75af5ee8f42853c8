"""Handles a delivered fact: parses it, retries with back-off, then parks it with the reason."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import Any, Literal, TypeVar

import structlog
from opentelemetry.trace import SpanKind
from pydantic import TypeAdapter, ValidationError

from shared import tracing
from shared.clock import Clock
from shared.events.fact import Fact
from shared.fault import fault
from shared.messaging.amqp import IN_ORDER
from shared.messaging.envelope import LARGEST_BODY, Message
from shared.messaging.names import Names, names_of
from shared.partners import DistributorReply, Reply
from shared.repository import Cause, Collection, KeyReused, Repository
from shared.sealed import Seals
from shared.strict_json import checked
from shared.suppliers import SupplierReply, SupplierSaid
from shared.tracing import TRACING

Heard = TypeVar("Heard", bound=Fact)
Handler = Callable[[Any, Cause], Awaitable[None]]

BACK_OFF_SECONDS = (0.05, 0.25, 1.0)
LONGEST_STACK = 4000
REPLY: TypeAdapter[DistributorReply] = TypeAdapter(DistributorReply)
SUPPLIER_REPLY: TypeAdapter[SupplierSaid] = TypeAdapter(SupplierSaid)

log = structlog.get_logger()


@dataclass(frozen=True)
class Subscription:
    """A queue of a service: the fact or partner message on it, and the handler that consumes it."""

    service: str
    topic: str
    model: type[Fact]
    handler: Handler
    partner_exchange: str | None = None

    @property
    def queue(self) -> str:
        if self.partner_exchange:
            return f"{self.service}.hears.{self.partner_exchange}{IN_ORDER}"
        return f"{self.service}.hears.{self.topic}"

    def lane_of(self, message: Message) -> str | None:
        """Give the key of what a partner's message is about: messages with one key are handled in order."""
        return message.word(self.model.about) if self.partner_exchange else None

    def parse(self, body: bytes, *, sender: str | None = None) -> Fact:
        """Read the body, a partner's strictly; raises ValueError. A reply comes with its sender."""
        if self.model is Reply:
            return Reply(reply=REPLY.validate_json(checked(body), strict=True), sender=sender)
        if self.model is SupplierReply:
            said = SUPPLIER_REPLY.validate_json(checked(body), strict=True)
            return SupplierReply(reply=said, sender=sender)
        if self.partner_exchange:
            return self.model.model_validate_json(checked(body), strict=True)
        return self.model.model_validate_json(body)


class Subscriptions:
    """All queues that a service consumes."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.all: list[Subscription] = []

    def on(self, fact: type[Heard]) -> Callable[[Callable[[Heard, Cause], Awaitable[None]]], Any]:
        """Consume a fact of another service."""
        return self._add(fact, None)

    def on_partner(
        self, exchange: str, model: type[Heard]
    ) -> Callable[[Callable[[Heard, Cause], Awaitable[None]]], Any]:
        """Consume what an outside partner publishes to an exchange of the vhost `partners`."""
        return self._add(model, exchange)

    def _add(self, model: type[Heard], exchange: str | None) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            self.all.append(Subscription(self.service, model.topic, model, handler, exchange))
            return handler

        return add


@dataclass(frozen=True)
class Parked:
    """A message that could not be handled: kept with its reason until a person replays or discards it."""

    parked_id: str
    queue: str
    message_id: str
    topic: str
    body: str
    traceparent: str | None
    reason: str
    stack: str
    attempts: int
    first_at: datetime
    last_at: datetime
    state: str = "trying"
    """trying, parked, replayed, done or discarded."""
    discarded_because: str | None = None
    history: tuple[str, ...] = field(default=())
    sender: str | None = None
    """The routing key with which a partner sent it, and with which it is replayed."""
    failure: str = ""
    """The kind of failure; for messages parked by earlier versions, the beginning of the reason."""

    @property
    def kind_of_failure(self) -> str:
        return self.failure or self.reason.partition(":")[0]


PARKED = Collection("parked", Parked, indexes=("state first_at",))


class Dispatcher:
    """Hands deliveries to their handlers; raises only for a broken database or a stopping process."""

    def __init__(self, repository: Repository, clock: Clock, seals: Seals) -> None:
        self._repository = repository
        self._clock = clock
        self._seals = seals
        self._hashes = repository.hashes
        self.counts: dict[tuple[str, str], int] = {}

    async def dispatch(self, subscription: Subscription, message: Message) -> None:
        """Handle one delivery; when it returns, the effect or the parking is committed."""
        try:
            fact = self._parse(subscription, message)
        except (ValidationError, ValueError) as unreadable:
            await self._note_failure(subscription, message, _named(unreadable), attempts=1, last=True)
            return
        parent = message.traceparent or await self._trace_answered(subscription, fact)
        with TRACING.span(subscription.queue, kind=SpanKind.CONSUMER, parent=parent) as span:
            began = perf_counter()
            outcome = await self._handle(subscription, message, fact)
            tracing.note(span, message_id=self._names(message).key, outcome=outcome)
            log.info(
                "fact", topic=subscription.topic, queue=subscription.queue,
                message_id=self._names(message).key,
                cause=None if subscription.partner_exchange else message.cause,
                subject=None if subscription.partner_exchange else fact.subject, outcome=outcome,
                milliseconds=round((perf_counter() - began) * 1000, 1), trace_id=tracing.trace_id(),
            )  # fmt: skip

    async def _trace_answered(self, subscription: Subscription, fact: Fact) -> str | None:
        """A partner's reply continues the trace of the message that it answers."""
        return await self._repository.traceparent_of(fact.subject) if subscription.partner_exchange else None

    async def _handle(
        self, subscription: Subscription, message: Message, fact: Fact
    ) -> Literal["done", "parked"]:
        cause = self._names(message).cause_in(subscription.queue, message)
        for attempt, pause in enumerate((*BACK_OFF_SECONDS, None), start=1):
            try:
                await fault("hear.before_handler")
                await _hand_over(subscription, fact, cause)
                await fault("hear.after_handler")
            except Exception as failure:
                if self._repository.backend.may_pass(failure):
                    raise  # not the message's fault: it is held and not parked
                last = pause is None or isinstance(failure, KeyReused)
                await self._note_failure(subscription, message, failure, attempts=attempt, last=last)
                if last:
                    break
                await asyncio.sleep(pause or 0)
            else:
                await self._settle(subscription, message, after_failures=attempt > 1)
                return "done"
        return "parked"

    def _parse(self, subscription: Subscription, message: Message) -> Fact:
        if message.unreadable:
            raise ValueError(f"properties that cannot be read: {message.unreadable}")
        if message.topic and subscription.partner_exchange is None and message.topic != subscription.topic:
            raise ValueError(f"{message.topic} is not {subscription.topic}")
        if len(message.body) > LARGEST_BODY:
            raise ValueError(f"larger than {LARGEST_BODY} bytes: only its beginning is kept")
        return subscription.parse(message.body, sender=message.distributor)

    async def _settle(self, subscription: Subscription, message: Message, *, after_failures: bool) -> None:
        self._count(subscription, "done")
        if after_failures:
            parked_id = await self._parked_id(subscription, message)
            await self._change(parked_id, partial(_settled, at=self._clock.now()))

    async def _note_failure(
        self, subscription: Subscription, message: Message, failure: Exception, *, attempts: int, last: bool
    ) -> None:
        """Write the attempt apart from the failed transaction: the broker's counting differs by version."""
        self._count(subscription, "parked" if last else "failed")
        log.warning(
            "not handled", queue=subscription.queue, message_id=self._names(message).key,
            attempts=attempts,
            error=type(failure).__name__, outcome="parked" if last else "again",
        )  # fmt: skip
        now = self._clock.now()
        seen = Parked(
            parked_id=await self._parked_id(subscription, message),
            queue=subscription.queue,
            message_id=message.identity,
            topic=message.topic or subscription.topic,
            body=self._kept_body(subscription, message),
            traceparent=message.traceparent,
            reason=f"{type(failure).__name__}: {_safe(failure)}",
            failure=type(failure).__name__,
            stack="".join(traceback.format_tb(failure.__traceback__))[-LONGEST_STACK:],
            attempts=attempts,
            first_at=now,
            last_at=now,
            state="parked" if last else "trying",
            sender=message.sender,
        )
        await fault("park.before")
        await self._change(seen.parked_id, partial(_failed_again, seen=seen))
        await fault("park.after")

    async def _parked_id(self, subscription: Subscription, message: Message) -> str:
        """Give a failure an id of message and content: another one with the same id does not replace it."""
        names = self._names(message)
        if names.former:
            former = await self._repository.get(PARKED.maybe(names.former.failure_in(subscription.queue)))
            if former is not None:
                return former.parked_id
        return names.failure_in(subscription.queue)

    def _names(self, message: Message) -> Names:
        return names_of(message, self._hashes)

    def _kept_body(self, subscription: Subscription, message: Message) -> str:
        """Our own facts have sealed fields; what a partner writes may be anything, and is sealed whole."""
        body = message.body[:LARGEST_BODY].decode(errors="replace")
        return self._seals.seal(body, purpose="messages") if subscription.partner_exchange else body

    async def _change(
        self, parked_id: str, rule: Callable[[Parked | None], tuple[Parked | None, tuple[()]]]
    ) -> None:
        await self._repository.change(PARKED.maybe(parked_id), rule, cause=Cause(key=None))

    def _count(self, subscription: Subscription, outcome: str) -> None:
        self.counts[subscription.queue, outcome] = self.counts.get((subscription.queue, outcome), 0) + 1


def _failed_again(parked: Parked | None, *, seen: Parked) -> tuple[Parked | None, tuple[()]]:
    if parked is None:
        return seen, ()
    return replace(seen, first_at=parked.first_at, history=parked.history), ()


def _settled(parked: Parked | None, *, at: datetime) -> tuple[Parked | None, tuple[()]]:
    if parked is None:
        return None, ()
    return replace(parked, state="done", last_at=at), ()


async def _hand_over(subscription: Subscription, fact: Fact, cause: Cause) -> None:
    """Hand a fact to its handler; a partner's other content under a known id is handed over as that.

    For our own facts that is a fault: raises KeyReused.
    """
    try:
        await subscription.handler(fact, cause)
    except KeyReused:
        if not subscription.partner_exchange:
            raise
        await subscription.handler(fact, cause.of_reused_id())


def _named(failure: Exception) -> Exception:
    """Name the wrong fields, never their values."""
    if isinstance(failure, ValidationError):
        wrong = [
            f"{'.'.join(map(str, each['loc']))}: {each['type']}"
            for each in failure.errors(include_input=False)
        ]
        return ValueError("; ".join(wrong[:10]))
    return failure


def _safe(failure: Exception) -> str:
    """Leave out the text of an unexpected error, which may hold personal data."""
    if isinstance(failure, KeyReused):
        return "a message with the same id and other content was heard before"
    return str(failure) if isinstance(failure, ValueError | LookupError) else ""
