"""What replenishments bring is on its way to their storerooms, once, until it is received (Q19, I9)."""

from collections import Counter
from collections.abc import Iterator

from tools.chaos.judging.evidence import Evidence, Row
from tools.chaos.judging.parcels import goods_of

Coming = Counter[tuple[str, str, str]]
"""Base units by storeroom, article and order."""


def i9_a_replenishment_is_on_its_way_until_it_is_received(evidence: Evidence) -> Iterator[str]:
    """The balance of a storeroom has coming what its orders bring and nobody has received."""
    brought, kept = _brought(evidence) + _purchased(evidence), Coming()
    for balance in evidence.of("inventory", "balances").values():
        for each in balance.get("coming", ()):
            kept[balance["storeroom_no"], balance["article_no"], each["order_no"]] += each["quantity"]
    for place in sorted({*brought, *kept}):
        if brought[place] != kept[place]:
            yield f"{place}: {kept[place]} are coming, the order brings {brought[place]}"


def i9_one_automatic_replenishment_of_an_article_is_open(evidence: Evidence) -> Iterator[str]:
    orders = evidence.of("inventory", "device_orders")
    automatic = Counter(
        (storeroom_no, article_no)
        for storeroom_no, article_no, order_no in +_brought(evidence)
        if _terms(orders[order_no])["source"] == "automatic"
    )
    for place, count in sorted(automatic.items()):
        if count > 1:
            yield f"{place}: {count} automatic replenishments are open"


def _brought(evidence: Evidence) -> Coming:
    brought = Coming()
    for order_no, order in evidence.of("inventory", "device_orders").items():
        terms = _terms(order)
        if not terms or order["state"] == "annulled":
            continue
        for line in order["lines"]:
            brought[terms["storeroom_no"], line["article_no"], order_no] += line["quantity"]
        for state, goods in goods_of(order):
            if state == "booked":
                brought[terms["storeroom_no"], goods["article_no"], order_no] -= goods["quantity"]
    return brought


def _purchased(evidence: Evidence) -> Coming:
    """Give what open purchases bring to warehouses and nobody has received."""
    brought = Coming()
    for order_no, purchase in evidence.of("inventory", "purchases").items():
        for line in purchase["lines"] if purchase["is_open"] else ():
            packages = line["packages"] if line.get("confirmed") is None else line["confirmed"]
            pieces = packages * line["pieces_per_package"] - line.get("received", 0)
            brought[purchase["warehouse_no"], line["article_no"], order_no] += max(0, pieces)
    return brought


def _terms(order: Row) -> Row:
    terms: Row = order.get("replenishment") or {}
    return terms
