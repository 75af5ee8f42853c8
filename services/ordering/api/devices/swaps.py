"""The route that prints the paper of a maintenance swap: patient, day and devices (S132, Q56, Q61)."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import Response

from services.ordering.api.devices.addresses import name_printed
from services.ordering.application.devices import DeviceDesk
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.swaps import DeviceSwap, SwappedDevice
from services.ordering.repository.collections import ALLOWANCES, DEVICE_SWAPS
from shared.auth.actor import Actor
from shared.http import Ask, Forbidden, Language, Router
from shared.http.numbers import SwapNo
from shared.http.prints import a_pdf, printed

LAYOUT = Path(__file__).with_name("swaps.typ")
WORDS: dict[Language, dict[str, str]] = {
    "sv": {
        "title": "Byte för underhåll",
        "name": "Patient",
        "unit": "Tjänsteställe",
        "ready": "Inställningarna ska vara klara och hjälpmedlen hämtas på enheten",
        "new": "Nytt hjälpmedel, till patienten",
        "old": "Tas med tillbaka från patienten",
        "device": "Individnummer",
        "to_do": "Ställ in de nya hjälpmedlen efter patientens behov och registrera att de är klara. "
        "Patienten behåller det nya hjälpmedlet. Det som inte kan bytas ut blir kvar hos patienten.",
        "printed": "Utskrivet",
        "page": "Sida",
        "of": "av",
    },
    "en": {
        "title": "Maintenance swap",
        "name": "Patient",
        "unit": "Care unit",
        "ready": "The settings are to be ready, and the devices are fetched at the unit, on",
        "new": "New device, to the patient",
        "old": "Taken back from the patient",
        "device": "Device number",
        "to_do": "Set the new devices for the patient, and register that they are ready. The patient keeps "
        "the new device. What cannot be swapped stays with the patient.",
        "printed": "Printed",
        "page": "Page",
        "of": "of",
    },
}


def routes(desk: DeviceDesk) -> Router:
    router = Router("ordering", prefix="/device-swaps", tags=["device orders"])

    async def name_of(swap: DeviceSwap) -> str:
        """Open the patient's name; nothing of a protected person (Q18)."""
        known = await desk.repository.get(ALLOWANCES.maybe(swap.patient_ref))
        person = known.person if known else None
        return desk.seals.open(person.name) if person and person.name and not person.protected else ""

    @router.post("/{swap_no}/print", response_class=Response, responses=a_pdf("The swap's paper, printed"))
    async def print_device_swap(swap_no: SwapNo, ask: Ask) -> Response:
        """Print the paper that goes with the new devices to the unit, and back with the old ones (S132)."""
        swap = await desk.repository.show(
            DEVICE_SWAPS.ref(swap_no), asked=ask, demand=partial(_demand_place, ask.actor)
        )
        articles = {no for each in swap.devices for no in (each.article_no, each.new_article_no)}
        numbers = {no for each in swap.devices for no in (each.device_no, each.new_device_no) if no}
        catalogue = await desk.devices.names_of(
            articles, care_units=[swap.care_unit], device_nos=sorted(numbers)
        )
        page = swap_page(
            swap, catalogue, name=await name_of(swap), language=ask.language, on=desk.clock.today()
        )
        return await printed(LAYOUT, page, ask.language, at=desk.clock.now())

    return router


def swap_page(
    swap: DeviceSwap, catalogue: DeviceCatalogue, *, name: str, language: Language, on: date
) -> dict[str, Any]:
    """Put together the printed paper."""
    return {
        "language": language,
        "words": WORDS[language],
        "printed": on.isoformat(),
        "number": swap.swap_no,
        "name": name_printed(name, language),
        "unit": catalogue.unit_name(swap.care_unit),
        "ready": swap.ready_by.isoformat(),
        "rows": [_row(each, catalogue) for each in swap.devices],
    }


def _row(device: SwappedDevice, catalogue: DeviceCatalogue) -> list[str]:
    def said(article_no: str) -> str:
        return f"{catalogue.name_of(article_no)} ({article_no})"

    new = catalogue.label_of(device.new_device_no) if device.new_device_no else ""
    return [said(device.new_article_no), new, said(device.article_no), catalogue.label_of(device.device_no)]


def _demand_place(actor: Actor, swap: DeviceSwap) -> None:
    """Let those in who arranged it, and those who work at its care unit and in its area (S73)."""
    is_arranged_by = actor.has("store_keeper", "technician") and swap.storeroom_no in actor.care_units
    if not is_arranged_by and not actor.covers(area=swap.product_area, unit=swap.care_unit):
        raise Forbidden("not-your-unit", patient_refs=(swap.patient_ref,))
