"""Flows about the other product areas: incontinence with its two forms, and diabetes (S72 to S75, Q30)."""

from typing import Any

from tools.demo.flows.acts import CLERK, Line, Prescribed, draft, find_article, prescribed_line, send
from tools.demo.flows.cast import newcomer
from tools.demo.flows.outcomes import settled
from tools.demo.flows.stage import Body, Call, Stage, demand

NURSE = "nurse"
FORMS = ("nikola", "kontinenskort")
AREAS = "services/prescription/rulebook/, and the product areas of the token"


async def incontinence(stage: Stage) -> None:
    """A nurse prescribes with NIKOLA and Kontinenskort; nobody pays, and a dietitian may not (S72, Q30)."""
    line = await prescribed(stage, "skydd", "incontinence", packages=6)
    number = line.line_id.rpartition("-")[0]
    forms = {
        each["form"]: each for each in await stage.ask(NURSE, Call("prescription", "/forms", method="GET"))
    }
    for name in FORMS:
        with stage.timeline.step(f"the nurse fills in {forms[name]['name']}"):
            form = {"form": name, "answers": answered(forms[name])}
            path = f"/prescriptions/{number}/attachments"
            await stage.ask(NURSE, Call("prescription", path, form))
    await refused_to_others(stage, line)
    await withdrawn_without_fee(stage, line)


async def diabetes(stage: Stage) -> None:
    """The same mechanism, its own area: prescribed by a nurse, withdrawn without a fee (S73, Q30)."""
    line = await prescribed(stage, "teststickor", "diabetes", packages=3)
    await withdrawn_without_fee(stage, line)


async def prescribed(stage: Stage, text: str, prescription_type: str, *, packages: int) -> Line:
    person = await newcomer(stage, years=62)
    article = await find_article(stage, text, prescription_type, by=NURSE)
    wanted = Prescribed(person.patient_ref, article, packages=packages, days=30, withdrawals=3)
    return (await prescribed_line(stage, wanted, by=NURSE)).whole()


async def refused_to_others(stage: Stage, line: Line) -> None:
    """Who works with foods only neither prescribes nor sees it (S73, S75)."""
    with stage.timeline.step("a dietitian neither prescribes nor sees it: another product area") as step:
        form = Prescribed(line.patient_ref, line.article, packages=2, days=30, withdrawals=1).form
        answer = await stage.answer("dietitian", Call("prescription", "/prescriptions/preview", form))
        turned_away = answer.is_error or not answer.json()["allowed"]
        demand(turned_away, "it was allowed", look_at=AREAS)
        path = f"/patients/{line.patient_ref}/prescriptions"
        seen = await stage.ask("dietitian", Call("prescription", path, method="GET"))
        demand(seen == [], f"{len(seen)} prescriptions are shown", look_at=AREAS)
        step.note(f"{answer.status_code}, nothing shown")


async def withdrawn_without_fee(stage: Stage, line: Line) -> None:
    confirmation = await send(stage, await draft(stage, line, by=CLERK), by=CLERK)
    demand(confirmation["fees"] == [], f"{confirmation['fees']}", look_at="the tariff: no fee for aids")
    await settled(stage, confirmation)


def answered(form: Body) -> dict[str, Any]:
    """Answer each question of a form with the first answer that it allows."""
    return {field["key"]: first_answer(field) for field in form["fields"]}


def first_answer(field: Body) -> Any:
    match field["kind"]:
        case "choice":
            return field["choices"][0]["key"]
        case "count":
            return field["least"]
        case _:
            return True
