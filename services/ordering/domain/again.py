"""Ordering again what never came, or the rest of a short delivery (Q31, Q32)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from services.ordering.domain.allowance import Allowance, UsedUpLine, carry
from services.ordering.domain.dialogue.ending import NOT_COMING
from services.ordering.domain.dialogue.what_came import SHORT, missing, priced_by_what_comes
from services.ordering.domain.order import Order
from services.ordering.domain.reply_context import ReplyContext
from services.ordering.domain.tasks import order_task_over
from services.ordering.domain.withdrawal import Item, Step, Withdrawal
from services.ordering.domain.withdrawing.drafting import WithdrawalRequest, draft
from services.ordering.domain.withdrawing.facts import withdrawal_sent
from services.ordering.domain.withdrawing.pricing import TooManyDays
from services.ordering.domain.withdrawing.sending import (
    Dispatch,
    against_sending,
    orders_for,
    send,
    told_of_orders,
)
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.domain.tariff import NoTariff, NotPriced
from shared.events.fact import Fact

PAID_ALREADY = (UsedUpLine, TooManyDays, NoTariff, NotPriced)
"""The rest is no new use of a line and no new fee (Q32)."""


class NothingToOrderAgain(Refused):
    """No line of the withdrawal was given back (Q31)."""

    rule = "nothing-to-order-again"
    sentence = Sentence(
        "Inget i uttaget har uteblivit helt. Gör ett nytt uttag, eller beställ resten om något saknas.",
        "No line of the withdrawal failed to come. Make a new one, or order the rest if something lacks.",
    )


class OrderedAgain(Refused):
    """That was done before (Q31)."""

    rule = "ordered-again-already"
    sentence = Sentence(
        "Det som uteblev är redan beställt igen. Öppna det nya uttaget.",
        "What did not come is ordered again already. Open the new withdrawal.",
    )


class NothingLacking(Refused):
    """All packages came or are on their way, or nothing of their line came (Q32)."""

    rule = "nothing-lacking"
    sentence = Sentence(
        "Ingenting saknas i uttaget: allt har kommit eller är på väg. Gör ett nytt uttag om mer behövs.",
        "Nothing of the withdrawal is lacking: all came or is on its way. Make a new one if more is needed.",
    )


MOST_ORDERS = 60


class RestOrderedTooOften(Refused):
    """The rest came short again and again: a new withdrawal begins a new account of it (Q32)."""

    rule = "rest-ordered-too-often"
    sentence = Sentence(
        f"Uttaget har redan {MOST_ORDERS} beställningar. Gör ett nytt uttag av det som saknas.",
        f"The withdrawal has {MOST_ORDERS} orders already. Make a new withdrawal of what is lacking.",
    )


class RestOrderedMeanwhile(Refused):
    """A colleague ordered the rest just now (Q32)."""

    rule = "rest-ordered-meanwhile"
    sentence = Sentence(
        "Någon beställde resten just nu. Öppna uttaget igen.",
        "Somebody ordered the rest just now. Open the withdrawal again.",
    )


def never_came(withdrawal: Withdrawal) -> tuple[Item, ...]:
    """Give what never came, as it was chosen (Q31)."""
    return tuple(each for each in withdrawal.choice.items if each.line_id in withdrawal.given_back)


def came_short(withdrawal: Withdrawal, orders: tuple[Order, ...]) -> tuple[Item, ...]:
    """Give what came short, of a withdrawal that was sent (Q32)."""
    return missing(withdrawal, orders) if withdrawal.order_nos else ()


def order_again(
    withdrawal: Withdrawal,
    _absent: Withdrawal | None,
    allowance: Allowance,
    absent: tuple[Order | None, ...],
    *,
    requested: WithdrawalRequest,
    withdrawal_no: str,
    dispatch: Dispatch,
) -> Decision[Withdrawal, Withdrawal | None, Allowance, tuple[Order | None, ...]]:
    """Make and send a new withdrawal of what never came, in one step (Q31); raises what sending does."""
    if withdrawal.ordered_again_as:
        raise OrderedAgain(withdrawal_no=withdrawal.ordered_again_as)
    items = never_came(withdrawal)
    if not items:
        raise NothingToOrderAgain(withdrawal_no=withdrawal.withdrawal_no)
    requested = replace(requested, choice=replace(requested.choice, items=items))
    made, *_ = draft(None, allowance, requested=requested, withdrawal_no=withdrawal_no, at=dispatch.at)
    sent, used, orders, facts = send(made, allowance, absent, requested=requested, dispatch=dispatch)
    over = [order_task_over(each, kind=NOT_COMING, how="ordered-again") for each in withdrawal.order_nos]
    return replace(withdrawal, ordered_again_as=withdrawal_no), sent, used, orders, [*facts, *over]


def against_rest(allowance: Allowance, requested: WithdrawalRequest, *, on: date) -> Iterator[Refused]:
    """Say why the rest cannot be ordered that day: what speaks against sending, but use and fee (Q32)."""
    reasons = against_sending(allowance, requested, on=on)
    yield from (reason for reason in reasons if not isinstance(reason, PAID_ALREADY))


def order_rest(
    withdrawal: Withdrawal,
    allowance: Allowance,
    orders: tuple[Order, ...],
    absent: tuple[Order | None, ...],
    *,
    requested: WithdrawalRequest,
    dispatch: Dispatch,
) -> Decision[Withdrawal, Allowance, tuple[Order, ...], tuple[Order | None, ...]]:
    """Order what came short under the same withdrawal: no new use, no new fee per withdrawal (Q32)."""
    if len(orders) < len(withdrawal.order_nos):
        raise RestOrderedMeanwhile(withdrawal_no=withdrawal.withdrawal_no)
    if len(orders) >= MOST_ORDERS:
        raise RestOrderedTooOften(withdrawal_no=withdrawal.withdrawal_no)
    items = came_short(withdrawal, orders)
    if not items:
        raise NothingLacking(withdrawal_no=withdrawal.withdrawal_no)
    requested = replace(requested, choice=replace(requested.choice, items=items))
    refuse_any(against_rest(allowance, requested, on=dispatch.on))
    rest = replace(withdrawal, choice=requested.choice)
    new = orders_for(rest, requested, dispatch)
    facts = _told(rest, allowance, new, requested=requested, dispatch=dispatch)
    carried = carry(
        allowance, withdrawal.withdrawal_no, orders={order.order_no: order.line_ids for order in new}
    )
    context = ReplyContext(
        _with_rest(withdrawal, new, requested=requested, dispatch=dispatch), carried, (*orders, *new),
        new[0].order_no, dispatch.at,
    )  # fmt: skip
    priced = priced_by_what_comes(context, catalogue=requested.catalogue)
    unused = (None,) * (len(absent) - len(new))
    return priced.withdrawal, carried, orders, (*new, *unused), [*facts, *priced.facts]


def _with_rest(
    withdrawal: Withdrawal, new: tuple[Order, ...], *, requested: WithdrawalRequest, dispatch: Dispatch
) -> Withdrawal:
    steps = (
        Step(dispatch.at, requested.asker.sub, "sent", order.order_no, order_no=order.order_no)
        for order in new
    )
    resting = replace(
        withdrawal,
        state="ordered",
        order_nos=(*withdrawal.order_nos, *(order.order_no for order in new)),
        choice=replace(withdrawal.choice, delivery=requested.choice.delivery),
    )
    return resting.noting(*steps)


def _told(
    rest: Withdrawal,
    allowance: Allowance,
    new: tuple[Order, ...],
    *,
    requested: WithdrawalRequest,
    dispatch: Dispatch,
) -> list[Fact]:
    about = withdrawal_sent(rest, allowance, catalogue=requested.catalogue, at=dispatch.at)
    over = [order_task_over(each, kind=SHORT, how="ordered-again") for each in rest.order_nos]
    return [*told_of_orders(new, about, requested, dispatch, is_rest=True), *over]
