"""Orders that no queue took because their distributor is gone (S45, N7, decision 0046)."""

from datetime import datetime

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.dialogue.ending import over
from services.ordering.domain.dialogue.silence import heard_from
from services.ordering.domain.dialogue.what_came import priced_by_what_comes
from services.ordering.domain.order import Order, Unreached
from services.ordering.domain.reply_context import ReplyContext, demand_all
from services.ordering.domain.tasks import NOT_HANDED_OVER, order_task
from services.ordering.domain.withdrawal import Withdrawal
from services.ordering.domain.withdrawing.annulling import annul
from shared.domain.decision import Decision

NOTHING_LEFT = "not-handed-over"


def note_unreached(
    withdrawal: Withdrawal,
    allowance: Allowance,
    orders: tuple[Order, ...],
    *,
    order_no: str,
    what: Unreached,
    at: datetime,
    catalogue: Catalogue,
) -> Decision[Withdrawal, Allowance, tuple[Order, ...]]:
    """Ask customer service once about what never reached the distributor (N7); raises OrdersMoved.

    Where the order itself did not, and somebody has asked to stop it, it is over.
    """
    demand_all(withdrawal, orders)
    context = ReplyContext(withdrawal, allowance, orders, order_no, at, by="ordering")
    order = context.order
    if order.is_over:
        return withdrawal, allowance, orders, []
    if order.cancelling == "asked" and "order" in {what, order.unreached}:
        context = _ended(context, catalogue)
    elif order.unreached is None:
        context = context.with_order_changed(unreached=what).with_facts(
            order_task(
                order_no,
                patient_ref=withdrawal.named_ref,
                kind=NOT_HANDED_OVER,
                reason=f"{what}-not-handed-over",
                details={"distributor": order.distributor},
                care_unit=withdrawal.care_units[0],
            )
        )
    return context.withdrawal, context.allowance, context.orders, list(context.facts)


def annul_all(
    withdrawal: Withdrawal,
    allowance: Allowance,
    orders: tuple[Order, ...],
    *,
    by: str,
    at: datetime,
    catalogue: Catalogue,
) -> Decision[Withdrawal, Allowance, tuple[Order, ...]]:
    """Annul as `annul` does, and end at once what never reached its distributor (Q22).

    The request to stop it is published all the same: an operator may be sending the order just now.
    """
    withdrawal, orders, told = annul(withdrawal, orders, by=by, at=at)
    facts = list(told)
    for each in orders:
        if each.unreached == "order" and not each.is_over:
            context = _ended(ReplyContext(withdrawal, allowance, orders, each.order_no, at, by=by), catalogue)
            withdrawal, allowance, orders = context.withdrawal, context.allowance, context.orders
            facts += context.facts
    return withdrawal, allowance, orders, facts


def _ended(context: ReplyContext, catalogue: Catalogue) -> ReplyContext:
    ended = heard_from(over(context, "annulled", note=NOTHING_LEFT), how="annulled")
    return priced_by_what_comes(ended, catalogue=catalogue)
