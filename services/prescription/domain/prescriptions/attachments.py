"""Forms that belong to a prescription of one product area, such as NIKOLA and Kontinenskort (S72, Q30)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from services.prescription.domain.prescriptions.prescriptions import Prescription
from shared.domain.days import Period
from shared.domain.decision import Decision, NotFound, Refused, Sentence, refuse_any

MOST_EARLIER = 50
FieldKind = Literal["choice", "count", "yes_no"]
Value = str | int | bool


class FormNotOfTheArea(Refused):
    """A form belongs to the prescriptions of its product area only (S72)."""

    rule = "form-not-of-the-area"
    sentence = Sentence(
        "Formuläret hör inte till förskrivningens produktområde. Välj ett annat formulär.",
        "The form does not belong to the prescription's product area. Choose another form.",
    )


class FormNotInForce(Refused):
    """The form is not used that day (S72)."""

    rule = "form-not-in-force"
    sentence = Sentence(
        "Formuläret används inte längre. Välj den version som gäller.",
        "The form is no longer used. Choose the version in force.",
    )


class FieldUnknown(Refused):
    """An answer is to a question that the form does not have (S72)."""

    rule = "form-field-unknown"
    sentence = Sentence(
        "Formuläret har inget sådant fält. Ta bort det.", "The form has no such field. Remove it."
    )


class FieldMissing(Refused):
    """A question that must be answered is not (S72)."""

    rule = "form-field-missing"
    sentence = Sentence(
        "Ett obligatoriskt fält saknas. Fyll i det.", "A required field is missing. Fill it in."
    )


class FieldWrong(Refused):
    """An answer is not one of those that the question has (S72)."""

    rule = "form-field-wrong"
    sentence = Sentence(
        "Svaret passar inte frågan. Välj ett av svaren, eller ange ett tal inom gränserna.",
        "The answer does not fit the question. Choose one of the answers, or a number within the limits.",
    )


class FilledTooOften(Refused):
    """All that a form said is kept, so it is not filled in anew for ever (S72)."""

    rule = "form-filled-too-often"
    sentence = Sentence(
        f"Formuläret har redan ändrats {MOST_EARLIER} gånger. Gör en ny förskrivning och fyll i det där.",
        f"The form has been changed {MOST_EARLIER} times already. "
        "Make a new prescription and fill it in there.",
    )


@dataclass(frozen=True)
class Choice:
    """One answer among several."""

    key: str
    name: Sentence


@dataclass(frozen=True)
class Field:
    """One question. Never free text: the answer would not be structured, nor safe to store."""

    key: str
    name: Sentence
    kind: FieldKind
    required: bool = False
    choices: tuple[Choice, ...] = ()
    least: int = 0
    most: int = 9999

    def takes(self, value: Value) -> bool:
        """Tell whether the value is an answer to the question (S72)."""
        if self.kind == "choice":
            return value in {choice.key for choice in self.choices}
        if self.kind == "yes_no":
            return isinstance(value, bool)
        return isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most


@dataclass(frozen=True)
class Form:
    """A form of a product area; a changed form is a new one with its own days."""

    form: str
    name: Sentence
    product_area: str
    source: str
    holds: Period
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Filling:
    """The answers as somebody gave them; earlier ones are kept."""

    answers: Mapping[str, Value]
    by: str
    on: date


@dataclass(frozen=True)
class Attachment:
    """A filled form of one prescription; whose it is, the prescription says."""

    prescription_no: str
    form: str
    filling: Filling
    earlier: tuple[Filling, ...] = ()


def form_named(forms: Mapping[str, Form], name: str) -> Form:
    """Give a form (S72); raises NotFound."""
    if name not in forms:
        raise NotFound("Form", name)
    return forms[name]


def against_filling(
    prescription: Prescription, *, form: Form, answers: Mapping[str, Value], on: date
) -> Iterator[Refused]:
    """Say why the form cannot be kept with the prescription (S72)."""
    if form.product_area != prescription.product_area:
        yield FormNotOfTheArea(form=form.form)
    if not form.holds.covers(on):
        yield FormNotInForce(form=form.form)
    fields = {field.key: field for field in form.fields}
    for key, value in answers.items():
        if key not in fields:
            yield FieldUnknown(field=key)
        elif not fields[key].takes(value):
            yield FieldWrong(field=key)
    for field in form.fields:
        if field.required and field.key not in answers:
            yield FieldMissing(field=field.key)


def fill_form(
    attachment: Attachment | None,
    prescription: Prescription,
    *,
    form: Form,
    answers: Mapping[str, Value],
    by: str,
    on: date,
) -> Decision[Attachment, Prescription]:
    """Keep a filled form with its prescription; what it said before is kept too (S72).

    Raises what against_filling says, and FilledTooOften.
    """
    refuse_any(against_filling(prescription, form=form, answers=answers, on=on))
    filling = Filling(dict(answers), by, on)
    if attachment is not None:
        if len(attachment.earlier) >= MOST_EARLIER:
            raise FilledTooOften(form=form.form)
        earlier = (*attachment.earlier, attachment.filling)
        return replace(attachment, filling=filling, earlier=earlier), prescription, []
    kept = Attachment(prescription.prescription_no, form.form, filling)
    return kept, prescription, []
