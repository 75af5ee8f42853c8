"""Flows about finding a patient: in every way of the guide, from a record system, and who is not served."""

import secrets
from typing import Any

from tools.demo.flows.acts import CLERK, PEOPLE_SAY, find_patient
from tools.demo.flows.cast import Newcomer, drink_line, newcomer
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.patients import demo_patient
from tools.demo.people import PEOPLE
from tools.demo.record_system import launch_context

SEARCH = "POST prescription /patients/search"
MY_PATIENTS = "Mina patienter, demo"
REPLACED, FLAGS_MISSING, NOBODYS = "191500722390", "191006269805", "202003152390"
FORBIDDEN = 403


async def find(stage: Stage) -> None:
    """By number in any form, by name, by criteria, by saved search, and whom one opened last (S29 to S33)."""
    patient = demo_patient("adult_4")
    number = patient.number
    pasted = f" {number[:8]}-{number[8:]} "
    with stage.timeline.step(f"the dietitian pastes a number as it was written: {pasted!r}") as step:
        rows = await searched(stage, {"number": pasted})
        demand([each["number"] for each in rows] == [number], f"{len(rows)} hits", look_at=SEARCH)
        step.note("one hit")
    await drink_line(stage, rows[0]["patient_ref"])
    with stage.timeline.step("by parts of the name, in any order: 'tests tyr'") as step:
        rows = await searched(stage, {"criteria": {"name": "tests tyr"}})
        demand(rows[0]["name"] == patient.form["name"], "somebody else came first", look_at=SEARCH)
        step.note(f"{len(rows)} hits")
    await by_criteria(stage, rows[0]["patient_ref"])
    with stage.timeline.step("nobody lists everybody: an empty search is refused") as step:
        rules = await stage.refusal("dietitian", Call("prescription", "/patients/search", {"criteria": {}}))
        demand("search-too-broad" in rules, f"refused for {rules}", look_at=SEARCH)
        step.note(", ".join(rules))


async def by_criteria(stage: Stage, patient_ref: str) -> None:
    """My active patients of a unit, kept under a name, and found again among those opened last."""
    own = {"prescriber": PEOPLE["dietitian"].sub, "activity": "active", "care_unit": "DEMO-101"}
    with stage.timeline.step("my patients with active lines at my unit, page by page") as step:
        first = await stage.ask("dietitian", Call("prescription", "/patients/search", page(own, limit=1)))
        demand(len(first["patients"]) == 1, "a page holds one", look_at=SEARCH)
        everyone = await searched(stage, {"criteria": own, "limit": 100})
        demand(patient_ref in {each["patient_ref"] for each in everyone}, "not among them", look_at=SEARCH)
        step.note(f"{len(everyone)} patients")
    with stage.timeline.step("the search is saved under a name, and offered again") as step:
        await stage.ask(
            "dietitian", Call("prescription", "/searches", {"name": MY_PATIENTS, "criteria": own})
        )
        saved = await stage.ask("dietitian", Call("prescription", "/searches", method="GET"))
        demand(MY_PATIENTS in [each["name"] for each in saved], "not offered", look_at="GET /searches")
        await stage.ask("dietitian", Call("prescription", "/searches/forget", {"name": MY_PATIENTS}))
        step.note(MY_PATIENTS)
    await find_patient(stage, "adult", by="dietitian")
    with stage.timeline.step("an empty number lists whom the dietitian opened last") as step:
        rows = await searched(stage, {"number": ""})
        demand(rows[0]["number"] == demo_patient("adult").number, "not the last one first", look_at=SEARCH)
        step.note(f"{len(rows)} patients")


async def launch(stage: Stage) -> None:
    """From the record system straight to the patient: once, for one user, and for minutes (S28)."""
    patient = demo_patient("adult_3")
    context = context_for(stage, "physician", patient.number)
    with stage.timeline.step("the physician launches from the record and comes straight to the patient") as s:
        opened = await stage.ask("physician", Call("prescription", "/launch", {"context": context}))
        path = f"/patients/{opened['patient_ref']}"
        shown = await stage.ask("physician", Call("prescription", path, method="GET"))
        demand(shown["person"]["number"] == patient.number, "another patient", look_at="/launch")
        s.note(patient.says)
    another = context_for(stage, "dietitian", patient.number)
    forged = context[:-8] + secrets.token_hex(4)
    wrong = (("used a second time", context), ("made for somebody else", another), ("forged", forged))
    for says, shown in wrong:
        with stage.timeline.step(f"a launch that is {says} is refused") as step:
            call = Call("prescription", "/launch", {"context": shown})
            rules = await stage.refusal("physician", call)
            demand(rules == {"launch-refused"}, f"refused for {rules}", look_at="/launch")
            step.note(", ".join(rules))


async def not_served(stage: Stage) -> None:
    """Protected, without an address, replaced or unknown: the routine, and nothing else (S65 to S68)."""
    protected, nowhere = demo_patient("protected"), demo_patient("no_fixed_address")
    await refused(stage, protected.number, "protected-identity", says="a person with protected identity")
    await refused(stage, FLAGS_MISSING, "protected-identity", says="a person whose flags are missing")
    await refused(stage, nowhere.number, "no-fixed-address", says="a person without a fixed address")
    await refused(stage, NOBODYS, "unknown-patient", says="a number that nobody has")
    with stage.timeline.step("a number that was replaced finds the person who has another now") as step:
        found = await stage.ask("dietitian", Call("prescription", "/patients/find", {"number": REPLACED}))
        demand(found["person"]["number"] != REPLACED, "the old number is shown", look_at="the register")
        step.note("shown with the new number")


async def by_hand(stage: Stage) -> None:
    """Customer service registers whom the register does not know, and edits the address (S65, Q27)."""
    person = await newcomer(stage, "an EU citizen whom another country pays for", home_region="Danmark")
    with stage.timeline.step("nobody but customer service may: the dietitian is turned away") as step:
        answer = await stage.answer("dietitian", Call("prescription", "/patients", person.form))
        demand(answer.status_code == FORBIDDEN, f"it answered {answer.status_code}", look_at="the policy")
        step.note(str(answer.status_code))
    known = demo_patient("reserve_number")
    with stage.timeline.step(f"afterwards a reserve number is found as any other: {known.number}") as step:
        number = {"number": known.number, "number_type": known.form["number_type"]}
        shown = await stage.ask("dietitian", Call("prescription", "/patients/find", number))
        demand(shown["person"]["name"] == known.form["name"], "somebody else", look_at="/patients/find")
        step.note(known.says)
    await moves(stage, person)
    await stays_as_registered(stage)


async def moves(stage: Stage, person: Newcomer) -> None:
    moved = person.form | {"address": {"line1": "Provvägen 33", "postal_code": "22221", "city": "LUND"}}
    path = f"/patients/{person.patient_ref}"
    with stage.timeline.step("the person moves: the address is edited, and the old one is kept") as step:
        await stage.ask(CLERK, Call("prescription", path, moved, method="PUT"))
        shown = await stage.ask(CLERK, Call("prescription", path, method="GET"))
        former = [each["address"]["line1"] for each in shown["person"]["former_addresses"]]
        demand(former == ["Provvägen 31"], f"the history says {former}", look_at=f"GET {path}")
        step.note(f"{former[0]} > {shown['person']['address']['line1']}")


async def stays_as_registered(stage: Stage) -> None:
    with stage.timeline.step("what the register says of a resident is never edited by hand") as step:
        resident = demo_patient("adult_3")
        found = await stage.ask(CLERK, Call("prescription", "/patients/find", {"number": resident.number}))
        other = resident.form | {"name": "Annan Testsson"}
        call = Call("prescription", f"/patients/{found['patient_ref']}", other, method="PUT")
        rules = await stage.refusal(CLERK, call)
        demand("register-keeps-person" in rules, f"refused for {rules}", look_at="the rules of prescription")
        step.note(", ".join(rules))


def page(criteria: Body, *, limit: int) -> Body:
    return {"criteria": criteria, "limit": limit}


def context_for(stage: Stage, person: str, number: str) -> str:
    key_file = stage.settings.record_system_key_file
    return launch_context(key_file, user=PEOPLE[person].sub, number=number, at=stage.clock.now())


async def searched(stage: Stage, search: Body) -> list[dict[str, Any]]:
    found = await stage.ask("dietitian", Call("prescription", "/patients/search", search))
    demand(bool(found["patients"]), "nobody was found", look_at=SEARCH)
    return list(found["patients"])


async def refused(stage: Stage, number: str, rule: str, *, says: str) -> None:
    with stage.timeline.step(f"{PEOPLE_SAY['dietitian']} looks for {says}") as step:
        rules = await stage.refusal("dietitian", Call("prescription", "/patients/find", {"number": number}))
        demand(rule in rules, f"refused for {rules}", look_at="the register's answer")
        step.note(rule)
