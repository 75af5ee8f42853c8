"""What one transaction writes: inbox rows, states, outbox rows and audit rows."""

from dataclasses import dataclass, field
from typing import Any

from shared.repository.codec import Document
from shared.repository.refs import Address, Collection, Loaded


@dataclass
class Writes:
    """Gathered by the committer, written with bulk commands."""

    inbox: list[Document] = field(default_factory=list)
    states: dict[Address, tuple[Collection[Any], Loaded]] = field(default_factory=dict)
    outbox: list[Document] = field(default_factory=list)
    audit: list[Document] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.inbox or self.states or self.outbox or self.audit)
