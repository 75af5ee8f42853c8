"""What must come of a sent withdrawal, at the services and at the outside peers."""

from tools.demo.flows.acts import CLERK
from tools.demo.flows.stage import Body, Call, Stage, demand

DELIVERY_NOTICE = "delivery-notice:"
"""How the reference of a notice of delivery begins; the order's number follows."""
ENDED = frozenset({"delivered", "annulled", "refused", "cancelled", "undeliverable"})
SENT = frozenset({"sent", "delivered"})
MESSAGES = "POST notification /messages/search with the order's number, and the log of notification"


async def ordered_once(stage: Stage, order_no: str) -> Body:
    """Wait until the distributor has the order, and see that it has it once."""

    async def taken() -> Body | None:
        found = [each for each in stage.book("distributor") if each.get("key") == order_no]
        return next((each["body"] for each in found if each["what"] == "asked"), None)

    look_at = "distributor.jsonl, the queue distributor.<id>.orders and ordering's outbox"
    order = await stage.eventually("the distributor has the order", taken, look_at=look_at)
    times = [each["what"] for each in stage.book("distributor") if each.get("key") == order_no]
    demand("asked-again" not in times, f"the order {order_no} came twice", look_at=look_at)
    return order


async def delivered(stage: Stage, withdrawal_no: str) -> Body:
    """Wait until the distributor has delivered and the withdrawal says so."""

    async def arrived() -> Body | None:
        shown = await withdrawal(stage, withdrawal_no)
        return shown if shown["state"] in ENDED else None

    look_at = f"GET ordering /withdrawals/{withdrawal_no}, and ordering.hears.distributors.replies.in_order"
    shown = await stage.eventually("the goods are delivered", arrived, look_at=look_at)
    demand(shown["state"] == "delivered", f"the withdrawal is {shown['state']}", look_at=look_at)
    return shown


async def notified_once(stage: Stage, order_no: str) -> Body:
    """Wait for the delivery notice at the SMS gateway, and see that there is one."""
    reference = f"{DELIVERY_NOTICE}{order_no}"

    async def came() -> Body | None:
        return next((each for each in stage.book("sms") if each["reference"] == reference), None)

    look_at = "POST notification /messages/search with the order's number, and sms.jsonl"
    message = await stage.eventually(
        "the SMS gateway has the delivery notice", came, look_at=look_at, noting=words
    )
    count = sum(1 for each in stage.book("sms") if each["reference"] == reference)
    demand(count == 1, f"{count} messages for one order", look_at=look_at)
    return message


async def told(
    stage: Stage, order_no: str, kind: str, *, says: str, times: int = 1, channel: str | None = None
) -> list[Body]:
    """Wait until the patient was told of something about an order so many times, and no more.

    A message that failed is sent by another channel: which one to wait for may be given.
    """

    async def came() -> list[Body] | None:
        call = Call("notification", "/messages/search", {"order_no": order_no})
        shown = [each for each in await stage.ask(CLERK, call) if each["kind"] == kind]
        demand(len(shown) <= times, f"{len(shown)} messages of that kind", look_at=MESSAGES)
        sent = [dict(each) for each in shown if each["state"] in SENT]
        sent = [each for each in sent if channel in (None, each["channel"])]
        return sent if len(sent) == times else None

    return await stage.eventually(says, came, look_at=MESSAGES, noting=channels)


async def reached_the_phone(stage: Stage, order_no: str) -> Body:
    """Wait until the gateway has reported that the notice is on the telephone."""

    async def reported() -> Body | None:
        call = Call("notification", "/messages/search", {"order_no": order_no})
        shown = await stage.ask(CLERK, call)
        return next((dict(each) for each in shown if each["state"] == "delivered"), None)

    look_at = "sms_receipts.jsonl, and take_receipt in the log of notification"
    return await stage.eventually("the gateway reports that the phone has it", reported, look_at=look_at)


async def invoiced_once(stage: Stage, withdrawal_no: str) -> Body:
    """Wait until invoicing has booked the fee, and see that it is booked once."""

    def fees() -> list[Body]:
        booked = [each for each in stage.book("invoicing") if each["what"] == "asked"]
        return [each["body"] for each in booked if each["body"]["source"]["uttag"] == withdrawal_no]

    async def booked() -> Body | None:
        return next(iter(fees()), None)

    look_at = "invoicing.jsonl, the queue invoicing.fees and billing's outbox"
    fee = await stage.eventually("invoicing has the fee", booked, look_at=look_at, noting=amount)
    demand(len(fees()) == 1, f"{len(fees())} fees for one withdrawal", look_at=look_at)
    return fee


def channels(messages: list[Body]) -> str:
    return ", ".join(str(each["channel"]) for each in messages)


def words(message: Body) -> str:
    return str(message["message"])


def amount(fee: Body) -> str:
    return f"{fee['amount']} kr, {fee['text']}"


async def withdrawal(stage: Stage, withdrawal_no: str) -> Body:
    return dict(await stage.ask(CLERK, Call("ordering", f"/withdrawals/{withdrawal_no}", method="GET")))


async def settled(stage: Stage, confirmation: Body) -> Body:
    """Wait until nothing of the withdrawal is on its way; the article is free again afterwards."""
    withdrawal_no = confirmation["withdrawal_no"]
    for order_no in confirmation["order_nos"]:
        await ordered_once(stage, order_no)
    return await delivered(stage, withdrawal_no)
