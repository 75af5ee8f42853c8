"""What has come of a purchase, what differs from it, and what is late (Q60, Q47)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from services.inventory.domain.goods.balance import NO_LOT, Balance, Lot
from services.inventory.domain.goods.movement import OUTSIDE, Movement, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.purchasing.approving import TASKS_WHILE_OPEN
from services.inventory.domain.purchasing.proposing import coming_of
from services.inventory.domain.purchasing.purchase import WAITS, Purchase, published, with_line
from services.inventory.domain.purchasing.refusals import (
    InPurchase,
    NotInPurchase,
    PurchaseDeliveredByNumber,
    PurchaseOver,
)
from services.inventory.domain.purchasing.tasks import solved, task
from shared.domain.decision import Decision
from shared.events.fact import Fact

Balances = tuple[Balance | None, ...]
DeviationKind = Literal["missing", "wrong", "damaged"]
MOST_DEVIATIONS = 100


@dataclass(frozen=True)
class PurchaseDeviation:
    """What of a delivery was not as the supplier said, in base units."""

    kind: DeviationKind
    article_no: str
    quantity: int
    reason: str
    lot: Lot = NO_LOT


@dataclass(frozen=True)
class DeviationsFound:
    """What differs in what came, who found it, and what the rule must know of the articles."""

    movement_no: str
    deviations: tuple[PurchaseDeviation, ...]
    article_nos: tuple[str, ...]
    names: dict[str, str]
    marked: frozenset[str]
    by: str
    at: datetime


def note_received(
    purchase: Purchase, balance: Balance, *, article_no: str, pieces: int
) -> Decision[Purchase, Balance]:
    """Count what was received of an article; more than was ordered is a task.

    Raises PurchaseOver and NotInPurchase.
    """
    if purchase.state not in WAITS:
        raise PurchaseOver(order_no=purchase.order_no)
    line = next((each for each in purchase.lines if each.article_no == article_no), None)
    if line is None:
        raise NotInPurchase(article_no=article_no)
    line = replace(line, received=line.received + pieces)
    after, facts = _settled(with_line(purchase, line))
    if line.received > line.pieces:
        facts.append(
            task(
                purchase,
                "purchase_deviation",
                "purchase-too-many",
                about=f"too-many-{line.line_no}",
                article_no=article_no,
                article_name=line.name,
                quantity=str(line.received - line.pieces),
            )
        )
    (kept,) = coming_of(after, (balance,))
    return after, kept or balance, facts


def receive_purchased(
    *states: Any, rule: Callable[..., tuple[Any, ...]], article_no: str, pieces: int
) -> tuple[Any, ...]:
    """Receive goods by a rule of receipts, and count them on the purchase, the last of the states (Q60).

    Raises what the rule raises, PurchaseOver and NotInPurchase.
    """
    *received, purchase = states
    balance, *others, facts = rule(*received)
    purchase, balance, told = note_received(purchase, balance, article_no=article_no, pieces=pieces)
    return balance, *others, purchase, [*facts, *told]


def report_deviations(
    purchase: Purchase, balances: Balances, movement: Movement | None, *, found: DeviationsFound
) -> Decision[Purchase, Balances, Movement | None]:
    """Put damaged and wrong goods in quarantine; what is missing lies nowhere. Each is a task (Q47).

    Damaged pieces came, so they are waited for no more; missing ones are still waited for. Raises
    PurchaseOver, NotInPurchase, InPurchase and PurchaseDeliveredByNumber.
    """
    if purchase.state == "proposed":
        raise PurchaseOver(order_no=purchase.order_no)
    stock = Stock.of(purchase.warehouse_no, found.article_nos, balances)
    facts: list[Fact] = []
    for place, each in enumerate(found.deviations):
        purchase, stock = _taken_in(purchase, stock, each, found)
        facts.append(_deviates(purchase, each, found, about=f"{found.movement_no}-{place}"))
    after, told = _settled(purchase) if purchase.state in WAITS else published(purchase)
    if stock.moved:
        reason, number = found.deviations[0].reason, found.movement_no
        noted = Movement(
            number, purchase.warehouse_no, "received", found.at, found.by, stock.moved,
            order_no=purchase.order_no, reason=reason,
        )  # fmt: skip
        movement = added(movement, noted)
    return after, coming_of(after, stock.balances), movement, [*told, *facts]


def _deviates(
    purchase: Purchase, deviation: PurchaseDeviation, found: DeviationsFound, *, about: str
) -> Fact:
    return task(
        purchase,
        "purchase_deviation",
        f"purchase-{deviation.kind}",
        about=about,
        article_no=deviation.article_no,
        article_name=found.names.get(deviation.article_no, ""),
        quantity=str(deviation.quantity),
    )


def watch(purchase: Purchase, *, on: date) -> Decision[Purchase]:
    """Raise a task once when a purchase is not answered, or goods have not come on their day (Q60)."""
    if purchase.watched_on is None or purchase.watched_on >= on or purchase.state not in WAITS:
        return purchase, []
    day = purchase.watched_on.isoformat()
    is_silent = purchase.state == "sent" and purchase.acknowledged_at is None and not purchase.deliveries
    kind, why = ("purchase_silent", "purchase-silent") if is_silent else ("purchase_late", "purchase-late")
    return replace(purchase, watched_on=None), [task(purchase, kind, why, day=day)]


def _taken_in(
    purchase: Purchase, stock: Stock, deviation: PurchaseDeviation, found: DeviationsFound
) -> tuple[Purchase, Stock]:
    no, pieces = deviation.article_no, deviation.quantity
    line = next((each for each in purchase.lines if each.article_no == no), None)
    if deviation.kind == "wrong" and line is not None:
        raise InPurchase(article_no=no)
    if deviation.kind != "wrong" and line is None:
        raise NotInPurchase(article_no=no)
    if deviation.kind == "missing":
        return purchase, stock
    if no in found.marked:
        raise PurchaseDeliveredByNumber(article_no=no)
    stock = stock.put_apart(no, pieces, source=OUTSIDE, lot=deviation.lot)
    if line is not None:
        purchase = with_line(purchase, replace(line, received=line.received + pieces))
    return purchase, stock


def _settled(purchase: Purchase) -> tuple[Purchase, list[Fact]]:
    """Say whether all has come; what lacks is waited for."""
    if not any(each.to_come for each in purchase.lines):
        is_short = any(each.received < each.pieces for each in purchase.lines)
        after, facts = published(replace(purchase, state="closed_short" if is_short else "received"))
        return after, [*facts, *solved(purchase, *TASKS_WHILE_OPEN, how="received")]
    has_come = any(each.received for each in purchase.lines)
    return published(replace(purchase, state="part_received" if has_come else purchase.state))


def article_nos_of(purchase: Purchase, others: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*purchase.article_nos, *others)))
