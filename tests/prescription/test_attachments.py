"""The forms of incontinence prescriptions: NIKOLA and Kontinenskort."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.prescription.domain.prescriptions.attachments import (
    Attachment,
    Filling,
    Value,
    against_filling,
    fill_form,
    form_named,
)
from shared.domain.decision import NotFound, Refused
from tests.prescription.examples import FORMS, NUMBER, PRESCRIPTION, TODAY
from tests.prescription.test_rights_areas import NURSE, prescribe, with_pads
from tests.support import InMemory

__all__ = ["with_pads"]

CARD = FORMS["kontinenskort"]
ANSWERS: dict[str, Value] = {
    "products_by_day": 3,
    "products_by_evening": 1,
    "products_by_night": 1,
    "size": "medium",
    "position": "standing",
    "fixation_pants": True,
}
OF_PADS = replace(PRESCRIPTION, prescription_type="incontinence", product_area="incontinence")


def refused(answers: dict[str, Any], prescription: Any = OF_PADS, on: date = TODAY) -> list[tuple[str, Any]]:
    found = against_filling(prescription, form=CARD, answers=answers, on=on)
    return [(each.rule, each.facts.get("field")) for each in found]


def filled(known: Attachment | None = None, answers: dict[str, Value] | None = None) -> Attachment:
    attachment, _, facts = fill_form(
        known, OF_PADS, form=CARD, answers=answers or ANSWERS, by="nurse-1", on=TODAY
    )
    assert facts == []
    return attachment


def test_the_two_forms_belong_to_incontinence() -> None:
    assert {name: form.product_area for name, form in FORMS.items()} == {
        "kontinenskort": "incontinence",
        "nikola": "incontinence",
    }


def test_a_form_is_kept_with_its_prescription() -> None:
    assert filled() == Attachment(NUMBER, "kontinenskort", Filling(ANSWERS, "nurse-1", TODAY))


def test_what_a_form_said_before_is_kept() -> None:
    again = filled(filled(), {**ANSWERS, "products_by_night": 2})

    assert again.filling.answers["products_by_night"] == 2
    assert [each.answers["products_by_night"] for each in again.earlier] == [1]


def test_a_form_is_refused_with_a_prescription_of_foods() -> None:
    assert refused(ANSWERS, PRESCRIPTION) == [("form-not-of-the-area", None)]


def test_a_form_is_refused_on_a_day_when_it_is_not_used() -> None:
    assert refused(ANSWERS, on=date(2002, 9, 30)) == [("form-not-in-force", None)]


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ({"colour": "blue"}, ("form-field-unknown", "colour")),
        ({"size": "tiny"}, ("form-field-wrong", "size")),
        ({"size": 3}, ("form-field-wrong", "size")),
        ({"products_by_day": 21}, ("form-field-wrong", "products_by_day")),
        ({"products_by_day": -1}, ("form-field-wrong", "products_by_day")),
        ({"products_by_day": True}, ("form-field-wrong", "products_by_day")),
        ({"products_by_day": "3"}, ("form-field-wrong", "products_by_day")),
        ({"fixation_pants": 1}, ("form-field-wrong", "fixation_pants")),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_named(
    answer: dict[str, Any], rule: tuple[str, str]
) -> None:
    assert refused({**ANSWERS, **answer}) == [rule]


def test_a_required_answer_that_is_missing_is_named() -> None:
    without = {key: value for key, value in ANSWERS.items() if key != "size"}

    assert refused(without) == [("form-field-missing", "size")]
    with pytest.raises(Refused, match="form-field-missing"):
        filled(answers=without)


def test_a_form_that_nobody_knows_is_not_found() -> None:
    assert form_named(FORMS, "nikola") is FORMS["nikola"]
    with pytest.raises(NotFound):
        form_named(FORMS, "other")


async def fill(service: InMemory, number: str, body: Any, **claims: Any) -> Any:
    return await service.client.post(
        f"/prescriptions/{number}/attachments",
        json=body,
        headers=service.once("prescriber", **{**NURSE, **claims}),
    )


async def test_a_nurse_fills_in_a_form_and_corrects_it(with_pads: InMemory, adult: str) -> None:
    number = (await prescribe(with_pads, adult)).json()["prescription_no"]

    first = await fill(with_pads, number, {"form": "kontinenskort", "answers": ANSWERS})
    await fill(with_pads, number, {"form": "kontinenskort", "answers": {**ANSWERS, "size": "large"}})
    listed = await with_pads.client.get(
        f"/prescriptions/{number}/attachments", headers=with_pads.token("prescriber", **NURSE)
    )

    assert (first.status_code, first.json()["filling"]["answers"]) == (200, ANSWERS)
    (kept,) = listed.json()
    assert kept["filling"]["answers"]["size"] == "large"
    assert [each["answers"]["size"] for each in kept["earlier"]] == ["medium"]


async def test_another_care_unit_reaches_no_forms(with_pads: InMemory, adult: str) -> None:
    number = (await prescribe(with_pads, adult)).json()["prescription_no"]

    answer = await fill(
        with_pads, number, {"form": "kontinenskort", "answers": ANSWERS}, care_units=["DEMO-102"]
    )

    assert answer.status_code == 403


async def test_a_prescription_of_foods_takes_no_form(with_pads: InMemory, prescribed: dict[str, Any]) -> None:
    answer = await fill(
        with_pads,
        prescribed["prescription_no"],
        {"form": "kontinenskort", "answers": ANSWERS},
        product_areas=["foods"],
    )

    assert answer.json()["rule"] == "form-not-of-the-area"


async def test_the_forms_are_shown_in_the_language_of_who_asks(service: InMemory) -> None:
    headers = {**service.token("prescriber"), "Accept-Language": "en"}

    forms = (await service.client.get("/forms", headers=headers)).json()

    assert [each["name"] for each in forms] == ["Continence card", "Prescriber's support NIKOLA"]
    assert forms[0]["fields"][0] == {
        "key": "products_by_day",
        "name": "Products by day",
        "kind": "count",
        "required": True,
        "choices": [],
        "least": 0,
        "most": 20,
    }
