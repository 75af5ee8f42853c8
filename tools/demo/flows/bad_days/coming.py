"""Bad days with what comes: nothing, too little, and a distributor that speaks for another (Q31, Q32)."""

import secrets

import aio_pika

from shared.distributors import reply_key
from shared.messaging.amqp import address
from shared.partners import OrderCancelledReply
from tools.demo.flows.acts import CLERK
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.outcomes import delivered, ordered_once, told
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.flows.tasks import is_over, listed
from tools.demo.flows.withdrawals.partners import ORDERS, became, order_shown, sent, sent_while

STRAY = "GET ordering /replies/stray"
ANOTHER = "demo-b"
"""Speaks about an order of demo-a, where the drink comes from."""


async def nothing_comes(stage: Stage) -> None:
    """The distributor refuses: the withdrawal says so, the patient is told, and it is ordered again (Q31)."""
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    withdrawal_no, order_no = await sent_while(stage, line, "refuse")
    await became(stage, withdrawal_no, "refused")
    await listed(stage, f"goods-not-coming:{order_no}", says="customer service is asked to order again")
    await told(stage, order_no, "goods_not_coming", says="the patient is told that nothing comes")
    with stage.timeline.step("customer service orders it again, in one step") as step:
        again = await stage.ask(CLERK, Call("ordering", f"/withdrawals/{withdrawal_no}/again", {}))
        step.note(again["withdrawal_no"])
    await is_over(stage, f"goods-not-coming:{order_no}", says="it is ordered again: the work is over")
    await delivered(stage, again["withdrawal_no"])


async def too_little_comes(stage: Stage) -> None:
    """Half comes and no more: the fee follows what comes, and the rest is ordered without a new one (Q32)."""
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    withdrawal_no, order_no = await sent_while(stage, line, "short")
    await delivered(stage, withdrawal_no)
    await listed(stage, f"delivered-short:{order_no}", says="customer service is asked about the rest")
    with stage.timeline.step("customer service orders the rest, under the same withdrawal") as step:
        rest = await stage.ask(CLERK, Call("ordering", f"/withdrawals/{withdrawal_no}/rest", {}))
        step.note(rest["order_nos"][-1])
    await ordered_once(stage, rest["order_nos"][-1])
    await delivered(stage, withdrawal_no)
    await is_over(stage, f"delivered-short:{order_no}", says="the rest is ordered: the work is over")


async def another_speaks(stage: Stage) -> None:
    """A distributor cancels another's order: kept as a stray reply with a task, and believed by nobody."""
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    with stage.behaving("distributor", "hold"):
        withdrawal_no, order_no = await sent(stage, line)
        await _cancelled_by_another(stage, order_no)

        async def kept() -> Body | None:
            strays = await stage.ask(CLERK, Call("ordering", "/replies/stray", method="GET"))
            return next((dict(each) for each in strays if each["order_no"] == order_no), None)

        says = "the reply is kept beside the orders, with its sender"
        stray = await stage.eventually(says, kept, look_at=STRAY, noting=lambda each: str(each["why"]))
        demand(stray["why"] == "another-distributors-order", f"{stray}", look_at=STRAY)
        order = await order_shown(stage, order_no)
        demand(order["over_at"] is None and not order["replies"], f"{order}", look_at=ORDERS)
    await delivered(stage, withdrawal_no)


async def _cancelled_by_another(stage: Stage, order_no: str) -> None:
    settings = stage.settings
    url = settings.distributor_urls.get(ANOTHER, settings.rabbitmq_partners_url)
    name = f"demo-{secrets.token_hex(4)}"
    said = OrderCancelledReply(
        type="order.cancelled.v1", message_id=name, order_no=order_no, at=stage.clock.now()
    )
    with stage.timeline.step(f"{ANOTHER} cancels it, although it is demo-a's") as step:
        async with await aio_pika.connect(address(url)) as connection:
            exchange = await (await connection.channel()).get_exchange("distributors.replies", ensure=False)
            message = aio_pika.Message(said.model_dump_json().encode(), message_id=name, type=said.type)
            await exchange.publish(message, reply_key(ANOTHER))
        step.note(reply_key(ANOTHER))
