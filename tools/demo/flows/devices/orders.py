"""Flows about devices: from a storeroom or the warehouse to the patient, and what it costs (S77 to S113)."""

import asyncio
from datetime import timedelta

from tools.demo.flows.acts import find_patient
from tools.demo.flows.cast import newcomer
from tools.demo.flows.devices.acts import (
    CHAMBER,
    COLLEAGUE,
    CONFLICT,
    CPAP,
    FILTER,
    HOSE,
    HUMIDIFIER,
    KEEPER,
    MASK,
    NURSE,
    SECRETARY,
    STOREROOM,
    UNIT,
    WAREHOUSE,
    asked_to_hand_out,
    cpap_on_shelf,
    device_number,
    fee_is,
    hand_out,
    hand_out_form,
    has_now,
    order_is,
    receive,
)
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.people import PEOPLE

FOUR_DAYS = timedelta(days=4)
DEFERRED = timedelta(days=90)
JOB_RUNS_WITHIN_SECONDS = 5
BILEVEL = "910010"
BATTERY = "910202"
TUBE = "910105"


async def handed_out(stage: Stage) -> None:
    """A CPAP of the unit's own storeroom is handed out by its number in one request (Q41)."""
    patient_ref = (await newcomer(stage)).patient_ref
    device_no = await cpap_on_shelf(stage)
    order_no = await hand_out(stage, patient_ref, device_no)
    await order_is(stage, order_no, "handed_out")
    await has_now(stage, patient_ref, device_no)
    await agreement(stage, order_no)
    await fee_is(stage, order_no, ["deferred"])


async def agreement(stage: Stage, order_no: str) -> None:
    with stage.timeline.step("the loan agreement is printed") as step:
        answer = await stage.answer(NURSE, Call("ordering", f"/device-orders/{order_no}/loan-agreement"))
        demand(answer.content.startswith(b"%PDF"), f"{answer.status_code}", look_at="ordering's log")
        step.note(f"{len(answer.content)} bytes")


async def from_warehouse(stage: Stage) -> None:
    """Ordered, reserved, picked, packed, despatched, received, and handed over four days later (Q43)."""
    patient_ref = (await newcomer(stage)).patient_ref
    cpap, humidifier = device_number(), device_number()
    parts = (HOSE, FILTER, CHAMBER, MASK)
    await receive(stage, KEEPER, WAREHOUSE, devices=[(CPAP, cpap), (HUMIDIFIER, humidifier)], counted=parts)
    lines = (
        {"article_no": CPAP, "source": "warehouse", "fee": True},
        {"article_no": MASK, "source": "warehouse"},
        {"article_no": HUMIDIFIER, "source": "warehouse", "goes_with": 1},
    )
    order_no = await ordered(stage, patient_ref, *lines, says="CPAP, mask and humidifier, fee yes")
    await order_is(stage, order_no, "reserved")
    await picked(stage, order_no, (cpap, humidifier))
    await received(stage, order_no)
    await fee_is(stage, order_no, [])
    with stage.timeline.step("the goods wait at the unit for four days"):
        await stage.pass_time(FOUR_DAYS)
    await handed_over(stage, order_no)
    await has_now(stage, patient_ref, cpap)
    (fee,) = await fee_is(stage, order_no, ["deferred"])
    last = stage.clock.today() + DEFERRED
    demand(fee["deferred_through"] == str(last), f"{fee['deferred_through']}", look_at="day 0 in billing")


async def ordered(stage: Stage, patient_ref: str, *lines: Body, says: str) -> str:
    """The secretary orders in the prescriber's name; give the order's number."""
    path = f"/device-baskets/{patient_ref}"
    head = {"care_unit": UNIT, "prescriber": PEOPLE[NURSE].sub, "joint": True}
    with stage.timeline.step(f"the secretary fills the basket: {says}") as step:
        await stage.ask(SECRETARY, Call("ordering", path, head, method="PUT"))
        for line in lines:
            await stage.ask(SECRETARY, Call("ordering", f"{path}/lines", line))
        basket = await stage.ask(SECRETARY, Call("ordering", path, method="GET"))
        step.note(f"{len(basket['lines'])} lines")

    async def sent() -> Body | None:
        answer = await stage.answer(SECRETARY, Call("ordering", f"{path}/send"))
        return dict(answer.json()) if answer.is_success else None

    look_at = f"GET ordering {path}: the reasons against it"
    done = await stage.eventually("the order is sent", sent, look_at=look_at)
    (order,) = done["orders"]
    return str(order["order_no"])


async def picked(
    stage: Stage, order_no: str, device_nos: tuple[str, ...], *, counted: tuple[str, ...] = (MASK,)
) -> None:
    """The store keeper takes the pick list, scans devices and counted goods, packs and despatches."""
    path = f"/device-orders/{order_no}/pick-list"

    async def to_pick() -> Body | None:
        shown = await stage.answer(KEEPER, Call("inventory", path, method="GET"))
        return dict(shown.json()) if shown.is_success and shown.json()["to_pick"] else None

    await stage.eventually("a pick list without names appears", to_pick, look_at=f"GET inventory {path}")
    with stage.timeline.step("the store keeper takes it, picks, packs and despatches") as step:
        await stage.ask(KEEPER, Call("inventory", f"{path}/take"))
        for number in device_nos:
            await stage.ask(KEEPER, Call("inventory", f"{path}/pick", {"device_no": number}))
        for article in counted:
            await stage.ask(KEEPER, Call("inventory", f"{path}/pick", {"article_no": article}))
        packed = await stage.ask(KEEPER, Call("inventory", f"{path}/pack", {}))
        parcel_no = packed["parcels"][0]["parcel_no"]
        await stage.ask(KEEPER, Call("inventory", f"/parcels/{parcel_no}/despatch"))
        step.note(f"parcel {parcel_no}")


async def received(stage: Stage, order_no: str) -> None:
    order = await order_is(stage, order_no, "despatched")
    with stage.timeline.step("the unit receives the parcel by its number"):
        shown = await stage.ask(
            KEEPER, Call("inventory", f"/device-orders/{order['order_no']}/pick-list", method="GET")
        )
        parcel_no = shown["parcels"][0]["parcel_no"]
        await stage.ask(SECRETARY, Call("inventory", f"/parcels/{parcel_no}/receive"))
    await order_is(stage, order_no, "received")


async def handed_over(stage: Stage, order_no: str) -> None:
    with stage.timeline.step("a colleague hands it over to the patient"):
        await stage.ask(COLLEAGUE, Call("ordering", f"/device-orders/{order_no}/hand-overs", {}))
    await order_is(stage, order_no, "handed_out")


async def mistaken(stage: Stage) -> None:
    """A hand-out to the wrong patient is taken back: device and fee are as before (Q51)."""
    wrong, right = [(await newcomer(stage)).patient_ref for _ in range(2)]
    device_no = await cpap_on_shelf(stage)
    order_no = await hand_out(stage, wrong, device_no)
    await fee_is(stage, order_no, ["deferred"])
    with stage.timeline.step("it was the wrong patient: the hand-out is taken back with a reason"):
        reason = {"reason": "Demo: the wrong patient was chosen"}
        await stage.ask(SECRETARY, Call("ordering", f"/hand-outs/{order_no}/mistaken", reason))
    await order_is(stage, order_no, "taken_back")
    await fee_is(stage, order_no, ["removed"])
    again = await hand_out(stage, right, device_no)
    await fee_is(stage, again, ["deferred"])


async def wrong_fee(stage: Stage) -> None:
    """A no that should have been yes, and back: asked by one, approved by another (S97)."""
    patient_ref = (await newcomer(stage)).patient_ref
    order_no = await hand_out(stage, patient_ref, await cpap_on_shelf(stage), fee=False)
    await order_is(stage, order_no, "handed_out")
    await fee_is(stage, order_no, [])
    await corrected(stage, order_no, pays=True, reason="Demo: yes was forgotten")
    await fee_is(stage, order_no, ["deferred"])
    await corrected(stage, order_no, pays=False, reason="Demo: the patient is exempt")
    await fee_is(stage, order_no, ["removed"])


async def corrected(stage: Stage, order_no: str, *, pays: bool, reason: str) -> None:
    path = f"/device-orders/{order_no}/lines/1/fee-correction"
    answer = "yes" if pays else "no"
    approve = Call("ordering", f"{path}/approve", {"pays": pays})
    with stage.timeline.step(f"the secretary asks for {answer}, and may not decide") as step:
        await stage.ask(SECRETARY, Call("ordering", path, {"pays": pays, "reason": reason}))
        step.note(", ".join(await stage.refusal(SECRETARY, approve)))
    with stage.timeline.step("a colleague approves it"):
        await stage.ask(COLLEAGUE, approve)


async def ninety_days(stage: Stage) -> None:
    """On day 90 the fee waits still; on day 91 it is sent to invoicing (S113, Q10)."""
    patient_ref = (await newcomer(stage)).patient_ref
    order_no = await hand_out(stage, patient_ref, await cpap_on_shelf(stage))
    await fee_is(stage, order_no, ["deferred"])
    with stage.timeline.step("90 days pass"):
        await stage.pass_time(DEFERRED)
    with stage.timeline.step("it is day 90, and the job that lets fees fall due runs"):
        await asyncio.sleep(JOB_RUNS_WITHIN_SECONDS)
    await fee_is(stage, order_no, ["deferred"])
    with stage.timeline.step("it is day 91"):
        await stage.pass_time(timedelta(days=1))
    await fee_is(stage, order_no, ["invoiced"])


async def joint_waits(stage: Stage) -> None:
    """A joint delivery waits for all of it; what comes to the warehouse completes it (Q55)."""
    patient_ref = (await newcomer(stage)).patient_ref
    battery = device_number()
    await receive(stage, KEEPER, WAREHOUSE, devices=[], counted=[MASK])
    lines = ({"article_no": MASK, "source": "warehouse"}, {"article_no": BATTERY, "source": "warehouse"})
    order_no = await ordered(stage, patient_ref, *lines, says="a mask and a battery that is not there")
    await order_is(stage, order_no, "waiting")
    await receive(stage, KEEPER, WAREHOUSE, devices=[(BATTERY, battery)])
    await order_is(stage, order_no, "reserved")


async def approval(stage: Stage) -> None:
    """A dear device for a patient of another region needs that region's approval first (Q15, Q58)."""
    patient_ref = await find_patient(stage, "out_of_region", by="dietitian")
    device_no = device_number()
    await receive(stage, NURSE, STOREROOM, devices=[(BILEVEL, device_no)], counted=[TUBE, FILTER])
    form = hand_out_form(patient_ref, device_no) | {"is_additional": True}
    with stage.timeline.step("without the home region's approval it is refused") as step:
        refused = await stage.refusal(SECRETARY, Call("ordering", "/hand-outs", form))
        demand("home-region-not-asked" in refused, f"{refused}", look_at="ordering's rules of other regions")
        step.note(", ".join(refused))
    approved = {"approved_by": "Hjälpmedelscentralen, annan region", "approved_on": str(stage.clock.today())}
    outcome = await asked_to_hand_out(stage, form | {"approval": approved})
    await order_is(stage, outcome.order_no, "handed_out")


async def last_device(stage: Stage) -> None:
    """Two hand out the last device at one moment: one patient has it, the other is told why not (I9)."""
    one, other = [(await newcomer(stage)).patient_ref for _ in range(2)]
    device_no = await cpap_on_shelf(stage)
    both = await asyncio.gather(
        asked_to_hand_out(stage, hand_out_form(one, device_no, fee=True)),
        asked_to_hand_out(stage, hand_out_form(other, device_no, fee=True), by=COLLEAGUE),
    )
    with stage.timeline.step("exactly one of them has it") as step:
        refused = [each for each in both if each.status == CONFLICT]
        statuses = sorted(each.status for each in both)
        demand(len(refused) == 1, f"answered {statuses}", look_at="inventory's log")
        step.note(str(refused[0].body["detail"]))
