"""A flow about two devices of a patient that are swapped while they are maintained (S132, Q56)."""

from tools.demo.flows.cast import newcomer
from tools.demo.flows.devices.acts import (
    CONFLICT,
    CPAP,
    FILTER,
    HOSE,
    KEEPER,
    NURSE,
    STOREROOM,
    UNIT,
    WAREHOUSE,
    asked_to_hand_out,
    device_number,
    hand_out,
    hand_out_form,
    has_now,
    receive,
)
from tools.demo.flows.devices_back.upkeep import TECHNICIAN, work
from tools.demo.flows.stage import Body, Call, Stage, demand


async def half_done(stage: Stage) -> None:
    """One device is swapped and one is not: what is missing is shown until nothing is."""
    patient_ref = (await newcomer(stage)).patient_ref
    old, kept = device_number(), device_number()
    await receive(
        stage, NURSE, STOREROOM, devices=[(CPAP, old), (CPAP, kept)], counted=[HOSE, HOSE, FILTER, FILTER]
    )
    await hand_out(stage, patient_ref, old)
    second = hand_out_form(patient_ref, kept, fee=True) | {"is_additional": True}
    outcome = await asked_to_hand_out(stage, second)
    demand(outcome.status < CONFLICT, f"{outcome.body}", look_at="the log of ordering")
    new, unused = device_number(), device_number()
    await receive(stage, KEEPER, WAREHOUSE, devices=[(CPAP, new), (CPAP, unused)])
    swap_no = await arranged(stage, old, kept)
    await sent(stage, swap_no, new, unused)
    with stage.timeline.step(
        "the unit sets them for the patient; one is swapped, for one nobody was at home"
    ):
        await stage.ask(NURSE, Call("inventory", f"/device-swaps/{swap_no}/settings-ready", {}))
        results: Body = {
            "swapped_on": stage.clock.today().isoformat(),
            "devices": [
                {"device_no": old, "result": "swapped"},
                {"device_no": kept, "result": "not_swapped", "why": "Demo: nobody was at home"},
            ],
        }
        await stage.ask(KEEPER, Call("inventory", f"/device-swaps/{swap_no}/results", results))
    await missing(stage, swap_no, ["old_device", "new_device"])
    await has_now(stage, patient_ref, new)
    await has_now(stage, patient_ref, kept)
    await brought_back(stage, swap_no, old)
    await missing(stage, swap_no, [None, None])


async def arranged(stage: Stage, *device_nos: str) -> str:
    """Arrange the swap at the warehouse; give its number."""
    with stage.timeline.step(f"the warehouse arranges a swap of two devices at {UNIT}") as step:
        form: Body = {
            "storeroom_no": WAREHOUSE, "ready_by": stage.clock.today().isoformat(),
            "reason": "Demo: preventive maintenance", "devices": [{"device_no": each} for each in device_nos],
        }  # fmt: skip
        swap = await stage.ask(KEEPER, Call("inventory", "/device-swaps", form))
        step.note(str(swap["swap_no"]))
    return str(swap["swap_no"])


async def sent(stage: Stage, swap_no: str, *device_nos: str) -> None:
    """Pick, pack and send the new devices, and receive them at the unit."""
    path = f"/device-orders/{swap_no}/pick-list"
    with stage.timeline.step("the store keeper picks and sends them, and the unit receives them"):
        await stage.ask(KEEPER, Call("inventory", f"{path}/take", {}))
        for each in device_nos:
            await stage.ask(KEEPER, Call("inventory", f"{path}/pick", {"device_no": each}))
        packed = await stage.ask(KEEPER, Call("inventory", f"{path}/pack", {}))
        parcel_no = packed["parcels"][-1]["parcel_no"]
        await stage.ask(KEEPER, Call("inventory", f"/parcels/{parcel_no}/despatch", {}))
        await stage.ask(NURSE, Call("inventory", f"/parcels/{parcel_no}/receive", {}))


async def missing(stage: Stage, swap_no: str, wanted: list[str | None]) -> None:
    """Demand what is missing of each device."""
    with stage.timeline.step("the swap says of each device what is missing") as step:
        swap = await stage.ask(KEEPER, Call("inventory", f"/device-swaps/{swap_no}", method="GET"))
        found = [each["missing"] for each in swap["devices"]]
        demand(found == wanted, f"{found}", look_at=f"GET inventory /device-swaps/{swap_no}")
        step.note("; ".join(each["missing_text"] or each["outcome_text"] for each in swap["devices"]))


async def brought_back(stage: Stage, swap_no: str, old: str) -> None:
    """The transport brings the old one, which is maintained, and the new one that nobody got."""
    with stage.timeline.step("both come back; the old one is maintained and in stock again") as step:
        came: Body = {"devices": [{"device_no": old}]}
        swap = await stage.ask(KEEPER, Call("inventory", f"/device-swaps/{swap_no}/receive", came))
        back: Body = {"reason": "Demo: not swapped"}
        await stage.ask(KEEPER, Call("inventory", f"/device-orders/{swap_no}/take-back", back))
        job_no = swap["devices"][0]["job_no"]
        await stage.ask(TECHNICIAN, Call("inventory", f"/maintenance-jobs/{job_no}/complete", work(stage)))
        step.note(str(job_no))
