"""The function menu: what somebody may do on a page, and what stands in the way."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.prescription.domain.own.functions import (
    DECEASED,
    NOT_SERVED,
    NOTHING_TO_COPY,
    NOTHING_TO_WITHDRAW,
    NOWHERE_TO_PRESCRIBE,
    ONLY_OWN_LINES,
    Page,
    Viewer,
    patient_functions,
    start_functions,
)
from services.prescription.domain.own.functions import (
    PATIENT as MENU,
)
from shared.domain.decision import Sentence
from tests.prescription.conftest import UNIT, form
from tests.prescription.examples import DIETITIAN, LINE, PATIENT, PRESCRIPTION, SECOND, SERVED
from tests.support import InMemory

ENDED = replace(LINE, line_id=SECOND, state="annulled")
COLLEAGUE = Viewer(
    sub="dietitian-2",
    may=frozenset(each.action for each, _ in MENU),
    areas=frozenset({"foods"}),
    prescribes=True,
    employed_by_region=True,
    may_change=True,
)
PAGE = Page(COLLEAGUE, PATIENT, (replace(PRESCRIPTION, lines=(LINE, ENDED)),))
DEAD = replace(PATIENT, status=replace(SERVED, deceased_on=date(2026, 3, 1)))
HIDDEN = replace(PATIENT, person=None, status=replace(SERVED, protected=True))
OWN = replace(COLLEAGUE, sub=DIETITIAN.sub)


def closed(page: Page) -> dict[str, Sentence]:
    return {each.key: each.closed for each in patient_functions(page) if each.closed}


def test_a_colleague_finds_every_function_open_on_a_patient_with_active_and_ended_lines() -> None:
    assert [each.key for each in patient_functions(PAGE)] == [
        "edit_patient",
        "new_prescription",
        "create_withdrawal",
        "print",
        "copy_lines",
        "fees",
    ]
    assert closed(PAGE) == {}


def test_what_the_roles_do_not_open_is_not_in_the_menu() -> None:
    placer = replace(COLLEAGUE, may=frozenset({"ordering.draft_withdrawal", "billing.search_fees"}))

    found = patient_functions(replace(PAGE, viewer=placer))

    assert [each.key for each in found] == ["create_withdrawal", "fees"]


def test_the_two_forms_are_in_the_menu_of_those_who_see_incontinence_only() -> None:
    nurse = replace(COLLEAGUE, areas=frozenset({"incontinence"}))

    assert "support_forms" in {each.key for each in patient_functions(replace(PAGE, viewer=nurse))}


def test_of_a_patient_who_has_died_what_would_make_something_new_is_closed() -> None:
    assert closed(replace(PAGE, patient=DEAD)) == dict.fromkeys(
        ("new_prescription", "create_withdrawal", "copy_lines"), DECEASED
    )


def test_of_a_patient_outside_the_system_the_fees_alone_are_open() -> None:
    assert closed(replace(PAGE, patient=HIDDEN)) == dict.fromkeys(
        ("edit_patient", "new_prescription", "create_withdrawal", "print", "copy_lines"), NOT_SERVED
    )


def test_who_may_prescribe_nowhere_is_told_so() -> None:
    viewer = replace(COLLEAGUE, prescribes=False)

    assert closed(replace(PAGE, viewer=viewer)) == dict.fromkeys(
        ("new_prescription", "copy_lines"), NOWHERE_TO_PRESCRIBE
    )


def test_without_lines_there_is_nothing_to_withdraw_or_copy() -> None:
    assert closed(replace(PAGE, prescriptions=())) == {
        "create_withdrawal": NOTHING_TO_WITHDRAW,
        "copy_lines": NOTHING_TO_COPY,
    }


@pytest.mark.parametrize(
    ("by_region", "line_by_region", "is_open"),
    [(True, True, False), (True, False, False), (False, True, False), (False, False, True)],
)
def test_whoever_wrote_all_the_lines_makes_no_withdrawal_within_the_region(
    by_region: bool,
    line_by_region: bool,
    is_open: bool,
) -> None:
    own = replace(PRESCRIPTION, prescriber_employed_by_region=line_by_region)
    page = replace(PAGE, viewer=replace(OWN, employed_by_region=by_region), prescriptions=(own,))

    assert (closed(page).get("create_withdrawal") is None) == is_open
    assert closed(page).get("create_withdrawal") in {None, ONLY_OWN_LINES}


def test_one_line_of_somebody_else_is_enough_to_withdraw() -> None:
    theirs = replace(PRESCRIPTION, prescriber="somebody-else")

    assert "create_withdrawal" not in closed(replace(PAGE, viewer=OWN, prescriptions=(PRESCRIPTION, theirs)))


def test_the_first_page_has_what_the_roles_open() -> None:
    found = start_functions(["prescription.get_myself", "ordering.list_drafts", "something.else"])

    assert [each.key for each in found] == ["drafts", "my_page"]


async def menu(service: InMemory, path: str, role: str, **claims: Any) -> dict[str, bool]:
    answer = await service.client.get(path, headers=service.token(role, **claims))
    assert answer.status_code == 200, answer.text
    return {each["function"]: each["is_open"] for each in answer.json()}


async def test_a_page_learns_which_functions_are_open_for_this_person_in_this_view(
    service: InMemory, adult: str, prescribed: dict[str, Any]
) -> None:
    path = f"/patients/{adult}/functions"

    by_prescriber = await menu(service, path, "dietitian")
    by_placer = await menu(service, path, "order_placer")
    by_clerk = await menu(service, path, "customer_service")
    by_patient = await menu(service, path, "patient", patient_ref=adult)
    start = await menu(service, "/me/functions", "economist")

    assert by_prescriber == {
        "edit_patient": True,
        "new_prescription": True,
        "create_withdrawal": False,
        "print": True,
        "copy_lines": False,
        "fees": True,
    }
    assert by_placer == {"edit_patient": True, "create_withdrawal": True, "print": True, "fees": True}
    assert by_clerk == {**by_placer, "support_forms": False}
    assert by_patient == by_placer
    assert start == dict.fromkeys(("search_articles", "tasks", "corrections", "tariffs", "my_page"), True)


async def test_a_closed_function_says_why_and_what_to_do_next(
    service: InMemory, adult: str, prescribed: dict[str, Any]
) -> None:
    answer = await service.client.get(
        f"/patients/{adult}/functions", headers={**service.token("dietitian"), "Accept-Language": "sv"}
    )

    (entry,) = [each for each in answer.json() if each["function"] == "create_withdrawal"]
    assert (entry["name"], entry["action"]) == ("Skapa uttag", "ordering.draft_withdrawal")
    assert entry["why_closed"].startswith("Du har själv skrivit raderna")
    assert "Ring kundservice" in entry["why_closed"]


async def test_nobody_learns_the_functions_of_another_persons_view(service: InMemory, adult: str) -> None:
    answer = await service.client.get(
        f"/patients/{adult}/functions", headers=service.token("patient", patient_ref="somebody")
    )

    assert answer.status_code == 403


async def test_the_patient_view_is_one_answer_with_the_person_lines_withdrawals_and_functions(
    service: InMemory, adult: str, prescribed: dict[str, Any]
) -> None:
    await service.client.post(
        "/prescriptions",
        json=form(adult, lines=[{**form(adult)["lines"][0], "days": 20}]),
        headers=service.once("dietitian", sub="dietitian-2"),
    )
    number = prescribed["prescription_no"]
    await service.client.post(
        f"/prescriptions/{number}/lines/{number}-1/annul",
        json={"reason": "fel styrka"},
        headers=service.once("dietitian"),
    )

    view = (await service.client.get(f"/patients/{adult}", headers=service.token("dietitian"))).json()

    assert (view["person"]["name"], view["person"]["phone"]) == ("Test Testsson", "+46701740605")
    assert [(each["product_area"], each["shown"]) for each in view["areas"]] == [("foods", True)]
    assert [each["days"] for each in view["active_lines"]] == [20]
    assert [(each["line_id"], each["annulment"]["reason"]) for each in view["ended_lines"]] == [
        (f"{number}-1", "fel styrka")
    ]
    assert view["active_lines"][0]["withdrawal_nos"] == []
    assert view["active_lines"][0]["care_unit"] == UNIT
    assert {each["function"] for each in view["functions"] if each["is_open"]} == {
        "edit_patient",
        "new_prescription",
        "create_withdrawal",
        "print",
        "copy_lines",
        "fees",
    }
