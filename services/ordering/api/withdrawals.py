"""Withdrawals: previewed, drafted, changed, sent, looked up and annulled."""

from dataclasses import replace
from functools import partial
from typing import cast

from fastapi import Response

from services.ordering.api.forms import (
    ChoiceForm,
    WhichDrafts,
    WhoseWithdrawals,
    WithdrawalForm,
)
from services.ordering.api.personal import opened, register_of, sealed
from services.ordering.api.previews import previewed
from services.ordering.api.seeing import asker_of, demand_seeing
from services.ordering.api.views import Confirmation, WithdrawalKept, WithdrawalPreview, WithdrawalView
from services.ordering.domain.allowance import Allowance
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.delivery import Wished, settle
from services.ordering.domain.drafting import Drawn, change, completed, draft
from services.ordering.domain.sending import Dispatch, send
from services.ordering.domain.withdrawal import Choice, Withdrawal, annul_draft
from services.ordering.repository import ALLOWANCES, ORDERS, WITHDRAWALS, Ordering
from shared.auth.actor import Actor
from shared.clock import Clock
from shared.domain.decision import Refused
from shared.http import Ask, Asked, Language, Router
from shared.repository import Repository
from shared.sealed import Seals


class Desk:
    """Reads what a person wants into what the rules decide about."""

    def __init__(self, ordering: Ordering, clock: Clock, seals: Seals) -> None:
        self.ordering = ordering
        self.clock = clock
        self.seals = seals

    @property
    def repository(self) -> Repository:
        return self.ordering.repository

    async def drawn(self, form: ChoiceForm, wished: Wished, *, allowance: Allowance, actor: Actor) -> Drawn:
        """Read a choice in clear text; raises NotFound for a line that is not the patient's."""
        register = register_of(allowance.person, self.seals, on=self.clock.today())
        items = tuple(each.item() for each in form.items)
        delivery = settle(wished, register=register)
        choice = Choice(items, delivery, form.passed(actor.sub))
        drawn = Drawn(choice, asker_of(actor), await self.catalogue(choice, allowance))
        return completed(allowance, drawn)

    async def catalogue(self, choice: Choice, allowance: Allowance) -> Catalogue:
        prescribed = [allowance.line(each).article_no for each in choice.line_ids]
        chosen = [share.article_no for item in choice.items for share in item.split]
        return await self.ordering.catalogue_for(prescribed + chosen)

    async def allowance_for(self, patient_ref: str, actor: Actor) -> Allowance:
        """Find the allowance, for those who may see it; raises NotFound and Forbidden."""
        allowance = await self.repository.get(ALLOWANCES.ref(patient_ref))
        units = {line.care_unit for line in allowance.lines}
        demand_seeing(actor, patient_ref=patient_ref, care_units=units)
        return allowance

    async def withdrawal_for(self, withdrawal_no: str, actor: Actor) -> Withdrawal:
        """Find a withdrawal, for those who may see it; raises NotFound and Forbidden."""
        withdrawal = await self.repository.get(WITHDRAWALS.ref(withdrawal_no))
        demand_seeing(actor, patient_ref=withdrawal.patient_ref, care_units=withdrawal.care_units)
        return withdrawal

    def keeping(self, drawn: Drawn) -> Drawn:
        """Seal what will be kept."""
        return replace(
            drawn, choice=replace(drawn.choice, delivery=sealed(drawn.choice.delivery, self.seals))
        )


def routes(ordering: Ordering, clock: Clock, seals: Seals, *, buyer_gln: str) -> Router:
    router = Router("ordering", prefix="/withdrawals", tags=["withdrawals"])
    desk = Desk(ordering, clock, seals)
    _preview(router, desk)
    _drafting(router, desk)
    _sending(router, desk, buyer_gln=buyer_gln)
    _looking(router, desk)
    return router


def _preview(router: Router, desk: Desk) -> None:
    @router.post("/preview")
    async def preview_withdrawal(form: WithdrawalForm, ask: Ask) -> WithdrawalPreview:
        """Run the rules of sending without keeping anything (N1)."""
        await desk.allowance_for(form.patient_ref, ask.actor)
        allowance = await desk.repository.show(ALLOWANCES.ref(form.patient_ref), asked=ask)
        also: list[Refused] = []
        try:
            wished = form.delivery.wished()
        except Refused as unreadable:
            also.append(unreadable)
            wished = form.delivery.model_copy(update={"notice": "none", "notice_to": None}).wished()
        drawn = await desk.drawn(form, wished, allowance=allowance, actor=ask.actor)
        return previewed(allowance, drawn, also=also, on=desk.clock.today(), language=ask.language)


def _drafting(router: Router, desk: Desk) -> None:
    repository, clock = desk.repository, desk.clock

    @router.post("", response_model=WithdrawalKept, status_code=201)
    async def draft_withdrawal(form: WithdrawalForm, asked: Asked) -> Response:
        """Begin a withdrawal, state new, that is sent later (S34, S50)."""
        allowance = await desk.allowance_for(form.patient_ref, asked.actor)
        drawn = await desk.drawn(form, form.delivery.wished(), allowance=allowance, actor=asked.actor)
        number = await repository.next_number("U", year=clock.today().year)
        rule = partial(draft, drawn=desk.keeping(drawn), withdrawal_no=number, at=clock.now())
        refs = (WITHDRAWALS.maybe(number), ALLOWANCES.ref(form.patient_ref))
        answer = await repository.change(refs, rule, cause=asked.cause, reply=partial(_kept, asked.language))
        return asked.answered(answer, status=201)

    @router.put("/{withdrawal_no}", response_model=WithdrawalKept)
    async def change_withdrawal(withdrawal_no: str, form: ChoiceForm, asked: Asked) -> Response:
        """Change a draft to another choice (S50)."""
        known = await desk.withdrawal_for(withdrawal_no, asked.actor)
        allowance = await repository.get(ALLOWANCES.ref(known.patient_ref))
        drawn = await desk.drawn(form, form.delivery.wished(), allowance=allowance, actor=asked.actor)
        rule = partial(change, drawn=desk.keeping(drawn), at=clock.now())
        refs = (WITHDRAWALS.ref(withdrawal_no, if_version=asked.if_match), ALLOWANCES.ref(known.patient_ref))
        answer = await repository.change(refs, rule, cause=asked.cause, reply=partial(_kept, asked.language))
        return asked.answered(answer)

    @router.post("/{withdrawal_no}/annul", response_model=WithdrawalKept)
    async def annul_withdrawal(withdrawal_no: str, asked: Asked) -> Response:
        """Annul a draft; what was sent is refused."""
        await desk.withdrawal_for(withdrawal_no, asked.actor)
        rule = partial(annul_draft, by=asked.actor.sub, at=clock.now())
        answer = await repository.change(
            WITHDRAWALS.ref(withdrawal_no, if_version=asked.if_match),
            rule,
            cause=asked.cause,
            reply=partial(_kept, asked.language),
        )
        return asked.answered(answer)


def _sending(router: Router, desk: Desk, *, buyer_gln: str) -> None:
    repository, clock = desk.repository, desk.clock

    @router.post("/{withdrawal_no}/send", response_model=Confirmation)
    async def send_withdrawal(withdrawal_no: str, asked: Asked) -> Response:
        """Order the goods of a draft, and confirm with the fees and the rule that set each (S45)."""
        known = await desk.withdrawal_for(withdrawal_no, asked.actor)
        allowance = await repository.get(ALLOWANCES.ref(known.patient_ref))
        catalogue = await desk.catalogue(known.choice, allowance)
        drawn = Drawn(known.choice, asker_of(asked.actor), catalogue)
        order_no = await repository.next_number("B", year=clock.today().year)
        dispatch = Dispatch(order_no, buyer_gln, clock.now())
        refs = (
            WITHDRAWALS.ref(withdrawal_no, if_version=asked.if_match),
            ALLOWANCES.ref(known.patient_ref),
            ORDERS.maybe(order_no),
        )
        answer = await repository.change(
            refs,
            partial(send, drawn=drawn, dispatch=dispatch),
            cause=asked.cause,
            reply=lambda sent, *_: Confirmation.of(sent, on=dispatch.on, language=asked.language),
        )
        recipient = known.choice.delivery.recipient
        named = Confirmation.model_validate_json(answer.body).model_copy(
            update={"recipient": desk.seals.open(recipient) if recipient else None}
        )
        return asked.answered(replace(answer, body=named.model_dump_json()))


def _looking(router: Router, desk: Desk) -> None:
    repository = desk.repository

    @router.get("/{withdrawal_no}")
    async def get_withdrawal(withdrawal_no: str, ask: Ask) -> WithdrawalView:
        """Show a withdrawal with every step (S49)."""
        await desk.withdrawal_for(withdrawal_no, ask.actor)
        withdrawal = await repository.show(WITHDRAWALS.ref(withdrawal_no), asked=ask)
        orders = await repository.get(ORDERS.many(withdrawal.order_nos))
        delivery = opened(withdrawal.choice.delivery, desk.seals)
        return WithdrawalView.whole(withdrawal, orders=orders, language=ask.language, delivery=delivery)

    @router.post("/search")
    async def search_withdrawals(form: WhoseWithdrawals, ask: Ask) -> list[WithdrawalView]:
        """List a patient's withdrawals, the latest first (S49)."""
        await desk.allowance_for(form.patient_ref, ask.actor)
        found = await desk.ordering.withdrawals_of(form.patient_ref)
        orders = await desk.ordering.orders_of(form.patient_ref)
        await repository.note(ask, [form.patient_ref])
        return [
            WithdrawalView.whole(
                each,
                orders=[orders[number] for number in each.order_nos if number in orders],
                language=ask.language,
                delivery=None,
            )
            for each in found
        ]

    @router.post("/drafts")
    async def list_drafts(form: WhichDrafts, ask: Ask) -> list[WithdrawalView]:
        """List what was begun and never sent, the oldest first (S50)."""
        ref, units = _drafts_of(form, ask.actor)
        found = await desk.ordering.drafts(patient_ref=ref, care_units=units)
        await repository.note(ask, [each.patient_ref for each in found])
        return [WithdrawalView.whole(each, orders=(), language=ask.language, delivery=None) for each in found]


def _kept(language: Language, made: Withdrawal | None, *_: object) -> WithdrawalKept:
    return WithdrawalKept.of(cast("Withdrawal", made), language)


def _drafts_of(form: WhichDrafts, actor: Actor) -> tuple[str | None, frozenset[str] | None]:
    """Narrow the list to what the person may see: own drafts, own units, or all for customer service."""
    asked_for = frozenset({form.care_unit}) if form.care_unit else None
    if actor.has("customer_service"):
        return form.patient_ref, asked_for
    if actor.has("order_placer", "prescriber"):
        return form.patient_ref, actor.care_units if asked_for is None else asked_for & actor.care_units
    return actor.patient_ref or "nobody", asked_for
