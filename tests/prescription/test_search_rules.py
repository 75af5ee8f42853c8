"""What a search asks for, how names are found, and what one of the staff keeps for the own work."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prescription.domain.own.own_lists import (
    MOST_RECENT,
    MOST_SAVED,
    OwnLists,
    SavedSearch,
    TooManySearches,
    forget_search,
    note_opened,
    opened_refs,
    save_search,
)
from services.prescription.domain.patients.search import (
    Criteria,
    NameTooShort,
    SearchTooBroad,
    against_search,
    begins,
    is_whole,
    name_parts,
    searchable_texts,
    wanted_of_prescriptions,
)
from shared.domain.decision import NotFound
from tests.prescription.examples import TODAY

MINE = Criteria(prescriber="abc123", activity="active")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEARCH = SavedSearch("My active patients", MINE)


def saved(lists: OwnLists | None) -> tuple[SavedSearch, ...]:
    return lists.searches if lists else ()


def test_a_name_is_folded_and_split() -> None:
    assert name_parts("Åsa-Märta  O'Connor") == ("asa", "marta", "o", "connor")


def test_a_beginning_of_a_surname_is_found_as_a_given_name_is() -> None:
    assert begins("andreas") in searchable_texts("Bo Andreasson")
    assert {begins("andreas"), is_whole("andreas")} <= set(searchable_texts("Andreas Testsson"))
    assert is_whole("andreas") not in searchable_texts("Bo Andreasson")


@given(st.text("abcåäöéÅÄÖ", min_size=2, max_size=30), st.integers(2, 30))
def test_every_beginning_of_a_name_finds_it(name: str, length: int) -> None:
    (wanted,) = name_parts(name[:length])

    assert begins(wanted) in searchable_texts(name)


def test_a_search_says_something_of_whom_it_is_for() -> None:
    assert [type(reason) for reason in against_search(Criteria())] == [SearchTooBroad]
    assert list(against_search(MINE)) == []
    assert list(against_search(Criteria(ends_within_days=0))) == []


@pytest.mark.parametrize("name", ["A", "B C", "!!"])
def test_one_letter_of_a_name_is_too_little(name: str) -> None:
    assert [type(reason) for reason in against_search(Criteria(name=name))] == [NameTooShort]


def test_my_active_patients_of_a_unit_are_found_by_three_criteria() -> None:
    where = wanted_of_prescriptions(
        replace(MINE, care_unit="DEMO-101"), care_units=["DEMO-102", "DEMO-101"], areas=["foods"], on=TODAY
    )

    assert where == {
        "care_unit": {"$in": ["DEMO-101"]},
        "product_area": {"$in": ["foods"]},
        "prescriber": "abc123",
        "lines.state": "active",
    }


def test_another_unit_than_the_own_gives_no_hits() -> None:
    where = wanted_of_prescriptions(
        Criteria(care_unit="DEMO-102"), care_units=["DEMO-101"], areas=None, on=TODAY
    )

    assert where == {"care_unit": {"$in": []}}


def test_without_a_unit_the_own_units_are_searched_and_customer_service_searches_all() -> None:
    by_type = Criteria(prescription_type="energy_nutrition", activity="ended")

    own = wanted_of_prescriptions(by_type, care_units=["DEMO-101"], areas=None, on=TODAY)
    every = wanted_of_prescriptions(by_type, care_units=None, areas=None, on=TODAY)

    assert own["care_unit"] == {"$in": ["DEMO-101"]}
    assert every == {"prescription_type": "energy_nutrition", "lines.state": {"$ne": "active"}}


def test_what_ends_within_a_week_is_active_now() -> None:
    where = wanted_of_prescriptions(Criteria(ends_within_days=7), care_units=None, areas=None, on=TODAY)

    days = [f"2026-03-0{day}" for day in range(2, 10)]
    assert where == {"lines.state": "active", "valid_through": {"$in": days}}


def test_a_search_is_saved_under_a_name_and_replaced_under_the_same_name() -> None:
    lists, _ = save_search(None, owner="me", search=SEARCH)

    again, _ = save_search(lists, owner="me", search=SavedSearch("MY ACTIVE PATIENTS", Criteria(name="Bo")))

    assert [(each.name, each.criteria.name) for each in saved(again)] == [("MY ACTIVE PATIENTS", "Bo")]


def test_saved_searches_are_listed_by_name_and_have_an_end() -> None:
    lists = OwnLists("me", tuple(replace(SEARCH, name=f"{each:02}") for each in range(MOST_SAVED - 1)))

    full, _ = save_search(lists, owner="me", search=replace(SEARCH, name="00a"))

    assert [each.name for each in saved(full)][:3] == ["00", "00a", "01"]
    with pytest.raises(TooManySearches):
        save_search(full, owner="me", search=SEARCH)


def test_a_saved_search_is_taken_away() -> None:
    lists, _ = save_search(None, owner="me", search=SEARCH)

    left, _ = forget_search(lists, owner="me", name=SEARCH.name)

    assert saved(left) == ()
    with pytest.raises(NotFound):
        forget_search(None, owner="me", name=SEARCH.name)


def test_the_latest_opened_patient_stands_first_and_once() -> None:
    lists: OwnLists | None = None
    for patient_ref in ("p-1", "p-2", "p-1"):
        lists, _ = note_opened(lists, owner="me", patient_ref=patient_ref, at=NOW)

    assert lists is not None
    assert opened_refs(lists) == ["p-1", "p-2"]
    assert note_opened(lists, owner="me", patient_ref="p-1", at=NOW)[0] is lists
    assert opened_refs(None) == []


def test_only_the_latest_patients_are_remembered() -> None:
    lists: OwnLists | None = None
    for number in range(MOST_RECENT + 5):
        lists, _ = note_opened(lists, owner="me", patient_ref=str(number), at=NOW)

    assert len(opened_refs(lists)) == MOST_RECENT
