"""Decides which product areas a person sees: of those permitted the chosen ones (S73, S75)."""

from shared.auth.actor import Actor
from shared.auth.rule import EVERY_UNIT
from shared.domain.subgroups import PRODUCT_AREAS
from shared.http import Language, View
from shared.http.language import said


class AreaTicked(View):
    """A product area that the person may see, and whether its lines are shown."""

    product_area: str
    name: str
    shown: bool


def ticked_areas(actor: Actor, chosen: list[str] | None, language: Language) -> list[AreaTicked]:
    """List the areas that the person may see; to see one is not to prescribe in it (S75)."""
    return [
        AreaTicked(
            product_area=area.key, name=said(area.name, language), shown=chosen is None or area.key in chosen
        )
        for area in PRODUCT_AREAS
        if actor.has("patient", *EVERY_UNIT) or area.key in actor.product_areas
    ]
