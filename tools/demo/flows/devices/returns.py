"""Flows about devices that come back: returned in time, and exchanged (S113, S146, Q48)."""

from datetime import timedelta

from tools.demo.flows.cast import newcomer
from tools.demo.flows.devices.acts import (
    CONFLICT,
    CPAP,
    FILTER,
    HOSE,
    NURSE,
    SECRETARY,
    STOREROOM,
    asked_to_hand_out,
    cpap_on_shelf,
    fee_is,
    hand_out,
    hand_out_form,
    has_now,
    receive,
)
from tools.demo.flows.stage import Call, Stage, demand

A_MONTH = timedelta(days=30)


async def in_time(stage: Stage) -> None:
    """A CPAP comes back on day 30: its fee is removed, and the next patient gets it (S113, S147)."""
    one, other = [(await newcomer(stage)).patient_ref for _ in range(2)]
    device_no = await cpap_on_shelf(stage)
    order_no = await hand_out(stage, one, device_no)
    await fee_is(stage, order_no, ["deferred"])
    with stage.timeline.step("30 days pass"):
        await stage.pass_time(A_MONTH)
    await returned(stage, one, device_no)
    await fee_is(stage, order_no, ["removed"])
    await receive(stage, NURSE, STOREROOM, counted=[HOSE, FILTER])
    again = await hand_out(stage, other, device_no)
    await has_now(stage, other, device_no)
    await fee_is(stage, again, ["deferred"])


async def returned(stage: Stage, patient_ref: str, device_no: str) -> None:
    """Register that the patient handed the device back; scrapping what the centre owns is refused (S148)."""
    form = {"patient_ref": patient_ref, "storeroom_no": STOREROOM}
    with stage.timeline.step("the central organisation's CPAP is not scrapped here") as step:
        scrapped = form | {"devices": [{"device_no": device_no, "disposition": "scrap"}]}
        refused = await stage.refusal(SECRETARY, Call("inventory", "/returns", scrapped))
        demand("not-scrapped-here" in refused, f"{refused}", look_at="inventory's rules of returns")
        step.note(", ".join(refused))
    with stage.timeline.step("the patient hands it back, and it can be handed out again") as step:
        back = form | {"devices": [{"device_no": device_no}]}
        done = await stage.ask(SECRETARY, Call("inventory", "/returns", back))
        demand(done["devices"][0]["article_no"] == CPAP, f"{done}", look_at="inventory's loans")
        step.note(f"return {done['return_no']}")


async def exchanged(stage: Stage) -> None:
    """A CPAP is exchanged for another: loan, fee and day 0 continue, the old one is in stock (Q48)."""
    patient_ref = (await newcomer(stage)).patient_ref
    old, new = await cpap_on_shelf(stage), await cpap_on_shelf(stage)
    order_no = await hand_out(stage, patient_ref, old)
    (before,) = await fee_is(stage, order_no, ["deferred"])
    with stage.timeline.step("a second one of the kind asks whether it is an exchange") as step:
        second = Call("ordering", "/hand-outs", hand_out_form(patient_ref, new, fee=True))
        refused = await stage.refusal(SECRETARY, second)
        demand("already-on-loan" in refused, f"{refused}", look_at="ordering's copy of loans")
        step.note(", ".join(refused))
    form = hand_out_form(patient_ref, new) | {"exchange": {"device_no": old}}
    outcome = await asked_to_hand_out(stage, form)
    demand(outcome.status < CONFLICT, f"{outcome.status}: {outcome.body}", look_at="the log of inventory")
    await has_now(stage, patient_ref, new)
    await has_now(stage, patient_ref, old, has=False)
    (after,) = await fee_is(stage, order_no, ["deferred"])
    demand(after["due_on"] == before["due_on"], f"due {after['due_on']}", look_at="day 0 in billing")
    await fee_is(stage, outcome.order_no, [])
