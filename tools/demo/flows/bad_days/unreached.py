"""A bad day for an order: no queue takes it, since its distributor has none (S45, N7, decision 0046)."""

import re
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, redirect_stdout
from datetime import timedelta
from io import StringIO
from pathlib import Path

import aio_pika
from aio_pika.abc import AbstractQueue

from deploy.set_aside import list_aside, send_aside
from shared.distributors import ORDERS_EXCHANGE, orders_queue
from shared.messaging.amqp import address
from tools.demo.flows.acts import CLERK, draft, send
from tools.demo.flows.cast import drink_line, newcomer
from tools.demo.flows.outcomes import delivered, ordered_once
from tools.demo.flows.stage import Call, Stage, demand
from tools.demo.flows.tasks import is_over, listed
from tools.demo.flows.withdrawals.partners import ORDERS, fibre_line, order_shown, sent

GONE = "demo-b"
"""Delivers the fibre; the drink of everybody else comes from demo-a."""
SET_ASIDE = re.compile(r"^sesam_outbox_set_aside(?:\{.*\})? (\S+)$", re.MULTILINE)
TWO_MINUTES = timedelta(minutes=2)
OUTBOX = "./sesam outbox list, and docs/runbooks/outbox.md"


async def nobody_delivers(stage: Stage) -> None:
    """It is set aside with a task and stops nothing else; an operator sends it when the queue is there."""
    fibre = await fibre_line(stage, (await newcomer(stage)).patient_ref)
    drink = await drink_line(stage, (await newcomer(stage)).patient_ref)
    async with queue_away(stage):
        withdrawal_no = await draft(stage, fibre, by=CLERK)
        (order_no,) = (await send(stage, withdrawal_no, by=CLERK))["order_nos"]
        other, _ = await sent(stage, drink)
        await delivered(stage, other)
        says = "after ten seconds it is set aside, and customer service is told"
        await listed(stage, f"order-not-handed-over:{order_no}", says=says)
        await alerted(stage)
        await still_ready(stage)
        await in_the_list(stage, order_no)
        with stage.timeline.step("the order says that it never reached its distributor") as step:
            order = await order_shown(stage, order_no)
            demand(order["unreached"] == "order", f"{order}", look_at=ORDERS)
            step.note(str(order["state_text"]))
    with stage.timeline.step("the operator sends it again: ./sesam outbox send") as step:
        step.note(await said(send_aside([order_no])))
    await ordered_once(stage, order_no)
    await delivered(stage, withdrawal_no)
    await is_over(stage, f"order-not-handed-over:{order_no}", says="it was delivered: the work is over")


@asynccontextmanager
async def queue_away(stage: Stage) -> AsyncIterator[None]:
    """Let no queue take the distributor's orders until the block ends, also when a step in it fails."""
    note = note_of(stage)
    with stage.timeline.step(f"no queue takes orders for {GONE} any more"):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text("The demo took the binding of this distributor's queue away.\n")
        async with queue_of(stage) as queue:
            await queue.unbind(ORDERS_EXCHANGE, queue.name)
    try:
        yield
    finally:
        await queue_back(stage)


async def queue_back(stage: Stage) -> bool:
    """Let the queue take the distributor's orders again; tell whether it was away."""
    note = note_of(stage)
    if not note.exists():
        return False
    async with queue_of(stage) as queue:
        await queue.bind(ORDERS_EXCHANGE, queue.name)
    note.unlink()
    return True


def note_of(stage: Stage) -> Path:
    return stage.settings.peer_log_dir / f"{GONE}.away"


@asynccontextmanager
async def queue_of(stage: Stage) -> AsyncIterator[AbstractQueue]:
    """Reach the distributor's queue as the operator, whose account alone may bind it."""
    async with await aio_pika.connect(address(stage.settings.rabbitmq_partners_url)) as connection:
        channel = await connection.channel()
        yield await channel.get_queue(orders_queue(GONE))


async def alerted(stage: Stage) -> None:
    """See the figure by which an operator is alerted."""

    async def counted() -> float | None:
        shown = (await stage.answer(CLERK, Call("ordering", "/metrics", method="GET"))).text
        return sum(map(float, SET_ASIDE.findall(shown))) or None

    says = "the alert OrdersAreSetAside has its figure"
    await stage.eventually(says, counted, look_at="GET ordering /metrics", noting=lambda each: f"{each:.0f}")


async def still_ready(stage: Stage) -> None:
    """An order that waited for two minutes to be published would make ordering unready; this one does not."""
    with stage.timeline.step("two minutes pass: ordering is ready all the same") as step:
        await stage.pass_time(TWO_MINUTES)
        answer = await stage.answer(CLERK, Call("ordering", "/ready", method="GET"))
        demand(answer.is_success, f"/ready says {answer.text}", look_at="GET ordering /ready")
        step.note(f"/ready {answer.status_code}")


async def in_the_list(stage: Stage, order_no: str) -> None:
    with stage.timeline.step("the operator finds it: ./sesam outbox list") as step:
        lines = (await said(list_aside())).splitlines()
        (line,) = [each for each in lines if each.startswith(order_no)] or [""]
        demand(orders_queue(GONE) in line, f"{lines}", look_at=OUTBOX)
        step.note(line)


async def said(command: Awaitable[int]) -> str:
    """Run an operator's command as a terminal does; give what it said."""
    written = StringIO()
    with redirect_stdout(written):
        code = await command
    demand(code == 0, written.getvalue(), look_at=OUTBOX)
    return written.getvalue().strip()
