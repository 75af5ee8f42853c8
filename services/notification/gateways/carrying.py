"""The interfaces of what delivers a message: SMS, mail, print."""

from typing import Protocol

from services.notification.domain.outcomes import Outcome


class SmsGateway(Protocol):
    """Tries once, and says honestly what it knows: never an exception for what the network does."""

    async def send(self, message_id: str, *, to: str, text: str, sender: str, report_to: str) -> Outcome: ...


class EmailServer(Protocol):
    """As honest as a gateway."""

    async def send(self, message_id: str, *, to: str, subject: str, text: str) -> Outcome: ...


class PrintQueue(Protocol):
    """Takes each letter once, by its id."""

    async def put(self, message_id: str, *, address: str, text: str) -> Outcome: ...
