"""Bad days with notices: two parcels, a delay known with a part, goods that come at night (Q33)."""

from datetime import time, timedelta

from tools.demo.flows.acts import CLERK, HOME, Line
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.messages.ways import SIGNED, sent, suppressed
from tools.demo.flows.opening_hours import pass_until
from tools.demo.flows.outcomes import MESSAGES, notified_once, told
from tools.demo.flows.stage import Body, Call, Stage, demand

PARTS = 6
AT_NIGHT = time(0, 9)
IN_THE_MORNING = time(8, 5)
A_MOMENT = timedelta(seconds=30)
"""News of a delay waits so long that what comes with it is known."""
MET = SIGNED | {"notice": "sms"}
MEANWHILE = "delivered-meanwhile"


async def two_parcels(stage: Stage) -> None:
    """Each parcel has its notice, a delay is told with its part, and the morning is true (T10, Q33)."""
    person = await newcomer(stage)
    line = await drink_line(stage, person.patient_ref, packages=PARTS, withdrawals=3)
    await one_truth(stage, line)
    await pass_until(stage, AT_NIGHT)
    left = await sent(stage, line, delivery=HOME)
    met = await sent(stage, line, delivery=MET)
    await pass_until(stage, IN_THE_MORNING)
    await says_delivered(stage, left)
    await suppressed(stage, met, why=MEANWHILE)


async def one_truth(stage: Stage, line: Line) -> None:
    """Half is late and half sent at the same moment, then the rest: two notices, no news of a delay.

    Somebody must meet each parcel: of what is left outside only the first is announced.
    """
    with stage.behaving("distributor", "back-order"):
        order_no = await sent(stage, line, delivery=MET)
    await told(stage, order_no, "delivery_notice", says="each of the two parcels has its notice", times=2)
    with stage.timeline.step(
        "the first is a part and says when the rest comes, the second is the rest"
    ) as step:
        first, second = texts(stage, order_no)
        demand("En del av din" in first and "Resten väntas" in first, first, look_at="sms.jsonl")
        demand("Resten av din leverans är på väg" in second, second, look_at="sms.jsonl")
        step.note(f"{first} | {second}")
    await stage.pass_time(A_MOMENT)
    await no_delay_told(stage, order_no)


async def no_delay_told(stage: Stage, order_no: str) -> None:
    """Wait until all news of a delay is settled, and see that the notices stand alone."""

    async def settled() -> list[str] | None:
        found = await stage.ask(CLERK, Call("notification", "/messages/search", {"order_no": order_no}))
        late = [each for each in found if each["kind"] == "order_delayed"]
        return [why(each) for each in late] if {each["state"] for each in late} == {"suppressed"} else None

    says = "that it is late was known with it, and is not told beside it"
    await stage.eventually(says, settled, look_at=MESSAGES, noting=", ".join)
    demand(len(texts(stage, order_no)) == len("ab"), "more was told", look_at="sms.jsonl")


def why(message: Body) -> str:
    return str(message["history"][-1]["note"])


def texts(stage: Stage, order_no: str) -> list[str]:
    """Give what the gateway got about an order, by parcel: every reference to a message names the order."""
    got = [each for each in stage.book("sms") if order_no in str(each["reference"])]
    return [str(each["message"]) for each in sorted(got, key=lambda each: str(each["reference"]))]


async def says_delivered(stage: Stage, order_no: str) -> None:
    """What was left outside at night is told as what it is."""
    message = await notified_once(stage, order_no)
    with stage.timeline.step("in the morning it says that it came, not that it is on its way"):
        words = str(message["message"])
        demand("Vi har levererat" in words and "på väg" not in words, words, look_at=MESSAGES)
