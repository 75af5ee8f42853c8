"""What several pages about devices ask for: own units, prescribers, storerooms; and the fields they share."""

from collections.abc import Sequence
from typing import Any

from gateway.visit import NotShown, Visit, part
from gateway.web.forms import Form
from gateway.web.words import _

Options = list[tuple[str, str]]
ADDRESS = ("line1", "line2", "co", "postal_code", "city")


async def own_units(visit: Visit) -> Options:
    """Give the person's care units with their names, to choose from."""
    names = await visit.unit_names()
    return [(each, names.get(each, each)) for each in sorted(visit.me.get("care_units", ()))]


async def prescribers(visit: Visit, care_unit: str) -> Options:
    """Give in whose name one may order: a prescriber in the own one first, others must choose."""
    found = (
        await visit.get("prescription", f"/care-units/{part(care_unit)}/prescribers") if care_unit else None
    )
    named = [(each["prescriber"], each["name"]) for each in found.body] if found and found.ok else []
    if "prescriber" in visit.me.get("roles", ()):
        return [("", _("I mitt namn")), *(each for each in named if each[0] != visit.me["sub"])]
    return named if len(named) == 1 else [("", _("Välj förskrivare")), *named]


async def storerooms(visit: Visit, *, kind: str = "") -> list[dict[str, Any]]:
    """Give the storerooms and warehouses that the person is linked to; raises NotShown."""
    found = await visit.get("inventory", "/storerooms")
    if not found.ok:
        raise NotShown(found)
    mine = set(visit.me.get("care_units", ()))
    return [
        each
        for each in found.body
        if each["active"]
        and kind in ("", each["kind"])
        and (each["works_here"] or mine & {unit["care_unit"] for unit in each["care_units"]})
    ]


async def sources(visit: Visit, care_unit: str) -> Options:
    """Give where a care unit may take goods from, with the source before the number; none while unknown."""
    found = await visit.get("inventory", "/storerooms")
    return [
        (f"{each['kind']}:{each['storeroom_no']}", each["name"])
        for each in (found.body if found.ok else [])
        if each["active"] and care_unit in {unit["care_unit"] for unit in each["care_units"]}
    ]


def places_of(found: Sequence[dict[str, Any]]) -> Options:
    return [(each["storeroom_no"], each["name"]) for each in found]


def address_in(form: Form) -> dict[str, str] | None:
    """Read an address that was typed; None when no field of it was filled in."""
    typed = {name: form.text(f"address_{name}") for name in ADDRESS}
    given = {name: value for name, value in typed.items() if value}
    return {"line1": "", "postal_code": "", "city": "", **given} if given else None


def given(**fields: Any) -> dict[str, Any]:
    """Give what was filled in, and leave out the rest: the service presets it."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
