"""Routes that explain rights to devices, and list product areas and prescribers (S75, S83, S86)."""

from datetime import date
from typing import Annotated

from pydantic import StringConstraints, field_validator

from services.prescription.application.prescribers import Prescribers
from services.prescription.domain.own.settings import Source
from services.prescription.domain.rules.device_rules import (
    DeviceCase,
    DeviceRules,
    NoRightToDevice,
    iso_code,
    rows_of_class,
    sources_at,
)
from shared.clock import Clock
from shared.domain.decision import NotFound, Sentence
from shared.domain.device_areas import DEVICE_AREA_KEYS, DEVICE_AREAS
from shared.domain.subgroups import PRODUCT_AREAS
from shared.fields import Code, Day, of_text, refusal
from shared.http import Ask, Request, Router, View
from shared.http.ids import Id
from shared.http.language import said

Text = Annotated[Code, StringConstraints(max_length=64)]
IsoCode = Annotated[str, StringConstraints(min_length=1, max_length=20), of_text(iso_code)]


class DeviceCaseForm(Request):
    """A case without a person: a class of devices, who would prescribe it, and where."""

    iso_code: IsoCode
    product_area: Text
    profession: Text
    care_unit: Id
    on: Day | None = None

    @field_validator("product_area")
    @classmethod
    def _of_devices(cls, product_area: str) -> str:
        if product_area not in DEVICE_AREA_KEYS:
            known = ", ".join(sorted(DEVICE_AREA_KEYS))
            raise refusal("unknown-area", Sentence(f"Välj en av: {known}.", f"Choose one of: {known}."))
        return product_area

    def case(self) -> DeviceCase:
        return DeviceCase(self.iso_code, self.product_area, self.profession, self.care_unit)


class DeviceVerdictView(View):
    """A rule about the class, and whether it allows the case."""

    rule: str
    source: str
    allows: bool
    professions: list[str]
    """Empty: every profession."""
    care_units: list[str]
    """Empty: every care unit."""


class DeviceExplanation(View):
    """Whether it would be allowed, and every rule about the class that holds that day."""

    on: date
    allowed: bool
    code: str | None
    detail: str | None
    verdicts: list[DeviceVerdictView]
    sources: list[Source]
    """From where devices of the area are taken at the care unit; one alone is preset (S79, Q52)."""


class ProductAreaView(View):
    """A product area by its name; of devices, or of what is prescribed and withdrawn."""

    product_area: str
    name: str
    of_devices: bool


class PrescriberView(View):
    """Somebody who may be named as prescriber at the care unit that day, in these product areas."""

    prescriber: str
    name: str
    profession: str
    product_areas: list[str]


def routes(prescribers: Prescribers, rules: DeviceRules, clock: Clock) -> Router:
    router = Router("prescription", tags=["devices"])

    @router.post("/rules/explain-device")
    async def explain_device_rules(form: DeviceCaseForm, ask: Ask) -> DeviceExplanation:
        """Say by which rules a device could be prescribed (S86)."""
        on = form.on or clock.today()
        case = form.case()
        found = list(rows_of_class(rules, case, on=on))
        allowed = any(allows for _, allows in found)
        return DeviceExplanation(
            on=on,
            allowed=allowed,
            code=None if allowed else NoRightToDevice.rule,
            detail=None if allowed else said(NoRightToDevice.sentence, ask.language),
            verdicts=[
                DeviceVerdictView(
                    rule=row.rule,
                    source=row.source,
                    allows=allows,
                    professions=list(row.professions),
                    care_units=list(row.care_units),
                )
                for row, allows in found
            ],
            sources=list(sources_at(rules, case.product_area, case.care_unit, on=on)),
        )

    @router.get("/product-areas")
    async def list_product_areas(ask: Ask) -> list[ProductAreaView]:
        """List every product area by its name (S73, Q30)."""
        names = [(each.key, each.name, False) for each in PRODUCT_AREAS]
        names += [(each.key, each.name, True) for each in DEVICE_AREAS]
        return [
            ProductAreaView(product_area=key, name=said(name, ask.language), of_devices=of_devices)
            for key, name, of_devices in names
        ]

    @router.get("/care-units/{care_unit}/prescribers")
    async def list_prescribers(care_unit: Id, ask: Ask, on: Day | None = None) -> list[PrescriberView]:
        """List whom one may name as prescriber at the own care unit (S82, S83, Q42)."""
        if not ask.actor.covers(unit=care_unit):
            raise NotFound("CareUnit")
        await prescribers.learn(ask.actor)
        day = on or clock.today()
        return [
            PrescriberView(
                prescriber=each.prescriber,
                name=each.name,
                profession=each.profession,
                product_areas=list(each.areas_at(care_unit, on=day)),
            )
            for each in await prescribers.of_unit(care_unit, on=day)
        ]

    return router
