"""Routes that list withdrawals: of a patient or prescription, one's own, drafts, sent past a block."""

from collections.abc import Iterable, Sequence
from datetime import date

from services.ordering.api.allowances import AllowedLine, line_shown
from services.ordering.api.forms import (
    WhichDrafts,
    WhichOfMine,
    WhichOverrides,
    WhichPrescription,
    WhoseWithdrawals,
)
from services.ordering.api.views import WithdrawalView
from services.ordering.application.desk import Desk
from services.ordering.application.seeing import STAFF, lines_seen, may_see
from services.ordering.domain.order import Order
from services.ordering.domain.withdrawal import Withdrawal
from services.ordering.repository.collections import ORDERS
from services.ordering.repository.withdrawals import Within
from shared.auth.actor import Actor
from shared.http import Ask, Language, Pages, Router, View


class OfPrescription(View):
    """What can be withdrawn on a prescription, and what was (S22)."""

    prescription_no: str
    patient_ref: str
    lines: list[AllowedLine]
    withdrawals: list[WithdrawalView]


class OverrideFollowed(View):
    """An open-order block that customer service passed, to be followed up (S48)."""

    withdrawal_no: str
    patient_ref: str
    sent_on: date
    care_units: list[str]
    order_nos: list[str]
    article_no: str
    article_name: str | None = None
    reason: str
    by: str


def routes(desk: Desk) -> Router:
    router = Router("ordering", prefix="/withdrawals", tags=["withdrawals"])
    _of_patients(router, desk)
    _of_staff(router, desk)
    return router


def _of_patients(router: Router, desk: Desk) -> None:
    ordering, repository = desk.ordering, desk.repository

    @router.post("/search")
    async def search_withdrawals(form: WhoseWithdrawals, ask: Ask, pages: Pages) -> list[WithdrawalView]:
        """List a patient's withdrawals, of own care units, the latest first (S49, S73)."""
        patient_ref = (await desk.allowance_for(form.patient_ref, ask.actor)).patient_ref
        found = pages.shown(await ordering.withdrawals_of(patient_ref, after=pages.after))
        orders = await ordering.orders_of(found)
        await repository.note(ask, [patient_ref])
        return [
            _shown(each, [orders[no] for no in each.order_nos if no in orders], ask.language)
            for each in found
            if may_see(ask.actor, each)
        ]

    @router.post("/by-prescription")
    async def find_by_prescription(form: WhichPrescription, ask: Ask, pages: Pages) -> OfPrescription:
        """Find by a prescription's number what can be withdrawn on it, and what was (S22)."""
        allowance = await ordering.allowance_with(form.prescription_no)
        await desk.allowance_for(allowance.patient_ref, ask.actor)
        seen = lines_seen(ask.actor, allowance).lines
        lines = [each for each in seen if each.prescription_no == form.prescription_no]
        catalogue = await ordering.catalogue_for(line.article_no for line in lines)
        on_lines = await ordering.withdrawals_on((line.line_id for line in lines), after=pages.after)
        found = pages.shown(on_lines)
        withdrawals = [
            await _with_orders(desk, each, ask.language) for each in found if may_see(ask.actor, each)
        ]
        await repository.note(ask, [allowance.patient_ref])
        served = allowance.person is not None and not allowance.person.protected
        today = desk.clock.today()
        return OfPrescription(
            prescription_no=form.prescription_no,
            patient_ref=allowance.patient_ref,
            # Of a protected person nothing more is said (Q18).
            lines=[line_shown(allowance, each, catalogue, on=today, language=ask.language) for each in lines]
            if served
            else [],
            withdrawals=withdrawals if served else [],
        )


def _of_staff(router: Router, desk: Desk) -> None:
    ordering, repository = desk.ordering, desk.repository

    @router.post("/drafts")
    async def list_drafts(form: WhichDrafts, ask: Ask, pages: Pages) -> list[WithdrawalView]:
        """List what was begun and never sent, the oldest first (S50)."""
        patient_ref, within = await _drafts_of(form, ask.actor, desk)
        found = pages.shown(await ordering.drafts(patient_ref=patient_ref, within=within, after=pages.after))
        await repository.note(ask, [each.patient_ref for each in found])
        return [_shown(each, (), ask.language) for each in found]

    @router.post("/mine")
    async def list_my_withdrawals(form: WhichOfMine, ask: Ask, pages: Pages) -> list[WithdrawalView]:
        """List the withdrawals that the signed-in person made, the latest first (S52)."""
        within = _where_working(ask.actor)
        made = await ordering.made_by(ask.actor.sub, state=form.state, within=within, after=pages.after)
        found = await desk.still_seen(ask.actor, pages.shown(made))
        await repository.note(ask, [each.patient_ref for each in found])
        return [await _with_orders(desk, each, ask.language) for each in found]


def override_routes(desk: Desk) -> Router:
    router = Router("ordering", prefix="/overrides", tags=["withdrawals"])

    @router.post("/search")
    async def search_overrides(form: WhichOverrides, ask: Ask, pages: Pages) -> list[OverrideFollowed]:
        """List withdrawals that were sent past an open-order block, with the reason (S48)."""
        page = await desk.ordering.past_blocks(since=form.since, until=form.until, after=pages.after)
        found = pages.shown(page)
        await desk.repository.note(ask, [each.patient_ref for each in found])
        rows = [row for each in found for row in _followed(each)]
        known = (await desk.ordering.catalogue_for({each.article_no for each in rows})).articles
        names = {number: article.name for number, article in known.items()}
        return [each.model_copy(update={"article_name": names.get(each.article_no)}) for each in rows]

    return router


def _followed(withdrawal: Withdrawal) -> Iterable[OverrideFollowed]:
    # A block that was passed in the form and did not stand any more has left no step.
    steps = [step for step in withdrawal.history if step.what == "block_passed" and step.note]
    for step in steps:
        article_no, reason = step.passed
        yield OverrideFollowed(
            withdrawal_no=withdrawal.withdrawal_no,
            patient_ref=withdrawal.patient_ref,
            sent_on=withdrawal.passed_on or withdrawal.made_at.date(),
            care_units=list(withdrawal.care_units),
            order_nos=list(withdrawal.order_nos),
            article_no=article_no,
            reason=reason,
            by=step.by,
        )


async def _with_orders(desk: Desk, withdrawal: Withdrawal, language: Language) -> WithdrawalView:
    return _shown(withdrawal, await desk.repository.get(ORDERS.many(withdrawal.order_nos)), language)


def _shown(withdrawal: Withdrawal, orders: Sequence[Order], language: Language) -> WithdrawalView:
    return WithdrawalView.whole(withdrawal, orders=orders, language=language, delivery=None)


def _where_working(actor: Actor) -> Within:
    """Narrow a list to the places that staff work in; customer service works in all (S73, S75)."""
    if actor.has("customer_service") or not actor.has(*STAFF):
        return Within()
    return Within(actor.care_units, actor.product_areas)


async def _drafts_of(form: WhichDrafts, actor: Actor, desk: Desk) -> tuple[str | None, Within]:
    """Narrow the list to what the person may see: own drafts, own places, or all for customer service."""
    asked_for = frozenset({form.care_unit}) if form.care_unit else None
    patient_ref = await desk.ordering.present_ref(form.patient_ref) if form.patient_ref else None
    if actor.has("customer_service"):
        return patient_ref, Within(asked_for)
    if actor.has(*STAFF):
        units = actor.care_units if asked_for is None else asked_for & actor.care_units
        return patient_ref, Within(units, actor.product_areas)
    own = (await desk.present(actor)).patient_ref
    if patient_ref not in {None, own}:
        # A guardian asks for a child's drafts (Q7).
        await desk.allowance_for(patient_ref or "", actor)
        return patient_ref, Within(asked_for)
    return own or "nobody", Within(asked_for)
