"""Handlers for what ties patients to care units: device orders, loans, collections, losses (0056)."""

from dataclasses import replace
from functools import partial

from services.prescription.domain.patients.serving import Tie, What, close_tie, open_tie
from services.prescription.repository.collections import TIES
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.events.fact import known_or
from shared.events.inventory import DeviceHandedOut, DeviceLossReported, DeviceReturned
from shared.events.inventory_collections import DeviceLentAgain
from shared.events.inventory_goods import HandOutTakenBack
from shared.events.ordering_devices import (
    CollectionOrderAnnulled,
    CollectionOrderClosed,
    CollectionOrderRegistered,
    DeviceOrderOver,
    DeviceOrderSent,
)
from shared.events.tasks import TaskResolved
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause

OF_A_LOSS = "compensation:"
"""How the task about a loss begins: the loss is over when somebody has decided what the patient pays."""


def on_devices(subscriptions: Subscriptions, prescribing: Prescribing, clock: Clock) -> None:
    _on_orders(subscriptions, prescribing, clock)
    _on_loans(subscriptions, prescribing, clock)
    _on_collections(subscriptions, prescribing, clock)


def _on_orders(subscriptions: Subscriptions, prescribing: Prescribing, clock: Clock) -> None:
    @subscriptions.on(DeviceOrderSent)
    async def on_device_order_sent(event: DeviceOrderSent, cause: Cause) -> None:
        tie = Tie(
            f"order:{event.order_no}", "order", event.patient_ref, event.care_unit, event.product_area,
            opened_at=event.sent_at,
        )  # fmt: skip
        await tie_to_unit(prescribing, tie, cause=cause)

    @subscriptions.on(DeviceOrderOver)
    async def on_device_order_over(event: DeviceOrderOver, cause: Cause) -> None:
        await untie(prescribing, f"order:{event.order_no}", "order", clock, cause=cause)


def _on_loans(subscriptions: Subscriptions, prescribing: Prescribing, clock: Clock) -> None:
    @subscriptions.on(DeviceHandedOut)
    async def on_device_handed_out(event: DeviceHandedOut, cause: Cause) -> None:
        tie = Tie(
            f"loan:{event.loan_id}", "loan", event.patient_ref, event.care_unit, event.product_area,
            opened_at=event.handed_out_at,
        )  # fmt: skip
        await tie_to_unit(prescribing, tie, cause=cause)

    @subscriptions.on(DeviceLentAgain)
    async def on_device_lent_again(event: DeviceLentAgain, cause: Cause) -> None:
        tie = Tie(
            f"loan:{event.loan_id}", "loan", event.patient_ref, event.care_unit, event.product_area,
            opened_at=event.lent_at,
        )  # fmt: skip
        await tie_to_unit(prescribing, tie, cause=cause)

    @subscriptions.on(DeviceReturned)
    async def on_device_returned(event: DeviceReturned, cause: Cause) -> None:
        await untie(prescribing, f"loan:{event.loan_id}", "loan", clock, cause=cause)

    @subscriptions.on(HandOutTakenBack)
    async def on_hand_out_taken_back(event: HandOutTakenBack, cause: Cause) -> None:
        # It was no loan: the patient who was chosen by mistake is not served by the care unit (Q51).
        for loan_id in event.loan_ids:
            await untie(prescribing, f"loan:{loan_id}", "loan", clock, cause=cause.part(loan_id))

    @subscriptions.on(DeviceLossReported)
    async def on_device_loss_reported(event: DeviceLossReported, cause: Cause) -> None:
        if known_or(event.how, "damaged") != "damaged":
            await untie(prescribing, f"loan:{event.loan_id}", "loan", clock, cause=cause.part(event.loan_id))
        tie = Tie(
            f"loss:{event.loss_no}", "loan", event.patient_ref, event.care_unit, event.product_area,
            opened_at=event.reported_at,
        )  # fmt: skip
        await tie_to_unit(prescribing, tie, cause=cause.part(event.loss_no))


def _on_collections(subscriptions: Subscriptions, prescribing: Prescribing, clock: Clock) -> None:
    @subscriptions.on(CollectionOrderRegistered)
    async def on_collection_order_registered(event: CollectionOrderRegistered, cause: Cause) -> None:
        if not event.care_unit:
            return  # of a version that did not say it: the loan ties the patient
        tie = Tie(
            f"collection:{event.collection_no}", "order", event.patient_ref, event.care_unit,
            event.product_areas[0] if len(event.product_areas) == 1 else None,
            opened_at=cause.told_at or clock.now(),
        )  # fmt: skip
        await tie_to_unit(prescribing, tie, cause=cause)

    @subscriptions.on(CollectionOrderClosed)
    async def on_collection_order_closed(event: CollectionOrderClosed, cause: Cause) -> None:
        await over(event.collection_no, cause)

    @subscriptions.on(CollectionOrderAnnulled)
    async def on_collection_order_annulled(event: CollectionOrderAnnulled, cause: Cause) -> None:
        await over(event.collection_no, cause)

    async def over(collection_no: str, cause: Cause) -> None:
        await untie(prescribing, f"collection:{collection_no}", "order", clock, cause=cause)


async def end_loss_of(prescribing: Prescribing, event: TaskResolved, clock: Clock, *, cause: Cause) -> None:
    """End the tie of a loss whose compensation is decided; other tasks say nothing of losses."""
    if event.task_id.startswith(OF_A_LOSS):
        loss_no = event.task_id.removeprefix(OF_A_LOSS)
        await untie(prescribing, f"loss:{loss_no}", "loan", clock, cause=cause.part(loss_no))


async def tie_to_unit(prescribing: Prescribing, tie: Tie, *, cause: Cause) -> None:
    """Store that something ties a patient to a care unit, under the patient's present reference."""
    patient_ref = await prescribing.current_ref(tie.patient_ref or "")
    rule = partial(open_tie, published=replace(tie, patient_ref=patient_ref))
    await prescribing.repository.change(TIES.maybe(tie.tie_id), rule, cause=cause)


async def untie(prescribing: Prescribing, tie_id: str, what: What, clock: Clock, *, cause: Cause) -> None:
    """Store that it is over, whether its beginning is known or not."""
    rule = partial(close_tie, tie_id=tie_id, what=what, at=cause.told_at or clock.now())
    await prescribing.repository.change(TIES.maybe(tie_id), rule, cause=cause)
