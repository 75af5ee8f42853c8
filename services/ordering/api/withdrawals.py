"""Routes that preview, draft, change, send, show and annul withdrawals."""

from functools import partial
from typing import cast

from fastapi import Response

from services.ordering.api.again import named, ordering_again
from services.ordering.api.forms import ChoiceForm, WithdrawalForm
from services.ordering.api.previews import previewed
from services.ordering.api.views import (
    AnnulmentKept,
    Confirmation,
    WithdrawalKept,
    WithdrawalPreview,
    WithdrawalView,
)
from services.ordering.application.desk import Desk
from services.ordering.application.personal import opened
from services.ordering.application.seeing import lines_seen
from services.ordering.domain.dialogue.unreached import annul_all
from services.ordering.domain.withdrawal import Withdrawal
from services.ordering.domain.withdrawing.drafting import change, draft
from services.ordering.domain.withdrawing.sending import send
from services.ordering.repository.collections import ALLOWANCES, ORDERS, WITHDRAWALS
from shared.domain.decision import Refused
from shared.fault import fault
from shared.http import Ask, Asked, Language, Router
from shared.http.numbers import WithdrawalNo


def routes(desk: Desk) -> Router:
    router = Router("ordering", prefix="/withdrawals", tags=["withdrawals"])
    _preview(router, desk)
    _drafting(router, desk)
    _sending(router, desk)
    ordering_again(router, desk)
    _annulling(router, desk)
    _looking(router, desk)
    return router


def _preview(router: Router, desk: Desk) -> None:
    @router.post("/preview")
    async def preview_withdrawal(form: WithdrawalForm, ask: Ask) -> WithdrawalPreview:
        """Run the rules of sending without keeping anything (N1)."""
        known = await desk.allowance_for(form.patient_ref, ask.actor)
        whole = await desk.repository.show(ALLOWANCES.ref(known.patient_ref), asked=ask)
        allowance = lines_seen(ask.actor, whole)
        also: list[Refused] = []
        try:
            delivery_request = form.delivery.as_request()
        except Refused as unreadable:
            also.append(unreadable)
            delivery_request = form.delivery.model_copy(
                update={"notice": "none", "notice_to": None}
            ).as_request()
        requested = await desk.requested(
            form.chosen(ask.actor.sub), delivery_request, allowance=allowance, actor=ask.actor
        )
        return previewed(allowance, requested, also=also, on=desk.clock.today(), language=ask.language)


def _drafting(router: Router, desk: Desk) -> None:
    repository, clock = desk.repository, desk.clock

    @router.post("", response_model=WithdrawalKept, status_code=201)
    async def draft_withdrawal(form: WithdrawalForm, asked: Asked) -> Response:
        """Begin a withdrawal, state new, that is sent later (S34, S50)."""
        allowance = await desk.allowance_for(form.patient_ref, asked.actor)
        requested = await desk.requested(
            form.chosen(asked.actor.sub), form.delivery.as_request(), allowance=allowance, actor=asked.actor
        )
        number = await repository.next_number("U", year=clock.today().year)
        rule = partial(
            draft, requested=desk.with_sealed_contact(requested), withdrawal_no=number, at=clock.now()
        )
        refs = WITHDRAWALS.maybe(number) & ALLOWANCES.ref(allowance.patient_ref)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=partial(_kept, asked.language))
        return asked.answered(answer, status=201)

    @router.put("/{withdrawal_no}", response_model=WithdrawalKept)
    async def change_withdrawal(withdrawal_no: WithdrawalNo, form: ChoiceForm, asked: Asked) -> Response:
        """Change a draft to another choice (S50)."""
        known, allowance = await desk.both_for(withdrawal_no, asked.actor)
        requested = await desk.requested(
            form.chosen(asked.actor.sub), form.delivery.as_request(), allowance=allowance, actor=asked.actor
        )
        rule = partial(change, requested=desk.with_sealed_contact(requested), at=clock.now())
        refs = WITHDRAWALS.ref(withdrawal_no, if_version=asked.if_match) & ALLOWANCES.ref(known.patient_ref)
        answer = await repository.change(refs, rule, cause=asked.cause, reply=partial(_kept, asked.language))
        return asked.answered(answer)


def _sending(router: Router, desk: Desk) -> None:
    repository = desk.repository

    @router.post("/{withdrawal_no}/send", response_model=Confirmation)
    async def send_withdrawal(withdrawal_no: WithdrawalNo, asked: Asked) -> Response:
        """Order the goods of a draft, and confirm with the fees and the rule that set each (S45)."""
        known, allowance = await desk.both_for(withdrawal_no, asked.actor)
        requested = await desk.requested_again(known, allowance, actor=asked.actor)
        dispatch = await desk.dispatch(requested)
        refs = (
            WITHDRAWALS.ref(withdrawal_no, if_version=asked.if_match)
            & ALLOWANCES.ref(known.patient_ref)
            & ORDERS.maybe_many(dispatch.order_nos)
        )
        await fault("send.before_commit")
        answer = await repository.change(
            refs,
            partial(send, requested=requested, dispatch=dispatch),
            cause=asked.cause,
            reply=lambda sent, *_: Confirmation.of(sent, on=dispatch.on, language=asked.language),
        )
        await fault("send.after_commit")
        return asked.answered(named(answer, known.choice.delivery.recipient, desk))


def _annulling(router: Router, desk: Desk) -> None:
    repository, clock = desk.repository, desk.clock

    @router.post("/{withdrawal_no}/annul", response_model=AnnulmentKept)
    async def annul_withdrawal(withdrawal_no: WithdrawalNo, asked: Asked) -> Response:
        """Annul a draft at once; ask the distributors to stop what was sent, which they may refuse (Q22)."""
        known = await desk.withdrawal_for(withdrawal_no, asked.actor)
        catalogue = await desk.ordering.catalogue_for(())
        await fault("annul.before_commit")
        answer = await repository.change(
            (
                WITHDRAWALS.ref(withdrawal_no, if_version=asked.if_match)
                & ALLOWANCES.ref(known.patient_ref)
                & ORDERS.many(known.order_nos)
            ),
            partial(annul_all, by=asked.actor.sub, at=clock.now(), catalogue=catalogue),
            cause=asked.cause,
            reply=partial(AnnulmentKept.with_orders, language=asked.language),
        )
        await fault("annul.after_commit")
        return asked.answered(answer)


def _looking(router: Router, desk: Desk) -> None:
    repository = desk.repository

    @router.get("/{withdrawal_no}")
    async def get_withdrawal(withdrawal_no: WithdrawalNo, ask: Ask) -> WithdrawalView:
        """Show a withdrawal with every step (S49)."""
        await desk.withdrawal_for(withdrawal_no, ask.actor)
        withdrawal = await repository.show(WITHDRAWALS.ref(withdrawal_no), asked=ask)
        orders = await repository.get(ORDERS.many(withdrawal.order_nos))
        delivery = opened(withdrawal.choice.delivery, desk.seals)
        return WithdrawalView.whole(withdrawal, orders=orders, language=ask.language, delivery=delivery)


def _kept(language: Language, made: Withdrawal | None, *_: object) -> WithdrawalKept:
    return WithdrawalKept.of(cast("Withdrawal", made), language)
