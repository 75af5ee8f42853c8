"""Bad days with a distributor's messages: one that nobody can read, a used id, and a backlog (N7)."""

import asyncio
import re

from tools.demo.flows.acts import CLERK
from tools.demo.flows.bad_days.goods import looked_at
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.outcomes import delivered
from tools.demo.flows.stage import Body, Call, Stage, demand
from tools.demo.flows.withdrawals.partners import ORDERS, order_shown, sent, sent_while

PARKED = re.compile(r'^sesam_parked\{reason="ValueError",.+\} (\S+)$', re.MULTILINE)
LOOK_AT = "./sesam parked list, and GET ordering /metrics"
SEVERAL = 4


async def unreadable(stage: Stage) -> None:
    """A reply whose properties nobody can read is set aside with its reason; those around it take effect."""
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    before = await parked(stage)
    withdrawal_no, _ = await sent_while(stage, line, "unreadable")
    await delivered(stage, withdrawal_no)

    async def set_aside() -> float | None:
        now = await parked(stage)
        return now if now > before else None

    says = "the one that cannot be read waits for an operator (./sesam parked list)"
    await stage.eventually(says, set_aside, look_at=LOOK_AT, noting=lambda found: f"{found:.0f} parked")


async def parked(stage: Stage) -> float:
    told = (await stage.answer(CLERK, Call("ordering", "/metrics", method="GET"))).text
    return sum(map(float, PARKED.findall(told)))


async def used_id(stage: Stage) -> None:
    """A distributor that counts its messages from 1 again: kept, looked at, not believed."""
    line = await drink_line(stage, (await newcomer(stage)).patient_ref)
    first, _ = await sent_while(stage, line, "counts-anew")
    await delivered(stage, first)
    second, order_no = await sent_while(stage, line, "counts-anew")
    await delivered(stage, second)
    with stage.timeline.step("the reply under a used id is kept as a contradiction") as step:
        order = await order_shown(stage, order_no)
        whys = [each["why"] for each in order["replies"] if each["made_of"] == "contradicting"]
        demand(whys == ["same-message-id-other-content"], f"{whys}", look_at=ORDERS)
        step.note(whys[0])
    await looked_at(stage, order_no)


async def backlog(stage: Stage) -> None:
    """Replies about several orders come at once; each order's take effect in the order of sending."""
    lines = [await drink_line(stage, (await newcomer(stage)).patient_ref) for _ in range(SEVERAL)]
    with stage.behaving("distributor", "hold"):
        held = [await sent(stage, line) for line in lines]
        stage.control("distributor").tell({"mode": "normal", "delay_seconds": 0})
        await asyncio.gather(*(delivered(stage, withdrawal_no) for withdrawal_no, _ in held))
    with stage.timeline.step("every reply was believed, none overtook another") as step:
        orders = await asyncio.gather(*(order_shown(stage, order_no) for _, order_no in held))
        demand(all(map(in_order, orders)), f"{[each['replies'] for each in orders]}", look_at=ORDERS)
        step.note(f"{SEVERAL} orders")


def in_order(order: Body) -> bool:
    kinds = [each["kind"] for each in order["replies"] if each["made_of"] == "believed"]
    return kinds == ["order.ack.v1", "order.response.v1", "order.despatched.v1", "order.delivered.v1"]
