"""Follows each piece of goods through inventory's ledger: each is in exactly one place (I9, I10, I14)."""
# Only what the rows of the ledger say of places is asked, so a new kind of movement needs nothing here.

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from tools.chaos.judging.collecting import COLLECTING
from tools.chaos.judging.device_fees import i14_a_fee_of_devices_stands_when_something_of_its_line_does
from tools.chaos.judging.evidence import Evidence, Row
from tools.chaos.judging.parcels import goods_of
from tools.chaos.judging.replenishments import (
    i9_a_replenishment_is_on_its_way_until_it_is_received,
    i9_one_automatic_replenishment_of_an_article_is_open,
)

ORDER = "order:"
STATES_AT_ORDER = {
    "picking": "picked", "given_up": "picked", "packed": "picked",
    "sent_back": "under_way", "despatched": "under_way", "received": "at_unit",
}  # fmt: skip
"""By the parcel's state, where a device in it is that nobody has handed over."""
LEFT_BY_PATIENT = {"to_collect": "on_loan"}
"""A device that was exchanged waits to be collected as what the patient got with its order."""
ON_SHELF, GONE = frozenset({"in_stock", "quarantined"}), frozenset({"missing", "written_off"})
Piece = tuple[str, str, str]
"""Place, article and lot."""


def i9_a_balance_is_the_sum_of_its_movements(evidence: Evidence) -> Iterator[str]:
    summed = Counter[Piece]()
    for row in rows_of(evidence):
        summed[row["target"], row["article_no"], row["lot"]] += row["quantity"]
        summed[row["source"], row["article_no"], row["lot"]] -= row["quantity"]
    shelves = evidence.of("inventory", "storerooms")
    moved = {piece: count for piece, count in summed.items() if count and piece[0] in shelves}
    kept = {
        (each["storeroom_no"], each["article_no"], lot["lot"]): lot["on_hand"] + lot["quarantined"]
        for each in evidence.of("inventory", "balances").values()
        for lot in each["lots"]
    }
    for piece in sorted({*moved, *kept}):
        if moved.get(piece, 0) != kept.get(piece, 0):
            yield f"{piece}: the balance says {kept.get(piece, 0)}, the movements {moved.get(piece, 0)}"


def i9_a_balance_promises_what_orders_have(evidence: Evidence) -> Iterator[str]:
    """What is reserved and waited for is the sum over the lines of open orders, and lies there."""
    reserved, waiting = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for order in evidence.of("inventory", "device_orders").values():
        for line in order["lines"] if order["state"] == "open" else ():
            for article_no, pieces in _one_set(line).items():
                there = order["storeroom_no"], article_no
                reserved[there] += line["reserved"] * pieces
                waiting[there] += (line["quantity"] - line["reserved"] - line["picked"]) * pieces
    balances = evidence.of("inventory", "balances").values()
    kept = {(each["storeroom_no"], each["article_no"]): each for each in balances}
    for there in sorted({*kept, *+reserved, *+waiting}):
        balance = kept.get(there, {"reserved": 0, "waiting": 0, "lots": []})
        if (balance["reserved"], balance["waiting"]) != (reserved[there], waiting[there]):
            said = f"{balance['reserved']} reserved, {balance['waiting']} waited for"
            yield f"{there}: the balance says {said}, orders {reserved[there]} and {waiting[there]}"
        if balance["reserved"] > sum(lot["on_hand"] for lot in balance["lots"]):
            yield f"{there}: more is reserved than lies there"


def i9_nobody_waits_for_what_is_free(evidence: Evidence) -> Iterator[str]:
    """What is promised to nobody has been given to the orders that wait for it."""
    balances = evidence.of("inventory", "balances").values()
    free = {
        (each["storeroom_no"], each["article_no"]): sum(lot["on_hand"] for lot in each["lots"])
        - each["reserved"]
        for each in balances
    }
    for order_no, order in evidence.of("inventory", "device_orders").items():
        for line in order["lines"] if order["state"] == "open" else ():
            lacks = line["quantity"] - line["reserved"] - line["picked"]
            there = (
                free.get((order["storeroom_no"], article_no), 0) // pieces
                for article_no, pieces in _one_set(line).items()
            )
            if lacks and min(there) > 0:
                yield f"{order_no} line {line['line_no']}: waits for {lacks}, which lie there free"


def i10_a_device_is_where_its_movements_put_it(evidence: Evidence) -> Iterator[str]:
    """Each device came in once, and is in one place: the shelf, or the order, that its document says."""
    devices = evidence.of("inventory", "devices")
    now_called = _now_called(evidence)
    net: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows_of(evidence):
        if row["device_no"]:
            device_no = str(now_called.get(row["device_no"], row["device_no"]))
            net[device_no][row["target"]] += row["quantity"]
            net[device_no][row["source"]] -= row["quantity"]
    for device_no in sorted({*devices, *net}):
        places = [place for place, count in net[device_no].items() for _ in range(max(0, count))]
        device = devices.get(device_no)
        if device and not places and _is_with_supplier(device, devices):
            continue
        if device is None or places != [_place_of(device, places)]:
            yield f"{device_no}: is {_said(device)}, the movements put it at {places}"


def i10_a_device_is_as_its_parcel_says(evidence: Evidence) -> Iterator[str]:
    """A device that has left the shelf lies in one parcel of its order; one in a parcel is there."""
    orders = evidence.of("inventory", "device_orders")
    devices = evidence.of("inventory", "devices")
    now_called = _now_called(evidence)
    in_parcels: dict[tuple[str, str], list[str]] = defaultdict(list)
    for order_no, order in orders.items():
        for state, goods in goods_of(order):
            is_there = order["state"] != "taken_back" and not goods.get("returned")
            if goods["device_no"] and not goods["component"] and is_there:
                device_no = str(now_called.get(goods["device_no"], goods["device_no"]))
                at = "on_loan" if goods["handed_over"] else STATES_AT_ORDER[state]
                in_parcels[device_no, order_no].append(at)
    for device_no, device in devices.items():
        stands = LEFT_BY_PATIENT.get(device["state"], device["state"])
        if device["order_no"] and in_parcels.pop((device_no, device["order_no"]), []) != [stands]:
            yield f"{device_no}: is {_said(device)}, and lies otherwise in the parcels of that order"
    for (device_no, order_no), states in in_parcels.items():
        yield f"{device_no}: lies in order {order_no} as {states}, and is {_said(devices.get(device_no))}"


def i10_what_left_the_shelf_is_in_a_parcel(evidence: Evidence) -> Iterator[str]:
    """Of counted goods an order holds what its parcels show, but for what was taken back or returned."""
    held, taken = Counter[Piece](), Counter[Piece]()
    for row in rows_of(evidence):
        if row["device_no"] is None:
            held[row["target"], row["article_no"], row["lot"]] += row["quantity"]
            held[row["source"], row["article_no"], row["lot"]] -= row["quantity"]
    orders = evidence.of("inventory", "device_orders")
    for order_no, order in orders.items():
        for _, goods in goods_of(order):
            if (goods["device_no"] is None or goods["component"]) and not goods.get("returned"):
                taken[ORDER + order_no, goods["article_no"], goods["lot"]] += goods["quantity"]
    for piece in sorted({*taken, *(each for each in held if each[0].startswith(ORDER))}):
        expected = 0 if orders[piece[0].removeprefix(ORDER)]["state"] == "taken_back" else taken[piece]
        if held[piece] != expected:
            yield f"{piece}: the movements put {held[piece]} there, its parcels hold {expected}"


def i10_a_device_is_on_loan_once(evidence: Evidence) -> Iterator[str]:
    """Each device that a patient has is on one loan, the one that it names, and no other has that loan."""
    devices = evidence.of("inventory", "devices")
    now_called = _now_called(evidence)
    lent: dict[str, list[str]] = defaultdict(list)
    for loan_id, loan in evidence.of("inventory", "loans").items():
        if loan["state"] == "on_loan":
            lent[str(now_called.get(loan["device_no"], loan["device_no"]))].append(loan_id)
    for device_no in sorted({*devices, *lent}):
        device = devices.get(device_no, {})
        named = [device["loan_id"]] if device.get("state") == "on_loan" else []
        if lent[device_no] != named:
            yield f"{device_no}: is on the loans {lent[device_no]}, its document names {named}"


def i22_ordering_follows_every_device(evidence: Evidence) -> Iterator[str]:
    """Ordering's copy of a device is inventory's, and its orders have come as far."""
    copies = evidence.of("ordering", "devices")
    for device_no, device in evidence.of("inventory", "devices").items():
        version = copies.get(device_no, {}).get("version")
        if version != device["version"]:
            yield f"{device_no}: ordering has version {version}, inventory {device['version']}"
    kept = evidence.of("inventory", "device_orders")
    for order_no, order in evidence.of("ordering", "device_orders").items():
        inventory = kept.get(order_no)
        if inventory is None:
            yield f"{order_no}: inventory has no such order"
        elif _handed_by_ordering(order) != _handed_by_inventory(inventory):
            yield f"{order_no}: ordering and inventory do not say the same of what is with the patient"
        elif (order["released_at"] is not None) != (inventory["state"] == "annulled"):
            yield f"{order_no}: is {inventory['state']}, ordering was told {order['released_at']}"
    of_patients = {no for no, each in kept.items() if each["kind"] != "replenishment"}
    yield from (f"{each}: inventory has it, ordering has not" for each in of_patients - _ordered(evidence))


def i21_inventory_has_answered(evidence: Evidence) -> Iterator[str]:
    """No hand-out, hand-over, annulment or mistake waits for its outcome."""
    for order_no, order in evidence.of("ordering", "device_orders").items():
        if order["kind"] == "hand_out" and not order["handed_out"] and order["refusal"] is None:
            yield f"{order_no}: inventory never said what came of the hand-out"
        if order["annulment"] and order["released_at"] is None and order["too_late"] is None:
            yield f"{order_no}: inventory never said whether it is annulled"
        if order["mistake"] and order["taken_back_at"] is None and order.get("mistake_refusal") is None:
            yield f"{order_no}: inventory never said whether it is taken back"
        made = {each.get("hand_over_no") for each in order["handed_out"]}
        for each in order["hand_overs"]:
            if each["hand_over_no"] not in made and each.get("refusal") is None:
                yield f"{order_no}: inventory never said what came of hand-over {each['hand_over_no']}"


def rows_of(evidence: Evidence) -> Iterator[Row]:
    """Give every row of the ledger, older ones with what was added since."""
    for movement in evidence.of("inventory", "movements").values():
        for row in movement["rows"]:
            yield {"lot": "", "device_no": None, **row}


def _now_called(evidence: Evidence) -> Mapping[str, str]:
    """Give the present number of each device that had another before (Q12)."""
    devices = evidence.of("inventory", "devices").items()
    return {former: no for no, each in devices for former in each["former_numbers"]}


def _one_set(line: Row) -> Mapping[str, int]:
    pieces = Counter({line["article_no"]: 1})
    for article_no, quantity in line["components"]:
        pieces[article_no] += quantity
    return pieces


def _place_of(device: Row, places: list[str]) -> str:
    """Name the place that a device's document says; what is gone may be anywhere but on a shelf."""
    if device["state"] in ON_SHELF:
        return str(device["storeroom_no"])
    if device["state"] in GONE and places:
        return places[0]
    return f"{ORDER}{device['order_no']}"


def _is_with_supplier(device: Row, devices: Mapping[str, Row]) -> bool:
    """Tell whether a supplier took a device back and sent another for it (Q12)."""
    sent = any(each.get("replaces") == device["device_no"] for each in devices.values())
    return sent and device["state"] == "written_off"


def _said(device: Row | None) -> str:
    if device is None:
        return "unknown"
    return f"{device['state']} (storeroom {device['storeroom_no']}, order {device['order_no']})"


def _handed_by_ordering(order: Row) -> Counter[int]:
    if order["taken_back_at"] is not None:
        return Counter()
    return _sum(line for each in order["handed_out"] for line in each["lines"])


def _handed_by_inventory(order: Row) -> Counter[int]:
    if order["state"] == "taken_back":
        return Counter()
    handed = (goods for _, goods in goods_of(order) if goods["handed_over"] and not goods["component"])
    return _sum(handed)


def _sum(goods: Iterator[Row]) -> Counter[int]:
    found = Counter[int]()
    for each in goods:
        found[each["line_no"]] += each["quantity"]
    return found


def _ordered(evidence: Evidence) -> frozenset[str]:
    return frozenset(evidence.of("ordering", "device_orders"))


AT_ANY_MOMENT = (
    i9_a_balance_is_the_sum_of_its_movements,
    i9_a_balance_promises_what_orders_have,
    i10_a_device_is_where_its_movements_put_it,
    i10_a_device_is_as_its_parcel_says,
    i10_what_left_the_shelf_is_in_a_parcel,
    i10_a_device_is_on_loan_once,
    i9_a_replenishment_is_on_its_way_until_it_is_received,
    i9_one_automatic_replenishment_of_an_article_is_open,
)
"""What holds after every commit of inventory, for it changes in one transaction (Q36)."""
PIECES = (
    *AT_ANY_MOMENT,
    i9_nobody_waits_for_what_is_free,
    i14_a_fee_of_devices_stands_when_something_of_its_line_does,
    i21_inventory_has_answered,
    i22_ordering_follows_every_device,
    *COLLECTING,
)
