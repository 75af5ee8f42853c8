"""References to stored documents: collections, and one or several of their documents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, TypeVarTuple, cast

from shared.domain.decision import NotFound

State = TypeVar("State")
Other = TypeVar("Other")
States = TypeVarTuple("States")
Taken = TypeVar("Taken", covariant=True)  # noqa: PLC0105  the name says what it is

Address = tuple[str, str]
"""Collection name and document id."""


class VersionChanged(Exception):
    """Somebody changed the document since it was read (If-Match)."""


class WrittenByNewer(Exception):
    """A newer version of the system wrote the document in a way that this one must not change."""


@dataclass
class Loaded:
    """A document as loaded: its state and version; version 0 is not there yet."""

    state: Any
    version: int
    schema: int = 1


@dataclass(frozen=True)
class Ref(Generic[Taken]):
    """One or several documents that a rule decides about."""

    collection: "Collection[Any]"
    ids: tuple[str, ...]
    many: bool
    must_exist: bool
    if_version: frozenset[int] | None = None
    """The versions that the rule may decide about; None for any."""

    @property
    def addresses(self) -> list[Address]:
        return [(self.collection.name, each) for each in self.ids]

    def __and__(self, other: "Ref[Other]") -> "Refs[Taken, Other]":
        return Refs((self, other))

    def take(self, loaded: Mapping[Address, Loaded]) -> Taken:
        """Give the states as the rule wants them; raises NotFound and VersionChanged."""
        kept = [loaded[address] for address in self.addresses]
        for each, document in zip(self.ids, kept, strict=True):
            if self.must_exist and document.version == 0:
                raise NotFound(self.collection.noun, each)
            if self.if_version is not None and document.version not in self.if_version:
                raise VersionChanged(self.collection.noun)
        states = tuple(document.state for document in kept)
        return cast("Taken", states if self.many else states[0])

    def given(self, result: Any) -> Sequence[Any]:
        """Give the new states one by one, in the order of the ids."""
        states = tuple(result) if self.many else (result,)
        if len(states) != len(self.ids):
            raise ValueError(f"the rule returned {len(states)} {self.collection.name}, not {len(self.ids)}")
        return states


@dataclass(frozen=True)
class Refs(Generic[*States]):
    """All that one rule decides about, as many as it needs: `A.ref(one) & B.maybe(two) & C.many(some)`.

    The types of the states follow, so that a rule that takes others does not pass the type checker.
    """

    refs: tuple[Ref[Any], ...]

    def __and__(self, other: Ref[Other]) -> "Refs[*States, Other]":
        return Refs((*self.refs, other))


@dataclass(frozen=True)
class Partial:
    """An index of the documents with this condition only: a query must contain the condition too."""

    fields: str
    field: str
    value: str | bool


@dataclass(frozen=True)
class Collection(Generic[State]):
    """A kind of document: its name, the state's type, and the fields that are looked up by.

    An index of several fields, `"state made_at"`, finds by the first and sorts by the rest, then by id.
    `schema` is raised when an older version may no longer change the documents; for a new field it is not.
    `stored_as` pairs a field's name, at any depth, with its name in documents, queries and indexes.
    `derive` fills what follows from other fields and queries find by, each time a state is stored.
    """

    name: str
    state: type[State]
    indexes: tuple[str | Partial, ...] = ()
    unique: tuple[str, ...] = ()
    schema: int = 1
    stored_as: tuple[tuple[str, str], ...] = ()
    derive: Callable[[State], State] | None = None

    @property
    def noun(self) -> str:
        return self.state.__name__

    def ref(self, document_id: str, *, if_version: int | frozenset[int] | None = None) -> Ref[State]:
        versions = frozenset({if_version}) if isinstance(if_version, int) else if_version
        return Ref(self, (document_id,), many=False, must_exist=True, if_version=versions)

    def maybe(self, document_id: str) -> Ref[State | None]:
        return Ref(self, (document_id,), many=False, must_exist=False)

    def many(self, ids: Sequence[str]) -> Ref[tuple[State, ...]]:
        return Ref(self, tuple(ids), many=True, must_exist=True)

    def maybe_many(self, ids: Sequence[str]) -> Ref[tuple[State | None, ...]]:
        return Ref(self, tuple(ids), many=True, must_exist=False)
