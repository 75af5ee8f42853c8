"""Billing in memory, and the facts of one withdrawal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from shared.events.fees import FeePriced
from shared.events.ordering import WithdrawalAnnulled, WithdrawalSent
from shared.events.prescription import PatientChanged
from shared.partners import FeeAcknowledged
from tests.support import InMemory

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
WITHDRAWAL = "U2026-000123-9"
NUMBER = "199007052393"

FEE = FeePriced(
    fee_no=1,
    fee_code="LMN-10",
    text="Egenavgift livsmedel, per uttag",
    prescription_type="coeliac_metabolic",
    line_ids=("F1-1",),
    amount=Decimal("120.00"),
    reason="type",
    tariff="2026-01-01",
)
SENT = WithdrawalSent(
    withdrawal_no=WITHDRAWAL,
    patient_ref="p-1",
    sent_on=TODAY,
    sent_at=AT,
    payer="region",
    product_area="foods",
    care_unit="DEMO-101",
    lines=(),
    fees=(FEE, FEE.model_copy(update={"fee_no": 2, "amount": Decimal("210.00")})),
    order_nos=("B2026-000007-1",),
)
ANNULLED = WithdrawalAnnulled(
    withdrawal_no=WITHDRAWAL,
    patient_ref="p-1",
    annulled_on=TODAY,
    line_ids=("F1-1",),
    fee_nos=(1,),
    why="refused",
)


@dataclass
class Billing:
    service: InMemory
    folder: Path

    async def hear(self, *facts: Any) -> None:
        for fact in facts:
            await self.service.hear(fact)

    def patient(self, *, version: int = 1, number: str | None = NUMBER) -> PatientChanged:
        return PatientChanged(
            patient_ref="p-1",
            version=version,
            number=self.service.seals.seal(number, purpose="identity") if number else None,
            number_type="personnummer",
            born=None,
            name=None,
            address=None,
            phone=None,
            protected=number is None,
        )

    async def acknowledge(self, event_id: str, status: str, **more: Any) -> None:
        body = {"event_id": event_id, "status": status, "at": AT.isoformat(), **more}
        await self.service.hear(FeeAcknowledged.model_validate(body))

    def events(self) -> list[dict[str, Any]]:
        return self.service.partner_messages()

    async def statement(self, role: str = "customer_service", **asked: Any) -> Any:
        claims = ("patient", "care_units", "product_areas")
        changes = {key: asked.pop(key) for key in claims if key in asked}
        if "patient" in changes:
            changes["patient_ref"] = changes.pop("patient")
        return await self.service.client.post(
            "/fees/search", json=asked or {"patient_ref": "p-1"}, headers=self.service.token(role, **changes)
        )

    async def close(self, key: str = "close-the-day-1") -> Any:
        return await self.service.client.post("/batches", headers=self.service.once("economist", key))

    def file(self, batch_id: str) -> bytes:
        return (self.folder / f"egenavgift_{batch_id}.jsonl").read_bytes()


def ids(events: Sequence[dict[str, Any]]) -> list[str]:
    return [event["event_id"] for event in events]
