"""Routes for forms of a prescription: NIKOLA and Kontinenskort for incontinence (S72)."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import Response
from pydantic import Field, StrictBool, StrictInt, StringConstraints

from services.prescription.api.reach import demand_reach
from services.prescription.domain.prescriptions.attachments import (
    Attachment,
    FieldKind,
    Filling,
    Form,
    Value,
    fill_form,
    form_named,
)
from services.prescription.repository.collections import ATTACHMENTS, PRESCRIPTIONS
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.fields import Code
from shared.http import Ask, Asked, Language, Request, Router, View
from shared.http.language import said
from shared.http.numbers import PrescriptionNo

Key = Annotated[Code, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]


class AttachmentForm(Request):
    """Which form, and its answers by field; only what the form has choices for, never free text."""

    form: Key
    answers: Annotated[dict[Key, StrictBool | StrictInt | Key], Field(max_length=60)]


class ChoiceView(View):
    """One answer among several."""

    key: str
    name: str


class FieldView(View):
    """One question of a form."""

    key: str
    name: str
    kind: FieldKind
    required: bool
    choices: list[ChoiceView]
    least: int
    most: int


class FormView(View):
    """A form that may be filled in."""

    form: str
    name: str
    product_area: str
    valid_from: date
    valid_through: date | None
    fields: list[FieldView]

    @classmethod
    def of(cls, form: Form, language: Language) -> "FormView":
        return cls(
            form=form.form,
            name=said(form.name, language),
            product_area=form.product_area,
            valid_from=form.holds.valid_from,
            valid_through=form.holds.valid_through,
            fields=[
                FieldView(
                    key=field.key,
                    name=said(field.name, language),
                    kind=field.kind,
                    required=field.required,
                    choices=[
                        ChoiceView(key=choice.key, name=said(choice.name, language))
                        for choice in field.choices
                    ],
                    least=field.least,
                    most=field.most,
                )
                for field in form.fields
            ],
        )


class FillingView(View):
    """What was answered, by whom and when."""

    answers: dict[str, Value]
    by: str
    on: date

    @classmethod
    def of(cls, filling: Filling) -> "FillingView":
        return cls(answers=dict(filling.answers), by=filling.by, on=filling.on)


class AttachmentView(View):
    """A filled form, with what it said before."""

    prescription_no: str
    form: str
    filling: FillingView
    earlier: list[FillingView]

    @classmethod
    def of(cls, attachment: Attachment | None, *_: object) -> "AttachmentView":
        assert attachment is not None  # noqa: S101  the rule has just made it
        return cls(
            prescription_no=attachment.prescription_no,
            form=attachment.form,
            filling=FillingView.of(attachment.filling),
            earlier=[FillingView.of(each) for each in attachment.earlier],
        )


def routes(prescribing: Prescribing, clock: Clock, forms: Mapping[str, Form]) -> Router:
    router = Router("prescription", tags=["attachments"])
    repository = prescribing.repository

    @router.get("/forms")
    async def list_forms(ask: Ask) -> list[FormView]:
        return [
            FormView.of(form, ask.language) for form in forms.values() if form.holds.covers(clock.today())
        ]

    @router.get("/prescriptions/{prescription_no}/attachments")
    async def list_attachments(prescription_no: PrescriptionNo, ask: Ask) -> list[AttachmentView]:
        may_reach = partial(demand_reach, ask.actor)
        await repository.show(PRESCRIPTIONS.ref(prescription_no), asked=ask, demand=may_reach)
        return [AttachmentView.of(each) for each in await prescribing.attachments_of(prescription_no)]

    @router.post("/prescriptions/{prescription_no}/attachments", response_model=AttachmentView)
    async def fill_attachment(
        prescription_no: PrescriptionNo, form: AttachmentForm, asked: Asked
    ) -> Response:
        demand_reach(asked.actor, await repository.get(PRESCRIPTIONS.ref(prescription_no)))
        chosen = form_named(forms, form.form)
        attachment = ATTACHMENTS.maybe(f"{prescription_no}:{chosen.form}")
        rule = partial(fill_form, form=chosen, answers=form.answers, by=asked.actor.sub, on=clock.today())
        refs = attachment & PRESCRIPTIONS.ref(prescription_no)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=AttachmentView.of)
        return asked.answered(answer)

    return router
