"""Flows about devices that go back to the warehouse: collected, exchanged in one request (S133 to S145)."""

from datetime import timedelta

from tools.demo.flows.cast import newcomer
from tools.demo.flows.devices.acts import (
    CONFLICT,
    KEEPER,
    SECRETARY,
    UNIT,
    WAREHOUSE,
    asked_to_hand_out,
    cpap_on_shelf,
    fee_is,
    hand_out,
    hand_out_form,
    has_now,
)
from tools.demo.flows.stage import Body, Call, Stage, demand

FIVE_DAYS = timedelta(days=5)
FAULT = {
    "purpose": "repair",
    "fault": "Demo: stannar efter en stund",
    "fault_appears": "Demo: när den är varm",
    "mobile": "070-174 06 05",
}


async def collected(stage: Stage) -> None:
    """A collection order holds the fee; the hose lacks, and the CPAP is judged and mended (Q10, Q46)."""
    patient_ref = (await newcomer(stage)).patient_ref
    device_no = await cpap_on_shelf(stage)
    order_no = await hand_out(stage, patient_ref, device_no)
    await fee_is(stage, order_no, ["deferred"])
    collection_no = await ordered(stage, patient_ref, device_no)
    await printed_and_handed_in(stage, collection_no)
    with stage.timeline.step("five days pass, and the order is open: the fee waits"):
        await stage.pass_time(FIVE_DAYS)
    await fee_is(stage, order_no, ["deferred"])
    await closed(stage, collection_no, [{"device_no": device_no, "components": []}])
    await collection_is(stage, collection_no, "closed")
    await fee_is(stage, order_no, ["removed"])
    await has_returned(stage, patient_ref, device_no)
    await tasks_about(stage, SECRETARY, collection_no, "collection_lacks_piece")
    await mended(stage, device_no)


async def not_there(stage: Stage) -> None:
    """Another device comes than was ordered: the loan goes on, and each difference is a task (Q48)."""
    patient_ref = (await newcomer(stage)).patient_ref
    device_no, other = await cpap_on_shelf(stage), await cpap_on_shelf(stage)
    order_no = await hand_out(stage, patient_ref, device_no)
    collection_no = await ordered(stage, patient_ref, device_no)
    await closed(stage, collection_no, [{"device_no": other}])
    await collection_is(stage, collection_no, "closed")
    await has_now(stage, patient_ref, device_no)
    await fee_is(stage, order_no, ["deferred"])
    await tasks_about(stage, SECRETARY, collection_no, "collection_lacks_piece")
    await tasks_about(stage, KEEPER, collection_no, "collection_has_other_piece")


async def exchanged(stage: Stage) -> None:
    """A defective CPAP is exchanged at a visit in one request; the old one ends in stock (Q41, Q48)."""
    patient_ref = (await newcomer(stage)).patient_ref
    old, new = await cpap_on_shelf(stage), await cpap_on_shelf(stage)
    order_no = await hand_out(stage, patient_ref, old)
    (before,) = await fee_is(stage, order_no, ["deferred"])
    in_place_of = {"device_no": old, "disposition": "collect", "collection": FAULT}
    outcome = await asked_to_hand_out(stage, hand_out_form(patient_ref, new) | {"exchange": in_place_of})
    demand(outcome.status < CONFLICT, f"{outcome.status}: {outcome.body}", look_at="the log of inventory")
    await has_now(stage, patient_ref, new)
    await has_now(stage, patient_ref, old, has=False)
    (after,) = await fee_is(stage, order_no, ["deferred"])
    demand(after["due_on"] == before["due_on"], f"due {after['due_on']}", look_at="day 0 in billing")
    collection_no = str(outcome.body["lines"][0]["collection_no"])
    await collection_is(stage, collection_no, "registered")
    await printed_and_handed_in(stage, collection_no)
    await closed(stage, collection_no, [{"device_no": old}])
    await collection_is(stage, collection_no, "closed")
    await has_now(stage, patient_ref, new)
    await fee_is(stage, order_no, ["deferred"])
    await mended(stage, old)


async def ordered(stage: Stage, patient_ref: str, device_no: str) -> str:
    """Register a collection order from the patient's list; a second one of the device is refused (S137)."""
    whose = {"patient_ref": patient_ref, "care_unit": UNIT}

    async def offered() -> Body | None:
        shown = await stage.ask(SECRETARY, Call("ordering", "/collection-orders/offered", whose))
        found = [each for each in shown["devices"] if each["device_no"] == device_no]
        return dict(found[0]) if found else None

    await stage.eventually(
        "the device is offered for collection, with its components",
        offered,
        look_at="POST ordering /collection-orders/offered",
        noting=lambda each: ", ".join(str(part["name"]) for part in each["components"]),
    )
    form = whose | {"devices": [{"device_no": device_no, "purpose": "need_ended"}], "phone": "070-174 06 05"}
    with stage.timeline.step("the secretary orders it collected at the unit") as step:
        made = await stage.ask(SECRETARY, Call("ordering", "/collection-orders", form))
        step.note(str(made["collection_no"]))
    with stage.timeline.step("a second order of the same device is refused") as step:
        refused = await stage.refusal(SECRETARY, Call("ordering", "/collection-orders", form))
        demand("on-open-collection-order" in refused, f"{refused}", look_at="ordering's copy of loans")
        step.note(", ".join(refused))
    return str(made["collection_no"])


async def printed_and_handed_in(stage: Stage, collection_no: str) -> None:
    path = f"/collection-orders/{collection_no}"
    with stage.timeline.step("it is printed, handed in at the unit, and fetched") as step:
        answer = await stage.answer(SECRETARY, Call("ordering", f"{path}/print"))
        demand(answer.content.startswith(b"%PDF"), f"{answer.status_code}", look_at="ordering's log")
        await stage.ask(SECRETARY, Call("ordering", f"{path}/hand-in"))
        await stage.ask(SECRETARY, Call("ordering", f"{path}/fetched"))
        shown = await stage.ask(SECRETARY, Call("ordering", path, method="GET"))
        step.note(str(shown["where_text"]))


async def closed(stage: Stage, collection_no: str, devices: list[Body]) -> None:
    """Close it at the warehouse with what was scanned there."""
    path = f"/collection-orders/{collection_no}"

    async def known() -> Body | None:
        answer = await stage.answer(KEEPER, Call("inventory", path, method="GET"))
        return dict(answer.json()) if answer.is_success else None

    await stage.eventually(
        "the warehouse sees what shall come", known, look_at=f"GET inventory {path}",
        noting=lambda each: ", ".join(str(device["purpose_text"]) for device in each["devices"]),
    )  # fmt: skip
    with stage.timeline.step("the store keeper scans what came, and closes it"):
        form = {"storeroom_no": WAREHOUSE, "devices": devices}
        await stage.ask(KEEPER, Call("inventory", f"{path}/close", form))


async def collection_is(stage: Stage, collection_no: str, state: str) -> None:
    async def shown() -> Body | None:
        path = f"/collection-orders/{collection_no}"
        order = await stage.ask(SECRETARY, Call("ordering", path, method="GET"))
        return dict(order) if order["state"] == state else None

    await stage.eventually(
        f"the collection order is {state}",
        shown,
        look_at=f"GET ordering /collection-orders/{collection_no}",
        noting=lambda each: f"{each['state_text']}, {each['where_text']}",
    )


async def has_returned(stage: Stage, patient_ref: str, device_no: str) -> None:
    async def shown() -> Body | None:
        aids = await stage.ask(SECRETARY, Call("ordering", f"/patients/{patient_ref}/aids", method="GET"))
        found = (dict(each) for each in aids["returned"] if each["device_no"] == device_no)
        return next(found, None) if not aids["has"] else None

    await stage.eventually(
        "it stands among what the patient has returned",
        shown,
        look_at="GET ordering /patients/{ref}/aids",
        noting=lambda each: str(each["returned_on"]),
    )


async def mended(stage: Stage, device_no: str) -> None:
    with stage.timeline.step("it is judged and mended, and lies on the warehouse's shelf") as step:
        form = {"destination": "shelf", "reason": "Demo: lagad och testad"}
        await stage.ask(KEEPER, Call("inventory", f"/devices/{device_no}/set-apart", form))
        card = await stage.ask(KEEPER, Call("inventory", f"/devices/{device_no}", method="GET"))
        demand(card["storeroom_no"] == WAREHOUSE, f"{card}", look_at=f"GET inventory /devices/{device_no}")
        step.note(str(card["state_text"]))


async def tasks_about(stage: Stage, person: str, collection_no: str, kind: str) -> None:
    async def found() -> Body | None:
        tasks = await stage.ask(person, Call("notification", f"/tasks?kind={kind}", method="GET"))
        return next((dict(each) for each in tasks if each["subject_no"] == collection_no), None)

    await stage.eventually(
        f"it is a task: {kind}",
        found,
        look_at="GET notification /tasks",
        noting=lambda each: str(each["reason"]),
    )
