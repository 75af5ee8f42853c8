"""Request bodies of a search for patients (S29, S33)."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.prescription.domain.patients.search import Activity, Criteria
from shared.domain.text import typed
from shared.events.values import PrescriptionType
from shared.fields import Code, SingleLine, of_text
from shared.http import Request

LARGEST_PAGE = 100
Text = Annotated[Code, StringConstraints(max_length=64)]


class CriteriaForm(Request):
    """Everything that is given must fit."""

    prescriber: Text | None = None
    activity: Activity | None = Field(
        default=None, description="Patients with active lines, or with ended ones"
    )
    care_unit: Text | None = None
    prescription_type: PrescriptionType | None = None
    ends_within_days: Annotated[int, Field(ge=0, le=365)] | None = None
    name: Annotated[SingleLine, StringConstraints(max_length=60)] | None = None

    def criteria(self) -> Criteria:
        return Criteria(
            prescriber=self.prescriber,
            activity=self.activity,
            care_unit=self.care_unit,
            prescription_type=self.prescription_type,
            ends_within_days=self.ends_within_days,
            name=self.name,
        )

    @classmethod
    def of(cls, criteria: Criteria) -> "CriteriaForm":
        """Show a search as it was kept, also by a version that took more."""
        return cls.model_construct(
            prescriber=criteria.prescriber,
            activity=criteria.activity,
            care_unit=criteria.care_unit,
            prescription_type=criteria.prescription_type,
            ends_within_days=criteria.ends_within_days,
            name=criteria.name,
        )


class PatientSearch(Request):
    """A search, or the next page of one; an empty number lists whom one opened last (S33)."""

    number: Annotated[str, StringConstraints(max_length=40), of_text(typed)] | None = None
    criteria: CriteriaForm | None = None
    after: Annotated[Code, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = 50
