"""An article still on its way is blocked; customer service passes the block with a reason (S47, S48)."""

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
from tools.demo.flows.outcomes import delivered, notified_once, ordered_once, withdrawal
from tools.demo.flows.stage import Body, Call, Stage, demand

REASON = "Demo: the first parcel was damaged on its way"


async def play(stage: Stage) -> None:
    patient_ref = await find_patient(stage, "adult_2", by="dietitian")
    drink = await find_article(stage, "demodryck", "energy_nutrition", by="dietitian")
    wanted = Prescribed(patient_ref, drink, packages=6, days=30, withdrawals=3)
    line = (await prescribed_line(stage, wanted, by="dietitian")).split(4, 2)
    control = stage.control("distributor")
    control.tell({"mode": "hold"})
    try:
        first = await send(stage, await draft(stage, line, by=CLERK), by=CLERK)
        await ordered_once(stage, first["order_nos"][0])
        await see_block(stage, line)
        second = await pass_block(stage, line)
    finally:
        control.forget()
    await delivered(stage, first["withdrawal_no"])
    await delivered(stage, second["withdrawal_no"])
    await see_english(stage, second["order_nos"][0])


async def see_block(stage: Stage, line: Line) -> None:
    with stage.timeline.step("the same article again is refused") as step:
        rules = await stage.refusal(CLERK, Call("ordering", "/withdrawals", withdrawal_form(line)))
        demand("article-on-the-way" in rules, f"refused for {rules}", look_at="ordering's allowance")
        step.note(", ".join(sorted(rules)))


async def pass_block(stage: Stage, line: Line) -> Body:
    """Pass the block with a reason; it stands in the history."""
    override = {"article_no": line.article["article_no"], "reason": REASON}
    form = withdrawal_form(line) | {"overrides": [override]}
    with stage.timeline.step("customer service passes the block, with a reason") as step:
        made = await stage.ask(CLERK, Call("ordering", "/withdrawals", form))
        step.note(made["withdrawal_no"])
    confirmation = await send(stage, made["withdrawal_no"], by=CLERK)
    shown = await withdrawal(stage, made["withdrawal_no"])
    told = [each["what"] for each in shown["history"]]
    demand("block_passed" in told, f"the history says {told}", look_at="GET ordering /withdrawals/{no}")
    await see_follow_up(stage, made["withdrawal_no"])
    return confirmation


async def see_follow_up(stage: Stage, withdrawal_no: str) -> None:
    """Those who follow up find it with the reason (S48)."""
    today = stage.clock.today().isoformat()
    with stage.timeline.step("it is listed for follow-up, with the reason and who did it") as step:
        asked = {"since": today, "until": today}
        passed = await stage.ask(CLERK, Call("ordering", "/overrides/search", asked))
        own = [each["reason"] for each in passed if each["withdrawal_no"] == withdrawal_no]
        demand(own == [REASON], f"listed: {own}", look_at="POST ordering /overrides/search")
        step.note(own[0])


async def see_english(stage: Stage, order_no: str) -> None:
    """Who wants English gets the notice in English (S41)."""
    message = await notified_once(stage, order_no)
    demand("delivery" in message["message"], "the notice is not in English", look_at="notification's texts")
