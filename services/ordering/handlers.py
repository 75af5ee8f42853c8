"""What ordering does when it hears of patients, prescriptions, the catalogue, tariffs and replies."""

from datetime import date
from functools import partial

from services.ordering.domain.allowance import (
    Line,
    note_annulled,
    note_expired,
    note_lines,
    note_person,
)
from services.ordering.domain.catalogue import Article, note_article, note_tariff
from services.ordering.domain.dialogue import hear
from services.ordering.domain.person import Person
from services.ordering.domain.stray import keep_stray, stray_key
from services.ordering.domain.withdrawal import forget_protected
from services.ordering.repository import (
    ALLOWANCES,
    ARTICLES,
    ORDERS,
    STRAY_REPLIES,
    TARIFFS,
    WITHDRAWALS,
    Ordering,
)
from shared.clock import Clock
from shared.domain.days import Period
from shared.domain.money import Money
from shared.events.billing import TariffPublished
from shared.events.inventory import ArticleChanged
from shared.events.partners import Reply
from shared.events.prescription import (
    LineAnnulled,
    LineEnded,
    PatientChanged,
    PrescriptionRegistered,
)
from shared.hearing import Ears
from shared.repository import Cause, Repository
from shared.sealed import Seals


def handlers(ordering: Ordering, clock: Clock, seals: Seals) -> Ears:
    ears = Ears("ordering")
    _hear_prescription(ears, ordering, clock, seals)
    _hear_catalogue(ears, ordering.repository)
    _hear_distributors(ears, ordering.repository, clock, seals)
    return ears


def _hear_prescription(ears: Ears, ordering: Ordering, clock: Clock, seals: Seals) -> None:
    repository = ordering.repository

    @ears.on(PatientChanged)
    async def on_patient_changed(event: PatientChanged, cause: Cause) -> None:
        ref = event.patient_ref
        rule = partial(note_person, patient_ref=ref, person=_person(event, seals))
        await repository.change(ALLOWANCES.maybe(ref), rule, cause=cause)
        if event.protected:
            # After the allowance, so that a draft made meanwhile is refused or found here.
            forget = partial(forget_protected, at=clock.now())
            for draft in await ordering.drafts(patient_ref=ref):
                number = draft.withdrawal_no
                await repository.change(WITHDRAWALS.ref(number), forget, cause=cause.part(number))

    @ears.on(PrescriptionRegistered)
    async def on_prescription_registered(event: PrescriptionRegistered, cause: Cause) -> None:
        rule = partial(note_lines, patient_ref=event.patient_ref, lines=_lines(event))
        await repository.change(ALLOWANCES.maybe(event.patient_ref), rule, cause=cause)

    @ears.on(LineAnnulled)
    async def on_line_annulled(event: LineAnnulled, cause: Cause) -> None:
        rule = partial(note_annulled, patient_ref=event.patient_ref, line_id=event.line_id)
        await repository.change(ALLOWANCES.maybe(event.patient_ref), rule, cause=cause)

    @ears.on(LineEnded)
    async def on_line_ended(event: LineEnded, cause: Cause) -> None:
        # A used-up line is counted on the allowance itself, and may get a withdrawal back (Q9, Q21).
        if event.why == "expired":
            rule = partial(note_expired, patient_ref=event.patient_ref, line_id=event.line_id)
            await repository.change(ALLOWANCES.maybe(event.patient_ref), rule, cause=cause)


def _hear_catalogue(ears: Ears, repository: Repository) -> None:
    @ears.on(ArticleChanged)
    async def on_article_changed(event: ArticleChanged, cause: Cause) -> None:
        rule = partial(note_article, told=_article(event))
        await repository.change(ARTICLES.maybe(event.article_no), rule, cause=cause)

    @ears.on(TariffPublished)
    async def on_tariff_published(event: TariffPublished, cause: Cause) -> None:
        await repository.change(TARIFFS.maybe(event.tariff), partial(note_tariff, told=event), cause=cause)


def _hear_distributors(ears: Ears, repository: Repository, clock: Clock, seals: Seals) -> None:
    @ears.on_partner("distributors.replies", Reply)
    async def on_reply(event: Reply, cause: Cause) -> None:
        body = seals.seal(event.reply.model_dump_json(), purpose="messages")
        order = await repository.get(ORDERS.maybe(event.order_no))
        if order is None:
            stray = partial(keep_stray, reply=event.reply, body=body, at=clock.now())
            await repository.change(STRAY_REPLIES.maybe(stray_key(event.reply)), stray, cause=cause)
            return
        refs = (
            WITHDRAWALS.ref(order.withdrawal_no),
            ALLOWANCES.ref(order.patient_ref),
            ORDERS.ref(order.order_no),
        )
        await repository.change(
            refs, partial(hear, reply=event.reply, body=body, at=clock.now()), cause=cause
        )


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


def _article(event: ArticleChanged) -> Article:
    return Article(
        article_no=event.article_no,
        version=event.version,
        name=event.name,
        product_area=event.product_area,
        distributor=event.distributor,
        supplier_article_no=event.supplier_article_no,
        pieces_per_package=event.pieces_per_package,
        package_price=Money(event.package_price),
        gtin=event.gtin,
        is_generic=event.is_generic,
        variant_of=event.variant_of,
        variant_name=event.variant_name,
        status=event.status,
    )
