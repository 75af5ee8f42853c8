"""Approving a purchase, which sends it once; annulling and closing one (Q60)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.purchasing.proposing import coming_of
from services.inventory.domain.purchasing.purchase import WAITS, Purchase, PurchaseLine, published
from services.inventory.domain.purchasing.refusals import (
    GoodsHaveLeft,
    NotInPurchase,
    NotProposed,
    PurchaseOver,
)
from services.inventory.domain.purchasing.tasks import solved
from services.inventory.domain.replenishing.refusals import WouldBeOrderedAgain
from shared.domain.decision import Decision
from shared.domain.money import Money
from shared.suppliers import PurchaseCancelRequest, PurchasedLine, PurchaseOrder

Shelves = tuple[Balance | None, ...]
TASKS_WHILE_OPEN = ("purchase_proposed", "purchase_late", "purchase_silent", "purchase_stays")


@dataclass(frozen=True)
class Approval:
    """Who approves a purchase, with other packages of some articles, and what goes with the message."""

    by: str
    by_name: str
    at: datetime
    packages: Mapping[str, int]
    prices: Mapping[str, Money]
    """Of a package of each article, by the agreement of today."""
    buyer_gln: str
    warehouse_name: str
    answered_by: date
    """The day after which the supplier's silence is a task."""


@dataclass(frozen=True)
class Ending:
    """Who ends a purchase, when and why."""

    by: str
    by_name: str
    at: datetime
    why: str


def approve(purchase: Purchase, shelves: Shelves, *, approval: Approval) -> Decision[Purchase, Shelves]:
    """Send a proposal to the supplier: the message is in the outbox of the same transaction, once.

    Raises NotProposed and NotInPurchase.
    """
    if purchase.state != "proposed":
        raise NotProposed(order_no=purchase.order_no)
    for no in approval.packages:
        if no not in purchase.article_nos:
            raise NotInPurchase(article_no=no)
    lines = tuple(
        replace(
            each,
            packages=approval.packages.get(each.article_no, each.packages),
            price=approval.prices.get(each.article_no, each.price),
        )
        for each in purchase.lines
    )
    sent, facts = published(
        replace(
            purchase,
            state="sent",
            lines=lines,
            approved_by=approval.by,
            approved_by_name=approval.by_name,
            approved_at=approval.at,
            watched_on=approval.answered_by,
        )
    )
    facts += solved(purchase, "purchase_proposed", how="approved")
    return sent, coming_of(sent, shelves), [*facts, _message(sent, approval)]


def annul_purchase(purchase: Purchase, shelves: Shelves, *, ending: Ending) -> Decision[Purchase, Shelves]:
    """Annul a proposal at once; ask the supplier to stop what was sent, and wait for its answer.

    Raises PurchaseOver, GoodsHaveLeft and WouldBeOrderedAgain.
    """
    if not purchase.is_open:
        raise PurchaseOver(order_no=purchase.order_no)
    if purchase.deliveries or any(each.received for each in purchase.lines):
        raise GoodsHaveLeft(order_no=purchase.order_no)
    if purchase.state == "proposed":
        annulled, facts = published(_ended(purchase, ending, state="annulled"))
        after = coming_of(annulled, shelves)
        if purchase.origin == "automatic" and any(each and each.to_replenish for each in after):
            raise WouldBeOrderedAgain(order_no=purchase.order_no)
        return annulled, after, [*facts, *solved(purchase, *TASKS_WHILE_OPEN, how="annulled")]
    if purchase.annulment_asked_at is not None:
        return purchase, shelves, []
    asked = replace(
        purchase,
        annulment_asked_at=ending.at,
        ended_by=ending.by,
        ended_by_name=ending.by_name,
        ended_why=ending.why,
    )
    request = PurchaseCancelRequest(
        order_no=purchase.order_no, created_at=ending.at, supplier=purchase.supplier
    )
    return asked, shelves, [request]


def close_purchase(purchase: Purchase, shelves: Shelves, *, ending: Ending) -> Decision[Purchase, Shelves]:
    """Wait for nothing more: what did not come is not on order any longer. Raises PurchaseOver."""
    if purchase.state not in WAITS:
        raise PurchaseOver(order_no=purchase.order_no)
    closed, facts = published(_ended(purchase, ending, state="closed_short"))
    return closed, coming_of(closed, shelves), [*facts, *solved(purchase, *TASKS_WHILE_OPEN, how="closed")]


def _ended(purchase: Purchase, ending: Ending, *, state: str) -> Purchase:
    return replace(
        purchase,
        state="annulled" if state == "annulled" else "closed_short",
        ended_by=ending.by,
        ended_by_name=ending.by_name,
        ended_at=ending.at,
        ended_why=ending.why,
    )


def _message(purchase: Purchase, approval: Approval) -> PurchaseOrder:
    return PurchaseOrder(
        order_no=purchase.order_no,
        created_at=approval.at,
        supplier=purchase.supplier,
        buyer_gln=approval.buyer_gln,
        deliver_to=purchase.warehouse_no,
        deliver_to_name=approval.warehouse_name,
        lines=tuple(map(_line, purchase.lines)),
    )


def _line(line: PurchaseLine) -> PurchasedLine:
    return PurchasedLine(
        line=line.line_no,
        article_no=line.article_no,
        gtin=line.gtin,
        supplier_article_no=line.supplier_article_no,
        name=line.name,
        quantity=line.packages,
        unit=line.unit,
        pieces_per_package=line.pieces_per_package,
        unit_price=line.price.amount,
    )
