"""A bad day with messages: the SMS gateway answers 500 for an hour (Q24, N7)."""

from datetime import timedelta

from tools.demo.flows.acts import CLERK, draft, send
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.messages.ways import never_sent
from tools.demo.flows.opening_hours import begin_by_day
from tools.demo.flows.outcomes import DELIVERY_NOTICE, MESSAGES, SENT, delivered
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.flows.tasks import is_over, listed, open_of_kind
from tools.demo.flows.withdrawals.partners import fibre_line

AN_HOUR = timedelta(minutes=61)
GATEWAY = "gateway:sms"
OPERATOR = "operator"


async def play(stage: Stage) -> None:
    """The first outcomes are unknown and become work; then it rests, and what waits goes out once.

    What else falls due in that hour, a reminder for one, may be among the first.
    """
    orders: list[str] = []
    person = await newcomer(stage)
    lines = (await drink_line(stage, person.patient_ref), await fibre_line(stage, person.patient_ref))
    before = await open_of_kind(stage, "message_not_sent")
    with stage.behaving("sms_gateway", "500"):
        for _ in range(2):
            withdrawal_no = await draft(stage, *lines, by=CLERK)
            orders += (await send(stage, withdrawal_no, by=CLERK))["order_nos"]
            await delivered(stage, withdrawal_no)
        await listed(stage, GATEWAY, says="an operator is told, and nothing more is tried", by=OPERATOR)
        unknown = [each for each in orders if await state_of(stage, each) == "unknown"]
        waiting = [each for each in orders if each not in unknown]
        with stage.timeline.step("what nobody knows about is work; the rest waits") as step:
            to_call = await open_of_kind(stage, "message_not_sent") - before
            demand(bool(to_call and waiting), f"{len(to_call)} unknown, {len(waiting)}", look_at=MESSAGES)
            step.note(f"{len(to_call)} unknown, {len(waiting)} waiting")
        with stage.timeline.step("an hour passes"):
            await stage.pass_time(AN_HOUR)
    await begin_by_day(stage)
    for order_no in waiting:
        await is_settled(stage, order_no)
    await goes_out(stage, await another_order(stage))
    for order_no in unknown:
        await listed(stage, f"message:{DELIVERY_NOTICE}{order_no}", says="this one a person calls about")
        never_sent(stage, order_no)
    await is_over(stage, GATEWAY, says="the gateway answers well again", by=OPERATOR)


async def message_of(stage: Stage, order_no: str) -> Body | None:
    found = await stage.ask(CLERK, Call("notification", "/messages/search", {"order_no": order_no}))
    return next((dict(each) for each in found if each["kind"] == "delivery_notice"), None)


async def state_of(stage: Stage, order_no: str) -> str | None:
    message = await message_of(stage, order_no)
    return str(message["state"]) if message else None


async def is_settled(stage: Stage, order_no: str) -> None:
    """What came while its notice waited is not announced any more (Q33)."""

    async def settled() -> str | None:
        state = await state_of(stage, order_no)
        return state if state in {*SENT, "suppressed"} else None

    says = "what waited goes out once, or is left unsaid where the goods have come"
    await stage.eventually(says, settled, look_at=MESSAGES, noting=str)


async def another_order(stage: Stage) -> str:
    """Let goods of another person come, now that the gateway works."""
    person = await newcomer(stage)
    withdrawal_no = await draft(stage, await drink_line(stage, person.patient_ref), by=CLERK)
    order_no = str((await send(stage, withdrawal_no, by=CLERK))["order_nos"][0])
    await delivered(stage, withdrawal_no)
    return order_no


async def goes_out(stage: Stage, order_no: str) -> None:
    async def went() -> str | None:
        state = await state_of(stage, order_no)
        return state if state in SENT else None

    await stage.eventually("what comes now is announced at once", went, look_at=MESSAGES, noting=str)
