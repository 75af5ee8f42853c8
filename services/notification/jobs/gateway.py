"""The port to whoever carries an SMS to a telephone."""

from typing import Protocol

from services.notification.domain.outcomes import Outcome


class SmsGateway(Protocol):
    """Tries once, and says honestly what it knows: never an exception for what the network does."""

    async def send(self, message_id: str, *, to: str, text: str, sender: str) -> Outcome: ...
