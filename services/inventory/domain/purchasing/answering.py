"""What a supplier answers to a purchase: taken in, and every mistake is a task (Q60)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.lots import piece_number
from services.inventory.domain.purchasing.approving import TASKS_WHILE_OPEN
from services.inventory.domain.purchasing.proposing import coming_of
from services.inventory.domain.purchasing.purchase import (
    MOST_DELIVERIES,
    WAITS,
    DeliveredLot,
    Delivery,
    Purchase,
    PurchaseLine,
    published,
    with_line,
)
from services.inventory.domain.purchasing.tasks import solved, task
from shared.domain.days import can_be_expected
from shared.domain.decision import Decision
from shared.domain.money import Money
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised
from shared.suppliers import (
    PurchaseAcknowledged,
    PurchaseCancelled,
    PurchaseConfirmed,
    PurchaseDespatched,
    PurchaseLineConfirmed,
    PurchaseReply,
    PurchaseTooLate,
    SupplierReply,
    SupplierSaid,
)

Shelves = tuple[Balance | None, ...]


@dataclass(frozen=True)
class Heard:
    """A reply as it came: from whom, on which day, and whether its id was used for something else."""

    reply: SupplierSaid
    sender: str | None
    """None: an operator replays it."""
    at: datetime
    on: date
    watched_on: date
    """The day after which silence about a delivery is a task."""
    id_is_reused: bool = False


def hear_supplier(purchase: Purchase, shelves: Shelves, *, heard: Heard) -> Decision[Purchase, Shelves]:
    """Take in what the supplier says; what cannot be is a task, and changes nothing (Q60)."""
    why = _why_stray(purchase, heard)
    if why is not None:
        return purchase, shelves, [_stray(purchase, heard.reply, why)]
    match heard.reply:
        case PurchaseAcknowledged():
            after, facts = _acknowledged(purchase, heard.reply, heard)
        case PurchaseConfirmed():
            after, facts = _confirmed(purchase, heard.reply, heard)
        case PurchaseDespatched():
            after, facts = _despatched(purchase, heard.reply, heard)
        case PurchaseCancelled():
            after, facts = _cancelled(purchase, heard.reply, heard)
        case _:
            after, facts = _too_late(purchase, heard.reply)
    after, told = published(after)
    return after, coming_of(after, shelves), [*told, *facts]


def unknown_purchase(purchase: Purchase | None, *, event: SupplierReply) -> Decision[Purchase | None]:
    """Make a reply about a purchase that nobody made a task (Q60)."""
    if purchase is not None:
        raise ValueError("the purchase is known")  # it was made meanwhile: the message comes again
    raised = TaskRaised(
        task_id=f"purchase-reply-stray:{event.reply.message_id[:60]}",
        kind="purchase_reply_stray",
        role="store_keeper",
        reason="purchase-unknown",
        details={"supplier": event.sender or "-"},
    )
    return None, [raised]


def _why_stray(purchase: Purchase, heard: Heard) -> str | None:
    """Say why a reply is not about this purchase as it is now; None when it is."""
    reply = heard.reply
    is_refusal = isinstance(reply, PurchaseAcknowledged) and not reply.accepted
    against = {
        "purchase-answered-by-another": heard.sender not in {None, purchase.supplier},
        "purchase-message-id-reused": heard.id_is_reused,
        "purchase-not-waiting": purchase.state not in WAITS,
        "purchase-was-not-annulled": isinstance(reply, PurchaseTooLate) and not purchase.annulment_asked_at,
        "purchase-refused-after-despatch": is_refusal and bool(purchase.deliveries),
        **_against_lines(purchase, reply),
    }
    return next((why for why, is_so in against.items() if is_so), None)


def _against_lines(purchase: Purchase, reply: SupplierSaid) -> dict[str, bool]:
    if not isinstance(reply, PurchaseConfirmed | PurchaseDespatched):
        return {}
    numbers = [each.line for each in reply.lines]
    is_answer = isinstance(reply, PurchaseConfirmed)
    return {
        "purchase-line-unknown": any(purchase.line(each) is None for each in numbers),
        "purchase-line-twice": is_answer and max(Counter(numbers).values(), default=0) > 1,
        "purchase-answered-after-despatch": is_answer and bool(purchase.deliveries),
        "purchase-has-too-many-deliveries": not is_answer and len(purchase.deliveries) >= MOST_DELIVERIES,
    }


def _acknowledged(
    purchase: Purchase, reply: PurchaseAcknowledged, heard: Heard
) -> tuple[Purchase, list[Fact]]:
    if reply.accepted:
        return replace(purchase, acknowledged_at=heard.at), solved(
            purchase, "purchase_silent", how="answered"
        )
    refused = replace(purchase, state="refused", ended_at=heard.at, ended_why=reply.code)
    why = task(purchase, "purchase_refused", "purchase-refused", code=reply.code or "-")
    return refused, [why, *solved(purchase, *TASKS_WHILE_OPEN, how="refused")]


def _confirmed(purchase: Purchase, reply: PurchaseConfirmed, heard: Heard) -> tuple[Purchase, list[Fact]]:
    facts = solved(purchase, "purchase_silent", how="answered")
    for each in reply.lines:
        line = purchase.line(each.line)
        if line is None:
            continue
        said = _line(line, each, heard)
        facts += _differences(purchase, line, said, each)
        purchase = with_line(purchase, said)
    if all(each.state == "rejected" for each in purchase.lines):
        refused = replace(purchase, state="refused", ended_at=heard.at)
        return refused, [*facts, *solved(purchase, *TASKS_WHILE_OPEN, how="refused")]
    state = "confirmed" if purchase.state == "sent" else purchase.state
    return _watched(replace(purchase, state=state), heard), facts


def _line(line: PurchaseLine, said: PurchaseLineConfirmed, heard: Heard) -> PurchaseLine:
    day = said.delivery_date
    is_possible = day is not None and can_be_expected(day, since=heard.on, today=heard.on)
    packages = line.packages if said.quantity is None else said.quantity
    confirmed = 0 if said.status == "rejected" else packages
    return replace(
        line,
        state="rejected" if confirmed == 0 else "accepted" if confirmed == line.packages else "changed",
        confirmed=confirmed,
        expected_on=day if is_possible else line.expected_on,
        said_price=line.price if said.unit_price is None else Money(said.unit_price),
    )


def _differences(
    purchase: Purchase, before: PurchaseLine, after: PurchaseLine, said: PurchaseLineConfirmed
) -> Iterator[Fact]:
    about = {"article_no": before.article_no, "article_name": before.name}
    numbers = {"ordered": str(before.packages), "confirmed": str(after.confirmed)}
    if after.state == "rejected":
        yield task(
            purchase,
            "purchase_changed",
            "purchase-line-rejected",
            about=str(before.line_no),
            code=said.code or "-",
            **about,
        )
    elif after.confirmed != before.packages:
        yield task(
            purchase,
            "purchase_changed",
            "purchase-line-changed",
            about=str(before.line_no),
            **about,
            **numbers,
        )
    if after.said_price != before.price and after.state != "rejected":
        yield task(
            purchase,
            "purchase_price_differs",
            "purchase-price-differs",
            about=str(before.line_no),
            agreed=str(before.price.amount),
            said=str(after.said_price.amount if after.said_price else "-"),
            **about,
        )


def _despatched(purchase: Purchase, reply: PurchaseDespatched, heard: Heard) -> tuple[Purchase, list[Fact]]:
    known = {sscc for each in purchase.deliveries for sscc in each.packages}
    if reply.packages and known.issuperset(reply.packages):
        return purchase, []  # the same delivery, told again under another id
    facts = solved(purchase, "purchase_silent", "purchase_late", how="despatched")
    number = f"{purchase.order_no}.{len(purchase.deliveries) + 1}"
    lots = tuple(
        DeliveredLot(each.line, each.quantity, piece_number(each.batch or ""), each.best_before)
        for each in reply.lines
    )
    delivery = Delivery(number, heard.at, reply.packages, lots)
    purchase = replace(purchase, deliveries=(*purchase.deliveries, delivery))
    for each in reply.lines:
        line = purchase.line(each.line)
        if line is not None:
            line = replace(line, despatched=line.despatched + each.quantity)
            purchase = with_line(purchase, line)
            facts += _more_than_ordered(purchase, line)
    return _watched(purchase, heard), facts


def _more_than_ordered(purchase: Purchase, line: PurchaseLine) -> Iterator[Fact]:
    if line.despatched > line.packages:
        yield task(
            purchase,
            "purchase_changed",
            "purchase-more-than-ordered",
            about=f"more-{line.line_no}",
            article_no=line.article_no,
            article_name=line.name,
            ordered=str(line.packages),
            despatched=str(line.despatched),
        )


def _cancelled(purchase: Purchase, reply: PurchaseCancelled, heard: Heard) -> tuple[Purchase, list[Fact]]:
    has_come = any(each.received for each in purchase.lines) or bool(purchase.deliveries)
    facts = solved(purchase, *TASKS_WHILE_OPEN, how="cancelled")
    if purchase.annulment_asked_at is not None and not has_come:
        return replace(purchase, state="annulled", ended_at=heard.at), facts
    why = task(purchase, "purchase_changed", "purchase-cancelled", about="cancelled", code=reply.reason)
    closed = replace(purchase, state="closed_short", ended_at=heard.at, ended_why=reply.reason)
    return closed, [*facts, why]


def _too_late(purchase: Purchase, reply: PurchaseTooLate) -> tuple[Purchase, list[Fact]]:
    why = task(purchase, "purchase_stays", "purchase-annulled-too-late", code=reply.reason)
    stays = replace(purchase, annulment_asked_at=None, ended_by=None, ended_by_name=None, ended_why=None)
    return stays, [why]


def _watched(purchase: Purchase, heard: Heard) -> Purchase:
    """Say after which day it is late: the last expected one, or after a while when none was said."""
    return replace(purchase, watched_on=purchase.expected_on or heard.watched_on)


def _stray(purchase: Purchase, reply: PurchaseReply, why: str) -> Fact:
    said = getattr(reply, "type", "").removeprefix("purchase.").removesuffix(".v1")
    return task(purchase, "purchase_reply_stray", why, about=reply.message_id[:60], what=said)
