"""The identity of a message: its key and content, a partner's as keyed hashes (decision 0084)."""

from dataclasses import dataclass

import orjson

from shared import tracing
from shared.domain.hashing import plain_hash
from shared.messaging.envelope import Message
from shared.repository import Cause
from shared.sealed import Hashes


@dataclass(frozen=True)
class Names:
    """A message's key and content; `former` is how the version before wrote both, where it differs."""

    key: str
    content: str
    former: "Names | None" = None

    def cause_in(self, queue: str, message: Message) -> Cause:
        """Give the cause of what the message makes its handler change."""
        former = (self.former,) if self.former else ()
        return Cause(
            key=f"{queue}|{self.key}",
            former_keys=tuple(f"{queue}|{each.key}" for each in former),
            fingerprint=self.content,
            former_fingerprints=tuple(each.content for each in former),
            traceparent=tracing.traceparent(),
            told_at=message.told_at,
            sender=message.sender,
        )

    def failure_in(self, queue: str) -> str:
        """Name what a queue could not handle, by message and content."""
        return f"{queue}|{self.key}|{self.content[:16]}"


def names_of(message: Message, hashes: Hashes) -> Names:
    """Name a fact of ours by its id, a partner's message by sender and id; without an id, by its content.

    What a partner writes may hold a person's number: of it only keyed hashes are kept.
    """
    if message.sender is None:
        return Names(message.identity, message.content)
    content = hashes.of(message.content)
    if message.message_id is None:
        return Names(content, content, Names(message.content, message.content))
    named = orjson.dumps([message.sender, message.message_id])
    return Names(hashes.of(named), content, Names(plain_hash(named), message.content))
