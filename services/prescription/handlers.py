"""What prescription does when it hears of articles, withdrawals and addresses that are kept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial

from services.prescription.domain.articles import Article, note_article
from services.prescription.domain.contact import keep_address
from services.prescription.domain.lines import give_back, note_withdrawal
from services.prescription.domain.prescriptions import prescription_of
from services.prescription.register.sealing import ADDRESS, address_key
from services.prescription.repository import ARTICLES, PATIENTS, PRESCRIPTIONS, Prescribing
from shared.clock import Clock
from shared.domain.money import Money
from shared.events.inventory import ArticleChanged
from shared.events.ordering import AddressKept, WithdrawalAnnulled, WithdrawalSent
from shared.hearing import Ears
from shared.repository import Cause
from shared.sealed import Seals


def handlers(prescribing: Prescribing, clock: Clock, seals: Seals) -> Ears:
    ears = Ears("prescription")
    repository = prescribing.repository
    _hear_addresses(ears, prescribing, seals)

    @ears.on(ArticleChanged)
    async def on_article_changed(event: ArticleChanged, cause: Cause) -> None:
        rule = partial(note_article, told=_copy(event))
        await repository.change(ARTICLES.maybe(event.article_no), rule, cause=cause)

    @ears.on(WithdrawalSent)
    async def on_withdrawal_sent(event: WithdrawalSent, cause: Cause) -> None:
        number, on = event.withdrawal_no, event.sent_on
        for prescription_no, line_ids in _by_prescription(line.line_id for line in event.lines).items():
            rule = partial(note_withdrawal, withdrawal_no=number, line_ids=line_ids, on=on)
            await repository.change(
                PRESCRIPTIONS.ref(prescription_no), rule, cause=cause.part(prescription_no)
            )

    @ears.on(WithdrawalAnnulled)
    async def on_withdrawal_annulled(event: WithdrawalAnnulled, cause: Cause) -> None:
        # Whether a line comes back depends on the day it is given back, not on the day of the annulment.
        number, on = event.withdrawal_no, clock.today()
        for prescription_no, line_ids in _by_prescription(event.line_ids).items():
            rule = partial(give_back, withdrawal_no=number, line_ids=line_ids, on=on)
            await repository.change(
                PRESCRIPTIONS.ref(prescription_no), rule, cause=cause.part(prescription_no)
            )

    return ears


def _hear_addresses(ears: Ears, prescribing: Prescribing, seals: Seals) -> None:
    @ears.on(AddressKept)
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


def _by_prescription(line_ids: Iterable[str]) -> Mapping[str, list[str]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for each in dict.fromkeys(line_ids):
        grouped[prescription_of(each)].append(each)
    return grouped


def _copy(event: ArticleChanged) -> Article:
    return Article(
        article_no=event.article_no,
        version=event.version,
        name=event.name,
        product_area=event.product_area,
        subgroup=event.subgroup,
        pieces_per_package=event.pieces_per_package,
        piece=event.piece,
        package_price=Money(event.package_price),
        warn_above_packages=event.warn_above_packages,
        is_generic=event.is_generic,
        status=event.status,
        replaced_by=event.replaced_by,
    )
