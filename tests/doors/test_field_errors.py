"""What is wrong with a field is said in the reader's language, by the name that people know (N1)."""

import typing
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import core_schema

from services import SERVICES
from services.billing.api.tariff_forms import TariffAsked
from services.prescription.api.prescriptions.forms import PrescriptionForm
from shared.http import Request
from shared.http.field_errors import SENTENCES, field_problems, name_of, sentence_of
from shared.http.field_names import NAMES
from shared.http.list_names import LISTED
from tests.doors.test_fields import routes_of, taken

OF_THE_DOOR = {"body", "search", "form", "wanted", "whom", "asked", "_", "point_id", "provider_id", "token"}
"""Names in our code, not of a field."""


def fields_of(annotation: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield field.alias or name, field.annotation
            yield from fields_of(field.annotation)
    for each in typing.get_args(annotation):
        yield from fields_of(each)


def every_field() -> Iterator[tuple[str, Any]]:
    for service in SERVICES:
        for route in routes_of(service):
            for name, annotation in taken(route):
                yield from fields_of(annotation)
                if name not in OF_THE_DOOR:
                    yield name, annotation


def test_every_field_of_every_door_has_a_name_that_people_know() -> None:
    assert {name for name, _ in every_field()} - set(NAMES) == set()


class Answers(Request):
    confirmed: Literal[True]
    mine: bool = False
    fee: bool | None = None


@pytest.mark.parametrize("given", [1, 0, "true", "ja", 1.0, [], {}])
@pytest.mark.parametrize("field", ["confirmed", "mine", "fee"])
def test_yes_and_no_are_true_and_false_and_nothing_else(field: str, given: Any) -> None:
    with pytest.raises(ValidationError) as wrong:
        Answers.model_validate({"confirmed": True, field: given})

    (problem,) = field_problems(wrong.value.errors(), "sv")
    assert (problem["field"], problem["rule"]) == (field, "bool_type")
    assert problem["detail"].endswith("Svara ja eller nej (true eller false).")


def test_no_is_no_confirmation_and_null_is_no_answer() -> None:
    with pytest.raises(ValidationError):
        Answers.model_validate({"confirmed": False})
    assert Answers.model_validate({"confirmed": True, "fee": None}).fee is None


def test_every_list_of_every_door_has_a_word_for_one_of_it() -> None:
    lists = {
        name
        for name, annotation in every_field()
        for each in (annotation, *typing.get_args(annotation))
        if typing.get_origin(each) in (list, tuple)
    }

    assert lists
    assert lists - set(LISTED) == set()


@pytest.mark.parametrize("error_type", typing.get_args(core_schema.ErrorType))
def test_every_error_of_the_validator_is_said_in_swedish(error_type: str) -> None:
    facts = dict.fromkeys(
        ("min_length", "max_length", "gt", "ge", "lt", "le", "max_digits", "decimal_places"), 3
    )

    said = sentence_of({"type": error_type, "ctx": {**facts, "expected": "'a' or 'b'"}})

    assert said.sv != said.en
    assert said.sv.endswith(".")
    assert "{" not in said.sv + said.en


def errors(form: Any, value: Any, language: str = "sv") -> list[dict[str, str]]:
    with pytest.raises(ValidationError) as wrong:
        TypeAdapter(form).validate_python(value)
    return field_problems(
        [{**each, "loc": ("body", *each["loc"])} for each in wrong.value.errors()], language
    )


def test_a_field_in_a_list_is_named_with_its_row() -> None:
    line = {"article_no": "900001", "days": 30, "withdrawals": 0}
    form = {
        "patient_ref": "p-1",
        "prescription_type": "energy_nutrition",
        "lines": [{**line, "withdrawals": 1}, line],
    }

    (swedish,), (english,) = errors(PrescriptionForm, form), errors(PrescriptionForm, form, "en")

    assert swedish == {
        "field": "body.lines.1.withdrawals",
        "rule": "greater_than_equal",
        "name": "rad 2, antal uttag",
        "detail": "Rad 2, antal uttag: Värdet ska vara minst 1.",
    }
    assert english["detail"] == "Line 2, number of withdrawals: The value must be at least 1."


def test_a_refusal_of_a_type_of_ours_has_its_own_code_and_sentence() -> None:
    fields = {
        each["field"]: each
        for each in errors(TariffAsked, {"valid_from": "9999-12-31", "types": [], "cap": 7})
    }

    assert fields["body.valid_from"]["rule"] == "impossible-day"
    assert fields["body.valid_from"]["detail"] == "Första dag: Dagen är inte rimlig. Kontrollera året."
    assert fields["body.cap"]["detail"] == "Högsta avgift: Ange fälten som ett objekt."


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("body", "items", 0, "split", 1, "packages"), "rad 1, smak 2, antal förpackningar"),
        (("body", "delivery", "address", "line1"), "leverans, adress, gatuadress"),
        (("body", "other_phones", 2), "ytterligare telefonnummer 3"),
        (("body", "answers", "q1", "bool"), "svar"),
        (("query", "limit"), "antal på sidan"),
        (("body", "nosuch"), "nosuch"),
    ],
)
def test_a_path_is_said_as_people_say_it(path: tuple[str | int, ...], name: str) -> None:
    said = name_of(path)

    assert said
    assert said.sv == name


def test_the_body_as_a_whole_has_no_name() -> None:
    assert name_of(("body",)) is None
    assert field_problems([{"type": "model_type", "loc": ("body",), "ctx": {}}], "sv")[0].keys() == {
        "field",
        "rule",
        "detail",
    }


def test_no_sentence_is_written_for_an_error_that_there_is_not() -> None:
    assert set(SENTENCES) - set(typing.get_args(core_schema.ErrorType)) == {"wrong_type"}
