"""Makes and reads the encrypted URL at which a gateway reports on one message."""

from cryptography.fernet import InvalidToken

from shared.sealed import Seals

PREFIX = "sealed:messages:"
ABOUT = "receipt:"


class ReceiptLinks:
    """Makes the address, and knows its own again."""

    def __init__(self, seals: Seals, base_url: str) -> None:
        self._seals = seals
        self._base_url = base_url.rstrip("/")

    def to(self, message_id: str) -> str:
        sealed = self._seals.seal(f"{ABOUT}{message_id}", purpose="messages")
        return f"{self._base_url}/{sealed.removeprefix(PREFIX)}"

    def message_of(self, token: str) -> str | None:
        """Give the message that a token is for; None for one that we did not make."""
        try:
            said = self._seals.open(f"{PREFIX}{token}")
        except InvalidToken:
            return None
        return said.removeprefix(ABOUT) if said.startswith(ABOUT) else None
