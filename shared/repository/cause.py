"""Why something changes: a consumed fact, a request, or a job."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Entry:
    """One row of the audit log to be written with the change or the reading (HSLF-FS 2016:40 4 kap 9 §).

    `patient_refs` is filled from the states that were touched when it is empty.
    """

    actor: str
    action: str
    roles: tuple[str, ...] = ()
    care_units: tuple[str, ...] = ()
    purpose: str | None = None
    patient_refs: tuple[str, ...] = ()

    def about(self, *patient_refs: str) -> "Entry":
        return replace(self, patient_refs=patient_refs)


@dataclass(frozen=True)
class Cause:
    """What makes a change happen once: the same key never has a second effect.

    `fingerprint` tells two bodies under one key apart, of a request or a message; `traceparent` is passed on
    with the facts.
    """

    key: str | None
    fingerprint: str | None = None
    former_fingerprints: tuple[str, ...] = ()
    """As older versions made it of the same body: a retry is the same request also over an upgrade."""
    traceparent: str | None = None
    entry: Entry | None = None
    told_at: datetime | None = None
    """When its publisher committed the fact: facts may arrive in another order than they were published."""
    sender: str | None = None
    """The routing key under which an outside partner said it; the broker knows who may use which."""
    id_is_reused: bool = False
    """The same sender said something else under the same message id before: one of the two is wrong."""
    former_keys: tuple[str, ...] = field(default=(), repr=False)
    """How versions before named the same request: recognised where it was kept, never written."""

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key, *self.former_keys) if self.key else self.former_keys

    def part(self, *names: str) -> "Cause":
        """Give a cause for one of several changes out of the same message."""
        former = tuple(":".join((each, *names)) for each in self.former_keys)
        return replace(self, key=":".join((self.key or "", *names)), former_keys=former)

    def of_reused_id(self) -> "Cause":
        """Give a cause for other content under an id that is known."""
        both = tuple(f"{key}|{content}" for key in self.former_keys for content in self.former_fingerprints)
        return replace(self, key=f"{self.key}|{self.fingerprint}", former_keys=both, id_is_reused=True)

    @classmethod
    def of_job(cls, *names: str) -> "Cause":
        return cls(key=":".join(("job", *names)))


@dataclass(frozen=True)
class Answer:
    """What a request is answered, kept with its cause so that a repeated key gets the same bytes."""

    body: str
    version: int
    repeated: bool = False
    states: tuple[Any, ...] = field(default=(), compare=False)


class Asking(Protocol):
    """A request that reads: who asks, and where the version that was read is put."""

    @property
    def entry(self) -> Entry: ...

    def seen(self, version: int) -> None: ...


class KeyReused(Exception):
    """The same Idempotency-Key, or the same message id, came with another body."""
