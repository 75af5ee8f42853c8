"""Flows about how a patient is told: by each way, in the own language, or not at all (S41, N7, T23)."""

from tools.demo.flows.acts import CLERK, HOME, Line, draft, send, withdrawal_form
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.outcomes import DELIVERY_NOTICE, MESSAGES, delivered, notified_once, ordered_once, told
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.flows.tasks import LOOK_AT, is_over, listed, resolved

OTHER_CLERK = "customer_service_2"
SIGNED = {"kind": "home", "rule": "signature"}
IN_SWEDISH, IN_ENGLISH = "Din leverans", "Your delivery"


async def by_each_way(stage: Stage) -> None:
    """By e-mail when the SMS failed, by letter, and by a person who calls: every way leaves a trace (T23)."""
    person = await newcomer(stage, "somebody with an e-mail address", email="ny@demoregion.example")
    line = await drink_line(stage, person.patient_ref, withdrawals=3)
    with stage.behaving("sms_gateway", "failed", about=DELIVERY_NOTICE):
        order_no = await sent(stage, line, delivery=SIGNED | {"notice": "sms"})
        await went_by(stage, order_no, "email", says="the SMS failed: the notice goes by e-mail")
    order_no = await sent(stage, line, delivery=SIGNED | {"notice": "letter"})
    await went_by(stage, order_no, "letter", says="a letter lies in the print queue")
    order_no = await sent(stage, line, delivery=SIGNED | {"notice": "phone", "notice_to": "070-1740622"})
    task = await listed(stage, f"message:{DELIVERY_NOTICE}{order_no}", says="who wants a call is called")
    await resolved(stage, task, how="patient_was_called")


async def in_the_own_language(stage: Stage) -> None:
    """Each patient is told in the own language (S41)."""
    for language, begins in (("sv", IN_SWEDISH), ("en", IN_ENGLISH)):
        person = await newcomer(stage, f"somebody who reads {language!r}", language=language)
        line = await drink_line(stage, person.patient_ref)
        message = await notified_once(stage, await sent(stage, line, delivery=HOME))
        demand(message["message"].startswith(begins), f"{message['message']}", look_at="the texts")


async def opted_out(stage: Stage) -> None:
    """Who wants no messages gets none, also when the wish comes while the goods are on their way (S41)."""
    person = await newcomer(stage, "somebody who wants no messages", opted_out=True)
    line = await drink_line(stage, person.patient_ref)
    with stage.timeline.step("an SMS cannot be chosen") as step:
        call = Call("ordering", "/withdrawals/preview", withdrawal_form(line))
        rules = {each["rule"] for each in (await stage.ask(CLERK, call))["reasons"]}
        demand(
            "opted-out" in rules, f"the reasons are {rules}", look_at="services/ordering/domain/delivery.py"
        )
        step.note(", ".join(rules))
    other = await newcomer(stage)
    line = await drink_line(stage, other.patient_ref)
    with stage.behaving("distributor", "hold"):
        order_no = await sent(stage, line, delivery=HOME)
        await change_status(stage, other.patient_ref, says="the patient calls: no messages", opted_out=True)
    await suppressed(stage, order_no, why="opted_out")


async def work(stage: Stage) -> None:
    """Work is listed, taken by one, talked about, given on and ended; nothing waits in a log only (N7)."""
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    order_no = await sent(stage, line, delivery=SIGNED | {"notice": "phone", "notice_to": "070-1740623"})
    task = await listed(stage, f"message:{DELIVERY_NOTICE}{order_no}", says="a call to make is on the list")
    path = f"/tasks/{task['task_id']}"
    with stage.timeline.step("one clerk takes it; another cannot take it as well") as step:
        await stage.ask(CLERK, Call("notification", f"{path}/claim"))
        step.note(", ".join(await stage.refusal(OTHER_CLERK, Call("notification", f"{path}/claim"))))
    with stage.timeline.step("nobody answered: the clerk says so, and lets go of it"):
        comment = {"comment": "Ingen svarade, försök efter lunch"}
        await stage.ask(CLERK, Call("notification", f"{path}/comment", comment))
        await stage.ask(CLERK, Call("notification", f"{path}/release"))
    with stage.timeline.step("how much there is to do, by role") as step:
        counts = await stage.ask(OTHER_CLERK, Call("notification", "/tasks/counts", method="GET"))
        demand(any(each["open"] for each in counts), "nothing is counted", look_at=LOOK_AT)
        step.note(", ".join(f"{each['role']}: {each['open']}, {each['overdue']} late" for each in counts))
    await resolved(stage, task, how="patient_was_called", by=OTHER_CLERK)
    await is_over(stage, str(task["task_id"]))


async def sent(stage: Stage, *lines: Line, delivery: Body) -> str:
    """Withdraw, and see it delivered unless the distributor holds it; give the order's number."""
    withdrawal_no = await draft(stage, *lines, by=CLERK, delivery=delivery)
    (order_no,) = (await send(stage, withdrawal_no, by=CLERK))["order_nos"]
    await ordered_once(stage, order_no)
    if stage.control("distributor").now().mode != "hold":
        await delivered(stage, withdrawal_no)
    return str(order_no)


async def went_by(stage: Stage, order_no: str, channel: str, *, says: str) -> None:
    (message,) = await told(stage, order_no, "delivery_notice", says=says, channel=channel)
    demand(message["channel"] == channel, f"it went by {message['channel']}", look_at=MESSAGES)


async def suppressed(stage: Stage, order_no: str, *, why: str) -> None:
    """Wait until the notice was stopped at the moment of sending, and see that the gateway never had it."""

    async def shown() -> str | None:
        found = await stage.ask(CLERK, Call("notification", "/messages/search", {"order_no": order_no}))
        stopped = [each for each in found if each["state"] == "suppressed"]
        return str(stopped[0]["history"][-1]["note"]) if stopped else None

    says = "at the moment of sending the notice is stopped"
    note = await stage.eventually(says, shown, look_at=MESSAGES, noting=str)
    demand(note == why, f"stopped because {note}", look_at=MESSAGES)
    never_sent(stage, order_no)


def never_sent(stage: Stage, order_no: str) -> None:
    reference = f"{DELIVERY_NOTICE}{order_no}"
    got = [each for each in stage.book("sms") if each["reference"] == reference]
    demand(not got, "the gateway got it all the same", look_at="sms.jsonl")


async def change_status(stage: Stage, patient_ref: str, *, says: str, **status: bool) -> None:
    with stage.timeline.step(says):
        form = {"protected": False} | status
        await stage.ask(CLERK, Call("prescription", f"/patients/{patient_ref}/status", form))
