"""A device's deferred fee, from what inventory will tell to the statement and to invoicing."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.events.billing import FeeCharged, FeeCredited
from shared.events.fact import Fact, Unknown
from shared.events.fees import DeviceFee
from shared.events.inventory import (
    DeviceExchanged,
    DeviceHandedOut,
    DeviceReturned,
)
from shared.events.ordering_devices import (
    CollectionOrderAnnulled,
    CollectionOrderClosed,
    CollectionOrderRegistered,
    DeviceOnLoan,
)
from shared.events.prescription import PatientsMerged
from tests.billing.in_memory import AT, TODAY, Billing

ORDER = "B2026-000501-9"
FEE = DeviceFee(
    fee_no=1, fee_code="HJM-20", text="Egenavgift hjälpmedel", amount=Decimal("500.00"), tariff="2026-01-01"
)
HANDED_OUT = DeviceHandedOut(
    loan_id="loan-1",
    patient_ref="p-1",
    device_no="4711",
    article_no="90001",
    product_area="devices",
    care_unit="DEMO-101",
    order_no=ORDER,
    handed_out_on=TODAY,
    handed_out_at=AT,
    how="handed_out",
    fee=FEE,
)
EXCHANGED = DeviceExchanged(
    loan_id="loan-1",
    patient_ref="p-1",
    device_no="4712",
    in_place_of="4711",
    exchanged_on=TODAY + timedelta(days=30),
    why="maintenance",
)
RETURNED = DeviceReturned(
    loan_id="loan-1",
    patient_ref="p-1",
    device_no="4711",
    returned_on=TODAY + timedelta(days=90),
    return_no="R2027-000001-3",
)
REGISTERED = CollectionOrderRegistered(
    collection_no="H2027-000001-5",
    patient_ref="p-1",
    place="care_unit",
    devices=(DeviceOnLoan(loan_id="loan-1", device_no="4711"),),
    registered_on=TODAY + timedelta(days=90),
)
CLOSED = CollectionOrderClosed(
    collection_no="H2027-000001-5",
    patient_ref="p-1",
    devices=REGISTERED.devices,
    closed_on=TODAY + timedelta(days=100),
)
ANNULLED = CollectionOrderAnnulled(
    collection_no="H2027-000001-5",
    patient_ref="p-1",
    devices=REGISTERED.devices,
    annulled_on=TODAY + timedelta(days=100),
)


async def on_day(billing: Billing, number: int, *facts: Any) -> None:
    """Hear facts on a day, and let the jobs run."""
    billing.service.clock.set(AT + timedelta(days=number))
    await billing.hear(*facts)
    await billing.service.run_jobs()


async def shown(billing: Billing, **asked: Any) -> list[tuple[str, str, str]]:
    fees = (await billing.statement(care_units=["DEMO-101"], product_areas=["devices"], **asked)).json()
    return sorted((fee["kind"], fee["stage"], fee["status"]) for fee in fees["fees"])


async def test_a_deferred_fee_is_shown_at_once_and_reaches_invoicing_on_day_91(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), HANDED_OUT)
    await on_day(billing, 90)
    before = (await shown(billing), billing.events())

    await on_day(billing, 91)

    later = "Ska faktureras, om hjälpmedlet inte lämnas tillbaka i tid"
    assert before == ([("charge", "deferred", later)], [])
    (event,) = billing.events()
    assert event["source"] == {"system": "devices", "uttag": ORDER}
    assert (event["bill_not_before"], event["amount"]) == ("2027-02-22", "500.00")


async def test_a_device_that_came_back_by_day_90_is_never_invoiced(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), HANDED_OUT)

    await on_day(billing, 90, RETURNED)
    await on_day(billing, 200)

    assert await shown(billing) == [("charge", "removed", "Borttagen")]
    assert (billing.events(), billing.service.told_of(FeeCharged)) == ([], [])


async def test_a_return_that_was_consumed_too_late_is_credited_with_its_reason(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), HANDED_OUT)
    await on_day(billing, 91)

    await on_day(billing, 92, RETURNED)

    assert [event["kind"] for event in billing.events()] == ["charge", "credit"]
    assert [each.why for each in billing.service.told_of(FeeCredited)] == ["returned"]


async def test_a_return_consumed_before_the_hand_out_is_kept_until_it_comes(billing: Billing) -> None:
    await on_day(billing, 1, billing.patient(), RETURNED)

    await on_day(billing, 2, HANDED_OUT)

    assert await shown(billing) == [("charge", "removed", "Borttagen")]


async def test_fee_and_clock_follow_the_exchanged_device(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), HANDED_OUT)
    await on_day(billing, 30, EXCHANGED)
    await on_day(billing, 90, RETURNED)
    carried = await shown(billing)

    await on_day(billing, 91)

    assert [stage for _, stage, _ in carried] == ["deferred"]
    assert len(billing.events()) == 1


async def test_an_open_collection_order_holds_the_fee_and_its_closing_removes_it(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), HANDED_OUT)
    await on_day(billing, 90, REGISTERED)
    await on_day(billing, 95)
    waiting = await shown(billing)

    await on_day(billing, 100, CLOSED)

    assert [stage for _, stage, _ in waiting] == ["deferred"]
    assert await shown(billing) == [("charge", "removed", "Borttagen")]
    kinds = [each.__class__.__name__ for each in billing.service.told]
    assert [kind for kind in kinds if kind.startswith("Task")] == ["TaskRaised", "TaskResolved"]


@pytest.mark.parametrize(
    "over",
    [ANNULLED, CLOSED.model_copy(update={"devices": (), "not_collected": REGISTERED.devices})],
    ids=["annulled", "closed without the device"],
)
async def test_a_collection_order_that_collects_nothing_lets_the_fee_fall_due(
    billing: Billing, over: Fact
) -> None:
    await on_day(billing, 0, billing.patient(), HANDED_OUT)
    await on_day(billing, 90, REGISTERED)

    await on_day(billing, 100, over)

    assert [(kind, stage) for kind, stage, _ in await shown(billing)] == [("charge", "told")]


@pytest.mark.parametrize(("number", "stage"), [(90, "removed"), (91, "told")])
async def test_at_a_place_that_only_a_newer_version_knows_the_fetching_counts(
    billing: Billing, number: int, stage: str
) -> None:
    registered = REGISTERED.model_copy(update={"place": Unknown("at_school")})
    await on_day(billing, 0, billing.patient(), HANDED_OUT)
    await on_day(billing, 80, registered)

    await on_day(billing, number, CLOSED.model_copy(update={"closed_on": TODAY + timedelta(days=number)}))

    assert [stage for _, stage, _ in await shown(billing)] == [stage]


async def test_one_order_with_two_devices_of_a_loan_is_kept_for_each(billing: Billing) -> None:
    both = (*REGISTERED.devices, DeviceOnLoan(loan_id="loan-1", device_no="4712"))
    registered = REGISTERED.model_copy(update={"devices": both})
    await on_day(billing, 0, billing.patient(), HANDED_OUT)
    await on_day(billing, 30, EXCHANGED)

    await on_day(billing, 90, registered)
    await on_day(billing, 91)

    assert [stage for _, stage, _ in await shown(billing)] == ["deferred"]


async def test_a_device_handed_out_without_a_fee_leaves_nothing_in_the_ledger(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), HANDED_OUT.model_copy(update={"fee": None}), RETURNED)

    assert await shown(billing) == []


async def test_a_deferred_fee_of_a_patient_who_was_another_follows_and_is_still_removed(
    billing: Billing,
) -> None:
    other = billing.patient(number="200207022385").model_copy(update={"patient_ref": "p-2"})
    await on_day(billing, 0, billing.patient(), other, HANDED_OUT)
    await on_day(billing, 10, PatientsMerged(patient_ref="p-1", into_ref="p-2", merged_on=TODAY))
    moved = await shown(billing, patient_ref="p-2")

    await on_day(billing, 90, RETURNED)

    assert [stage for _, stage, _ in moved] == ["deferred"]
    assert [stage for _, stage, _ in await shown(billing, patient_ref="p-2")] == ["removed"]


async def test_a_corrected_device_fee_is_deferred_too_and_removed_by_a_return(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), HANDED_OUT)
    (fee,) = (await billing.statement(care_units=["DEMO-101"], product_areas=["devices"])).json()["fees"]
    path, client = f"/fees/{fee['event_id']}/correction", billing.service.client
    wanted = {"amount": 300, "reason": "another tariff row"}
    await client.post(path, json=wanted, headers=billing.service.once("economist", sub="eko"))
    await client.post(
        f"{path}/approve",
        json={"amount": wanted["amount"]},
        headers=billing.service.once("economist", sub="ekon"),
    )
    corrected = await shown(billing)

    await on_day(billing, 90, RETURNED)

    assert [stage for _, stage, _ in corrected] == ["deferred", "removed"]
    assert [stage for _, stage, _ in await shown(billing)] == ["removed", "removed"]


async def test_a_deferred_fee_is_counted_as_deferred_and_alarms_nobody(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), HANDED_OUT)
    assert billing.service.assembled.figures

    figures = {each.name: each.values for each in await billing.service.assembled.figures()}

    counts = figures["sesam_fees"]
    assert (counts["deferred", "charge"], counts["held", "charge"]) == (1.0, 0.0)
