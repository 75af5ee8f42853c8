"""Request bodies of prescribing, and the prescriber as the token describes that person."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.prescription.domain.prescriptions.prescribing import PrescriptionRequest
from services.prescription.domain.prescriptions.quantity import LineRequest
from services.prescription.domain.rules.rights import Prescriber, responsible_unit
from shared.auth.actor import Actor
from shared.domain.subgroups import area_of
from shared.events.values import PrescriptionType
from shared.fields import Amount, Code
from shared.http import Forbidden, ReasonText, Request
from shared.http.ids import ArticleNo, PatientRef

Text = Annotated[Code, StringConstraints(max_length=64)]
Count = Annotated[int, Field(ge=1, le=10_000)]


class LineForm(Request):
    """One article: pieces per day, or packages per withdrawal (S14, S15)."""

    article_no: ArticleNo
    days: Count
    withdrawals: Count
    per_day: Annotated[Amount, Field(gt=0, le=10_000, decimal_places=3)] | None = None
    packages: Count | None = None

    def wanted(self) -> LineRequest:
        return LineRequest(self.article_no, self.days, self.withdrawals, self.per_day, self.packages)


class PrescriptionForm(Request):
    """What to prescribe to whom; the care unit may be left out by who has exactly one (S8)."""

    patient_ref: PatientRef
    prescription_type: PrescriptionType
    care_unit: Text | None = None
    lines: Annotated[list[LineForm], Field(max_length=50)]

    def wanted(self, actor: Actor) -> PrescriptionRequest:
        """Take the form for a care unit of the prescriber's own; raises ChooseCareUnit and Forbidden (S8)."""
        unit = own_unit(self.care_unit, actor)
        return PrescriptionRequest(self.prescription_type, unit, tuple(line.wanted() for line in self.lines))


class AnnulmentForm(Request):
    """Why a line is taken back."""

    reason: ReasonText


def own_unit(chosen: str | None, actor: Actor) -> str:
    """Give the care unit that the prescriber works for; raises ChooseCareUnit and Forbidden (S8)."""
    unit = responsible_unit(chosen, of=actor.care_units)
    if unit not in actor.care_units:
        raise Forbidden("not-your-unit")
    return unit


def prescriber_of(actor: Actor, prescription_type: PrescriptionType) -> Prescriber:
    """Take the prescriber from the token; raises Forbidden outside the own product areas (S73, S75)."""
    if area_of(prescription_type).key not in actor.product_areas:
        raise Forbidden
    return Prescriber(actor.sub, actor.profession or "", actor.employed_by_region)
