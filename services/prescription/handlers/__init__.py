"""Handlers for what prescription consumes: articles, tariffs, withdrawals, saved addresses, tasks."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from services.prescription.application.sealing import ADDRESS, address_key
from services.prescription.domain.patients.contact import keep_address
from services.prescription.domain.patients.serving import Tie, open_tie
from services.prescription.domain.prescriptions.articles import Article, note_article
from services.prescription.domain.prescriptions.lines import give_back, note_withdrawal
from services.prescription.domain.prescriptions.prescriptions import prescription_of
from services.prescription.handlers.ties import end_loss_of, on_devices, tie_to_unit, untie
from services.prescription.repository.collections import ARTICLES, PATIENTS, PRESCRIPTIONS, TARIFFS, TIES
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.domain.money import Money
from shared.domain.tariff import note_tariff
from shared.events.billing import TariffPublished
from shared.events.inventory import ArticleChanged, FoodsArticle
from shared.events.ordering import (
    AddressKept,
    OrderAnnulled,
    OrderDelivered,
    OrderUndeliverable,
    WithdrawalAnnulled,
    WithdrawalSent,
)
from shared.events.tasks import TaskRaised, TaskResolved
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause
from shared.sealed import Seals


def handlers(prescribing: Prescribing, clock: Clock, seals: Seals) -> Subscriptions:
    subscriptions = Subscriptions("prescription")
    repository = prescribing.repository
    _on_addresses(subscriptions, prescribing, seals)
    _on_orders(subscriptions, prescribing, clock)
    _on_tasks(subscriptions, prescribing, clock)
    on_devices(subscriptions, prescribing, clock)

    @subscriptions.on(ArticleChanged)
    async def on_article_changed(event: ArticleChanged, cause: Cause) -> None:
        foods = event.foods
        if foods is None:
            return  # a device is ordered, not prescribed
        rule = partial(note_article, published=_copy(event, foods))
        await repository.change(ARTICLES.maybe(event.article_no), rule, cause=cause)

    @subscriptions.on(TariffPublished)
    async def on_tariff_published(event: TariffPublished, cause: Cause) -> None:
        await repository.change(
            TARIFFS.maybe(event.tariff), partial(note_tariff, published=event), cause=cause
        )

    @subscriptions.on(WithdrawalSent)
    async def on_withdrawal_sent(event: WithdrawalSent, cause: Cause) -> None:
        patient_ref = await prescribing.current_ref(event.patient_ref)
        ties = [
            repository.change(
                TIES.maybe(tie.tie_id), partial(open_tie, published=tie), cause=cause.part("tie", order_no)
            )
            for order_no, tie in _ties_of(event, patient_ref)
        ]
        uses = [
            repository.change(
                PRESCRIPTIONS.ref(prescription_no),
                partial(
                    note_withdrawal,
                    withdrawal_no=event.withdrawal_no,
                    line_ids=line_ids,
                    on=event.sent_on,
                ),
                cause=cause.part(prescription_no),
            )
            for prescription_no, line_ids in _by_prescription(line.line_id for line in event.lines).items()
        ]
        await asyncio.gather(*ties, *uses)  # changes that wait at the same moment share one transaction

    @subscriptions.on(WithdrawalAnnulled)
    async def on_withdrawal_annulled(event: WithdrawalAnnulled, cause: Cause) -> None:
        # Whether a line comes back depends on the day it is given back, not on the day of the annulment.
        number, on = event.withdrawal_no, clock.today()
        for prescription_no, line_ids in _by_prescription(event.line_ids).items():
            rule = partial(give_back, withdrawal_no=number, line_ids=line_ids, on=on)
            await repository.change(
                PRESCRIPTIONS.ref(prescription_no), rule, cause=cause.part(prescription_no)
            )

    return subscriptions


def _on_addresses(subscriptions: Subscriptions, prescribing: Prescribing, seals: Seals) -> None:
    @subscriptions.on(AddressKept)
    async def on_address_kept(event: AddressKept, cause: Cause) -> None:
        address = ADDRESS.validate_json(seals.open(event.address))
        rule = partial(
            keep_address,
            address_id=address_key(address, seals),
            label=event.label or seals.seal(f"{address.line1}, {address.city}"),
            address=event.address,
        )
        patient_ref = await prescribing.current_ref(event.patient_ref)
        await prescribing.repository.change(PATIENTS.maybe(patient_ref), rule, cause=cause)


def _on_orders(subscriptions: Subscriptions, prescribing: Prescribing, clock: Clock) -> None:
    @subscriptions.on(OrderDelivered)
    async def on_order_delivered(event: OrderDelivered, cause: Cause) -> None:
        await over(event.order_no, cause)

    @subscriptions.on(OrderAnnulled)
    async def on_order_annulled(event: OrderAnnulled, cause: Cause) -> None:
        await over(event.order_no, cause)

    @subscriptions.on(OrderUndeliverable)
    async def on_order_undeliverable(event: OrderUndeliverable, cause: Cause) -> None:
        await over(event.order_no, cause)

    async def over(order_no: str, cause: Cause) -> None:
        await untie(prescribing, f"order:{order_no}", "order", clock, cause=cause)


def _on_tasks(subscriptions: Subscriptions, prescribing: Prescribing, clock: Clock) -> None:
    @subscriptions.on(TaskRaised)
    async def on_task_raised(event: TaskRaised, cause: Cause) -> None:
        if event.patient_ref is None or event.care_unit is None:
            return  # it ties nobody to a care unit
        at = cause.told_at or clock.now()
        tie = Tie(
            f"task:{event.task_id}", "task", event.patient_ref, event.care_unit, role=event.role, opened_at=at
        )
        await tie_to_unit(prescribing, tie, cause=cause)

    @subscriptions.on(TaskResolved)
    async def on_task_resolved(event: TaskResolved, cause: Cause) -> None:
        await untie(prescribing, f"task:{event.task_id}", "task", clock, cause=cause)
        await end_loss_of(prescribing, event, clock, cause=cause)


def _ties_of(event: WithdrawalSent, patient_ref: str) -> Iterator[tuple[str, Tie]]:
    for order_no in event.order_nos:
        yield order_no, Tie(
            f"order:{order_no}", "order", patient_ref, event.care_unit, event.product_area,
            opened_at=event.sent_at,
        )  # fmt: skip


def _by_prescription(line_ids: Iterable[str]) -> Mapping[str, list[str]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for each in dict.fromkeys(line_ids):
        grouped[prescription_of(each)].append(each)
    return grouped


def _copy(event: ArticleChanged, foods: FoodsArticle) -> Article:
    return Article(
        article_no=event.article_no,
        version=event.version,
        name=event.name,
        product_area=event.product_area,
        subgroup=foods.subgroup,
        pieces_per_package=foods.pieces_per_package,
        piece=event.piece,
        package_price=Money(event.package_price),
        warn_above_packages=event.warn_above_packages,
        is_generic=event.is_generic,
        status=event.status,
        replaced_by=event.replaced_by,
    )
