"""Sending what is due: asked for, claimed, tried once, and its outcome kept (Q24)."""

import asyncio
import uuid
from collections.abc import Container
from dataclasses import dataclass
from time import monotonic

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

LONGEST_RUN_SECONDS = 10
"""So often a busy job says that it lives; what is under way goes on into the next run."""


@dataclass(frozen=True)
class UnderWay:
    """A message that is being sent now, by this process."""

    channel: Channel
    sending: "asyncio.Task[None]"


class Reachable(BaseModel):
    """Prescription's answer, true at this very moment."""

    model_config = ConfigDict(strict=True)

    may_be_told: bool
    why: str | None = None


class Sending:
    """Sends what is due, side by side; several processes may do so at once."""

    def __init__(self, messages: Messages, carriers: Carriers, *, ask: AskService, clock: Clock) -> None:
        self._messages = messages
        self._carriers = carriers
        self._ask = ask
        self._clock = clock
        self._under_way: dict[str, UnderWay] = {}
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Send what is due, and begin what becomes due meanwhile when woken. Raises what went wrong."""
        failed: dict[str, BaseException] = {}
        until = monotonic() + LONGEST_RUN_SECONDS
        waiting = await self._begin()
        while self._under_way and monotonic() < until:
            await self._something_happens()
            failed |= self._ended()
            if waiting or self.wake.is_set():
                waiting = await self._begin(apart_from=failed)
        for failure in failed.values():
            raise failure

    async def tidy(self) -> None:
        """End what a killed process left behind, and what nobody could send in time."""
        for message in await self._messages.lost():
            await self._messages.break_off(message)
        for message in await self._messages.too_late():
            await self._messages.expire(message)

    async def look_for_reports(self) -> None:
        """Call what the gateway never reported of unknown."""
        for message in await self._messages.without_report():
            await self._messages.miss_receipt(message)

    async def _begin(self, *, apart_from: Container[str] = ()) -> bool:
        """Begin as many as each gateway may take (Q24); tell whether others wait for their turn."""
        self.wake.clear()
        healths = await self._messages.healths()
        room = {each: self._room(each, healths[each]) for each in CHAIN}
        awake = [each for each in CHAIN if how_many_at_once(healths[each], at=self._clock.now())]
        waiting = False
        for message in await self._messages.due(awake):
            if message.message_id in self._under_way or message.message_id in apart_from:
                continue
            if room[message.channel] <= 0:
                waiting = True
                continue
            room[message.channel] -= 1
            sending = asyncio.create_task(self._traced(message, healths[message.channel]))
            self._under_way[message.message_id] = UnderWay(message.channel, sending)
        return waiting

    def _room(self, channel: Channel, health: Health | None) -> int:
        taken = sum(each.channel == channel for each in self._under_way.values())
        return how_many_at_once(health, at=self._clock.now()) - taken

    async def _something_happens(self) -> None:
        woken = asyncio.create_task(self.wake.wait())
        waited_for = [woken, *(each.sending for each in self._under_way.values())]
        await asyncio.wait(waited_for, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()

    def _ended(self) -> dict[str, BaseException]:
        """Forget what has ended; give what failed."""
        ended = {name: each.sending for name, each in self._under_way.items() if each.sending.done()}
        self._under_way = {name: each for name, each in self._under_way.items() if name not in ended}
        return {name: failure for name, task in ended.items() if (failure := task.exception())}

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
