"""Searching and merging on memory and on MongoDB: the same hits, pages and moves."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from services.prescription.application.merging import Mergings
from services.prescription.application.sealing import name_keys
from services.prescription.application.searching import Page, Reach, Searching
from services.prescription.domain.patients.patients import Identity, Patient
from services.prescription.domain.patients.person import Guardian
from services.prescription.domain.patients.search import Criteria, searchable_texts
from services.prescription.repository.collections import COLLECTIONS, IDENTITIES, PATIENTS, PRESCRIPTIONS
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import FixedClock
from shared.http import View
from shared.repository import Cause, Collection, Repository
from shared.repository.backend import Backend
from shared.service.process import repository_of
from tests.prescription.examples import ADULT, PATIENT, PRESCRIPTION, TODAY
from tests.support import A_MONDAY_MORNING
from tests.support import test_seals as seals_of_tests

EVERYBODY = Reach(None, None)
SEALS, CLOCK = seals_of_tests(), FixedClock(A_MONDAY_MORNING)
NAMES = {"p-1": "Bo Andreasson", "p-2": "Andreas Testsson", "p-3": "Åsa Andersson"}


@pytest.fixture
async def prescribing(backend: Backend) -> AsyncIterator[Prescribing]:
    await backend.prepare(COLLECTIONS)
    repository = repository_of(backend, service="prescription", clock=CLOCK, seals=SEALS)
    for patient_ref, name in NAMES.items():
        keys = name_keys(searchable_texts(name), SEALS)
        patient = replace(PATIENT, patient_ref=patient_ref, person=replace(ADULT, name_keys=keys))
        await put(repository, PATIENTS, patient_ref, patient)
        await put(repository, IDENTITIES, f"key-{patient_ref}", Identity(f"key-{patient_ref}", patient_ref))
        for number in (f"F-{patient_ref}-a", f"F-{patient_ref}-b"):
            own = replace(PRESCRIPTION, prescription_no=number, patient_ref=patient_ref)
            await put(repository, PRESCRIPTIONS, number, own)
    yield Prescribing(repository)
    await repository.close()


async def put(repository: Repository, collection: Collection[Any], document_id: str, state: Any) -> None:
    def keep(_: Any) -> tuple[Any, tuple[()]]:
        return state, ()

    await repository.change(collection.maybe(document_id), keep, cause=Cause(key=None))


async def every_page(prescribing: Prescribing, criteria: Criteria, *, limit: int) -> list[str]:
    searching = Searching(prescribing, SEALS)
    ask = partial(searching.page, criteria, EVERYBODY, on=TODAY, limit=limit)
    page: Page = await ask(after=None)
    pages = [page]
    while page.next is not None:
        page = await ask(after=page.next)
        pages.append(page)
    return [hit.patient.patient_ref for page in pages for hit in page.hits]


@pytest.mark.parametrize("limit", [1, 2, 10])
async def test_a_whole_name_comes_before_its_beginnings_on_every_page_size(
    prescribing: Prescribing, limit: int
) -> None:
    assert await every_page(prescribing, Criteria(name="andreas"), limit=limit) == ["p-2", "p-1"]
    assert await every_page(prescribing, Criteria(name="and"), limit=limit) == ["p-1", "p-2", "p-3"]


@pytest.mark.parametrize("limit", [1, 2, 10])
async def test_patients_are_listed_once_by_their_prescriptions(prescribing: Prescribing, limit: int) -> None:
    by_prescriber = Criteria(prescriber=PRESCRIPTION.prescriber, activity="active")

    assert await every_page(prescribing, by_prescriber, limit=limit) == ["p-1", "p-2", "p-3"]
    assert await every_page(prescribing, replace(by_prescriber, activity="ended"), limit=limit) == []
    assert await every_page(prescribing, replace(by_prescriber, name="bo"), limit=limit) == ["p-1"]


class Merged(View):
    """Any answer."""

    @classmethod
    def of(cls, *_: object) -> "Merged":
        return cls()


async def test_all_that_hangs_on_a_patient_moves_in_one_transaction(prescribing: Prescribing) -> None:
    repository = prescribing.repository
    reserve = await repository.get(PATIENTS.ref("p-1"))
    by_hand = replace(reserve, person=replace(reserve.person or ADULT, number_type="skane"))
    await put(repository, PATIENTS, "p-1", by_hand)
    mergings = Mergings(prescribing, CLOCK)

    await mergings.merge(
        "p-1",
        "p-2",
        by="clerk",
        reason="got a personal number",
        same_by_register=False,
        cause=Cause(key="merge-1"),
        reply=Merged.of,
    )

    old: Patient = await repository.get(PATIENTS.ref("p-1"))
    assert (old.person, old.merged_into) == (None, "p-2")
    assert await prescribing.patient_ref_of("key-p-1") == "p-2"
    assert len(await prescribing.prescriptions_of("p-2")) == 4
    assert await prescribing.current_ref("p-1") == "p-2"


async def test_what_was_saved_while_two_were_merged_moves_at_the_next_run(prescribing: Prescribing) -> None:
    await test_all_that_hangs_on_a_patient_moves_in_one_transaction(prescribing)
    repository = prescribing.repository
    late = replace(PRESCRIPTION, prescription_no="F-late", patient_ref="p-1")
    await put(repository, PRESCRIPTIONS, "F-late", late)
    await put(repository, IDENTITIES, "key-late", Identity("key-late", "p-1"))
    child = await repository.get(PATIENTS.ref("p-3"))
    guarded = replace(child.person or ADULT, guardians=(Guardian("p-1", TODAY, TODAY),))
    await put(repository, PATIENTS, "p-3", replace(child, person=guarded))

    await Mergings(prescribing, CLOCK).follow_up()

    assert len(await prescribing.prescriptions_of("p-2")) == 5
    assert await prescribing.patient_ref_of("key-late") == "p-2"
    moved = (await repository.get(PATIENTS.ref("p-3"))).person
    assert moved is not None
    assert [each.guardian_ref for each in moved.guardians] == ["p-2"]


async def test_a_patient_who_was_merged_twice_is_opened_and_current_as_the_last(
    prescribing: Prescribing,
) -> None:
    repository = prescribing.repository
    for old, into in (("p-1", "p-2"), ("p-2", "p-3")):
        await put(repository, PATIENTS, old, replace(PATIENT, patient_ref=old, person=None, merged_into=into))

    opened = await Searching(prescribing, SEALS).patients(["p-1", "p-3", "p-2"])

    assert [each.patient_ref for each in opened] == ["p-3"]
    assert await prescribing.current_ref("p-1") == "p-3"
