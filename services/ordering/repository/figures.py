"""Counts orders by state, and how long the oldest has waited, for the metrics."""

from collections.abc import Sequence

from services.ordering.domain.order import STATES
from services.ordering.repository.collections import ORDERS
from services.ordering.repository.withdrawals import Ordering
from shared.clock import Clock
from shared.service.counting import by_states
from shared.service.metrics import Figure, Figures

OVER = {"delivered", "undeliverable", "refused", "cancelled"}
"""States of orders that nothing more happens to: of them there are ever more."""


def figures(ordering: Ordering, clock: Clock) -> Figures:
    """Count orders by state, and say how long the oldest has gone without any answer."""

    async def counted() -> Sequence[Figure]:
        repository = ordering.repository
        states = await by_states(repository, ORDERS, STATES, moving=set(STATES) - OVER)
        unanswered = await repository.find(ORDERS, {"state": "sent"}, sort="sent_at", limit=1)
        waited = [(clock.now() - each.sent_at).total_seconds() for each in unanswered]
        return [
            Figure("sesam_orders", "Orders to distributors", ("state",), states),
            Figure(
                "sesam_order_unanswered_seconds",
                "How long the oldest order without an answer has waited",
                (),
                {(): max([0.0, *waited])},
            ),
        ]

    return counted
