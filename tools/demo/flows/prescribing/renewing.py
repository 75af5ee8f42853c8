"""Flows about going on: copying ended lines, the printed overview, and the renewal radar (S25, S71, N2)."""

from tools.demo.flows.acts import CLERK, PEOPLE_SAY, draft, send
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.outcomes import settled
from tools.demo.flows.prescribing.preview import RULES, annul
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.people import PEOPLE

YEAR = 365
PRINTS = "services/prescription/api/prescriptions/prints.py"


async def copied(stage: Stage) -> None:
    """Ended lines become a prefilled prescription; an active one is annulled first (S25, S26)."""
    person = await newcomer(stage)
    line = await drink_line(stage, person.patient_ref)
    call = Call("prescription", "/prescriptions/copies", {"line_ids": [line.line_id]})
    with stage.timeline.step("an active line is not copied") as step:
        step.note(", ".join(await stage.refusal("dietitian", call)))
    saved = {"prescription_no": line.line_id.rpartition("-")[0], "lines": [{"line_id": line.line_id}]}
    await annul(stage, saved, reason="Demo: fewer packages from now on")
    with stage.timeline.step("the dietitian copies the ended line: prefilled, tried, kept by nobody") as step:
        copy = await stage.ask("dietitian", call)
        demand(copy["allowed"], f"{copy['reasons']}", look_at=RULES)
        step.note(f"{copy['prescription']['lines'][0]['packages']} packages, changes: {copy['changes']}")
    proposed = copy["prescription"]
    proposed["lines"][0]["packages"] = 2
    with stage.timeline.step("the quantity is edited and the new prescription saved") as step:
        again = await stage.ask("dietitian", Call("prescription", "/prescriptions", proposed))
        demand(again["lines"][0]["packages"] == proposed["lines"][0]["packages"], "not so", look_at=RULES)
        step.note(again["prescription_no"])


async def printed(stage: Stage) -> None:
    """All active prescriptions as an accessible PDF, in the language of the asker (S71)."""
    person = await newcomer(stage)
    await drink_line(stage, person.patient_ref)
    for language, by in (("sv", "dietitian"), ("en", CLERK)):
        with stage.timeline.step(f"{PEOPLE_SAY[by]} prints the overview in {language!r}") as step:
            path = f"/patients/{person.patient_ref}/prints"
            answer = await stage.answer(by, Call("prescription", path, language=language))
            headers, pdf = answer.headers, answer.content
            demand(headers["content-type"] == "application/pdf", answer.text[:200], look_at=PRINTS)
            demand(headers["content-language"] == language, "another language", look_at=PRINTS)
            demand(pdf.startswith(b"%PDF-") and b"/MarkInfo" in pdf, "no tagged PDF", look_at=PRINTS)
            step.note(f"{len(pdf) // 1024} kB")


async def radar(stage: Stage) -> None:
    """Lines that end or run out are listed for the prescriber and the unit (N2).

    That the patient is told beforehand, by itself, takes days: tests/prescription/test_radar.py shows it.
    """
    person = await newcomer(stage)
    lasting = await drink_line(stage, person.patient_ref, withdrawals=2)
    await listed(stage, person.patient_ref, why="ends", within_days=YEAR)
    await annul(
        stage,
        {"prescription_no": lasting.line_id.rpartition("-")[0], "lines": [{"line_id": lasting.line_id}]},
        reason="Demo: one withdrawal is enough",
    )
    line = await drink_line(stage, person.patient_ref, withdrawals=1)
    await settled(stage, await send(stage, await draft(stage, line, by=CLERK), by=CLERK))
    await listed(stage, person.patient_ref, why="last_withdrawal_used", within_days=30)


async def listed(stage: Stage, patient_ref: str, *, why: str, within_days: int) -> None:
    async def shown() -> str | None:
        found = await all_renewals(stage, within_days=within_days)
        mine = [each for each in found if each["patient_ref"] == patient_ref]
        return next((str(each["on"]) for each in mine if each["why"] == why), None)

    says = f"the radar lists it: {why.replace('_', ' ')}"
    await stage.eventually(says, shown, look_at="POST prescription /renewals/search", noting=str)


async def all_renewals(stage: Stage, *, within_days: int) -> list[Body]:
    """Read the radar of the dietitian's own lines, page by page."""
    search = {"prescriber": PEOPLE["dietitian"].sub, "care_unit": "DEMO-101", "within_days": within_days}
    found: list[Body] = []
    after: str | None = None
    while True:
        asked = search | ({"after": after} if after else {})
        page = await stage.ask("dietitian", Call("prescription", "/renewals/search", asked))
        found += page["renewals"]
        after = page["after"]
        if after is None:
            return found
