"""Routes for a person's own lists: recently opened patients, and saved searches (S32, S33)."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import Response
from pydantic import StringConstraints

from services.prescription.api.patients.search_forms import CriteriaForm
from services.prescription.domain.own.own_lists import (
    OwnLists,
    SavedSearch,
    forget_search,
    note_number,
    note_opened,
    number_given_at,
    opened_refs,
    save_search,
)
from services.prescription.domain.patients.search import Criteria, against_search
from services.prescription.repository.collections import OWN_LISTS
from services.prescription.repository.prescriptions import Prescribing
from shared.auth.actor import Actor
from shared.domain.decision import refuse_any
from shared.fields import SingleLine
from shared.http import Ask, Asked, Request, Router, View
from shared.repository import Cause
from shared.sealed import Seals

SearchName = Annotated[SingleLine, StringConstraints(max_length=60)]


class SavedSearchForm(Request):
    """A search to be made again, under a name."""

    name: SearchName
    criteria: CriteriaForm


class SearchNameForm(Request):
    """Which saved search."""

    name: SearchName


class SavedSearchView(View):
    """A saved search, ready to be made again."""

    name: str
    criteria: CriteriaForm


class OwnWork:
    """Reads and writes one person's own lists."""

    def __init__(self, prescribing: Prescribing, seals: Seals) -> None:
        self._repository = prescribing.repository
        self._seals = seals

    async def note_opened(self, actor: Actor, patient_ref: str, *, at: datetime) -> None:
        """Remember which patient was opened; nothing is written when it is the first already."""
        lists = await self._repository.get(OWN_LISTS.maybe(actor.sub))
        if actor.has("patient") or opened_refs(lists)[:1] == [patient_ref]:
            return
        rule = partial(note_opened, owner=actor.sub, patient_ref=patient_ref, at=at)
        await self._repository.change(OWN_LISTS.maybe(actor.sub), rule, cause=Cause(key=None))

    async def note_number(self, actor: Actor, patient_ref: str, *, at: datetime) -> None:
        """Remember that one of the staff gave a patient's full number (S5, S70)."""
        rule = partial(note_number, owner=actor.sub, patient_ref=patient_ref, at=at)
        await self._repository.change(OWN_LISTS.maybe(actor.sub), rule, cause=Cause(key=None))

    async def number_given_at(self, actor: Actor, patient_ref: str) -> datetime | None:
        """Say when one of the staff last gave the patient's full number (S5, S70)."""
        return number_given_at(await self._repository.get(OWN_LISTS.maybe(actor.sub)), patient_ref)

    async def opened(self, actor: Actor) -> list[str]:
        return list(opened_refs(await self._repository.get(OWN_LISTS.maybe(actor.sub))))

    async def searches(self, actor: Actor) -> list[SavedSearchView]:
        lists = await self._repository.get(OWN_LISTS.maybe(actor.sub))
        return self.shown(lists) if lists else []

    def sealed(self, criteria: Criteria) -> Criteria:
        """Seal the patient's name that a search holds."""
        return (
            replace(criteria, name=self._seals.seal(criteria.name, purpose="identity"))
            if criteria.name
            else criteria
        )

    def shown(self, lists: OwnLists) -> list[SavedSearchView]:
        return [
            SavedSearchView(name=each.name, criteria=CriteriaForm.of(self._opened(each.criteria)))
            for each in lists.searches
        ]

    def _opened(self, criteria: Criteria) -> Criteria:
        return replace(criteria, name=self._seals.open(criteria.name)) if criteria.name else criteria


class SavedSearches(View):
    """All of one's saved searches, by name."""

    searches: list[str]

    @classmethod
    def of(cls, lists: OwnLists | None) -> "SavedSearches":
        return cls(searches=[each.name for each in lists.searches] if lists else [])


def routes(prescribing: Prescribing, own_work: OwnWork) -> Router:
    """A search under a name is offered again whenever the person comes back (S32)."""
    router = Router("prescription", prefix="/searches", tags=["searches"])
    repository = prescribing.repository

    @router.get("")
    async def list_saved_searches(ask: Ask) -> list[SavedSearchView]:
        return await own_work.searches(ask.actor)

    @router.post("", response_model=SavedSearches)
    async def save_patient_search(form: SavedSearchForm, asked: Asked) -> Response:
        criteria = form.criteria.criteria()
        refuse_any(against_search(criteria))
        search = SavedSearch(form.name, own_work.sealed(criteria))
        owner = asked.actor.sub
        rule = partial(save_search, owner=owner, search=search)
        return asked.answered(
            await repository.change(OWN_LISTS.maybe(owner), rule, cause=asked.cause, reply=SavedSearches.of)
        )

    @router.post("/forget", response_model=SavedSearches)
    async def forget_patient_search(form: SearchNameForm, asked: Asked) -> Response:
        owner = asked.actor.sub
        rule = partial(forget_search, owner=owner, name=form.name)
        return asked.answered(
            await repository.change(OWN_LISTS.maybe(owner), rule, cause=asked.cause, reply=SavedSearches.of)
        )

    return router
