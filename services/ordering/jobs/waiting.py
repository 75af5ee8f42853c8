"""Job that raises tasks for drafts and orders that wait too long (S50, N7)."""

import asyncio
from datetime import timedelta
from functools import partial

from services.ordering.domain.dialogue.silence import note_silence
from services.ordering.domain.dialogue.unreached import note_unreached
from services.ordering.domain.order import Order, Unreached
from services.ordering.domain.withdrawal import Withdrawal, remind
from services.ordering.repository.collections import ALLOWANCES, ORDERS, WITHDRAWALS
from services.ordering.repository.withdrawals import Ordering
from shared.clock import Clock
from shared.fault import fault
from shared.partners import Order as OrderMessage
from shared.repository import Cause
from shared.service.apart import each_for_itself


async def remind_of_drafts(ordering: Ordering, clock: Clock, *, after_hours: int) -> None:
    """Raise a task for every draft that was left, page by page; what is reminded of is not found again."""
    now = clock.now()
    before = now - timedelta(hours=after_hours)

    async def remind_of(draft: Withdrawal) -> None:
        ref, cause = WITHDRAWALS.ref(draft.withdrawal_no), ("remind", draft.withdrawal_no, now.isoformat())
        await fault("remind.before_commit")
        await ordering.repository.change(ref, partial(remind, before=before), cause=Cause.of_job(*cause))
        await fault("remind.after_commit")

    while found := await ordering.forgotten_drafts(before=before):
        await each_for_itself(ordering.repository, found, remind_of)


async def watch_orders(ordering: Ordering, clock: Clock, *, after_hours: int) -> None:
    """Raise a task for every order that is silent for too long; one with a task is not found again."""
    now = clock.now()
    before = now - timedelta(hours=after_hours)

    async def tell_of(order: Order) -> None:
        ref, cause = ORDERS.ref(order.order_no), ("silent", order.order_no, now.isoformat())
        await fault("silence.before_commit")
        await ordering.repository.change(
            ref, partial(note_silence, before=before), cause=Cause.of_job(*cause)
        )
        await fault("silence.after_commit")

    while found := await ordering.silent_orders(before=before):
        await each_for_itself(ordering.repository, found, tell_of)


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
