"""Sends a message once more when a person asks for it, where nothing was sent before (Q24, N7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from services.notification.domain.contact import Contact, next_way
from services.notification.domain.endings import resolved
from services.notification.domain.message import CHAIN, Message, State
from services.notification.domain.notices import by_way
from shared.domain.decision import Decision, Refused, Sentence, refuse_any

NOT_SENT: frozenset[State] = frozenset({"rejected", "expired", "suppressed"})
WAITS: frozenset[State] = frozenset({"due", "attempting"})


class MessageWaits(Refused):
    """It is sent by itself (Q24)."""

    rule = "message-waits"
    sentence = Sentence(
        "Meddelandet väntar på att skickas. Det skickas av sig självt mellan 8 och 20.",
        "The message waits to be sent. It is sent by itself between 8 and 20.",
    )


class MessageMayBeSent(Refused):
    """Twice is worse than once: what may have been sent is never sent again (Q24)."""

    rule = "message-may-be-sent"
    sentence = Sentence(
        "Meddelandet är skickat, eller kan ha skickats, och skickas inte igen. Ring patienten om det behövs.",
        "The message was sent, or may have been, and is not sent again. Call the patient if that is needed.",
    )


class NoWayToPatient(Refused):
    """There is neither a number nor an address (S38, T23)."""

    rule = "no-way-to-patient"
    sentence = Sentence(
        "Det finns varken telefonnummer, e-post eller adress. Fyll i kontaktuppgifterna först.",
        "There is no telephone number, e-mail or address. Fill in the contact details first.",
    )


def against_sending_again(message: Message, contact: Contact | None) -> Iterator[Refused]:
    """Say why a message is not sent again (Q24)."""
    if message.state in WAITS:
        yield MessageWaits()
    elif message.state not in NOT_SENT:
        yield MessageMayBeSent()
    elif next_way(replace(message, to=None), contact, from_channel=CHAIN[0]) is None:
        yield NoWayToPatient()


def send_again(
    message: Message, contact: Contact | None, *, at: datetime
) -> Decision[Message, Contact | None]:
    """Let it be sent to the patient's own number or address as they are now; its task is over (Q24, N7).

    Whether the patient may be told is asked again at the moment of sending. Raises MessageWaits,
    MessageMayBeSent and NoWayToPatient.
    """
    refuse_any(against_sending_again(message, contact))
    channel = next_way(replace(message, to=None), contact, from_channel=CHAIN[0]) or CHAIN[0]
    return by_way(message, channel, at=at), contact, [resolved(message, "sent_again")]
