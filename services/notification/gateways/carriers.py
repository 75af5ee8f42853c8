"""The last step of each channel, where personal fields are decrypted (S38, S41, T23)."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter

from services.notification.domain.contact import Contact
from services.notification.domain.message import Message
from services.notification.domain.outcomes import Outcome, Rejected
from services.notification.domain.texts import subject_of, text_of
from services.notification.gateways.carrying import EmailServer, PrintQueue, SmsGateway
from services.notification.gateways.links import ReceiptLinks
from shared.domain.address import Address
from shared.domain.decision import Refused
from shared.domain.text import as_one_line
from shared.phone import sms_number
from shared.sealed import Seals

ADDRESS = TypeAdapter(Address)


@dataclass(frozen=True)
class Wording:
    """Who speaks in a message, and which number can be called."""

    sender: str
    customer_service_phone: str


class Carriers:
    """Gives a claimed message to the carrier of its channel."""

    def __init__(
        self,
        sms: SmsGateway,
        email: EmailServer,
        letters: PrintQueue,
        *,
        seals: Seals,
        links: ReceiptLinks,
        wording: Wording,
    ) -> None:
        self._sms = sms
        self._email = email
        self._letters = letters
        self._seals = seals
        self._links = links
        self._wording = wording

    async def carry(self, message: Message, contact: Contact) -> Outcome:
        """Send it once by its own channel; raises InvalidToken for a seal that no key opens."""
        text = self.text_of(message)
        if message.channel == "letter":
            return await self._by_letter(message, contact, text)
        to = self.number_or_address(message, contact)
        if to is None:
            return Rejected(f"no-{message.channel}")
        if message.channel == "email":
            subject = subject_of(message.language)
            return await self._email.send(message.message_id, to=to, subject=subject, text=text)
        return await self._by_sms(message, to, text)

    def text_of(self, message: Message) -> str:
        """Write what a message says, as it is sent."""
        phone = self._wording.customer_service_phone
        return text_of(message.saying, message.language, phone=phone, day=message.day)

    async def _by_sms(self, message: Message, to: str, text: str) -> Outcome:
        try:
            number = sms_number(to)
        except Refused as refused:
            return Rejected(refused.rule)
        return await self._sms.send(
            message.message_id,
            to=number,
            text=text,
            sender=self._wording.sender,
            report_to=self._links.to(message.message_id),
        )

    async def _by_letter(self, message: Message, contact: Contact, text: str) -> Outcome:
        if contact.name is None or contact.address is None:
            return Rejected("no-letter")
        name = self._seals.open(contact.name)
        address = ADDRESS.validate_json(self._seals.open(contact.address))
        lines = "\n".join(map(as_one_line, (name, *lines_of(address))))
        return await self._letters.put(message.message_id, address=lines, text=text)

    def number_or_address(self, message: Message, contact: Contact) -> str | None:
        """Give where it goes; a number that the patient gave up may be somebody else's now (S41)."""
        own = contact.at(message.channel)
        given = self._seals.open(message.to) if message.to else None
        if given and self._seals.key_of(given) not in contact.former:
            return given
        return self._seals.open(own) if own else None


def lines_of(address: Address) -> Iterator[str]:
    """Write an address as it stands on an envelope."""
    yield from (line for line in (address.co and f"c/o {address.co}", address.line1, address.line2) if line)
    yield f"{address.postal_code} {address.city}"
    if address.country != "SE":
        yield address.country
