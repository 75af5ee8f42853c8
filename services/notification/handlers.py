"""Handlers for the facts that notification consumes."""

from collections.abc import Callable, Mapping

from services.notification.application.messages import Messages
from services.notification.application.tasks import Tasks
from services.notification.domain.contact import Contact, Guardian
from services.notification.domain.message import Channel, Kind, Message
from services.notification.domain.notices import delivery_notice, write
from services.notification.domain.overtaken import Arrival
from services.notification.domain.task import Task, kind_of
from shared.clock import Clock
from shared.domain.hashing import plain_hash
from shared.events.fact import known_or
from shared.events.inventory import RecallConcernsPatient
from shared.events.ordering import (
    ArticleSubstituted,
    Notify,
    OrderDelayed,
    OrderDelivered,
    OrderDespatched,
    WithdrawalAnnulled,
)
from shared.events.prescription import PatientChanged, PatientsMerged, RenewalDue, RenewalReason
from shared.events.tasks import TaskRaised, TaskResolved
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause
from shared.sealed import Seals

RENEWALS: Mapping[RenewalReason, Kind] = {"ends": "renewal_ends", "last_withdrawal_used": "renewal_last_used"}
BY_A_PERSON: Channel = "phone"


def handlers(
    messages: Messages,
    tasks: Tasks,
    *,
    clock: Clock,
    seals: Seals,
    send_soon: Callable[[Message | None], None],
) -> Subscriptions:
    subscriptions = Subscriptions("notification")
    of_orders(subscriptions, messages, clock, send_soon)
    of_recalls(subscriptions, messages, clock, send_soon)
    of_renewals(subscriptions, messages, clock, send_soon)
    of_patients(subscriptions, messages, seals)
    of_tasks(subscriptions, tasks, clock)
    return subscriptions


def of_orders(
    subscriptions: Subscriptions,
    messages: Messages,
    clock: Clock,
    send_soon: Callable[[Message | None], None],
) -> None:
    @subscriptions.on(OrderDespatched)
    async def on_order_despatched(event: OrderDespatched, cause: Cause) -> None:
        notice = delivery_notice(
            event.order_no,
            patient_ref=event.patient_ref,
            channel=_channel(event.notify),
            to=event.notify.to,
            language=event.notify.language,
            at=clock.now(),
            traceparent=cause.traceparent,
            parcel=event.parcel,
            part=known_or(event.part, "whole"),  # what a notice of a whole delivery says is true of any
            rest_on=event.rest_on,
            is_left_outside=event.is_left_outside,
        )
        send_soon(await messages.notify(notice, cause=cause))

    @subscriptions.on(OrderDelivered)
    async def on_order_delivered(event: OrderDelivered, cause: Cause) -> None:
        await messages.arrived(Arrival(event.order_no, event.delivered_at), cause=cause)

    @subscriptions.on(WithdrawalAnnulled)
    async def on_withdrawal_annulled(event: WithdrawalAnnulled, cause: Cause) -> None:
        """Say once whom to call; a receiver without notice is reached by the patient's channel (Q31)."""
        wanted = event.notify or Notify(channel="none")
        by_own_way = event.notify is not None and wanted.channel == "none"
        notice = write(
            f"goods-not-coming:{event.withdrawal_no}",
            "goods_not_coming",
            order_no=event.order_no,
            patient_ref=event.patient_ref,
            channel="sms" if by_own_way else _channel(wanted),
            to=wanted.to,
            language=wanted.language,
            at=clock.now(),
            traceparent=cause.traceparent,
        )
        send_soon(await messages.notify(notice, cause=cause))

    async def notify_patient(
        event: OrderDelayed | ArticleSubstituted, kind: Kind, message_id: str, cause: Cause
    ) -> None:
        notice = write(
            message_id,
            kind,
            order_no=event.order_no,
            day=event.expected_on if isinstance(event, OrderDelayed) else None,
            patient_ref=event.patient_ref,
            channel=_channel(event.notify),
            to=event.notify.to,
            language=event.notify.language,
            at=clock.now(),
            traceparent=cause.traceparent,
        )
        send_soon(await messages.notify(notice, cause=cause))

    @subscriptions.on(OrderDelayed)
    async def on_order_delayed(event: OrderDelayed, cause: Cause) -> None:
        await notify_patient(
            event, "order_delayed", f"order-delayed:{event.order_no}:{event.expected_on}", cause
        )

    @subscriptions.on(ArticleSubstituted)
    async def on_article_substituted(event: ArticleSubstituted, cause: Cause) -> None:
        # several articles of one order may be substituted: the patient is told once
        await notify_patient(event, "article_substituted", f"article-substituted:{event.order_no}", cause)


def of_recalls(
    subscriptions: Subscriptions,
    messages: Messages,
    clock: Clock,
    send_soon: Callable[[Message | None], None],
) -> None:
    @subscriptions.on(RecallConcernsPatient)
    async def on_recall_concerns_patient(event: RecallConcernsPatient, cause: Cause) -> None:
        """Tell a patient once of a recall, by the contact channel, however many pieces it concerns (N4)."""
        contact = await messages.queries.contact(event.patient_ref)
        notice = write(
            f"recall:{plain_hash(f'{event.recall_no}|{contact.patient_ref}')[:24]}",
            "goods_recalled",
            about=event.article_no,
            patient_ref=contact.patient_ref,
            channel="sms",
            to=None,
            language=contact.language,
            at=clock.now(),
            traceparent=cause.traceparent,
        )
        send_soon(await messages.notify(notice, cause=cause))


def of_renewals(
    subscriptions: Subscriptions,
    messages: Messages,
    clock: Clock,
    send_soon: Callable[[Message | None], None],
) -> None:
    @subscriptions.on(RenewalDue)
    async def on_renewal_due(event: RenewalDue, cause: Cause) -> None:
        kind = RENEWALS[known_or(event.why, "ends")]  # until which day is true whatever the reason is
        notice = write(
            # lines that end on one day are one message
            f"renewal:{event.prescription_no}:{event.why}:{event.on}",
            kind,
            about=event.prescription_no,
            day=event.on,
            patient_ref=event.patient_ref,
            channel="sms",
            to=event.notify,
            language=event.language,
            at=clock.now(),
            traceparent=cause.traceparent,
        )
        send_soon(await messages.notify(notice, cause=cause))


def of_patients(subscriptions: Subscriptions, messages: Messages, seals: Seals) -> None:
    @subscriptions.on(PatientChanged)
    async def on_patient_changed(event: PatientChanged, cause: Cause) -> None:
        """Keep how to reach the patient; of who is withheld or dead, nothing (Q18)."""
        told = Contact(event.patient_ref, event.version, language=event.language)
        if not (event.protected or event.no_fixed_address or event.deceased_on):
            told = Contact(
                event.patient_ref,
                event.version,
                phone=event.phone,
                phone_key=seals.key_of(seals.open(event.phone)) if event.phone else None,
                email=event.email,
                name=event.name,
                address=event.address,
                language=event.language,
                born=event.born,
                guardians=tuple(
                    Guardian(each.guardian_ref, each.valid_from, each.valid_through)
                    for each in event.guardians
                ),
                acting_version=event.version,
            )
        await messages.keep_contact(told, cause=cause)

    @subscriptions.on(PatientsMerged)
    async def on_patients_merged(event: PatientsMerged, cause: Cause) -> None:
        await messages.merge(event.patient_ref, into_ref=event.into_ref, cause=cause)


def of_tasks(subscriptions: Subscriptions, tasks: Tasks, clock: Clock) -> None:
    @subscriptions.on(TaskRaised)
    async def on_task_raised(event: TaskRaised, cause: Cause) -> None:
        task = Task(
            task_id=event.task_id,
            kind=kind_of(event.kind),
            role=event.role,
            care_unit=event.care_unit,
            patient_ref=event.patient_ref,
            subject_no=event.subject_no,
            reason=event.reason,
            details=event.details,
            due_at=event.due_at,
            raised_at=clock.now(),
            told_at=cause.told_at,
        )
        await tasks.put(task, note=event.note, cause=cause)

    @subscriptions.on(TaskResolved)
    async def on_task_resolved(event: TaskResolved, cause: Cause) -> None:
        await tasks.end(event.task_id, how=event.how, told_at=cause.told_at, cause=cause)


def _channel(wanted: Notify) -> Channel:
    """Give the way that was wished; instead of one that only a newer version knows, a person calls."""
    return known_or(wanted.channel, BY_A_PERSON)
