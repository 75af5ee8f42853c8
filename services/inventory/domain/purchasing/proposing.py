"""Proposing purchases: by itself below a warehouse's minimum, or by hand; each in whole packages (Q60)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.inventory.domain.article import Article, name_of
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.levels import Coming, Stopped
from services.inventory.domain.places import Storeroom
from services.inventory.domain.purchasing.judging import (
    WHY_NOT_PURCHASED,
    SupplierOf,
    unit_of,
    why_not_purchased,
)
from services.inventory.domain.purchasing.purchase import (
    MOST_LINES,
    Purchase,
    PurchaseLine,
    published,
)
from services.inventory.domain.purchasing.refusals import (
    MayNotBePurchased,
    NotAWarehouse,
    NotProposed,
    SeveralSuppliers,
)
from services.inventory.domain.purchasing.tasks import task
from services.inventory.domain.replenishing.manual import LineAsked
from services.inventory.domain.replenishing.refusals import ArticleTwice
from shared.domain.decision import Decision, Refused, refuse_any
from shared.events.tasks import TaskRaised, TaskResolved

Shelves = tuple[Balance | None, ...]


@dataclass(frozen=True)
class PurchaseAsked:
    """What is to be purchased for a warehouse."""

    purchase: Purchase
    """Without lines: its number, supplier, and who proposes it."""
    warehouse: Storeroom
    lines: tuple[LineAsked, ...]
    articles: Mapping[str, Article]
    supplier_of: SupplierOf
    at: datetime

    @property
    def article_nos(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.article_no for each in self.lines))


def propose_by_hand(
    _: Purchase | None, shelves: Shelves, *, asked: PurchaseAsked
) -> Decision[Purchase, Shelves]:
    """Propose a purchase as somebody wants it. Raises every reason against (Q60)."""
    refuse_any(against_purchase(asked))
    return _with_lines(asked.purchase, shelves, asked)


def propose_by_itself(
    kept: Purchase | None, shelves: Shelves, *, asked: PurchaseAsked
) -> Decision[Purchase | None, Shelves]:
    """Put what is below the warehouse's minimum on a proposal; a second look proposes nothing (Q19, Q60).

    New lines join a proposal that nobody has approved; raises NotProposed when somebody has.
    """
    below = {each.article_no for each in shelves if each is not None and each.to_replenish}
    lacking = replace(asked, lines=tuple(each for each in asked.lines if each.article_no in below))
    if not lacking.lines:
        return kept, shelves, []
    if kept is not None and not takes_more(kept):
        raise NotProposed(order_no=kept.order_no)
    return _with_lines(kept or asked.purchase, shelves, lacking)


def judge_level(
    balance: Balance, *, why: Stopped | None, warehouse: Storeroom, article: Article | None
) -> Decision[Balance]:
    """Stop the level of what may not be purchased with a task, and begin again where it may (Q50)."""
    level = balance.level
    if level is None or level.stopped == why:
        return balance, []
    task_id = f"purchase-stopped:{balance.storeroom_no}:{balance.article_no}"
    changed = replace(balance, level=replace(level, stopped=why))
    if why is None:
        return changed, [TaskResolved(task_id=task_id, how="purchased-again")]
    raised = TaskRaised(
        task_id=task_id,
        kind="purchase_stopped",
        role="store_keeper",
        care_unit=warehouse.storeroom_no,
        subject_no=balance.article_no,
        reason=f"not-purchased-{why.replace('_', '-')}",
        details={
            "article_no": balance.article_no,
            "article_name": name_of(article),
            "storeroom": warehouse.name,
        },
    )
    return changed, [raised]


def takes_more(purchase: Purchase) -> bool:
    """Tell whether lines may join it: a proposal by itself that nobody has approved."""
    is_proposal = purchase.state == "proposed" and purchase.origin == "automatic"
    return is_proposal and len(purchase.lines) < MOST_LINES


def against_purchase(asked: PurchaseAsked) -> Iterator[Refused]:
    """Give every reason against the lines, each with its article."""
    if asked.warehouse.kind != "warehouse" or not asked.warehouse.active:
        yield NotAWarehouse(storeroom_no=asked.warehouse.storeroom_no)
    times = Counter(each.article_no for each in asked.lines)
    for no in asked.article_nos:
        if times[no] > 1:
            yield ArticleTwice(article_no=no)
        why = why_not_purchased(asked.articles.get(no), supplier_of=asked.supplier_of)
        if why is not None:
            yield MayNotBePurchased(WHY_NOT_PURCHASED[why], article_no=no)
    suppliers = {
        asked.supplier_of(each.device.supplier) for each in asked.articles.values() if each.device
    } - {None}
    if len(suppliers) > 1:
        yield SeveralSuppliers(suppliers=", ".join(sorted(each for each in suppliers if each)))


def coming_of(purchase: Purchase, shelves: Sequence[Balance | None]) -> Shelves:
    """Note on each balance what the purchase brings, and when; nothing when it is over."""
    return tuple(each and _coming(each, purchase) for each in shelves)


def _coming(balance: Balance, purchase: Purchase) -> Balance:
    others = tuple(each for each in balance.coming if each.order_no != purchase.order_no)
    line = next((each for each in purchase.lines if each.article_no == balance.article_no), None)
    pieces = line.to_come if line and purchase.is_open and line.state != "rejected" else 0
    brought = Coming(purchase.order_no, pieces, line.expected_on if line else None)
    return replace(balance, coming=(*others, brought) if pieces else others)


def _with_lines(purchase: Purchase, shelves: Shelves, asked: PurchaseAsked) -> Decision[Purchase, Shelves]:
    first = len(purchase.lines) + 1
    lines = tuple(_line(first + place, each, asked) for place, each in enumerate(asked.lines))
    is_new = not purchase.lines
    purchase, facts = published(replace(purchase, lines=(*purchase.lines, *lines)))
    there = (
        tuple(
            each or Balance(purchase.warehouse_no, no)
            for no, each in zip(asked.article_nos, shelves, strict=True)
        )
        if len(asked.article_nos) == len(shelves)
        else shelves
    )
    if is_new and purchase.origin == "automatic":
        facts.append(task(purchase, "purchase_proposed", "purchase-proposed"))
    return purchase, coming_of(purchase, there), facts


def _line(line_no: int, asked_line: LineAsked, asked: PurchaseAsked) -> PurchaseLine:
    article = asked.articles[asked_line.article_no]
    return PurchaseLine(
        line_no=line_no,
        article_no=article.article_no,
        name=article.name,
        packages=asked_line.packages,
        pieces_per_package=article.pieces_per_package,
        price=article.package_price,
        unit=unit_of(article),
        supplier_article_no=article.supplier_article_no,
        gtin=article.gtin,
    )
