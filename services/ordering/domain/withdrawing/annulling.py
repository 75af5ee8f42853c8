"""Annulling a withdrawal: a draft at once, a sent one by asking the distributors (Q22)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from services.ordering.domain.order import Order
from services.ordering.domain.withdrawal import AlreadyAnnulled, Step, Withdrawal, annul_draft
from shared.domain.decision import Addressed, Decision, Refused, Sentence, refuse_any
from shared.events.fact import Fact
from shared.partners import OrderCancelRequest


class SentMeanwhile(Refused):
    """A draft when it was read, and with the distributor when it was to be annulled (Q22)."""

    rule = "sent-meanwhile"
    sentence = Sentence(
        "Någon skickade uttaget just nu. Öppna det igen, och makulera det om det ska stoppas.",
        "Somebody sent the withdrawal just now. Open it again, and annul it if it is to be stopped.",
    )


class NothingToStop(Refused):
    """Everything of the withdrawal has come, or is over (Q22)."""

    rule = "nothing-to-stop"
    sentence = Addressed(
        "Uttaget är redan levererat eller avslutat och kan inte makuleras. Kontakta kundservice om varorna.",
        "The withdrawal is delivered or over and cannot be annulled. Ask customer service about the goods.",
        to_customer_service=Sentence(
            "Uttaget är redan levererat eller avslutat och kan inte makuleras. "
            "Ta emot varorna i retur om de ska tillbaka.",
            "The withdrawal is already delivered or over and cannot be annulled. "
            "Take the goods back if they are to be returned.",
        ),
    )


class AnnulmentAsked(Refused):
    """The distributor has been asked and has not answered (Q22)."""

    rule = "annulment-asked"
    sentence = Sentence(
        "Makulering är redan begärd. Vänta på distributörens svar, som syns i uttagshistoriken.",
        "The annulment is asked for already. Wait for the distributor's answer, shown in the history.",
    )


class AnnulmentTooLate(Refused):
    """The distributor could not stop the goods (Q22)."""

    rule = "annulment-too-late"
    sentence = Addressed(
        "Distributören hann inte stoppa varorna. Ta emot dem, eller kontakta kundservice.",
        "The distributor could not stop the goods. Receive them, or contact customer service.",
        to_customer_service=Sentence(
            "Distributören hann inte stoppa varorna. Berätta för patienten att de kommer.",
            "The distributor could not stop the goods. Tell the patient that they are coming.",
        ),
    )


def against_annulling(withdrawal: Withdrawal, orders: tuple[Order, ...]) -> Iterator[Refused]:
    """Say why nothing of a sent withdrawal can be stopped (Q22, N1)."""
    if withdrawal.state == "annulled":
        yield AlreadyAnnulled(withdrawal_no=withdrawal.withdrawal_no)
        return
    if len(orders) < len(withdrawal.order_nos):
        yield SentMeanwhile(withdrawal_no=withdrawal.withdrawal_no)
        return
    open_orders = [order for order in orders if not order.is_over]
    if withdrawal.state != "new" and not open_orders:
        yield NothingToStop(withdrawal_no=withdrawal.withdrawal_no)
    elif any(order.cancelling is None for order in open_orders):
        return
    elif asked := [order for order in open_orders if order.cancelling == "asked"]:
        yield from (AnnulmentAsked(order_no=each.order_no) for each in asked)
    else:
        yield from (AnnulmentTooLate(order_no=each.order_no) for each in open_orders)


def annul(
    withdrawal: Withdrawal, orders: tuple[Order, ...], *, by: str, at: datetime
) -> Decision[Withdrawal, tuple[Order, ...]]:
    """Annul a draft at once; ask the distributors to stop what was sent, which they may refuse (Q22).

    Whether the order message has left cannot be known for sure, so until the answer the order is neither.
    """
    refuse_any(against_annulling(withdrawal, orders))
    if withdrawal.state == "new":
        annulled, told = annul_draft(withdrawal, by=by, at=at)
        return annulled, orders, told
    return ask_to_stop(withdrawal, orders, by=by, at=at)


def ask_to_stop(
    withdrawal: Withdrawal, orders: tuple[Order, ...], *, by: str, at: datetime, note: str | None = None
) -> Decision[Withdrawal, tuple[Order, ...]]:
    """Ask the distributor of every order that is not over, once each (Q22)."""
    asked = [order for order in orders if not order.is_over and order.cancelling is None]
    if not asked:
        return withdrawal, orders, []
    numbers = {order.order_no for order in asked}
    told: list[Fact] = [
        OrderCancelRequest(order_no=order.order_no, created_at=at, distributor=order.distributor)
        for order in asked
    ]
    steps = [Step(at, by, "annulment_asked", note, order_no=order.order_no) for order in asked]
    waiting = tuple(
        replace(order, cancelling="asked", quiet_from=at) if order.order_no in numbers else order
        for order in orders
    )
    return withdrawal.noting(*steps), waiting, told
