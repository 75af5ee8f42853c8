"""Ordering in memory, told of devices, places, a prescriber, the rule book and a tariff with device fees."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from unittest.mock import patch

import httpx

from services.ordering.api.devices import hand_outs, hand_overs
from services.ordering.app import assemble
from services.ordering.application import devices as application
from shared.events.fact import Fact
from shared.events.fees import DeviceFeeRow
from shared.events.inventory import ArticleChanged, ArticleComponent, DeviceArticle
from shared.events.inventory_goods import (
    CareUnitChanged,
    DeviceChanged,
    HandOutMade,
    HandOutRefused,
    LineHandedOut,
    StoreroomChanged,
)
from shared.events.ordering_devices import DeviceOrderSent
from shared.events.prescription import DeviceRight, DeviceRulesChanged, PrescriberAt, PrescriberChanged
from tests.ordering.desk import patient
from tests.ordering.examples import PATIENT, TARIFF
from tests.support import InMemory, in_memory, nobody_answers

Told = TypeVar("Told", bound=Fact)
PATIENCE_SECONDS = 30.0

UNIT, OTHER_UNIT = "DEMO-101", "DEMO-102"
PRESCRIBER = "prescriber-1"
CPAP, HOSE, FILTER, HUMIDIFIER, MASK, DEAR = "910001", "910100", "910101", "910200", "910300", "910002"
DEVICE_NO = "D100001"
STAFF: dict[str, Any] = {"product_areas": ["cpap"], "profession": "physician"}

WITH_DEVICE_FEES = TARIFF.model_copy(
    update={
        "device_fees": (
            DeviceFeeRow(fee_code="HJM-CPAP", text="Egenavgift hjälpmedel", amount=Decimal(500), per="line"),
        )
    }
)


def article(article_no: str, name: str, price: int = 100, **part: Any) -> ArticleChanged:
    device = {"iso_code": "040312", "article_type": "accessory", **part}
    return ArticleChanged(
        article_no=article_no,
        version=1,
        name=name,
        product_area="cpap",
        supplier_article_no=f"S-{article_no}",
        package_price=Decimal(price),
        device=DeviceArticle.model_validate(device),
    )


COMPONENTS = (
    ArticleComponent(article_no=HOSE, standard=True, removable=False),
    ArticleComponent(article_no=FILTER, quantity=2, standard=True),
    ArticleComponent(article_no=MASK),
)
MAIN = {"marked": True, "article_type": "main_aid", "fee_code": "HJM-CPAP", "components": COMPONENTS}
ARTICLES = (
    article(CPAP, "Demo-CPAP", 4100, needs_settings=True, **MAIN),
    article(DEAR, "Demo-CPAP dyr", 9_900, iso_code="040306", **MAIN),
    article(HOSE, "Demoslang", 60),
    article(FILTER, "Demofilter", 20),
    article(HUMIDIFIER, "Demobefuktare", 900, marked=True),
    article(MASK, "Demomask", 700),
)
PLACES: tuple[Fact, ...] = (
    CareUnitChanged(care_unit=UNIT, version=1, name="Sömnmottagningen Demostad"),
    CareUnitChanged(care_unit=OTHER_UNIT, version=1, name="Lungmottagningen Demostad"),
    StoreroomChanged(
        storeroom_no="DEMO-S1", version=1, name="Förrådet Sömn", kind="storeroom", care_units=(UNIT,)
    ),
    StoreroomChanged(
        storeroom_no="DEMO-S2", version=1, name="Förrådet Lung", kind="storeroom", care_units=(OTHER_UNIT,)
    ),
    StoreroomChanged(
        storeroom_no="DEMO-W1",
        version=1,
        name="Centrallagret Demostad",
        kind="warehouse",
        care_units=(UNIT, OTHER_UNIT),
    ),
)
RULES = DeviceRulesChanged(
    version=1,
    rights=(
        DeviceRight(
            iso_code="0403",
            product_area="cpap",
            professions=("physician", "nurse"),
            valid_from=date(2026, 1, 1),
        ),
    ),
)
PEOPLE: tuple[Fact, ...] = (
    PrescriberChanged(
        prescriber=PRESCRIBER,
        version=1,
        name="Förskrivare Testsson",
        profession="physician",
        units=(PrescriberAt(care_unit=UNIT, product_areas=("cpap",), valid_from=date(2026, 1, 1)),),
    ),
    RULES,
)


def device(device_no: str = DEVICE_NO, article_no: str = CPAP, **changes: Any) -> DeviceChanged:
    told = DeviceChanged(
        device_no=device_no,
        version=1,
        article_no=article_no,
        owner="central",
        storeroom_no="DEMO-S1",
        available=True,
    )
    return told.model_copy(update=changes)


async def told_devices(*, ask: Callable[..., Any] = nobody_answers, **changes: Any) -> InMemory:
    """Assemble ordering, and tell it all that a hand-out needs; `changes` are the patient's."""
    service = await in_memory("ordering", assemble, ask=ask)
    facts = (patient(service.seals, **changes), WITH_DEVICE_FEES, *ARTICLES, *PLACES, *PEOPLE, device())
    for fact in facts:
        await service.hear(fact)
    return service


def placer(service: InMemory, key: str | None = None, **changes: Any) -> dict[str, str]:
    """Headers of a secretary who may only place orders (S83)."""
    return service.once("order_placer", key, **STAFF | changes)


def hand_out_form(**changes: Any) -> dict[str, Any]:
    asked = {
        "patient_ref": PATIENT,
        "care_unit": UNIT,
        "device_no": DEVICE_NO,
        "prescriber": PRESCRIBER,
        "fee": True,
    }
    return {name: each for name, each in (asked | changes).items() if each is not ...}


def made(sent: DeviceOrderSent) -> HandOutMade:
    (line,) = sent.lines
    return HandOutMade(
        order_no=sent.order_no,
        patient_ref=sent.patient_ref,
        handed_out_on=sent.sent_on,
        handed_out_at=sent.sent_at + timedelta(seconds=1),
        lines=(
            LineHandedOut(
                line_no=line.line_no,
                article_no=line.article_no,
                quantity=1,
                device_nos=(line.device_no or "",),
                loan_ids=(f"loan-{sent.order_no}",),
            ),
        ),
    )


def refused(sent: DeviceOrderSent) -> HandOutRefused:
    return HandOutRefused(
        order_no=sent.order_no,
        rule="device-on-loan",
        line_no=1,
        sv="Individen är på lån. Ta emot den i retur först.",
        en="The device is on loan. Receive its return first.",
        refused_at=sent.sent_at,
    )


async def posted(service: InMemory, path: str, form: Any, headers: dict[str, str]) -> httpx.Response:
    return await service.client.post(path, json=form, headers=headers)


async def handed_out(
    service: InMemory, form: dict[str, Any], *, answer: Any = made, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Ask for a hand-out, and let inventory answer while the request waits."""
    asking = posted(service, "/hand-outs", form, headers or placer(service))
    return await while_it_waits(asking, service, DeviceOrderSent, answer)


async def while_it_waits(
    asking: Coroutine[Any, Any, httpx.Response],
    service: InMemory,
    told: type[Told],
    answer: Callable[[Told], Fact],
) -> httpx.Response:
    """Let inventory answer what a request tells it; the request waits for that on the slowest machine."""
    before = len(service.told_of(told))
    with (
        patch.object(application, "ANSWERED_WITHIN_SECONDS", {"requested": PATIENCE_SECONDS}),
        patch.object(hand_overs, "EXCHANGED_WITHIN_SECONDS", PATIENCE_SECONDS),
        patch.object(hand_outs, "TAKEN_BACK_WITHIN_SECONDS", PATIENCE_SECONDS),
    ):
        request = asyncio.create_task(asking)
        while not request.done() and len(service.told_of(told)) == before:
            await asyncio.sleep(0.005)
        if not request.done():
            await service.hear(answer(service.told_of(told)[-1]))
        return await request
