"""Bad days with people: death or protection with goods on their way, a number of somebody else (Q18)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tools.demo.flows.acts import CLERK
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.messages.ways import never_sent
from tools.demo.flows.outcomes import delivered, notified_once
from tools.demo.flows.patients.register import KNOWN, found, grow_old, refused, switch
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.flows.tasks import listed, resolved
from tools.demo.flows.withdrawals.partners import ORDERS, became, sent

OLD_PHONE, NEW_PHONE = "070-1740624", "070-1740625"
FOUND = "the dietitian finds a person in the population register"


@asynccontextmanager
async def registered_as(stage: Stage, to: str) -> AsyncIterator[None]:
    """Let the register say something else of the person until the block ends, and then as before."""
    await switch(stage, to)
    try:
        yield
    finally:
        await switch(stage, "as-filed")


async def death(stage: Stage) -> None:
    """The patient dies with an order on its way: it is stopped, the fee goes, and nobody gets an SMS."""
    person = await found(stage, KNOWN, says=FOUND)
    await has_phone(stage, person["patient_ref"], OLD_PHONE, says="the person leaves a telephone number")
    line = await drink_line(stage, person["patient_ref"])
    async with registered_as(stage, "deceased"):
        with stage.behaving("distributor", "hold"):
            withdrawal_no, order_no = await sent(stage, line)
            await grow_old(stage)
            with stage.timeline.step(
                "the register says that the patient has died: it shows at the next look"
            ):
                await look(stage)
            await asked_to_stop(stage, order_no)
        await became(stage, withdrawal_no, "annulled")
        await nothing_to_pay(stage, withdrawal_no)
        await nothing_more(stage, person["patient_ref"], "deceased")
    never_sent(stage, order_no)
    await grow_old(stage)
    await found(stage, KNOWN, says="(the demo lets the person live again)")


async def look(stage: Stage) -> None:
    """Look the person up, whatever is answered: the copy is refreshed by it."""
    await stage.answer("dietitian", Call("prescription", "/patients/find", {"number": KNOWN}))


async def asked_to_stop(stage: Stage, order_no: str) -> None:
    async def asked() -> str | None:
        book = stage.book("distributor")
        return order_no if any(each.get("key") == f"{order_no}/cancel" for each in book) else None

    says = "the distributor is asked to stop the order"
    await stage.eventually(says, asked, look_at="distributor.jsonl, and ordering's log", noting=str)


async def nothing_to_pay(stage: Stage, withdrawal_no: str) -> None:
    async def shown() -> str | None:
        asked = {"withdrawal_no": withdrawal_no}
        statement = await stage.ask(CLERK, Call("billing", "/fees/search", asked))
        return f"{len(statement['fees'])} entries" if statement["net"] == "0.00" else None

    await stage.eventually("nothing is to be paid", shown, look_at="billing's ledger", noting=str)


async def nothing_more(stage: Stage, patient_ref: str, rule: str) -> None:
    """Nobody withdraws for who is dead or withheld."""

    async def closed() -> str | None:
        answer = await stage.answer(CLERK, Call("ordering", f"/allowances/{patient_ref}", method="GET"))
        rules = {each["rule"] for each in answer.json()["reasons"]} if answer.is_success else {rule}
        return ", ".join(rules) if rule in rules else None

    says = "nothing more can be withdrawn"
    await stage.eventually(says, closed, look_at=f"GET ordering /allowances/{patient_ref}", noting=str)


async def protection(stage: Stage) -> None:
    """The patient becomes protected with an order and an SMS on their way: a person takes over (Q18, Q24)."""
    person = await found(stage, KNOWN, says=FOUND)
    await has_phone(stage, person["patient_ref"], OLD_PHONE, says="the person leaves a telephone number")
    line = await drink_line(stage, person["patient_ref"])
    async with registered_as(stage, "protected"):
        with stage.behaving("distributor", "hold"):
            withdrawal_no, order_no = await sent(stage, line)
            await grow_old(stage)
            await refused(stage, KNOWN, "protected-identity", says="protected now: only the routine is shown")
            task = await listed(
                stage, f"protected-with-order:{order_no}", says="customer service follows its own routine"
            )
            demand(task["patient_ref"] is None, "the task names the person", look_at="the task")
        shown = await delivered(stage, withdrawal_no)
        demand(not shown.get("delivery") or not shown["delivery"]["address"], "an address", look_at=ORDERS)
        never_sent(stage, order_no)
        await resolved(stage, task, how="handled_elsewhere")
    await grow_old(stage)
    await found(stage, KNOWN, says="the protection has ended: the person is fetched anew")


async def phone(stage: Stage) -> None:
    """A telephone number changes hands between order and notice: who has it is told nothing (S41, S70)."""
    person = await newcomer(stage, phone=OLD_PHONE)
    line = await drink_line(stage, person.patient_ref)
    with stage.behaving("distributor", "hold"):
        withdrawal_no, order_no = await sent(stage, line)
        says = "the patient calls: another telephone from today"
        await has_phone(stage, person.patient_ref, NEW_PHONE, says=says)
    message = await notified_once(stage, order_no)
    with stage.timeline.step("the notice went to the new number, and never to the old one") as step:
        demand(message["to"] == in_full(NEW_PHONE), f"it went to {message['to']}", look_at="sms.jsonl")
        step.note(str(message["to"]))
    await delivered(stage, withdrawal_no)


async def has_phone(stage: Stage, patient_ref: str, number: str, *, says: str) -> None:
    """Change the number, and wait until ordering knows it; notification consumes it at the same time."""
    with stage.timeline.step(says):
        path = f"/patients/{patient_ref}/contact"
        await stage.ask(CLERK, Call("prescription", path, {"phone": number}, method="PUT"))

    async def known() -> Body | None:
        answer = await stage.answer(CLERK, Call("ordering", f"/allowances/{patient_ref}", method="GET"))
        shown: Body | None = answer.json() if answer.is_success else None
        return shown if shown and shown["prefill"]["phone"] == in_full(number) else None

    await stage.eventually("ordering knows the number", known, look_at="ordering's log")


def in_full(number: str) -> str:
    return f"+46{number.replace('-', '').removeprefix('0')}"
