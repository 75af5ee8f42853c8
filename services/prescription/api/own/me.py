"""Route that says where the signed-in person may prescribe, and what (S8, S73 to S76)."""

from collections.abc import Iterator
from datetime import date

from services.prescription.api.rules.exemptions import ExemptionView
from services.prescription.domain.rules.device_rules import DeviceRules, may_prescribe_in
from services.prescription.domain.rules.rule_book import AreaRules, RuleBook
from services.prescription.repository.prescriptions import Prescribing
from shared.auth.actor import Actor
from shared.clock import Clock
from shared.domain.device_areas import DEVICE_AREAS
from shared.domain.subgroups import PRODUCT_AREAS, ProductArea
from shared.events.values import PrescriptionType
from shared.http import Ask, Language, Router, View
from shared.http.language import said


class TypeView(View):
    """A prescription type that may be chosen."""

    prescription_type: PrescriptionType
    name: str


class RightView(View):
    """A rule that lets the person's profession prescribe, and to which ages."""

    rule: str
    from_years: int
    below_years: int | None


class AreaView(View):
    """A product area that the person may see; `may_prescribe` says whether also to prescribe in it (S75)."""

    product_area: str
    name: str
    may_prescribe: bool
    types: list[TypeView]
    rights: list[RightView]


class PrescribingView(View):
    """Own permissions, as the token and the rule book say them today."""

    name: str
    profession: str | None
    care_units: list[str]
    areas: list[AreaView]
    exemptions: list[ExemptionView]


def routes(prescribing: Prescribing, clock: Clock, book: RuleBook, of_devices: DeviceRules) -> Router:
    router = Router("prescription", prefix="/me", tags=["me"])

    @router.get("/prescribing")
    async def get_own_prescribing(ask: Ask) -> PrescribingView:
        actor, on = ask.actor, clock.today()
        kept = await prescribing.exemptions(dietitian=actor.sub)
        seen = [area for area in PRODUCT_AREAS if actor.covers(area=area.key)]
        return PrescribingView(
            name=actor.name,
            profession=actor.profession,
            care_units=sorted(actor.care_units),
            areas=[
                *(area_of_actor(actor, area, book.of(area.key), ask.language, on=on) for area in seen),
                *_device_areas(actor, of_devices, ask.language, on=on),
            ],
            exemptions=[
                ExemptionView.of(each)
                for one in kept
                for each in one.granted
                if any(each.covers(unit, on) for unit in actor.care_units)
            ],
        )

    return router


def area_of_actor(
    actor: Actor, area: ProductArea, rules: AreaRules, language: Language, *, on: date
) -> AreaView:
    """Tell what a person may do in an area that is seen (S73, S75)."""
    rights = rules.rights_of(actor.profession or "", on) if actor.has("prescriber") else ()
    may = bool(rights) and area.key in actor.product_areas and bool(actor.care_units)
    return AreaView(
        product_area=area.key,
        name=said(area.name, language),
        may_prescribe=may,
        types=[TypeView(prescription_type=each.key, name=said(each.name, language)) for each in area.types]
        if may
        else [],
        rights=[
            RightView(rule=each.rule, from_years=each.from_years, below_years=each.below_years)
            for each in rights
        ],
    )


def _device_areas(actor: Actor, rules: DeviceRules, language: Language, *, on: date) -> Iterator[AreaView]:
    """Tell in which areas of devices a person works, and by which rules one prescribes there (S75, S86)."""
    for area in DEVICE_AREAS:
        if area.key in actor.product_areas:
            rows = may_prescribe_in(
                rules, area.key, profession=actor.profession or "", care_units=[*actor.care_units], on=on
            )
            rights = [RightView(rule=row.rule, from_years=0, below_years=None) for row in rows]
            may = actor.has("prescriber") and bool(rights) and bool(actor.care_units)
            yield AreaView(
                product_area=area.key,
                name=said(area.name, language),
                may_prescribe=may,
                types=[],
                rights=rights if may else [],
            )
