"""Flows about a line's end: used up by its last withdrawal, or annulled by the prescriber (S24, S26, Q21)."""

from tools.demo.flows.acts import (
    CLERK,
    Line,
    Prescribed,
    draft,
    find_article,
    find_patient,
    prescribed_line,
    send,
    withdrawal_form,
)
from tools.demo.flows.outcomes import settled
from tools.demo.flows.stage import Body, Call, Stage, demand


async def used_up(stage: Stage) -> None:
    line = await a_line(stage, withdrawals=1)
    confirmation = await send(stage, await draft(stage, line, by=CLERK), by=CLERK)
    await settled(stage, confirmation)
    await ended(stage, line, "used_up")
    with stage.timeline.step("one more withdrawal is refused") as step:
        rules = await stage.refusal(CLERK, Call("ordering", "/withdrawals", withdrawal_form(line)))
        demand("line-used-up" in rules, f"refused for {rules}", look_at="ordering's allowance")
        step.note(", ".join(sorted(rules)))


async def annulled(stage: Stage) -> None:
    line = await a_line(stage, withdrawals=4)
    withdrawal_no = await draft(stage, line, by=CLERK)
    prescription_no = line.line_id.rpartition("-")[0]
    path = f"/prescriptions/{prescription_no}/lines/{line.line_id}/annul"
    with stage.timeline.step("the dietitian annuls the line"):
        await stage.ask(
            "dietitian", Call("prescription", path, {"reason": "Demo: another product suits better"})
        )
    await ended(stage, line, "annulled")

    async def refused() -> str | None:
        answer = await stage.answer(CLERK, Call("ordering", "/withdrawals/preview", withdrawal_form(line)))
        rules = {each["rule"] for each in answer.json().get("reasons", [])}
        return ", ".join(sorted(rules)) if "line-annulled" in rules else None

    await stage.eventually(
        "ordering has heard of it", refused, look_at="ordering's queues and log", noting=str
    )
    with stage.timeline.step("the draft made before cannot be sent") as step:
        rules = await stage.refusal(CLERK, Call("ordering", f"/withdrawals/{withdrawal_no}/send"))
        demand("line-annulled" in rules, f"refused for {rules}", look_at="ordering's allowance")
        step.note(", ".join(sorted(rules)))


async def a_line(stage: Stage, *, withdrawals: int) -> Line:
    patient_ref = await find_patient(stage, "adult_3", by="dietitian")
    drink = await find_article(stage, "demodryck", "energy_nutrition", by="dietitian")
    wanted = Prescribed(patient_ref, drink, packages=3, days=30, withdrawals=withdrawals)
    return (await prescribed_line(stage, wanted, by="dietitian")).split(1, 1, 1)


async def ended(stage: Stage, line: Line, state: str) -> None:
    """Wait until prescription shows the line as ended in that way."""
    path = f"/patients/{line.patient_ref}"

    async def shown() -> Body | None:
        patient = await stage.ask(CLERK, Call("prescription", path, method="GET"))
        lines = [each for each in patient["ended_lines"] if each["line_id"] == line.line_id]
        return next((dict(each) for each in lines if each["state"] == state), None)

    look_at = "the log of prescription, and prescription.hears.ordering.withdrawal_sent.v1"
    await stage.eventually(f"the line has ended: {state}", shown, look_at=look_at)
