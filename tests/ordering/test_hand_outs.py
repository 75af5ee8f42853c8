"""Handing out a device by its number, in one request (Q41)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.ordering.domain.devices.copies import note_newest
from services.ordering.repository.collections import STOREROOMS
from shared.events.inventory_goods import HandOutMade, StoreroomChanged
from shared.events.ordering_devices import DeviceOrderSent
from shared.events.prescription import PrescriberAt, PrescriberChanged
from tests.ordering.devices import (
    CPAP,
    DEAR,
    DEVICE_NO,
    FILTER,
    HOSE,
    MASK,
    OTHER_UNIT,
    PRESCRIBER,
    STAFF,
    UNIT,
    device,
    hand_out_form,
    handed_out,
    made,
    placer,
    posted,
    refused,
    told_devices,
)
from tests.ordering.examples import PATIENT
from tests.ordering.handing_out import refusal

APPROVAL = {"approved_by": "Hjälpmedelscentralen, annan region", "approved_on": "2026-11-20"}


async def test_a_device_is_handed_out_by_its_number_in_one_request() -> None:
    service = await told_devices()

    answer = await handed_out(service, hand_out_form(comment="Lågt tryck"))

    assert answer.status_code == 200, answer.text
    shown = answer.json()
    (sent,) = service.told_of(DeviceOrderSent)
    (line,) = sent.lines
    assert (sent.kind, sent.storeroom_no, sent.prescriber) == ("hand_out", "DEMO-S1", PRESCRIBER)
    assert (line.device_no, line.article_no, line.fee.amount) == (DEVICE_NO, CPAP, Decimal(500))
    assert [(each.article_no, each.quantity) for each in line.components] == [(HOSE, 1), (FILTER, 2)]
    assert (shown["state"], shown["handed_out_on"]) == ("handed_out", "2026-11-23")
    assert shown["care_unit_name"] == "Sömnmottagningen Demostad"
    assert shown["storeroom_name"] == "Förrådet Sömn"
    assert shown["prescriber_name"] == "Förskrivare Testsson"
    assert shown["lines"][0]["fee"]["amount"] == "500.00"
    assert "Lågt tryck" not in str(service.rows)


async def test_what_inventory_refuses_is_answered_with_its_rule_and_sentence() -> None:
    service = await told_devices()

    answer = await handed_out(service, hand_out_form(), answer=refused)

    assert answer.status_code == 409
    assert answer.json()["rule"] == "device-on-loan"
    assert answer.json()["detail"] == "Individen är på lån. Ta emot den i retur först."


async def test_without_an_answer_in_time_the_request_says_where_to_look() -> None:
    service = await told_devices()

    answer = await posted(service, "/hand-outs", hand_out_form(), placer(service, "key-is-kept-1"))
    (sent,) = service.told_of(DeviceOrderSent)
    await service.hear(made(sent))
    again = await posted(service, "/hand-outs", hand_out_form(), placer(service, "key-is-kept-1"))
    seen = await service.client.get(
        answer.headers["Location"], headers=service.token("order_placer", **STAFF)
    )

    assert (answer.status_code, answer.json()["state"]) == (202, "requested")
    assert (again.status_code, again.json()["state"]) == (200, "handed_out")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert seen.json()["state"] == "handed_out"
    assert len(service.told_of(DeviceOrderSent)) == 1


async def test_the_fee_is_answered_where_the_article_has_one_and_nowhere_else() -> None:
    service = await told_devices()
    await service.hear(device("D200001", MASK, available=True))

    assert await refusal(service, fee=...) == "fee-not-answered"
    assert await refusal(service, device_no="D200001") == "fee-not-asked"
    answer = await handed_out(service, hand_out_form(fee=False))
    assert answer.json()["lines"][0]["fee"] is None


async def test_a_standard_component_may_be_taken_off_unless_it_always_belongs() -> None:
    service = await told_devices()

    assert await refusal(service, removed=[HOSE]) == "component-not-removable"
    assert await refusal(service, removed=[MASK]) == "not-a-component-of"
    assert await refusal(service, components=[{"article_no": CPAP}]) == "not-a-component-of"
    await handed_out(service, hand_out_form(removed=[FILTER], components=[{"article_no": MASK}]))
    (sent,) = service.told_of(DeviceOrderSent)
    assert [each.article_no for each in sent.lines[0].components] == [HOSE, MASK]
    assert sent.lines[0].removed == (FILTER,)


async def test_a_device_is_handed_out_only_from_a_storeroom_of_the_care_unit() -> None:
    service = await told_devices()
    await service.hear(device("D200001", storeroom_no="DEMO-S2"))
    await service.hear(device("D200002", storeroom_no=None, available=False))
    await service.hear(device("D200003", storeroom_no="DEMO-W1"))

    for number in ("D200001", "D200003"):
        assert await refusal(service, device_no=number) == "storeroom-not-of-unit"
    assert await refusal(service, device_no="D200002") == "device-in-no-storeroom"


async def test_a_former_number_and_a_typed_one_find_the_device() -> None:
    service = await told_devices()
    await service.hear(device("D300001", former_numbers=("D000009",)))

    answer = await handed_out(service, hand_out_form(device_no=" d 000009 "))
    unknown = await posted(service, "/hand-outs", hand_out_form(device_no="D999999"), placer(service))

    assert answer.json()["lines"][0]["device_nos"] == ["D300001"]
    assert unknown.status_code == 404


async def test_the_right_is_judged_on_the_named_prescriber() -> None:
    service = await told_devices()
    await service.hear(
        PrescriberChanged(
            prescriber="prescriber-2",
            version=1,
            name="Annan Testsson",
            profession="occupational_therapist",
            units=(PrescriberAt(care_unit=UNIT, product_areas=("cpap",), valid_from=date(2026, 1, 1)),),
        )
    )

    assert await refusal(service, prescriber="prescriber-2") == "no-right-to-device"
    assert await refusal(service, prescriber="nobody-1") == "prescriber-not-of-unit"
    assert await refusal(service, prescriber=...) == "prescriber-not-of-unit"


async def test_a_prescriber_hands_out_in_the_own_name_by_what_the_token_says() -> None:
    service = await told_devices()
    headers = service.once("prescriber", **STAFF | {"sub": "prescriber-9", "profession": "nurse"})

    answer = await handed_out(service, hand_out_form(prescriber=...), headers=headers)

    assert answer.status_code == 200, answer.text
    assert answer.json()["prescriber"] == "prescriber-9"


async def test_nobody_hands_out_for_a_foreign_care_unit_or_product_area() -> None:
    service = await told_devices()

    unit = await posted(service, "/hand-outs", hand_out_form(care_unit=OTHER_UNIT), placer(service))
    area = await posted(service, "/hand-outs", hand_out_form(), placer(service, product_areas=["foods"]))

    assert (unit.status_code, area.status_code) == (403, 403)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"protected": True}, "protected-identity"),
        ({"deceased_on": date(2026, 11, 1)}, "deceased"),
    ],
)
async def test_a_protected_or_dead_patient_gets_no_device(changes: dict[str, Any], rule: str) -> None:
    service = await told_devices(**changes)

    assert await refusal(service) == rule


async def test_another_region_approves_what_costs_ten_thousand_with_its_components() -> None:
    """The device at 9,900 with its hose and two filters costs exactly 10,000 (Q58)."""
    service = await told_devices(payer="home_region", home_region="01")
    await service.hear(device("D200001", DEAR))

    assert await refusal(service, device_no="D200001") == "home-region-not-asked"
    later = APPROVAL | {"approved_on": "2026-11-24"}
    assert await refusal(service, device_no="D200001", approval=later) == "approved-later"
    cheaper = await handed_out(service, hand_out_form(device_no="D200001", removed=[FILTER]))
    approved = await handed_out(service, hand_out_form(device_no=DEVICE_NO, is_additional=True))
    with_approval = await handed_out(
        service, hand_out_form(device_no="D200001", approval=APPROVAL, is_additional=True)
    )
    assert (cheaper.status_code, approved.status_code, with_approval.status_code) == (200, 200, 200)
    assert with_approval.json()["approval"]["approved_on"] == "2026-11-20"


async def test_a_second_device_of_a_kind_on_loan_asks_whether_it_is_an_exchange() -> None:
    service = await told_devices()
    await handed_out(service, hand_out_form())
    await service.hear(device("D200001"))

    asked = await posted(service, "/hand-outs", hand_out_form(device_no="D200001"), placer(service))
    another = await handed_out(service, hand_out_form(device_no="D200001", is_additional=True))

    assert asked.json()["rule"] == "already-on-loan"
    assert another.status_code == 200


async def test_the_answer_may_come_before_anybody_waits_for_it_and_twice() -> None:
    service = await told_devices()
    await posted(service, "/hand-outs", hand_out_form(), placer(service))
    (sent,) = service.told_of(DeviceOrderSent)
    fact: HandOutMade = made(sent)

    await service.hear(fact)
    await service.hear(fact)
    listed = await posted(
        service, "/device-orders/search", {"patient_ref": PATIENT}, service.token("order_placer", **STAFF)
    )

    (order,) = listed.json()
    assert order["lines"][0]["device_nos"] == [DEVICE_NO]
    assert order["lines"][0]["loan_ids"] == [f"loan-{sent.order_no}"]


async def test_an_older_snapshot_of_a_storeroom_does_nothing() -> None:
    service = await told_devices()
    old = StoreroomChanged(
        storeroom_no="DEMO-S1", version=0, name="Gamla namnet", kind="storeroom", care_units=()
    )

    await service.hear(old)

    kept = await service.repository.get(STOREROOMS.ref("DEMO-S1"))
    assert kept.name == "Förrådet Sömn"
    assert note_newest(kept, told=kept)[0] is kept
