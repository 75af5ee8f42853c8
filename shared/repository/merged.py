"""Merged patients: finds from any earlier reference the one that is used now (S65, S68)."""

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from shared.repository.refs import Collection
from shared.repository.repository import Repository


class Mergeable(Protocol):
    """What a service keeps of a patient; `merged_into` names the patient that this one turned out to be."""

    @property
    def merged_into(self) -> str | None: ...


Kept = TypeVar("Kept", bound=Mergeable)


async def present(
    repository: Repository, collection: Collection[Kept], patient_ref: str
) -> tuple[str, Kept | None]:
    """Give the reference that is used now instead of this one, and what is kept under it."""
    return (await present_of(repository, collection, (patient_ref,)))[patient_ref]


async def present_of(
    repository: Repository, collection: Collection[Kept], patient_refs: Iterable[str]
) -> dict[str, tuple[str, Kept | None]]:
    """Give by each reference the one that is used now, and what is kept under it.

    However often a patient was merged on; of two that were merged into each other, the other one.
    """
    asked = list(dict.fromkeys(patient_refs))
    kept: dict[str, Kept | None] = {}
    now = {each: each for each in asked}
    while unread := list(dict.fromkeys(each for each in now.values() if each not in kept)):
        kept.update(zip(unread, await repository.get(collection.maybe_many(unread)), strict=True))
        now = {each: _last(each, kept) for each in asked}
    return {each: (now[each], kept[now[each]]) for each in asked}


def _last(patient_ref: str, kept: Mapping[str, Mergeable | None]) -> str:
    seen = {patient_ref}
    while (known := kept.get(patient_ref)) and known.merged_into and known.merged_into not in seen:
        patient_ref = known.merged_into
        seen.add(patient_ref)
    return patient_ref
