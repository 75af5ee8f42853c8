"""Flows about devices that are maintained and recalled (S130 to S134, T17, N4)."""

import secrets

from tools.demo.flows.acts import CLERK
from tools.demo.flows.cast import newcomer
from tools.demo.flows.devices.acts import (
    CONFLICT,
    CPAP,
    FILTER,
    HOSE,
    KEEPER,
    NURSE,
    SECRETARY,
    STOREROOM,
    UNIT,
    WAREHOUSE,
    asked_to_hand_out,
    cpap_on_shelf,
    device_number,
    hand_out,
    hand_out_form,
    has_now,
    receive,
)
from tools.demo.flows.stage import Body, Call, Stage, demand

TECHNICIAN = "technician"
TASKS = "notification's tasks: GET notification /tasks"


async def maintained(stage: Stage) -> None:
    """An overdue CPAP is listed and not handed out before it is maintained (S131, Q56)."""
    patient_ref = (await newcomer(stage)).patient_ref
    number = await old_cpap(stage)
    with stage.timeline.step("it is to be maintained every year, and stands on the list") as step:
        interval = {"valid_from": "2020-01-01", "months": 12, "reason": "Demo: the maker's instruction"}
        await stage.ask(TECHNICIAN, Call("inventory", f"/devices/{number}/maintenance-intervals", interval))
        wanted: Body = {"storeroom_no": STOREROOM, "due_through": stage.clock.today().isoformat()}
        due = await stage.ask(NURSE, Call("inventory", "/maintenance-due/search", wanted))
        rows = [each for each in due if each["device_no"] == number]
        demand(bool(rows) and rows[0]["overdue"], f"{rows}", look_at="POST inventory /maintenance-due/search")
        step.note(f"due on {rows[0]['due_on']}")
    outcome = await asked_to_hand_out(stage, hand_out_form(patient_ref, number, fee=True))
    demand(outcome.status == CONFLICT, f"{outcome.body}", look_at="inventory's rules of lending")
    job_no = await job_of(stage, number)
    with stage.timeline.step("a technician maintains it, and the next day is counted") as step:
        done = await stage.ask(
            TECHNICIAN, Call("inventory", f"/maintenance-jobs/{job_no}/complete", work(stage))
        )
        step.note(f"next {done['work']['next_due_on']}")
    await hand_out(stage, patient_ref, number)
    await has_now(stage, patient_ref, number)


async def fault(stage: Stage) -> None:
    """A defect on the shelf is reported, taken in by the warehouse, repaired and in stock again (S134)."""
    number = await cpap_on_shelf(stage)
    with stage.timeline.step("the nurse reports a fault, and the device is set apart") as step:
        form: Body = {"fault": "Demo: it whistles and loses pressure"}
        job = await stage.ask(NURSE, Call("inventory", f"/devices/{number}/faults", form))
        step.note(f"{job['job_no']}, promised by {job['promised_on']}")
    job_no = str(job["job_no"])

    async def raised() -> str | None:
        tasks = await stage.ask(KEEPER, Call("notification", "/tasks?kind=device_fault", method="GET"))
        return next((str(each["task_id"]) for each in tasks if each["subject_no"] == job_no), None)

    await stage.eventually("it is a task of the warehouse", raised, look_at=TASKS, noting=str)
    with stage.timeline.step("the warehouse takes it in, and a technician repairs it") as step:
        path = f"/maintenance-jobs/{job_no}"
        await stage.ask(KEEPER, Call("inventory", f"{path}/take-in", {"storeroom_no": WAREHOUSE}))
        repaired = work(stage) | {"result": "repaired"}
        await stage.ask(TECHNICIAN, Call("inventory", f"{path}/complete", repaired))
        card = await stage.ask(KEEPER, Call("inventory", f"/devices/{number}", method="GET"))
        at = (card["state"], card["storeroom_no"])
        demand(at == ("in_stock", WAREHOUSE), f"{at}", look_at="GET inventory /devices/{number}")
        step.note(f"{card['state_text']}, {card['storeroom_name']}")


async def recalled(stage: Stage) -> None:
    """A lot of hoses is recalled in one call: set apart, who has one is noticed, followed to zero (N4)."""
    patient_ref = (await newcomer(stage)).patient_ref
    lot, number = f"RC{secrets.randbelow(10**9):09d}", device_number()
    await receive(stage, NURSE, STOREROOM, devices=[(CPAP, number)], counted=[FILTER])
    with stage.timeline.step("three hoses of a lot that expires first are received"):
        first: Body = {
            "storeroom_no": STOREROOM, "article_no": HOSE, "quantity": 3, "lot": lot,
            "best_before": stage.clock.today().isoformat(),
        }  # fmt: skip
        await stage.ask(NURSE, Call("inventory", "/goods/receive", first))
    await hand_out(stage, patient_ref, number)
    with stage.timeline.step("the lot is recalled in one call") as step:
        form: Body = {
            "lot": lot, "reason": "Demo: the hose cracks", "incident_no": f"INC-{lot}",
            "notify_patients": True,
        }  # fmt: skip
        recall = await stage.ask(KEEPER, Call("inventory", "/recalls", form))
        step.note(f"{recall['found']['on_shelves']} on shelves, {recall['found']['with_patients']} out")
    path = f"/recalls/{recall['recall_no']}"
    with stage.timeline.step("none is left on a shelf; the unit sees whose hose it is") as step:
        now = await stage.ask(KEEPER, Call("inventory", path, method="GET"))
        demand(now["now"]["on_shelves"] == 0, f"{now}", look_at=f"GET inventory {path}")
        notices = await stage.ask(NURSE, Call("inventory", f"{path}/notices", method="GET"))
        mine = [each for each in notices if each["patient_ref"] == patient_ref]
        demand(len(mine) == 1, f"{notices}", look_at=f"GET inventory {path}/notices")
        step.note(f"{now['left']} left")
    await told(stage, patient_ref)
    await at_zero(stage, path, str(mine[0]["notice_id"]))


async def at_zero(stage: Stage, path: str, notice_id: str) -> None:
    """The unit says what became of the goods, and the recall ends."""
    with stage.timeline.step("the unit says what became of it, and the recall is at zero") as step:
        end: Body = {"reason": "Demo: the patient threw it away"}
        await stage.ask(SECRETARY, Call("inventory", f"{path}/notices/{notice_id}/end", end))
        over: Body = {"outcome": "carried_out", "reason": "Demo: nothing is left"}
        done = await stage.ask(KEEPER, Call("inventory", f"{path}/end", over))
        step.note(str(done["state"]))


async def told(stage: Stage, patient_ref: str) -> None:
    async def written() -> str | None:
        form: Body = {"patient_ref": patient_ref}
        messages = await stage.ask(CLERK, Call("notification", "/messages/search", form))
        return next((str(each["state"]) for each in messages if each["kind"] == "goods_recalled"), None)

    look_at = "POST notification /messages/search"
    await stage.eventually("a message about the recall is made", written, look_at=look_at, noting=str)


async def old_cpap(stage: Stage) -> str:
    """Receive a CPAP that was bought two years ago, with its components; give its number."""
    number = device_number()
    bought = stage.clock.today().replace(day=1)
    form: Body = {
        "storeroom_no": STOREROOM, "article_no": CPAP, "devices": [{"device_no": number}],
        "purchased_on": bought.replace(year=bought.year - 2).isoformat(),
    }  # fmt: skip
    with stage.timeline.step(f"a CPAP of {form['purchased_on']} is received at {UNIT}"):
        await stage.ask(NURSE, Call("inventory", "/goods/receive", form))
    await receive(stage, NURSE, STOREROOM, counted=[HOSE, FILTER])
    return number


async def job_of(stage: Stage, device_no: str) -> str:
    """Open a job of preventive maintenance; give its number."""
    with stage.timeline.step("a technician opens a job") as step:
        form: Body = {"device_no": device_no, "kind": "preventive", "reason": "Demo: overdue"}
        job = await stage.ask(TECHNICIAN, Call("inventory", "/maintenance-jobs", form))
        step.note(str(job["job_no"]))
    return str(job["job_no"])


def work(stage: Stage) -> Body:
    return {
        "done_on": stage.clock.today().isoformat(),
        "done_by": "Medicinsk teknik",
        "activities": ["Filter bytt", "Tryck mätt"],
        "result": "approved",
    }
