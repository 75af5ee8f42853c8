"""Sends messages that are due: checks, claims, tries once, and stores the outcome (Q24)."""

import asyncio
import uuid
from collections.abc import Container
from contextlib import suppress
from dataclasses import dataclass

import httpx
from opentelemetry.trace import SpanKind

from services.notification.application.asking import Reachability, Reachable
from services.notification.application.messages import Messages
from services.notification.domain.attempts import LOST_AFTER
from services.notification.domain.contact import Contact
from services.notification.domain.health import AT_ONCE, Health, how_many_at_once
from services.notification.domain.message import CHAIN, Channel, Message
from services.notification.domain.outcomes import NotSent, Outcome
from services.notification.domain.quiet_hours import may_send
from services.notification.gateways.carriers import Carriers
from services.notification.gateways.gates import Gates
from shared.clock import Clock
from shared.fault import fault
from shared.service.definition import AskService
from shared.tracing import TRACING

LONGEST_RUN_SECONDS = 10
"""How often a busy job reports that it works; what is under way continues in the next run."""
LOOK_EVERY_SECONDS = 2.0
MOST_BEGUN = 256
"""Of a channel: far more than may be with its gateway at once, so that a place is never empty."""
MOST_SEEN = 2 * MOST_BEGUN
"""At a look: what is under way and not claimed yet is still due, and must not hide the others."""
MOST_NOTED = 1000
MOST_CLAIMED = 64
"""Of a channel: the most attempts with an unknown outcome that a killed process leaves."""
ANSWER_HOLDS_SECONDS = 1.0
"""Who waited longer than that for a place is looked up and asked about again (S41, Q24)."""
STOP_SECONDS = 8.0


@dataclass(frozen=True)
class UnderWay:
    """A message that is being sent now, by this process."""

    channel: Channel
    sending: "asyncio.Task[None]"


class Sending:
    """Sends what is due, side by side; several processes may do so at once."""

    def __init__(self, messages: Messages, carriers: Carriers, *, ask: AskService, clock: Clock) -> None:
        self._messages = messages
        self._carriers = carriers
        self._clock = clock
        self._reachability = Reachability(ask)
        self._healths: dict[Channel, Health | None] = {}
        self._gates = Gates(lambda: self._healths, clock)
        self._claims = {each: asyncio.Semaphore(MOST_CLAIMED) for each in CHAIN}
        self._under_way: dict[str, UnderWay] = {}
        self._noted: dict[str, Message] = {}
        self._look_at = 0.0
        self._is_stopping = False
        self.wake = asyncio.Event()

    def take(self, message: Message | None) -> None:
        """Begin what this process noted just now; what does not fit in is found when it looks around."""
        due = message and message.state == "due" and message.due_at <= self._clock.now()
        if message and due and len(self._noted) < MOST_NOTED:
            self._noted[message.message_id] = message
            self.wake.set()

    async def run(self) -> None:
        """Send what is due, and begin what becomes due meanwhile. Raises what went wrong."""
        until = _time() + LONGEST_RUN_SECONDS
        failed = self._ended()  # between two runs nobody looked
        try:
            others_wait = await self._begin(look=not self._noted, apart_from=failed)
            while self._under_way and _time() < until:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.wake.wait(), LOOK_EVERY_SECONDS)
                failed |= self._ended()
                others_wait = await self._begin(look=others_wait and not self._noted, apart_from=failed)
        except asyncio.CancelledError:
            await self._stop()
            raise
        for failure in failed.values():
            raise failure

    async def tidy(self) -> None:
        """End what a killed process left behind, and what nobody could send in time."""
        for message in await self._messages.queries.lost():
            await self._messages.break_off(message)
        for message in await self._messages.queries.too_late():
            await self._messages.expire(message)

    async def look_for_reports(self) -> None:
        """Call what the gateway never reported of unknown."""
        for message in await self._messages.queries.without_report():
            await self._messages.miss_receipt(message)

    async def _stop(self) -> None:
        """Claim nothing more, and let what is claimed come to its end."""
        self._is_stopping = True
        if self._under_way:
            await asyncio.wait([each.sending for each in self._under_way.values()], timeout=STOP_SECONDS)

    async def _begin(self, *, look: bool, apart_from: Container[str] = ()) -> bool:
        """Begin as many as may be under way (Q24); tell whether others wait for their turn."""
        self.wake.clear()
        self._healths = await self._messages.healths()
        room = {each: self._room(each, self._healths[each]) for each in CHAIN}
        waiting, others_wait = await self._waiting(look=look)
        for message in waiting:
            if message.message_id in self._under_way or message.message_id in apart_from:
                continue
            if room[message.channel] <= 0:
                others_wait = True
                continue
            room[message.channel] -= 1
            self._noted.pop(message.message_id, None)
            sending = asyncio.create_task(self._traced(message))
            sending.add_done_callback(lambda _: self.wake.set())
            self._under_way[message.message_id] = UnderWay(message.channel, sending)
        return others_wait

    async def _waiting(self, *, look: bool) -> tuple[list[Message], bool]:
        """Give what was noted here; look around, also now and then, for what others left behind.

        Also tell whether there is more than was seen.
        """
        awake = [each for each in CHAIN if how_many_at_once(self._healths[each], at=self._clock.now())]
        # what rests is found again when it is looked for
        self._noted = {name: each for name, each in self._noted.items() if each.channel in awake}
        if not look and _time() < self._look_at:
            return list(self._noted.values()), False
        self._look_at = _time() + LOOK_EVERY_SECONDS
        due = await self._messages.queries.due(awake, most=MOST_SEEN)
        seen = {**self._noted, **{each.message_id: each for each in due}}
        return list(seen.values()), len(due) == MOST_SEEN

    def _room(self, channel: Channel, health: Health | None) -> int:
        at_once = how_many_at_once(health, at=self._clock.now())
        begun = sum(each.channel == channel for each in self._under_way.values())
        return (MOST_BEGUN if at_once == AT_ONCE else at_once) - begun

    def _ended(self) -> dict[str, BaseException]:
        """Forget what has ended; give what failed."""
        ended = {name: each.sending for name, each in self._under_way.items() if each.sending.done()}
        self._under_way = {name: each for name, each in self._under_way.items() if name not in ended}
        return {name: failure for name, task in ended.items() if (failure := task.exception())}

    async def _traced(self, message: Message) -> None:
        with TRACING.span("send message", kind=SpanKind.INTERNAL, parent=message.traceparent):
            await self._try(message)

    async def _try(self, message: Message) -> None:
        if not may_send(self._clock.now()):
            await self._messages.postpone(message, why="too-late")
            return
        message = await self._messages.as_it_is_now(message)
        if message.state != "due":
            return
        contact = await self._messages.queries.contact(message.patient_ref)
        asked_at = _time()
        if not await self._may_be_told(message, contact):
            return
        async with self._claims[message.channel]:
            if not self._is_stopping:
                await self._attempt(message, contact, asked_at)

    async def _may_be_told(self, message: Message, contact: Contact) -> bool:
        """Ask; without an answer, or with a no, the message is put off or given up."""
        try:
            reachable = await self._reachable(message, contact)
        except (httpx.HTTPError, ValueError):
            # fails closed: without an answer nothing is sent (Q18, Q24)
            await self._messages.postpone(message, why="nobody-answered")
            return False
        if not reachable.may_be_told:
            await self._messages.suppress(message, why=reachable.why or "not-to-be-told")
        return reachable.may_be_told

    async def _reachable(self, message: Message, contact: Contact) -> Reachable:
        return await self._reachability.of(contact.patient_ref, purpose=message.kind)

    async def _attempt(self, message: Message, contact: Contact, asked_at: float) -> None:
        attempt = uuid.uuid4().hex
        await fault("sms.before_claim")
        claimed = await self._messages.claim(message, attempt=attempt)
        if claimed is None:
            return
        await fault("sms.after_claim")
        async with self._gates.place(claimed.channel) as has_place:
            outcome, trouble = await self._carried(claimed, contact, asked_at, has_place=has_place)
        await self._messages.end(claimed, attempt=attempt, outcome=outcome)
        await fault("sms.after_record")
        if trouble:
            raise trouble

    async def _carried(
        self, claimed: Message, contact: Contact, asked_at: float, *, has_place: bool
    ) -> tuple[Outcome, BaseException | None]:
        """Give it to its gateway; whatever fails beforehand, surely nothing was sent.

        An outcome is never lost because the gateway's health could not be stored: that is separate.
        """
        if not has_place:
            return NotSent("gateway-rests"), None
        if _time() - asked_at > ANSWER_HOLDS_SECONDS:
            (known,) = await asyncio.gather(self._known_now(claimed), return_exceptions=True)
            if not isinstance(known, Contact):
                return NotSent("waited-too-long"), None
            contact = known
        outcome = await self._carriers.carry(claimed, contact)
        await fault("sms.after_call")
        # Before the place is given back: the next one must know of the failure.
        (trouble,) = await asyncio.gather(self._note(claimed.channel, outcome), return_exceptions=True)
        return outcome, trouble

    async def _known_now(self, claimed: Message) -> Contact | None:
        """Look the person up and ask again; None when the message must not be sent any more (S41, Q24)."""
        contact = await self._messages.queries.contact(claimed.patient_ref)
        reachable = await self._reachable(claimed, contact)
        now = self._clock.now()
        in_time = claimed.attempted_at is not None and now - claimed.attempted_at < LOST_AFTER / 2
        return contact if reachable.may_be_told and in_time and may_send(now) else None

    async def _note(self, channel: Channel, outcome: Outcome) -> None:
        await self._messages.note_outcome(channel, outcome)
        self._healths = await self._messages.healths()


def _time() -> float:
    """The loop's own time: it never goes back."""
    return asyncio.get_running_loop().time()
