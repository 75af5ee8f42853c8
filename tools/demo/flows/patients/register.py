"""Patients and the population register: silence, protection, and a reserve number that is replaced."""

import json
import secrets
from datetime import timedelta

import httpx

from tools.demo.flows.acts import CLERK, Prescribed, find_article, prescribed_line
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.flows.timeline import StepFailed

KNOWN, NEVER_SEEN, SOON_PERSONAL = "199007062384", "202003152390", "200901222398"
SWITCHED = "only_in_register"
AS_FILED = {"to": "as-filed", "number": None}
COPY_IS_OLD_AFTER = timedelta(minutes=2)
REGISTER_LOG = "the register's control file and prescription's log"


async def silence(stage: Stage) -> None:
    """The register is down: who is kept is shown with the date of the copy, and nobody new comes (Q18)."""
    await found(stage, KNOWN, says="the dietitian finds a person in the population register")
    control = stage.control("register")
    control.tell({"mode": "down"})
    try:
        await grow_old(stage)
        shown = await found(stage, KNOWN, says="the register is down: the person is shown from the copy")
        demand(shown["copied_at"] is not None, "the copy has no date", look_at=REGISTER_LOG)
        await refused(stage, NEVER_SEEN, "register-silent", says="and nobody new is fetched")
    finally:
        control.forget()
    await grow_old(stage)
    anew = await found(stage, KNOWN, says="the register answers again: the copy is taken anew")
    demand(anew["copied_at"] > shown["copied_at"], "the copy is the old one", look_at=REGISTER_LOG)


async def protection(stage: Stage) -> None:
    """A person becomes protected: at the next look there is only the routine (S67, Q18)."""
    await found(stage, KNOWN, says="the dietitian finds a person in the population register")
    await switch(stage, "protected")
    try:
        await grow_old(stage)
        await refused(
            stage, KNOWN, "protected-identity", says="the person is protected now: only the routine is shown"
        )
    finally:
        await switch(stage, "as-filed")
    await grow_old(stage)
    await found(stage, KNOWN, says="the protection has ended: the person is fetched anew")


async def merging(stage: Stage) -> None:
    """A reserve number becomes a personal number, with all that hangs on it (S65, S68)."""
    old_ref = await register_reserve_number(stage)
    drink = await find_article(stage, "demodryck", "energy_nutrition", by="dietitian")
    line = await prescribed_line(
        stage, Prescribed(old_ref, drink, packages=4, days=30, withdrawals=2), by="dietitian"
    )
    form = {"number": SOON_PERSONAL, "reason": "Demo: registered in the population register"}
    with stage.timeline.step("customer service gives the personal number that the person got") as step:
        given = await stage.ask(CLERK, Call("prescription", f"/patients/{old_ref}/number", form))
        step.note(f"{given['how']}, prescriptions moved: {len(given['moved_prescriptions'])}")
    into_ref = given["patient_ref"]

    async def moved() -> Body | None:
        answer = await stage.answer(CLERK, Call("ordering", f"/allowances/{into_ref}", method="GET"))
        lines = answer.json().get("lines", []) if answer.is_success else []
        return next((dict(each) for each in lines if each["line_id"] == line.line_id), None)

    await stage.eventually(
        "the line can be withdrawn for the person with the new number", moved, look_at="ordering's log"
    )


async def register_reserve_number(stage: Stage) -> str:
    """Register somebody by hand under a new reserve number of the region's form (S65)."""
    form = {
        "number": f"20090122T{secrets.randbelow(1000):03d}",
        "number_type": "skane",
        "born": "2009-01-22",
        "protected": False,
        "name": "Rey Testsson",
        "phone": "070-1740620",
        "address": {"line1": "Provvägen 27", "postal_code": "21120", "city": "MALMÖ"},
        "lma_number": "50-123456",
        "asylum_seeker": {"valid_from": "2026-01-01", "valid_through": "2035-12-31"},
    }
    with stage.timeline.step("customer service registers an asylum seeker under a reserve number"):
        kept = await stage.ask(CLERK, Call("prescription", "/patients", form))
    return str(kept["patient_ref"])


async def found(stage: Stage, number: str, *, says: str) -> Body:
    with stage.timeline.step(says) as step:
        shown = await stage.ask("dietitian", Call("prescription", "/patients/find", {"number": number}))
        step.note(f"copy of {shown['copied_at']}")
    return dict(shown)


async def refused(stage: Stage, number: str, rule: str, *, says: str) -> None:
    with stage.timeline.step(says):
        rules = await stage.refusal("dietitian", Call("prescription", "/patients/find", {"number": number}))
        demand(rule in rules, f"refused for {rules}", look_at=REGISTER_LOG)


async def switch(stage: Stage, to: str) -> None:
    """Let the register say something else of the person."""
    url = f"{stage.register_url}/persons/{SWITCHED}/switch"
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.put(url, json={"to": to})
    if answer.is_error:
        raise StepFailed(f"the register answered {answer.status_code}", look_at=REGISTER_LOG)


async def as_filed_again(stage: Stage) -> bool:
    """Take back what a demo that was killed let the register say; tell whether there was anything."""
    switches = stage.settings.peer_log_dir / "register.switches.json"
    told = json.loads(switches.read_text()) if switches.exists() else {}
    if told.get(SWITCHED, AS_FILED) == AS_FILED:
        return False
    await switch(stage, "as-filed")
    await grow_old(stage)
    return True


async def grow_old(stage: Stage) -> None:
    """Let time pass, so that the register is asked anew."""
    await stage.pass_time(COPY_IS_OLD_AFTER)
