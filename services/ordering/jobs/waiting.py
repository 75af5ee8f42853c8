"""Job that raises tasks for drafts and orders that wait too long (S50, N7)."""

import asyncio
from datetime import timedelta
from functools import partial

from services.ordering.domain.dialogue.silence import note_silence
from services.ordering.domain.dialogue.unreached import note_unreached
from services.ordering.domain.order import Unreached
from services.ordering.domain.withdrawal import remind
from services.ordering.repository.collections import ALLOWANCES, ORDERS, WITHDRAWALS, Ordering
from shared.clock import Clock
from shared.fault import fault
from shared.partners import Order as OrderMessage
from shared.repository import Cause


async def remind_of_drafts(ordering: Ordering, clock: Clock, *, after_hours: int) -> None:
    """Raise a task for every draft that was left, page by page; what is reminded of is not found again."""
    now = clock.now()
    before = now - timedelta(hours=after_hours)
    while found := await ordering.forgotten_drafts(before=before):
        for each in found:
            await fault("remind.before_commit")
            await ordering.repository.change(
                WITHDRAWALS.ref(each.withdrawal_no),
                partial(remind, before=before),
                cause=Cause.of_job("remind", each.withdrawal_no, now.isoformat()),
            )
            await fault("remind.after_commit")


async def watch_orders(ordering: Ordering, clock: Clock, *, after_hours: int) -> None:
    """Raise a task for every order that is silent for too long; one with a task is not found again."""
    now = clock.now()
    before = now - timedelta(hours=after_hours)
    while found := await ordering.silent_orders(before=before):
        for each in found:
            await fault("silence.before_commit")
            await ordering.repository.change(
                ORDERS.ref(each.order_no),
                partial(note_silence, before=before),
                cause=Cause.of_job("silent", each.order_no, now.isoformat()),
            )
            await fault("silence.after_commit")


async def on_set_aside(ordering: Ordering, clock: Clock, topic: str, order_no: str) -> None:
    """Raise a task for what no queue of the distributor took; one with a task gets no second one."""
    repository, now = ordering.repository, clock.now()
    order = await repository.get(ORDERS.ref(order_no))
    withdrawal, present_ref, catalogue = await asyncio.gather(
        repository.get(WITHDRAWALS.ref(order.withdrawal_no)),
        ordering.present_ref(order.patient_ref),
        ordering.catalogue_for(()),
    )
    what: Unreached = "order" if topic == OrderMessage.topic else "annulment"
    await repository.change(
        (
            WITHDRAWALS.ref(order.withdrawal_no)
            & ALLOWANCES.ref(present_ref)
            & ORDERS.many(withdrawal.order_nos)
        ),
        partial(note_unreached, order_no=order_no, what=what, at=now, catalogue=catalogue),
        cause=Cause.of_job("set-aside", what, order_no, now.isoformat()),
    )
