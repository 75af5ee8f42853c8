"""Queries of messages: due, searched, shown; and of contact data."""

from collections.abc import Collection as Several
from collections.abc import Iterable

from services.notification.domain.attempts import LOST_AFTER
from services.notification.domain.contact import Contact
from services.notification.domain.health import Health
from services.notification.domain.message import Channel, Message
from services.notification.repository.collections import CONTACTS, HEALTHS, MESSAGES
from shared.clock import Clock
from shared.repository import Asking, Page, Place, Repository, moment_text, present

MOST_AT_ONCE = 50
MOST_SHOWN = 500


class MessageQueries:
    """One service's messages, as of this clock."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock
        self._healths = repository.remembered(HEALTHS)

    async def due(self, channels: Several[Channel], *, most: int = MOST_AT_ONCE) -> list[Message]:
        now = moment_text(self._clock.now())
        where = {"state": "due", "due_at": {"$lte": now}, "channel": {"$in": sorted(channels)}}
        return await self._repository.find(MESSAGES, where, sort="due_at", limit=most)

    async def too_late(self) -> list[Message]:
        """List what waits though its time is over, also while its gateway rests."""
        where = {"state": "due", "expires_at": {"$lte": moment_text(self._clock.now())}}
        return await self._repository.find(MESSAGES, where, sort="expires_at", limit=MOST_AT_ONCE)

    async def lost(self) -> list[Message]:
        """List the attempts that nobody ended: their process was killed, or hangs."""
        before = moment_text(self._clock.now() - LOST_AFTER)
        where = {"state": "attempting", "attempted_at": {"$lte": before}}
        return await self._repository.find(MESSAGES, where, limit=MOST_AT_ONCE)

    async def without_report(self) -> list[Message]:
        where = {"report_by": {"$lte": moment_text(self._clock.now())}}
        return await self._repository.find(MESSAGES, where, sort="report_by", limit=MOST_AT_ONCE)

    async def healths(self) -> list[Health]:
        """List how the gateways do, as of a second ago at most."""
        return await self._healths.find({})

    async def contact(self, patient_ref: str) -> Contact:
        """Give how a patient is reached, under the reference that is used now (S65, S68)."""
        now, found = await present(self._repository, CONTACTS, patient_ref)
        return found or Contact(now)

    async def of(self, asked: Asking, *, field: str, value: str, after: Place | None = None) -> Page[Message]:
        """List a patient's or an order's messages, the newest first, audited before the answer leaves."""
        values = await self._also_known_as(value) if field == "patient_ref" else {value}
        where = {field: {"$in": sorted(values)}}
        page = await self._repository.page(MESSAGES, where, sort="-due_at", limit=MOST_SHOWN, after=after)
        await self._repository.note(asked, [value] if field == "patient_ref" else _patients(page.states))
        return page

    async def _also_known_as(self, patient_ref: str) -> set[str]:
        known, fresh = {patient_ref}, {patient_ref}
        while fresh:
            where = {"merged_into": {"$in": sorted(fresh)}}
            fresh = {each.patient_ref for each in await self._repository.find(CONTACTS, where)} - known
            known |= fresh
        return known

    async def others_of(self, message: Message) -> list[Message]:
        """List the other messages about the same order."""
        found = await self._repository.find(MESSAGES, {"order_no": message.order_no}, limit=MOST_AT_ONCE)
        return [each for each in found if each.message_id != message.message_id]


def _patients(found: Iterable[Message]) -> list[str]:
    return [message.patient_ref for message in found]
