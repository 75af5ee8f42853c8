"""A patient's contact data, newest version, encrypted as prescription published it (S42, S65, S68)."""

from dataclasses import dataclass, replace
from datetime import date

from services.notification.domain.message import CHAIN, Channel, Message
from shared.domain.decision import Decision
from shared.domain.guardianship import Acting, guardian_acts

MOST_FORMER = 50
"""A number that was given up so many numbers ago is in no message that still waits."""


@dataclass(frozen=True)
class Guardian:
    """Who acts for a minor, and on which days (S70)."""

    guardian_ref: str
    valid_from: date
    valid_through: date


@dataclass(frozen=True)
class Contact:
    """Sealed numbers and addresses; all empty for who is withheld or dead."""

    patient_ref: str
    version: int = 0
    phone: str | None = None
    phone_key: str | None = None
    """A keyed hash of the number, to know it again."""
    email: str | None = None
    name: str | None = None
    address: str | None = None
    language: str = "sv"
    former: tuple[str, ...] = ()
    """Keyed hashes of numbers that are no longer the patient's: they may be somebody else's now."""
    merged_into: str | None = None
    born: str | None = None
    """Sealed; of who is withheld or dead, and of who was published before guardians were kept, None."""
    guardians: tuple[Guardian, ...] = ()
    acting_version: int = 0
    """The version that birth date and guardians are of: a replica from before them raises `version` alone."""

    def at(self, channel: Channel) -> str | None:
        """Give the patient's own number or address for a channel."""
        return {"sms": self.phone, "email": self.email, "letter": self.name and self.address}.get(channel)


def keep_contact(contact: Contact | None, *, published: Contact) -> Decision[Contact | None]:
    """Take the newest version, and remember numbers that the patient gave up (S41, S42)."""
    known = contact or Contact(published.patient_ref)
    if published.version <= known.version:
        return contact, []
    given_up = dict.fromkeys((*known.former, known.phone_key))
    former = tuple(each for each in given_up if each and each != published.phone_key)[-MOST_FORMER:]
    return replace(published, former=former, merged_into=known.merged_into), []


def merge_contact(contact: Contact | None, *, patient_ref: str, into_ref: str) -> Decision[Contact | None]:
    """Remember whom a patient turned out to be: all messages are theirs from now on (S65, S68)."""
    return replace(contact or Contact(patient_ref), merged_into=into_ref), []


def guardian_sees(child: Contact, guardian_ref: str, *, born: date | None, on: date) -> Acting:
    """Tell how a guardian sees a child's messages (S70, Q7); of who is protected nobody sees any (Q18).

    `born` is the child's birth date, opened for this question only.
    """
    named = child.acting_version == child.version and any(
        each.guardian_ref == guardian_ref and each.valid_from <= on <= each.valid_through
        for each in child.guardians
    )
    return guardian_acts(born, on=on) if named else "not"


def next_way(message: Message, contact: Contact | None, *, from_channel: Channel) -> Channel | None:
    """Give the first way from a channel on for which there is a number or an address (S38, T23)."""
    for channel in CHAIN[CHAIN.index(from_channel) :]:
        given = message.to if channel == message.channel else None
        if given or (contact and contact.at(channel)):
            return channel
    return None


def way_after(message: Message, contact: Contact | None) -> Channel | None:
    """Give the way to try when the message's own failed for good; None when a person must take over (T23)."""
    later = CHAIN[CHAIN.index(message.channel) + 1 :] if message.channel in CHAIN else ()
    return next_way(message, contact, from_channel=later[0]) if later else None
