"""Routes that order again from an old withdrawal, in one request (Q31, Q32)."""

from dataclasses import replace
from functools import partial

from fastapi import Response

from services.ordering.api.forms import AgainForm
from services.ordering.api.views import Confirmation
from services.ordering.application.desk import Desk
from services.ordering.domain import again
from services.ordering.domain.allowance import Allowance
from services.ordering.domain.withdrawal import Item, Withdrawal
from services.ordering.domain.withdrawing.drafting import WithdrawalRequest
from services.ordering.repository.collections import ALLOWANCES, ORDERS, WITHDRAWALS
from shared.http import Asked, Router
from shared.http.numbers import WithdrawalNo
from shared.repository import Answer


def ordering_again(router: Router, desk: Desk) -> None:
    repository, clock = desk.repository, desk.clock

    @router.post("/{withdrawal_no}/again", response_model=Confirmation, status_code=201)
    async def order_again(
        withdrawal_no: WithdrawalNo, asked: Asked, form: AgainForm | None = None
    ) -> Response:
        """Order again what never came: a new withdrawal with the same choice, sent at once (Q31)."""
        known, allowance = await desk.both_for(withdrawal_no, asked.actor)
        requested = await _requested(again.never_came(known), known, allowance, form, asked=asked, desk=desk)
        dispatch = await desk.dispatch(requested)
        number = await repository.next_number("U", year=clock.today().year)
        refs = (
            WITHDRAWALS.ref(withdrawal_no, if_version=asked.if_match)
            & WITHDRAWALS.maybe(number)
            & ALLOWANCES.ref(known.patient_ref)
            & ORDERS.maybe_many(dispatch.order_nos)
        )
        answer = await repository.change(
            refs,
            partial(again.order_again, requested=requested, withdrawal_no=number, dispatch=dispatch),
            cause=asked.cause,
            reply=lambda _, sent, *__: Confirmation.of(sent, on=dispatch.on, language=asked.language),
        )
        return asked.answered(named(answer, requested.choice.delivery.recipient, desk), status=201)

    @router.post("/{withdrawal_no}/rest", response_model=Confirmation)
    async def order_rest(
        withdrawal_no: WithdrawalNo, asked: Asked, form: AgainForm | None = None
    ) -> Response:
        """Order what came short under the same withdrawal: no new use, no new fee per withdrawal (Q32)."""
        known, allowance = await desk.both_for(withdrawal_no, asked.actor)
        orders = await repository.get(ORDERS.many(known.order_nos))
        requested = await _requested(
            again.came_short(known, orders), known, allowance, form, asked=asked, desk=desk
        )
        dispatch = await desk.dispatch(requested)
        refs = (
            WITHDRAWALS.ref(withdrawal_no, if_version=asked.if_match)
            & ALLOWANCES.ref(known.patient_ref)
            & ORDERS.many(known.order_nos)
            & ORDERS.maybe_many(dispatch.order_nos)
        )
        answer = await repository.change(
            refs,
            partial(again.order_rest, requested=requested, dispatch=dispatch),
            cause=asked.cause,
            reply=lambda kept, *_: Confirmation.of(kept, on=dispatch.on, language=asked.language),
        )
        return asked.answered(named(answer, requested.choice.delivery.recipient, desk))


def named(answer: Answer, recipient: str | None, desk: Desk) -> Answer:
    """Open the receiver's name in a confirmation: nothing personal stands in a kept answer."""
    confirmation = Confirmation.model_validate_json(answer.body).model_copy(
        update={"recipient": desk.seals.open(recipient) if recipient else None}
    )
    return replace(answer, body=confirmation.model_dump_json())


async def _requested(
    items: tuple[Item, ...],
    known: Withdrawal,
    allowance: Allowance,
    form: AgainForm | None,
    *,
    asked: Asked,
    desk: Desk,
) -> WithdrawalRequest:
    """Read what is to be ordered; where there is nothing the rule says so, not before a repeated request."""
    choice = replace(known.choice, items=items or known.choice.items, passed=())
    requested = await desk.requested_again(replace(known, choice=choice), allowance, actor=asked.actor)
    if form is None or form.delivery is None:
        return requested
    return await desk.delivered_as(requested, form.delivery.as_request(), allowance=allowance)
