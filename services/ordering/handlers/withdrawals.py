"""Handlers for the facts that ordering consumes: patients, prescriptions, articles, tariffs and replies."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any

from services.ordering.application.device_patients import move_devices, stop_devices
from services.ordering.domain.allowance import (
    Allowance,
    Line,
    note_annulled,
    note_expired,
    note_lines,
    note_person,
)
from services.ordering.domain.dialogue.crowding import KeptBeside, is_crowded, long_key, shortened
from services.ordering.domain.dialogue.effects import take_long_reply, take_reply
from services.ordering.domain.dialogue.replies import digest
from services.ordering.domain.dialogue.stray import OrderIsOurs, keep_stray, may_answer, stray_key
from services.ordering.domain.merging import merge, move
from services.ordering.domain.order import Order
from services.ordering.domain.person import Guardian, Person, SavedAddress
from services.ordering.domain.reply_context import OrdersMoved
from services.ordering.domain.stopping import must_stop, stop_for
from services.ordering.repository.collections import (
    ALLOWANCES,
    LONG_REPLIES,
    ORDERS,
    STRAY_REPLIES,
    WITHDRAWALS,
)
from services.ordering.repository.devices import DeviceOrdering
from services.ordering.repository.withdrawals import Ordering
from shared.clock import Clock
from shared.domain.days import Period
from shared.domain.decision import Decision
from shared.domain.hashing import plain_hash
from shared.events.prescription import (
    LineAnnulled,
    LineEnded,
    PatientChanged,
    PatientsMerged,
    PrescriptionRegistered,
)
from shared.fault import fault
from shared.messaging.consuming import Subscriptions
from shared.partners import DistributorReply, OrderResponse, Reply
from shared.repository import Cause, Collection, Contended
from shared.sealed import Seals


def on_prescription(
    subscriptions: Subscriptions, ordering: Ordering, devices: DeviceOrdering, clock: Clock, seals: Seals
) -> None:
    _on_persons(subscriptions, ordering, devices, clock, seals)

    @subscriptions.on(PrescriptionRegistered)
    async def on_prescription_registered(event: PrescriptionRegistered, cause: Cause) -> None:
        await _change_allowance(
            ordering, event.patient_ref, partial(note_lines, lines=_lines(event)), cause=cause
        )

    @subscriptions.on(LineAnnulled)
    async def on_line_annulled(event: LineAnnulled, cause: Cause) -> None:
        await _change_allowance(
            ordering, event.patient_ref, partial(note_annulled, line_id=event.line_id), cause=cause
        )

    @subscriptions.on(LineEnded)
    async def on_line_ended(event: LineEnded, cause: Cause) -> None:
        # A used-up line is counted on the allowance itself, and may get a withdrawal back (Q9, Q21).
        # A reason that only a newer version knows ends the line as its age does: nothing more is withdrawn.
        if event.why != "used_up":
            await _change_allowance(
                ordering, event.patient_ref, partial(note_expired, line_id=event.line_id), cause=cause
            )


def _on_persons(
    subscriptions: Subscriptions, ordering: Ordering, devices: DeviceOrdering, clock: Clock, seals: Seals
) -> None:
    repository = ordering.repository

    @subscriptions.on(PatientChanged)
    async def on_patient_changed(event: PatientChanged, cause: Cause) -> None:
        ref = event.patient_ref
        rule = partial(note_person, patient_ref=ref, person=_person(event, seals))
        await repository.change(ALLOWANCES.maybe(ref), rule, cause=cause)
        allowance = await repository.get(ALLOWANCES.ref(ref))
        if allowance.person and must_stop(allowance.person):
            # After the allowance, so that what is sent meanwhile is refused or found here.
            stop = partial(stop_for, person=allowance.person, at=clock.now())
            for each in await ordering.unfinished(ref):
                refs = WITHDRAWALS.ref(each.withdrawal_no) & ORDERS.many(each.order_nos)
                await fault("stop.before_commit")
                with handled_again_when_moved():
                    await repository.change(refs, stop, cause=cause.part(each.withdrawal_no))
                await fault("stop.after_commit")
            await stop_devices(devices, ref, person=allowance.person, at=clock.now(), cause=cause)

    @subscriptions.on(PatientsMerged)
    async def on_patients_merged(event: PatientsMerged, cause: Cause) -> None:
        old, into = event.patient_ref, await ordering.present_ref(event.into_ref)
        rule = partial(merge, patient_ref=old, into_ref=into)
        await repository.change(ALLOWANCES.maybe(old) & ALLOWANCES.maybe(into), rule, cause=cause)
        while found := await ordering.some_of(old):
            for each in found:
                refs = WITHDRAWALS.ref(each.withdrawal_no) & ORDERS.many(each.order_nos)
                moved = partial(move, into_ref=into, at=clock.now())
                with handled_again_when_moved():
                    await repository.change(refs, moved, cause=cause.part(each.withdrawal_no))
                await fault("merge.with_part")
        await move_devices(devices, old, into_ref=into, cause=cause)


async def _change_allowance(
    ordering: Ordering, patient_ref: str, rule: Callable[..., Decision[Allowance]], *, cause: Cause
) -> None:
    """Change the allowance of the person this reference stands for now (S65)."""
    ref = await ordering.present_ref(patient_ref)
    await ordering.repository.change(ALLOWANCES.maybe(ref), partial(rule, patient_ref=ref), cause=cause)


def on_distributors(subscriptions: Subscriptions, ordering: Ordering, clock: Clock, seals: Seals) -> None:
    repository, hashed = ordering.repository, ordering.repository.hashes.of

    @subscriptions.on_partner("distributors.replies", Reply)
    async def on_reply(event: Reply, cause: Cause) -> None:
        order = await repository.get(ORDERS.maybe(event.order_no))
        with handled_again_when_moved():
            if order is None or not may_answer(order, event.sender):
                await _stray(event, cause)
            else:
                await _about(order, event.reply, cause)

    async def _stray(event: Reply, cause: Cause) -> None:
        reply, sender, body = event.reply, event.sender, _sealed(event.reply)
        rule = partial(keep_stray, reply=reply, sender=sender, body=body, at=clock.now(), hashed=hashed)
        stray = await _kept_under(
            STRAY_REPLIES, stray_key(reply, sender, hashed), former=stray_key(reply, sender)
        )
        refs = STRAY_REPLIES.maybe(stray) & ORDERS.maybe(reply.order_no)
        await repository.change(refs, rule, cause=cause)

    async def _about(order: Order, reply: DistributorReply, cause: Cause) -> None:
        withdrawal, present_ref = await asyncio.gather(
            repository.get(WITHDRAWALS.ref(order.withdrawal_no)), ordering.present_ref(order.patient_ref)
        )
        refs = (
            WITHDRAWALS.ref(order.withdrawal_no)
            & ALLOWANCES.ref(present_ref)
            & ORDERS.many(withdrawal.order_nos)
        )
        short, whole = shortened(reply), _sealed(reply)
        said: dict[str, Any] = {
            "reply": reply,
            "at": clock.now(),
            "catalogue": await ordering.catalogue_for(_replacing(order, reply)),
            "id_is_reused": cause.id_is_reused,
            "hashed": hashed,
        }
        if short is None and not is_crowded(order):
            await repository.change(refs, partial(take_reply, body=whole, **said), cause=cause)
            return
        body = seals.seal(json.dumps(short), purpose="messages") if short else whole
        key, former = (long_key(order.order_no, digest(reply, each)) for each in (hashed, plain_hash))
        long = LONG_REPLIES.maybe(await _kept_under(LONG_REPLIES, key, former=former))
        await repository.change(
            refs & long, partial(take_long_reply, body=body, whole=whole, **said), cause=cause
        )

    async def _kept_under(collection: Collection[Any], key: str, *, former: str) -> str:
        """Name a reply as it is kept, where the version before kept it under a hash without a key."""
        return former if await repository.get(collection.maybe(former)) else key

    def _sealed(reply: DistributorReply) -> str:
        return seals.seal(reply.model_dump_json(), purpose="messages")


@contextmanager
def handled_again_when_moved() -> Iterator[None]:
    """Hold a message whose order has changed since it was read: it is handled by what the order is then."""
    try:
        yield
    except (OrdersMoved, OrderIsOurs, KeptBeside) as read_too_early:
        raise Contended from read_too_early


def _replacing(order: Order, reply: DistributorReply) -> list[str]:
    """Name the articles to look up: those that a distributor wants to exchange, and for what."""
    lines = reply.lines if isinstance(reply, OrderResponse) else ()
    others = [each.replacement_article_no for each in lines if each.replacement_article_no]
    return [*others, *(line.article_no for line in order.lines)] if others else []


def _person(event: PatientChanged, seals: Seals) -> Person:
    status = event.asylum_seeker
    return Person(
        version=event.version,
        protected=event.protected,
        no_fixed_address=event.no_fixed_address,
        deceased_on=event.deceased_on,
        asylum_seeker=Period(status.valid_from, status.valid_through) if status else None,
        # Opened here, since the age decides fees and receivers; it is kept without name or number beside it.
        born=date.fromisoformat(seals.open(event.born)) if event.born else None,
        language=event.language,
        opted_out=event.opted_out,
        name=event.name,
        address=event.address,
        phone=event.phone,
        email=event.email,
        saved_addresses=tuple(SavedAddress(each.label, each.address) for each in event.saved_addresses),
        guardians=tuple(
            Guardian(each.guardian_ref, Period(each.valid_from, each.valid_through))
            for each in event.guardians
        ),
        payer=event.payer,
    )


def _lines(event: PrescriptionRegistered) -> tuple[Line, ...]:
    return tuple(
        Line(
            line_id=line.line_id,
            prescription_no=event.prescription_no,
            article_no=line.article_no,
            packages=line.packages,
            days=line.days,
            withdrawals=line.withdrawals,
            valid_through=line.valid_through,
            prescription_type=event.prescription_type,
            product_area=event.product_area,
            care_unit=event.care_unit,
            prescriber=event.prescriber,
            prescriber_employed_by_region=event.prescriber_employed_by_region,
            payer=event.payer,
        )
        for line in event.lines
    )
