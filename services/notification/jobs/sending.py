"""Sending what is due: asked for, claimed, tried once, and its outcome kept (Q24)."""

import asyncio
import uuid
from collections.abc import Sequence

import httpx
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ConfigDict

from services.notification.domain.contact import Contact
from services.notification.domain.health import Health, how_many_at_once
from services.notification.domain.message import CHAIN, Channel, Message
from services.notification.domain.outcomes import Accepted
from services.notification.domain.quiet_hours import may_send
from services.notification.jobs.carriers import Carriers
from services.notification.repository import Messages
from shared.assembled import AskService
from shared.clock import Clock
from shared.fault import fault
from shared.tracing import TRACING


class Reachable(BaseModel):
    """Prescription's answer, true at this very moment."""

    model_config = ConfigDict(strict=True)

    may_be_told: bool
    why: str | None = None


class Sending:
    """One run sends all that is due, side by side; several processes may run at once."""

    def __init__(self, messages: Messages, carriers: Carriers, *, ask: AskService, clock: Clock) -> None:
        self._messages = messages
        self._carriers = carriers
        self._ask = ask
        self._clock = clock

    async def run(self) -> None:
        for message in await self._messages.lost():
            await self._messages.break_off(message)
        for message in await self._messages.too_late():
            await self._messages.expire(message)
        healths = await self._messages.healths()
        awake = [each for each in CHAIN if how_many_at_once(healths[each], at=self._clock.now())]
        due = await self._messages.due(awake)
        of_each = [[message for message in due if message.channel == channel] for channel in awake]
        ways = zip(awake, of_each, strict=True)
        failures = await asyncio.gather(*(self._send_all(each, found) for each, found in ways))
        for failure in (failure for several in failures for failure in several):
            raise failure

    async def look_for_reports(self) -> None:
        """Call what the gateway never reported of unknown."""
        for message in await self._messages.without_report():
            await self._messages.miss_receipt(message)

    async def _send_all(self, channel: Channel, due: Sequence[Message]) -> list[BaseException]:
        """Send in waves: when a gateway gives trouble, only a few outcomes become unknown (Q24)."""
        failures: list[BaseException] = []
        while due:
            health = (await self._messages.healths())[channel]
            wave = due[: how_many_at_once(health, at=self._clock.now())]
            if not wave:
                break
            due = due[len(wave) :]
            tries = [self._traced(message, health) for message in wave]
            failures += [each for each in await asyncio.gather(*tries, return_exceptions=True) if each]
        return failures

    async def _traced(self, message: Message, health: Health | None) -> None:
        with TRACING.span("send message", kind=SpanKind.INTERNAL, parent=message.traceparent):
            await self._try(message, health)

    async def _try(self, message: Message, health: Health | None) -> None:
        if not may_send(self._clock.now()):
            await self._messages.postpone(message, why="too-late")
            return
        contact = await self._messages.contact(message.patient_ref)
        try:
            reachable = await self._reachable(message, contact)
        except (httpx.HTTPError, ValueError):
            # fails closed: without an answer nothing is sent (Q18, Q24)
            await self._messages.postpone(message, why="nobody-answered")
            return
        if not reachable.may_be_told:
            await self._messages.suppress(message, why=reachable.why or "not-to-be-told")
            return
        await self._attempt(message, contact, health)

    async def _attempt(self, message: Message, contact: Contact, health: Health | None) -> None:
        attempt = uuid.uuid4().hex
        await fault("sms.before_claim")
        if await self._messages.claim(message, attempt=attempt):
            await fault("sms.after_claim")
            outcome = await self._carriers.carry(message, contact)
            await fault("sms.after_call")
            await self._messages.end(message, attempt=attempt, outcome=outcome)
            await fault("sms.after_record")
            if (health and health.in_a_row) or not isinstance(outcome, Accepted):
                await self._messages.note_outcome(message.channel, outcome)

    async def _reachable(self, message: Message, contact: Contact) -> Reachable:
        question = {"patient_ref": contact.patient_ref, "purpose": message.kind}
        answer = await self._ask("prescription", "POST", "/reachability", json=question)
        return Reachable.model_validate(answer)
