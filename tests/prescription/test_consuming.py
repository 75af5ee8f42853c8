"""What prescription does with the withdrawals that it consumes, and when a day has passed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.domain.decision import NotFound
from shared.events.ordering import LineWithdrawn, WithdrawalAnnulled, WithdrawalSent
from shared.events.prescription import LineEnded
from tests.prescription.conftest import UNIT, day
from tests.support import InMemory

SENT = WithdrawalSent(
    withdrawal_no="U2026-000001-1",
    patient_ref="p",
    sent_on=day("2026-11-23"),
    sent_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    payer="region",
    product_area="foods",
    care_unit=UNIT,
    lines=(),
    fees=(),
    order_nos=(),
)


def sent(line_id: str, number: str) -> WithdrawalSent:
    line = LineWithdrawn(line_id=line_id, prescription_no=line_id[:-2], article_no="900001", packages=15)
    return SENT.model_copy(update={"withdrawal_no": number, "lines": (line,)})


def annulled(line_id: str, number: str) -> WithdrawalAnnulled:
    return WithdrawalAnnulled(
        withdrawal_no=number,
        patient_ref="p",
        annulled_on=day("2026-11-24"),
        line_ids=(line_id,),
        why="undeliverable",
    )


async def line_of(service: InMemory, prescription_no: str) -> dict[str, Any]:
    answer = await service.client.get(
        f"/prescriptions/{prescription_no}", headers=service.token("customer_service")
    )
    line: dict[str, Any] = answer.json()["lines"][0]
    return line


async def test_a_line_ends_when_ordering_has_sent_its_last_withdrawal(
    service: InMemory, prescribed: dict[str, Any]
) -> None:
    number = prescribed["prescription_no"]

    for withdrawal in ("U1", "U1", "U2"):
        await service.hear(sent(f"{number}-1", withdrawal))

    line = await line_of(service, number)
    assert (line["state"], line["withdrawal_nos"]) == ("used_up", ["U1", "U2"])
    assert [fact.why for fact in service.told_of(LineEnded)] == ["used_up"]


async def test_a_given_back_withdrawal_opens_the_line_again_whatever_came_first(
    service: InMemory, prescribed: dict[str, Any]
) -> None:
    number = prescribed["prescription_no"]
    line_id = f"{number}-1"

    for fact in (annulled(line_id, "U2"), sent(line_id, "U1"), sent(line_id, "U2"), annulled(line_id, "U2")):
        await service.hear(fact)

    line = await line_of(service, number)
    assert (line["state"], line["withdrawals_left"]) == ("active", 1)


async def test_a_withdrawal_of_an_unknown_prescription_is_loud(service: InMemory) -> None:
    with pytest.raises(NotFound):
        await service.hear(sent("F2026-000999-9-1", "U1"))


async def test_lines_end_by_themselves_after_their_last_day(
    service: InMemory, prescribed: dict[str, Any]
) -> None:
    service.clock.set(datetime(2027, 11, 23, 22, 59, tzinfo=UTC))
    await service.run_jobs()
    on_the_last_day = await line_of(service, prescribed["prescription_no"])

    service.clock.set(datetime(2027, 11, 23, 23, 0, tzinfo=UTC))
    await service.run_jobs()
    await service.run_jobs()

    assert on_the_last_day["state"] == "active"
    assert (await line_of(service, prescribed["prescription_no"]))["state"] == "expired"
    assert [fact.why for fact in service.told_of(LineEnded)] == ["expired"]
