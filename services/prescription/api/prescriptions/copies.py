"""Routes for copying ended lines: a prefilled prescription with what has changed since (S25)."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from services.prescription.api.prescriptions.forms import own_unit, prescriber_of
from services.prescription.api.prescriptions.prescriptions import previewed
from services.prescription.api.prescriptions.preview_views import PrescriptionPreview
from services.prescription.api.reach import demand_reach
from services.prescription.domain.prescriptions.copying import (
    Change,
    What,
    changes_since,
    copy_lines,
    lines_of,
)
from services.prescription.domain.prescriptions.prescribing import PrescriptionRequest, copies_by_number
from services.prescription.domain.prescriptions.prescriptions import prescription_of
from services.prescription.domain.prescriptions.quantity import LineRequest
from services.prescription.domain.rules.rule_book import RuleBook
from services.prescription.repository.collections import PRESCRIPTIONS, articles_of
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.domain.subgroups import area_of
from shared.events.values import PrescriptionType
from shared.fields import Code
from shared.http import Ask, Request, Router, View
from shared.http.numbers import LineId

Text = Annotated[Code, StringConstraints(max_length=64)]


class CopyForm(Request):
    """The ended lines that were ticked, in the order they shall stand."""

    line_ids: Annotated[list[LineId], Field(min_length=1, max_length=50)]
    care_unit: Text | None = None


class LineProposed(View):
    """One line as it would be prescribed again; the fields are those of the form."""

    article_no: str
    days: int
    withdrawals: int
    per_day: Decimal | None
    packages: int | None

    @classmethod
    def of(cls, line: LineRequest) -> "LineProposed":
        return cls(
            article_no=line.article_no,
            days=line.days,
            withdrawals=line.withdrawals,
            per_day=line.per_day,
            packages=line.packages,
        )


class PrescriptionProposed(View):
    """A new prescription prefilled: edit it, and save it as any other."""

    patient_ref: str
    prescription_type: PrescriptionType
    care_unit: str
    lines: list[LineProposed]

    @classmethod
    def of(cls, wanted: PrescriptionRequest, patient_ref: str) -> "PrescriptionProposed":
        return cls(
            patient_ref=patient_ref,
            prescription_type=wanted.prescription_type,
            care_unit=wanted.care_unit,
            lines=[LineProposed.of(line) for line in wanted.lines],
        )


class ChangeView(View):
    """What is no longer as it was when the line was prescribed."""

    line: int
    what: What
    was: str | None
    now: str | None

    @classmethod
    def of(cls, change: Change) -> "ChangeView":
        return cls(line=change.line, what=change.what, was=change.was, now=change.now)


class CopiedLine(View):
    """Which line was copied, and when it was prescribed."""

    line_id: str
    registered_on: date


class CopyPreview(PrescriptionPreview):
    """The prefilled prescription, tried at once, and what has changed since."""

    prescription: PrescriptionProposed
    copied: list[CopiedLine]
    changes: list[ChangeView]


def routes(prescribing: Prescribing, clock: Clock, book: RuleBook) -> Router:
    router = Router("prescription", prefix="/prescriptions", tags=["prescriptions"])
    repository = prescribing.repository

    @router.post("/copies")
    async def copy_lines_of_patient(form: CopyForm, ask: Ask) -> CopyPreview:
        numbers = tuple(dict.fromkeys(prescription_of(each) for each in form.line_ids))
        originals = await repository.get(PRESCRIPTIONS.many(numbers))
        for each in originals:
            demand_reach(ask.actor, each)
        ticked, on = lines_of(originals, form.line_ids), clock.today()
        wanted = copy_lines(ticked, care_unit=own_unit(form.care_unit, ask.actor), on=on)
        rules = book.of(area_of(wanted.prescription_type).key)
        known = copies_by_number(await repository.get(articles_of(line.article_no for line in wanted.lines)))
        by, patient_ref = prescriber_of(ask.actor, wanted.prescription_type), originals[0].patient_ref
        tried = await previewed(prescribing, patient_ref, wanted, ask, by=by, rules=rules, clock=clock)
        return CopyPreview(
            **dict(tried),
            prescription=PrescriptionProposed.of(wanted, patient_ref),
            copied=[
                CopiedLine(line_id=each.line.line_id, registered_on=each.prescription.registered_on)
                for each in ticked
            ],
            changes=[ChangeView.of(each) for each in changes_since(ticked, known, rules=rules, on=on)],
        )

    return router
