"""Flows about drafts: one that is left and resumed, and two clerks at the same moment (S50, Q21)."""

import asyncio
from datetime import timedelta

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
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.opening_hours import begin_by_day
from tools.demo.flows.outcomes import delivered, settled
from tools.demo.flows.stage import REFUSED, Call, Stage, demand
from tools.demo.flows.tasks import is_over, listed

OTHER_CLERK = "customer_service_2"
A_DAY = timedelta(hours=25)


async def resumed(stage: Stage) -> None:
    """Leave a withdrawal unsent; another clerk finds it among the drafts and sends it."""
    line = await a_line(stage, withdrawals=1)
    withdrawal_no = await draft(stage, line, by=CLERK, says="makes a withdrawal and is called away")
    with stage.timeline.step("another clerk finds it among the drafts, state ny") as step:
        drafts = await stage.ask(
            OTHER_CLERK, Call("ordering", "/withdrawals/drafts", {"patient_ref": line.patient_ref})
        )
        found = [each for each in drafts if each["withdrawal_no"] == withdrawal_no]
        demand(
            len(found) == 1,
            f"{len(found)} drafts with that number",
            look_at="POST ordering /withdrawals/drafts",
        )
        step.note(f"{found[0]['state']}, {len(drafts)} drafts")
    await settled(stage, await send(stage, withdrawal_no, by=OTHER_CLERK))


async def reminded(stage: Stage) -> None:
    """A draft that waits a day becomes work, which is over when it is sent (S50, N7)."""
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    withdrawal_no = await draft(stage, line, by=CLERK, says="makes a withdrawal and forgets it")
    await a_day_later(stage)
    task = await listed(stage, f"unsent-draft:{withdrawal_no}", says="the draft stands on the list")
    with stage.timeline.step("another clerk opens it and takes two packages less"):
        form = withdrawal_form(line.split(2))
        changed = {name: value for name, value in form.items() if name != "patient_ref"}
        call = Call("ordering", f"/withdrawals/{withdrawal_no}", changed, method="PUT")
        await stage.ask(OTHER_CLERK, call)
    await settled(stage, await send(stage, withdrawal_no, by=OTHER_CLERK))
    await is_over(stage, str(task["task_id"]))


async def a_day_later(stage: Stage) -> None:
    with stage.timeline.step("a day passes") as step:
        await stage.pass_time(A_DAY)
        step.note(f"{stage.clock.now():%Y-%m-%d}")
    await begin_by_day(stage)


async def two_clerks(stage: Stage) -> None:
    """Two drafts of the last withdrawal are sent at the same moment: one wins, one is refused."""
    line = await a_line(stage, withdrawals=1)
    drafts = [await draft(stage, line, by=CLERK), await draft(stage, line, by=OTHER_CLERK)]
    with stage.timeline.step("both send at the same moment: one wins") as step:
        answers = await asyncio.gather(
            *(
                stage.answer(clerk, Call("ordering", f"/withdrawals/{number}/send"))
                for clerk, number in zip((CLERK, OTHER_CLERK), drafts, strict=True)
            )
        )
        won = [number for number, answer in zip(drafts, answers, strict=True) if answer.is_success]
        lost = [answer.json() for answer in answers if answer.status_code == REFUSED]
        demand(
            len(won) == len(lost) == 1, f"{len(won)} won and {len(lost)} lost", look_at="ordering's allowance"
        )
        step.note(f"{won[0]} was sent, the other refused: {lost[0]['rule']}")
    await delivered(stage, won[0])


async def a_line(stage: Stage, *, withdrawals: int) -> Line:
    patient_ref = await find_patient(stage, "adult_4", by="dietitian")
    drink = await find_article(stage, "demodryck", "energy_nutrition", by="dietitian")
    wanted = Prescribed(patient_ref, drink, packages=4, days=30, withdrawals=withdrawals)
    return (await prescribed_line(stage, wanted, by="dietitian")).split(2, 1, 1)
