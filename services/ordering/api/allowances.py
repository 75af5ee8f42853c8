"""Routes that show what a patient may withdraw, what is left and what is on its way."""

from datetime import date

from services.ordering.api.delivery_views import AddressView, address_shown
from services.ordering.api.views import ShareView, reasons_shown, split_shown
from services.ordering.application.desk import Desk
from services.ordering.application.personal import register_of
from services.ordering.application.seeing import lines_seen
from services.ordering.domain.allowance import Allowance, Line, LineState, against_line
from services.ordering.domain.catalogue import Article, Catalogue
from services.ordering.domain.delivery import Register
from services.ordering.domain.person import against_person
from services.ordering.repository.collections import ALLOWANCES
from shared.http import Ask, Language, Reason, Router, View
from shared.http.ids import PatientRef


class VariantView(View):
    """A flavour or shape that can be chosen (S53)."""

    article_no: str
    name: str
    variant_name: str | None


class BlockView(View):
    """An order that carries the article (S47)."""

    order_no: str
    withdrawal_no: str
    expected_on: date | None


class AllowedLine(View):
    """A line with what is left of it that day."""

    line_id: str
    prescription_no: str
    article_no: str
    article_name: str | None
    choose_flavour: bool
    packages: int
    days: int
    withdrawals: int
    withdrawals_left: int
    state: LineState
    valid_through: date
    prescription_type: str
    product_area: str
    care_unit: str
    payer: str
    allowed: bool
    reasons: list[Reason]
    on_the_way: list[BlockView]
    last_choice: list[ShareView]
    variants: list[VariantView]


class SavedAddressView(View):
    """An address that the patient uses again (S42)."""

    label: str
    address: AddressView


class PrefillView(View):
    """What a new withdrawal is filled with; may be changed for that withdrawal only (S39, S41)."""

    name: str | None
    address: AddressView | None
    phone: str | None
    email: str | None
    language: str
    saved_addresses: list[SavedAddressView]


class AllowanceView(View):
    """All that one patient may withdraw."""

    patient_ref: str
    allowed: bool
    reasons: list[Reason]
    prefill: PrefillView
    lines: list[AllowedLine]


def routes(desk: Desk) -> Router:
    router = Router("ordering", prefix="/allowances", tags=["allowances"])
    repository, clock = desk.repository, desk.clock

    @router.get("/{patient_ref}")
    async def get_allowance(patient_ref: PatientRef, ask: Ask) -> AllowanceView:
        """Show the lines that may be withdrawn, what is left, on its way and chosen last time (S44)."""
        known = await desk.allowance_for(patient_ref, ask.actor)
        whole = await repository.show(ALLOWANCES.ref(known.patient_ref), asked=ask)
        allowance = lines_seen(ask.actor, whole)
        catalogue = await desk.ordering.catalogue_for(line.article_no for line in allowance.lines)
        register = register_of(allowance.person, desk.seals, on=clock.today())
        return _shown(allowance, catalogue, register, on=clock.today(), language=ask.language)

    return router


def _shown(
    allowance: Allowance, catalogue: Catalogue, register: Register, *, on: date, language: Language
) -> AllowanceView:
    reasons = reasons_shown(against_person(allowance.person), language)
    served = allowance.person is not None and not allowance.person.protected
    lines = [line_shown(allowance, line, catalogue, on=on, language=language) for line in allowance.lines]
    return AllowanceView(
        patient_ref=allowance.patient_ref,
        allowed=not reasons,
        reasons=reasons,
        prefill=_prefill(register),
        # Of a protected person nothing more is said (Q18).
        lines=lines if served else [],
    )


def line_shown(
    allowance: Allowance, line: Line, catalogue: Catalogue, *, on: date, language: Language
) -> AllowedLine:
    article = catalogue.articles.get(line.article_no)
    reasons = reasons_shown(against_line(allowance, line, passed=frozenset(), on=on), language)
    return AllowedLine(
        line_id=line.line_id,
        prescription_no=line.prescription_no,
        article_no=line.article_no,
        article_name=article.name if article else None,
        choose_flavour=article is not None and article.is_generic,
        packages=line.packages,
        days=line.days,
        withdrawals=line.withdrawals,
        withdrawals_left=allowance.left_of(line, on=on),
        state=allowance.state_of(line, on=on),
        valid_through=line.valid_through,
        prescription_type=line.prescription_type,
        product_area=line.product_area,
        care_unit=line.care_unit,
        payer=line.payer,
        allowed=not reasons,
        reasons=reasons,
        on_the_way=_blocks(allowance, line),
        last_choice=split_shown(line.last_choice),
        variants=[_variant(each) for each in catalogue.variants(line.article_no)],
    )


def _blocks(allowance: Allowance, line: Line) -> list[BlockView]:
    return [
        BlockView(order_no=each.order_no, withdrawal_no=each.withdrawal_no, expected_on=each.expected_on)
        for each in allowance.blocks(line.article_no)
    ]


def _variant(article: Article) -> VariantView:
    return VariantView(article_no=article.article_no, name=article.name, variant_name=article.variant_name)


def _prefill(register: Register) -> PrefillView:
    return PrefillView(
        name=register.name,
        address=address_shown(register.address) if register.address else None,
        phone=register.phone,
        email=register.email,
        language=register.language,
        saved_addresses=[
            SavedAddressView(label=each.label, address=address_shown(each.address))
            for each in register.saved_addresses
        ],
    )
