"""Sending what is due: asked for, claimed, tried once, and its outcome kept (Q24)."""

import asyncio
import uuid
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import httpx
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ConfigDict

from services.notification.domain.contact import Contact
from services.notification.domain.health import AT_ONCE, Health, how_many_at_once
from services.notification.domain.message import CHAIN, Channel, Message
from services.notification.domain.outcomes import NotSent, Outcome
from services.notification.domain.quiet_hours import may_send
from services.notification.jobs.carriers import Carriers
from services.notification.jobs.gates import Gates
from services.notification.repository import Messages
from shared.assembled import AskService
from shared.clock import Clock
from shared.fault import fault
from shared.together import Together
from shared.tracing import TRACING

LONGEST_RUN_SECONDS = 10
"""So often a busy job says that it lives; what is under way goes on into the next run."""
LOOK_EVERY_SECONDS = 0.5
MOST_NOTED = 1000
MOST_BEGUN = 256
"""Of a channel: far more than may be with its gateway at once, so that a place is never empty."""
MOST_CLAIMED = 64
"""So many attempts at the most does a killed process leave behind, of which nobody knows the outcome."""
ANSWER_HOLDS_SECONDS = 1.0
"""Who waited longer than that for a place is asked about again (Q24)."""
MOST_ASKED_ABOUT = 64
GOES_AT_ONCE = 4
"""A person about whom the register takes its time holds up few others."""
REGISTER_SILENT = "register_silent"


@dataclass(frozen=True)
class UnderWay:
    """A message that is being sent now, by this process."""

    channel: Channel
    sending: "asyncio.Task[None]"


class Reachable(BaseModel):
    """Prescription's answer about one person, true at this very moment."""

    model_config = ConfigDict(strict=True)

    may_be_told: bool
    why: str | None = None


class Answers(BaseModel):
    """One for each who was asked about."""

    answers: list[Reachable]


class Sending:
    """Sends what is due, side by side; several processes may do so at once."""

    def __init__(self, messages: Messages, carriers: Carriers, *, ask: AskService, clock: Clock) -> None:
        self._messages = messages
        self._carriers = carriers
        self._ask = ask
        self._clock = clock
        self._under_way: dict[str, UnderWay] = {}
        self._noted: dict[str, Message] = {}
        self._look_at = 0.0
        self._gates = Gates(messages.healths, clock)
        self._claims = asyncio.Semaphore(MOST_CLAIMED)
        self._reachability = Together(self._reachabilities, goes_at_once=GOES_AT_ONCE, most=MOST_ASKED_ABOUT)
        self.wake = asyncio.Event()

    def take(self, message: Message | None) -> None:
        """Begin what this process noted just now; what does not fit in is found when it looks around."""
        if message and message.state == "due" and len(self._noted) < MOST_NOTED:
            self._noted[message.message_id] = message
        self.wake.set()

    async def run(self) -> None:
        """Send what is due, and begin what becomes due meanwhile when woken. Raises what went wrong."""
        failed: dict[str, BaseException] = {}
        until = _time() + LONGEST_RUN_SECONDS
        others_wait = await self._begin(look=not self._noted)
        while self._under_way and _time() < until:
            await self.wake.wait()
            failed |= self._ended()
            others_wait = await self._begin(look=others_wait and not self._noted, apart_from=failed)
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

    async def _begin(self, *, look: bool, apart_from: Container[str] = ()) -> bool:
        """Begin as many as may be under way (Q24); tell whether others wait for their turn."""
        self.wake.clear()
        healths = await self._messages.healths()
        room = {each: self._room(each, healths[each]) for each in CHAIN}
        others_wait = False
        for message in await self._waiting(healths, look=look):
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

    async def _waiting(self, healths: Mapping[Channel, Health | None], *, look: bool) -> list[Message]:
        """Give what was noted here; look around, also now and then, for what others left behind."""
        noted = list(self._noted.values())
        if not look and _time() < self._look_at:
            return noted
        self._look_at = _time() + LOOK_EVERY_SECONDS
        now = self._clock.now()
        due = await self._messages.due([each for each in CHAIN if how_many_at_once(healths[each], at=now)])
        return list({each.message_id: each for each in (*due, *noted)}.values())

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
        contact = await self._messages.contact(message.patient_ref)
        asked_at = _time()
        if not await self._may_be_told(message, contact):
            return
        async with self._claims:
            await self._attempt(message, contact, asked_at)

    async def _attempt(self, message: Message, contact: Contact, asked_at: float) -> None:
        attempt = uuid.uuid4().hex
        await fault("sms.before_claim")
        claimed = await self._messages.claim(message, attempt=attempt)
        if claimed:
            await fault("sms.after_claim")
            outcome = await self._carried(claimed, contact, asked_at)
            await self._messages.end(claimed, attempt=attempt, outcome=outcome)
            await fault("sms.after_record")

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

    async def _carried(self, claimed: Message, contact: Contact, asked_at: float) -> Outcome:
        """Give it to its gateway, unless that began to rest, or the answer about the person changed (Q24)."""
        async with self._gates.place(claimed.channel) as has_place:
            if not has_place:
                return NotSent("gateway-rests")
            if _time() - asked_at > ANSWER_HOLDS_SECONDS and not await self._may_still_be_told(
                claimed, contact
            ):
                return NotSent("no-longer-to-be-told")
            outcome = await self._carriers.carry(claimed, contact)
            await fault("sms.after_call")
            # Before the place is given back: the next one must know of trouble.
            await self._messages.note_outcome(claimed.channel, outcome)
            return outcome

    async def _may_still_be_told(self, claimed: Message, contact: Contact) -> bool:
        """Ask again; with a no, or no answer, it is due again, and then asked about like any other."""
        try:
            return (await self._reachable(claimed, contact)).may_be_told
        except (httpx.HTTPError, ValueError):
            return False

    async def _reachable(self, message: Message, contact: Contact) -> Reachable:
        """Ask prescription; raises httpx.HTTPError and ValueError when nobody knows right now."""
        question = {"patient_ref": contact.patient_ref, "purpose": message.kind}
        try:
            answer = await self._reachability.ask(question)
        except httpx.HTTPStatusError:  # a neighbour's trouble is not this one's
            (answer,) = await self._reachabilities([question])
        if answer.why == REGISTER_SILENT:
            raise ValueError(REGISTER_SILENT)
        return answer

    async def _reachabilities(self, people: Sequence[dict[str, str]]) -> list[Reachable]:
        answer = await self._ask("prescription", "POST", "/reachability", json={"people": list(people)})
        return Answers.model_validate(answer).answers


def _time() -> float:
    """The loop's own time: it never goes back."""
    return asyncio.get_running_loop().time()
