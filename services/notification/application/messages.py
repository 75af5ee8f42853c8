"""Changes of messages and contact data; each step of sending changes the state only if it is as expected."""

from collections.abc import Collection as Several
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from services.notification.domain.attempts import (
    begin_attempt,
    break_off,
    end_attempt,
    expire,
    postpone,
    suppress,
)
from services.notification.domain.contact import Contact, keep_contact, merge_contact
from services.notification.domain.health import Health, note_outcome
from services.notification.domain.message import CHAIN, Channel, Message, Receipt
from services.notification.domain.notices import notify
from services.notification.domain.outcomes import Accepted, Outcome
from services.notification.domain.overtaken import Arrival, may_be_overtaken, note_arrival, overtaken
from services.notification.domain.receipts import miss_receipt, note_receipt
from services.notification.repository.collections import ARRIVALS, CONTACTS, HEALTHS, MESSAGES
from services.notification.repository.messages import MessageQueries
from shared.clock import Clock
from shared.domain.code import reference_of
from shared.domain.hashing import plain_hash
from shared.fault import fault
from shared.repository import (
    Answer,
    Asking,
    Cause,
    Ref,
    Repository,
    moment_text,
)


class ContactMoved(Exception):
    """The patient was merged into another one, whose contact counts."""

    def __init__(self, into_ref: str) -> None:
        super().__init__()
        self.into_ref = into_ref


class Messages:
    """Every change of a message and of how its patient is reached."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = self.repository = repository
        self._clock = clock
        self.queries = MessageQueries(repository, clock)

    async def notify(self, notice: Message, *, cause: Cause) -> Message | None:
        """Store a new message and give it; None when it was stored before."""
        rule = partial(notify, notice=notice, at=self._clock.now())
        answer = await self._change(MESSAGES.maybe(notice.message_id), notice.patient_ref, rule, cause)
        noted: Message | None = None if answer.repeated else answer.states[0]
        return noted

    async def arrived(self, arrival: Arrival, *, cause: Cause) -> None:
        """Keep that an order came: what waits to announce it is not said any more (Q33)."""
        rule = partial(note_arrival, arrived=arrival)
        await self._repository.change(ARRIVALS.maybe(arrival.order_no), rule, cause=cause)

    async def as_it_is_now(self, message: Message) -> Message:
        """Give a message that waited as it is to be said now; suppressed when nothing is (Q33)."""
        now, order_no = self._clock.now(), message.order_no
        if order_no is None or not may_be_overtaken(message, at=now):
            return message
        arrival = await self._repository.get(ARRIVALS.maybe(order_no))
        others = await self.queries.others_of(message)
        rule = partial(overtaken, arrival=arrival, others=others, at=now)
        cause = Cause.of_job("overtaken", message.message_id, moment_text(now))
        ref = MESSAGES.ref(message.message_id)
        answer = await self._repository.change(ref, rule, cause=cause)
        known: Message = await self._repository.get(ref) if answer.repeated else answer.states[0]
        return known

    async def healths(self) -> dict[Channel, Health | None]:
        """Give how each gateway does; another process may have found that out a second ago."""
        known = {each.channel: each for each in await self.queries.healths()}
        return {channel: known.get(channel) for channel in CHAIN}

    async def note_outcome(self, channel: Channel, outcome: Outcome) -> None:
        """Keep how the gateway does, when that changes."""
        if isinstance(outcome, Accepted) and (await self.healths())[channel] in (None, Health(channel)):
            return
        rule = partial(note_outcome, channel=channel, outcome=outcome, at=self._clock.now())
        await self._repository.change(HEALTHS.maybe(channel), rule, cause=Cause(key=None))

    async def claim(self, message: Message, *, attempt: str) -> Message | None:
        """Claim one attempt, committed before anything is sent; None when another process was first."""
        rule = partial(begin_attempt, attempt=attempt, at=self._clock.now())
        cause = Cause.of_job("claim", message.message_id, attempt)
        ref = MESSAGES.ref(message.message_id)
        answer = await self._repository.change(ref, rule, cause=cause)
        # Only this attempt can repeat itself: it was committed, and the database's answer was lost.
        claimed: Message = await self._repository.get(ref) if answer.repeated else answer.states[0]
        return claimed if claimed.state == "attempting" and claimed.attempt == attempt else None

    async def end(self, message: Message, *, attempt: str, outcome: Outcome) -> None:
        """Store the outcome of an attempt, with the facts and tasks that follow (N7, Q24)."""
        rule = partial(end_attempt, attempt=attempt, outcome=outcome, at=self._clock.now())
        cause = Cause.of_job("end", message.message_id, attempt)
        await self._change(MESSAGES.ref(message.message_id), message.patient_ref, rule, cause)

    async def break_off(self, message: Message) -> None:
        """Give up an attempt that nobody ended: it may have been sent, so it is never sent again (Q24)."""
        now = self._clock.now()
        cause = Cause.of_job("break-off", message.message_id, message.attempt or "", moment_text(now))
        rule = partial(break_off, at=now)
        await self._change(MESSAGES.ref(message.message_id), message.patient_ref, rule, cause)

    async def postpone(self, message: Message, *, why: str) -> None:
        """Let a message wait, longer each time, in the hours that are allowed (Q24, Q18)."""
        await self._seen(message, "postpone", partial(postpone, at=self._clock.now(), why=why))

    async def suppress(self, message: Message, *, why: str) -> None:
        """End a message that may not be sent, with the reason (S41, Q24)."""
        await self._seen(message, "suppress", partial(suppress, at=self._clock.now(), why=why))

    async def expire(self, message: Message) -> None:
        """End a message whose time is over before it could be sent (N7, Q24)."""
        await self._seen(message, "expire", partial(expire, at=self._clock.now()))

    async def miss_receipt(self, message: Message) -> None:
        """Note that the gateway never reported the outcome of an SMS (T23)."""
        await self._seen(message, "miss-receipt", partial(miss_receipt, at=self._clock.now()))

    async def note_receipt(self, message_id: str, receipt: Receipt) -> None:
        """Keep a gateway's report once, and of an id that may name somebody a hash; raises NotFound."""
        message = await self._repository.get(MESSAGES.ref(message_id))
        receipt = replace(receipt, provider_id=self._named(receipt.provider_id, message))
        rule = partial(note_receipt, receipt=receipt, at=self._clock.now())
        cause = Cause.of_job("receipt", message_id, receipt.provider_id, receipt.status)
        await fault("receipt.before_commit")
        await self._change(MESSAGES.ref(message.message_id), message.patient_ref, rule, cause)
        await fault("receipt.after_commit")

    def _named(self, provider_id: str, message: Message) -> str:
        """Name the report as an earlier one of it is named: the version before hashed without a key."""
        former = plain_hash(provider_id)[:40]
        if any(each.provider_id == former for each in message.receipts):
            return former
        return reference_of(provider_id) or self._repository.hashes.of(provider_id)[:40]

    async def keep_contact(self, published: Contact, *, cause: Cause) -> None:
        """Store the newest version of how a patient is reached (S42)."""
        rule = partial(keep_contact, published=published)
        await self._repository.change(CONTACTS.maybe(published.patient_ref), rule, cause=cause)

    async def merge(self, patient_ref: str, *, into_ref: str, cause: Cause) -> None:
        """Let contact data follow a merged patient (S65, S68)."""
        rule = partial(merge_contact, patient_ref=patient_ref, into_ref=into_ref)
        await self._repository.change(CONTACTS.maybe(patient_ref), rule, cause=cause)

    async def note(self, asked: Asking, patient_refs: Iterable[str]) -> None:
        """Audit whom something is about, before the answer leaves."""
        await self._repository.note(asked, patient_refs)

    async def _change(self, ref: Ref[Any], patient_ref: str, rule: Any, cause: Cause) -> Answer:
        """Change a message beside its patient's contact, under the reference that is used now (S65, S68)."""
        seen: list[str] = []
        while True:
            seen.append(patient_ref)
            refs = ref & CONTACTS.maybe(patient_ref)
            try:
                return await self._repository.change(refs, partial(_of_one_contact, rule, seen), cause=cause)
            except ContactMoved as moved:
                patient_ref = moved.into_ref

    async def _seen(self, message: Message, verb: str, rule: Any) -> None:
        """Do it to the message as it was seen: two processes that saw the same do it once."""
        cause = Cause.of_job(verb, message.message_id, str(len(message.history)))
        await self._repository.change(MESSAGES.ref(message.message_id), rule, cause=cause)


def _of_one_contact(rule: Any, seen: Several[str], message: Any, contact: Contact | None) -> Any:
    if contact and contact.merged_into and contact.merged_into not in seen:
        raise ContactMoved(contact.merged_into)
    return rule(message, contact)
