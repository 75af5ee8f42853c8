"""Ordering in memory, told of a patient, a prescription, articles and a tariff."""

import json
from datetime import date
from typing import Any

from services.ordering.app import assemble
from shared.events.inventory import ArticleChanged
from shared.events.prescription import LinePrescribed, PatientChanged, PrescriptionRegistered
from shared.partners import DistributorReply, Reply
from shared.sealed import Seals
from tests.ordering.examples import (
    BREAD,
    CATALOGUE,
    LINE,
    ORDER_NO,
    PATIENT,
    PRESCRIPTION_NO,
    TARIFF,
)
from tests.support import InMemory, in_memory

ADDRESS = {"line1": "Provvägen 3", "postal_code": "21120", "city": "MALMÖ"}
REGISTERED = PrescriptionRegistered(
    prescription_no=PRESCRIPTION_NO,
    patient_ref=PATIENT,
    prescription_type="specific_content",
    product_area="foods",
    care_unit="DEMO-101",
    prescriber="dietitian-1",
    payer="region",
    registered_on=date(2026, 10, 1),
    lines=(
        LinePrescribed(
            line_id=LINE.line_id,
            article_no="900100",
            packages=20,
            days=30,
            withdrawals=3,
            valid_through=date(2027, 10, 1),
        ),
    ),
)
SPLIT = [
    {"article_no": "900101", "packages": 10},
    {"article_no": "900102", "packages": 5},
    {"article_no": "900103", "packages": 5},
]
WANTED: dict[str, Any] = {"patient_ref": PATIENT, "items": [{"line_id": LINE.line_id, "split": SPLIT}]}


def patient(seals: Seals, **changes: Any) -> PatientChanged:
    told = PatientChanged(
        patient_ref=PATIENT,
        version=1,
        number=seals.seal("199007052393", purpose="identity"),
        number_type="personnummer",
        born=seals.seal("1990-07-05", purpose="identity"),
        name=seals.seal("Test Testsson", purpose="identity"),
        address=seals.seal(json.dumps(ADDRESS)),
        phone=seals.seal("+46701740605"),
        protected=False,
    )
    return told.model_copy(update=changes)


def articles() -> list[ArticleChanged]:
    return [
        ArticleChanged(
            article_no=each.article_no,
            version=1,
            name=each.name,
            product_area=each.product_area,
            subgroup="thickener",
            distributor=each.distributor,
            supplier_article_no=each.supplier_article_no,
            gtin=each.gtin,
            pieces_per_package=each.pieces_per_package,
            package_price=each.package_price.amount,
            is_generic=each.is_generic,
            variant_of=each.variant_of,
            variant_name=each.variant_name,
        )
        for each in (*CATALOGUE.articles.values(), BREAD)
    ]


async def told_desk(**changes: Any) -> InMemory:
    """Assemble ordering, and tell it all that a withdrawal needs; `changes` are the patient's."""
    service = await in_memory("ordering", assemble)
    for fact in (patient(service.seals, **changes), REGISTERED, TARIFF, *articles()):
        await service.hear(fact)
    return service


async def drafted(service: InMemory, role: str = "customer_service", **changes: Any) -> str:
    answer = await service.client.post("/withdrawals", json=WANTED | changes, headers=service.once(role))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["withdrawal_no"])


async def sent(service: InMemory) -> dict[str, Any]:
    """Draft and send; give the confirmation."""
    number = await drafted(service)
    answer = await service.client.post(
        f"/withdrawals/{number}/send", headers=service.once("customer_service")
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def answered(service: InMemory, reply: DistributorReply, order_no: str = ORDER_NO) -> None:
    await service.hear(Reply(reply=reply.model_copy(update={"order_no": order_no})))
