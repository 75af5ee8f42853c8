"""Messages on bad days: an SMS that fails goes by letter, one that nobody knows about becomes a task."""

from tools.demo.flows.acts import CLERK, Prescribed, draft, find_article, find_patient, prescribed_line, send
from tools.demo.flows.outcomes import DELIVERY_NOTICE, delivered
from tools.demo.flows.stage import Body, Call, Stage, demand

LOOK_AT = "POST notification /messages/search, and the log of notification"


async def failed(stage: Stage) -> None:
    """The gateway reports that the SMS failed: the notice goes by the patient's next way (T23)."""
    message = await ordered_while(stage, "failed", wanted=("sent",), says="the notice goes by the next way")
    demand(message["channel"] in ("email", "letter"), f"it went by {message['channel']}", look_at=LOOK_AT)


async def unknown(stage: Stage) -> None:
    """The gateway answers 500: nothing is sent again, and a person takes over (Q24, N7)."""
    message = await ordered_while(
        stage, "500", wanted=("unknown",), says="nobody knows whether the SMS was sent"
    )
    task_id = f"message:{message['message_id']}"

    async def listed() -> Body | None:
        tasks = await stage.ask(CLERK, Call("notification", "/tasks?kind=message_not_sent", method="GET"))
        return next((dict(each) for each in tasks if each["task_id"] == task_id), None)

    await stage.eventually("it is on customer service's list", listed, look_at=LOOK_AT, noting=advice)
    with stage.timeline.step("customer service calls the patient and ends the task") as step:
        await stage.ask(CLERK, Call("notification", f"/tasks/{task_id}/claim"))
        body = {"how": "patient_was_called"}
        ended = await stage.ask(CLERK, Call("notification", f"/tasks/{task_id}/resolve", body))
        step.note(ended["resolved_how"])
    sent = [each for each in stage.book("sms") if each["reference"] == message["message_id"]]
    demand(not sent, "the gateway got it after all", look_at="sms.jsonl")


async def ordered_while(stage: Stage, mode: str, *, wanted: tuple[str, ...], says: str) -> Body:
    """Send a withdrawal while the SMS gateway is in a mode, until its notice has come to what is wanted."""
    patient_ref = await find_patient(stage, "adult", by="dietitian")
    drink = await find_article(stage, "demodryck", "energy_nutrition", by="dietitian")
    asked = Prescribed(patient_ref, drink, packages=4, days=30, withdrawals=1)
    line = (await prescribed_line(stage, asked, by="dietitian")).split(2, 1, 1)
    with stage.behaving("sms_gateway", mode, about=DELIVERY_NOTICE):
        withdrawal_no = await draft(stage, line, by=CLERK)
        (order_no,) = (await send(stage, withdrawal_no, by=CLERK))["order_nos"]

        async def came() -> Body | None:
            call = Call("notification", "/messages/search", {"order_no": order_no})
            found = await stage.ask(CLERK, call)
            return next((dict(each) for each in found if is_there(each, wanted, mode)), None)

        message = await stage.eventually(says, came, look_at=LOOK_AT, noting=way)
    await delivered(stage, withdrawal_no)
    return message


def is_there(message: Body, wanted: tuple[str, ...], mode: str) -> bool:
    """An SMS counts as sent before its failure is reported."""
    return message["state"] in wanted and not (mode == "failed" and message["channel"] == "sms")


def way(message: Body) -> str:
    return " > ".join(step["note"] or step["what"] for step in message["history"] if step["what"] != "due")


def advice(task: Body) -> str:
    return str(task["advice"])
