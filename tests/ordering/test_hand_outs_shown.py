"""Hand-outs that are previewed, listed, and taken back."""

import asyncio
from typing import Any

from shared.events.inventory_goods import HandOutTakenBack
from shared.events.ordering_devices import DeviceOrderSent, HandOutMistaken
from tests.ordering.devices import (
    FILTER,
    HOSE,
    MASK,
    OTHER_UNIT,
    STAFF,
    UNIT,
    hand_out_form,
    handed_out,
    placer,
    posted,
    refused,
    told_devices,
)
from tests.ordering.examples import PATIENT


async def test_a_hand_out_by_mistake_is_taken_back_with_a_reason() -> None:
    service = await told_devices()
    order_no = (await handed_out(service, hand_out_form())).json()["order_no"]
    path, reason = f"/hand-outs/{order_no}/mistaken", {"reason": "Fel patient valdes"}

    asking = asyncio.create_task(posted(service, path, reason, placer(service)))
    while not service.told_of(HandOutMistaken):
        await asyncio.sleep(0.01)
    twice = await posted(service, path, reason, placer(service))
    (mistaken,) = service.told_of(HandOutMistaken)
    await service.hear(
        HandOutTakenBack(
            order_no=order_no,
            patient_ref=PATIENT,
            loan_ids=(f"loan-{order_no}",),
            taken_back_at=mistaken.mistaken_at,
        )
    )
    answer = await asking
    seen = await service.client.get(
        f"/device-orders/{order_no}", headers=service.token("order_placer", **STAFF)
    )
    again = await handed_out(service, hand_out_form())

    assert (answer.status_code, twice.json()["rule"]) == (200, "already-mistaken")
    assert seen.json()["state"] == "taken_back"
    assert seen.json()["mistake"]["reason"] == "Fel patient valdes"
    assert again.status_code == 200, "it was no loan, so nobody asks whether it is exchanged"


async def test_what_was_never_handed_out_is_not_taken_back() -> None:
    service = await told_devices()
    answer = await handed_out(service, hand_out_form(), answer=refused)
    path = f"/hand-outs/{answer.json()['order_no']}/mistaken"

    refusal = await posted(service, path, {"reason": "Fel patient valdes"}, placer(service))

    assert refusal.json()["rule"] == "hand-out-not-made"


async def test_a_list_is_of_a_patient_or_a_care_unit_and_shows_no_other_areas() -> None:
    service = await told_devices()
    await handed_out(service, hand_out_form())

    async def listed(form: dict[str, str], **changes: Any) -> Any:
        headers = service.token("order_placer", **STAFF | changes)
        return (await posted(service, "/device-orders/search", form, headers)).json()

    assert len(await listed({"care_unit": UNIT})) == 1
    assert await listed({"patient_ref": PATIENT}, product_areas=["foods"]) == []
    assert (await listed({}))["rule"] == "whose-device-orders"
    assert (await listed({"care_unit": OTHER_UNIT}))["rule"] == "not-your-unit"


async def test_a_preview_shows_the_device_what_fits_it_and_every_reason_and_keeps_nothing() -> None:
    service = await told_devices(payer="home_region")
    headers = service.token("order_placer", **STAFF)

    answer = await posted(service, "/hand-outs/preview", hand_out_form(fee=..., removed=[HOSE]), headers)

    seen = answer.json()
    assert (seen["allowed"], [each["rule"] for each in seen["reasons"]]) == (
        False,
        ["component-not-removable", "fee-not-answered"],
    )
    fitting = [(each["article_no"], each["standard"], each["removable"]) for each in seen["line"]["fitting"]]
    assert fitting == [(HOSE, True, False), (FILTER, True, True), (MASK, False, True)]
    assert (seen["line"]["has_fee"], seen["line"]["storeroom_name"]) == (True, "Förrådet Sömn")
    assert len(seen["warnings"]) == len(["another region"])
    assert service.told_of(DeviceOrderSent) == []


async def test_what_is_over_is_left_out_of_what_was_ordered_and_not_delivered() -> None:
    service = await told_devices()
    await handed_out(service, hand_out_form())
    headers = service.token("order_placer", **STAFF)
    form = {"patient_ref": PATIENT, "only_open": True}

    assert (await posted(service, "/device-orders/search", form, headers)).json() == []
