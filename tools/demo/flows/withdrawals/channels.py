"""Flows about who withdraws: staff, the patient, and a guardian for a child (Q7, S23, S51)."""

from datetime import date

from shared.domain.days import age
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
from tools.demo.flows.cast import drink_line
from tools.demo.flows.outcomes import settled, withdrawal
from tools.demo.flows.stage import Call, Stage, demand
from tools.demo.patients import demo_patient

CHANNELS = (
    (CLERK, "customer_service"),
    ("order_placer", "care_unit"),
    ("physician", "care_unit"),
    ("patient", "citizen"),
)
FORBIDDEN = 403
DIETITIAN_FROM_YEARS = 16
RULES = "services/ordering/domain/channels.py"


async def all_of_them(stage: Stage) -> None:
    """Customer service, order placer, colleague and patient; never who prescribed it (S23, S51)."""
    patient_ref = await find_patient(stage, "adult", by="dietitian")
    line = await drink_line(stage, patient_ref, withdrawals=len(CHANNELS))
    await refused(stage, "dietitian", line, "own-prescription", says="who prescribed it may not withdraw")
    made = [await withdrawn(stage, line, person, channel) for person, channel in CHANNELS]
    with stage.timeline.step("the patient finds the withdrawals that the patient made") as step:
        mine = await stage.ask("patient", Call("ordering", "/withdrawals/mine", {}))
        demand(made[-1] in [each["withdrawal_no"] for each in mine], "not there", look_at=RULES)
        step.note(f"{len(mine)} withdrawals")


async def withdrawn(stage: Stage, line: Line, person: str, channel: str) -> str:
    withdrawal_no = await draft(stage, line, by=person)
    confirmation = await send(stage, withdrawal_no, by=person)
    shown = await withdrawal(stage, withdrawal_no)
    demand(shown["channel"] == channel, f"the channel is {shown['channel']}", look_at=RULES)
    await settled(stage, confirmation)
    return withdrawal_no


async def guardian(stage: Stage) -> None:
    """For a child under 13 by oneself, from 13 through customer service, from 18 not at all (Q7)."""
    line = await children_line(stage, "child_4")
    confirmation = await send(stage, await draft(stage, line, by="guardian"), by="guardian")
    await settled(stage, confirmation)
    line = await children_line(stage, "child_15")
    with stage.timeline.step("for a child of 13 to 17 not alone: the child has become a person") as step:
        answer = await stage.answer("guardian", Call("ordering", "/withdrawals", withdrawal_form(line)))
        demand(answer.status_code == FORBIDDEN, f"it answered {answer.status_code}", look_at=RULES)
        step.note(str(answer.status_code))
    withdrawal_no = await draft(
        stage, line, by=CLERK, says="does it when the guardian calls", more={"asked_by": "guardian"}
    )
    await settled(stage, await send(stage, withdrawal_no, by=CLERK))
    grown_up = await drink_line(stage, await find_patient(stage, "adult_4", by="dietitian"))
    with stage.timeline.step("for a grown-up nobody asks as a guardian") as step:
        form = withdrawal_form(grown_up) | {"asked_by": "guardian"}
        rules = await stage.refusal(CLERK, Call("ordering", "/withdrawals", form))
        demand("guardian-of-adult" in rules, f"refused for {rules}", look_at=RULES)
        step.note(", ".join(sorted(rules)))


async def children_line(stage: Stage, key: str) -> Line:
    """Prescribe to a child: a physician until the child is 16, then a dietitian (S20)."""
    born = date.fromisoformat(demo_patient(key).number[:8])
    by = "physician" if age(born, stage.clock.today()) < DIETITIAN_FROM_YEARS else "dietitian"
    patient_ref = await find_patient(stage, key, by=by)
    flour = await find_article(stage, "mjöl", "coeliac_metabolic", by=by)
    wanted = Prescribed(patient_ref, flour, packages=4, days=30, withdrawals=2)
    return (await prescribed_line(stage, wanted, by=by)).whole()


async def refused(stage: Stage, person: str, line: Line, rule: str, *, says: str) -> None:
    with stage.timeline.step(says) as step:
        rules = await stage.refusal(person, Call("ordering", "/withdrawals", withdrawal_form(line)))
        demand(rule in rules, f"refused for {rules}", look_at=RULES)
        step.note(", ".join(sorted(rules)))
