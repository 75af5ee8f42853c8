"""Flows about distributors: several at once, parts, something else instead, annulment (Q22, Q23)."""

from tools.demo.flows.acts import CLERK, Line, Prescribed, draft, find_article, prescribed_line, send
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.outcomes import delivered, notified_once, ordered_once, told, withdrawal
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.flows.tasks import is_over, listed, resolved

UNHURRIED_SECONDS = 0.4
"""Between two answers: the request to stop comes before the goods have arrived."""
ORDERS = "GET ordering /orders/{no}, with every reply and what was made of it"


async def several(stage: Stage) -> None:
    """One withdrawal of goods from two distributors is two orders, each with its own state (Q23)."""
    person = await newcomer(stage)
    drink = await drink_line(stage, person.patient_ref)
    fibre = await fibre_line(stage, person.patient_ref)
    withdrawal_no = await draft(stage, drink, fibre, by=CLERK)
    confirmation = await send(stage, withdrawal_no, by=CLERK)
    orders = [await ordered_once(stage, number) for number in confirmation["order_nos"]]
    distributors = sorted(each["distributor"] for each in orders)
    demand(distributors == ["demo-a", "demo-b"], f"ordered from {distributors}", look_at=ORDERS)
    await delivered(stage, withdrawal_no)


async def fibre_line(stage: Stage, patient_ref: str) -> Line:
    fibre = await find_article(stage, "fiber drick", "energy_nutrition", by="dietitian")
    wanted = Prescribed(patient_ref, fibre, packages=3, days=30, withdrawals=2)
    return (await prescribed_line(stage, wanted, by="dietitian")).split(3)


async def parts(stage: Stage) -> None:
    """Half comes now, the rest on a later day: told at once, never lost, never counted twice (T10, Q33)."""
    person = await newcomer(stage)
    line = await drink_line(stage, person.patient_ref, packages=6)
    withdrawal_no, order_no = await sent_while(stage, line, "back-order")
    await delivered(stage, withdrawal_no)
    order = await order_shown(stage, order_no)
    with stage.timeline.step("all packages came, in two parts") as step:
        (came,) = order["lines"]
        demand(came["delivered"] == came["packages"], f"{came}", look_at=ORDERS)
        replies = [each["kind"] for each in order["replies"]]
        demand(replies.count("order.delivered.v1") == len("ab"), f"{replies}", look_at=ORDERS)
        step.note(f"{came['delivered']} of {came['packages']}, {len(replies)} replies")
    message = await notified_once(stage, order_no)
    with stage.timeline.step("the notice of the first parcel says when the rest comes") as step:
        words = str(message["message"])
        demand("En del" in words and "Resten" in words, words, look_at=ORDERS)
        step.note(words)


async def substituted(stage: Stage) -> None:
    """Something equivalent instead: with consent it is told, without it a person asks (T11)."""
    person = await newcomer(stage)
    line = (await drink_line(stage, person.patient_ref, packages=6, withdrawals=2)).split(4, 2)
    withdrawal_no, order_no = await sent_while(stage, line, "substitute", consent=True)
    await delivered(stage, withdrawal_no)
    await in_history(stage, withdrawal_no, "substituted")
    await told(stage, order_no, "article_substituted", says="the patient is told what comes instead")
    withdrawal_no, order_no = await sent_while(stage, line, "substitute", consent=False)
    await delivered(stage, withdrawal_no)
    task = await listed(stage, f"article-replaced:{order_no}:1", says="without consent it is a person's work")
    await resolved(stage, task, how="patient_was_called")


async def annulled(stage: Stage) -> None:
    """Neither ordered nor annulled until the distributor answers: stopped in time, or too late (Q22)."""
    person = await newcomer(stage)
    line = await drink_line(stage, person.patient_ref)
    with stage.behaving("distributor", "hold"):
        withdrawal_no, _ = await sent(stage, line)
        await annul(stage, withdrawal_no)
        shown = await withdrawal(stage, withdrawal_no)
        demand(shown["state"] == "ordered", f"it is {shown['state']}", look_at=ORDERS)
    await became(stage, withdrawal_no, "annulled")
    await in_history(stage, withdrawal_no, "annulled")
    with stage.behaving("distributor", "hold"):
        withdrawal_no, order_no = await sent(stage, line)
        stage.control("distributor").tell({"mode": "too-late", "delay_seconds": UNHURRIED_SECONDS})
        await annul(stage, withdrawal_no)
        await delivered(stage, withdrawal_no)
    await in_history(stage, withdrawal_no, "annulment_too_late")
    await is_over(stage, f"annulment-too-late:{order_no}", says="it was work until the goods had come")


async def sent(stage: Stage, line: Line, *, consent: bool = False) -> tuple[str, str]:
    """Withdraw, and see that the distributor has the order; give both numbers."""
    item = {"line_id": line.line_id, "split": line.splits, "substitution_allowed": consent}
    withdrawal_no = await draft(stage, line, by=CLERK, more={"items": [item]})
    (order_no,) = (await send(stage, withdrawal_no, by=CLERK))["order_nos"]
    await ordered_once(stage, order_no)
    return withdrawal_no, order_no


async def sent_while(stage: Stage, line: Line, mode: str, *, consent: bool = False) -> tuple[str, str]:
    """Withdraw while the distributor behaves otherwise."""
    with stage.behaving("distributor", mode):
        return await sent(stage, line, consent=consent)


async def annul(stage: Stage, withdrawal_no: str) -> None:
    with stage.timeline.step("customer service annuls it: the distributor is asked to stop") as step:
        asked = await stage.ask(CLERK, Call("ordering", f"/withdrawals/{withdrawal_no}/annul"))
        step.note(", ".join(str(each["annulment"]) for each in asked["orders"]))


async def became(stage: Stage, withdrawal_no: str, state: str) -> Body:
    async def shown() -> Body | None:
        found = await withdrawal(stage, withdrawal_no)
        return found if found["state"] == state else None

    return await stage.eventually(f"the withdrawal is {state}", shown, look_at=ORDERS)


async def in_history(stage: Stage, withdrawal_no: str, what: str) -> None:
    with stage.timeline.step(f"the history says {what!r}") as step:
        history = (await withdrawal(stage, withdrawal_no))["history"]
        steps = [each["what"] for each in history]
        demand(what in steps, f"the history says {steps}", look_at=ORDERS)
        step.note(" > ".join(steps))


async def order_shown(stage: Stage, order_no: str) -> Body:
    return dict(await stage.ask(CLERK, Call("ordering", f"/orders/{order_no}", method="GET")))
