"""Compares what ordering and inventory say of collection orders, and of what waits for them (I22, Q34)."""

from collections.abc import Iterator, Mapping

from tools.chaos.judging.evidence import Evidence

AS_ORDERING_SAYS: Mapping[str, frozenset[str]] = {
    "open": frozenset({"registered"}),
    "closed": frozenset({"closed", "annulled"}),
    "annulled": frozenset({"annulled"}),
}
"""By inventory's state: what came to the warehouse of an order that was annulled meanwhile stays there."""


def i22_both_say_the_same_of_a_collection_order(evidence: Evidence) -> Iterator[str]:
    """Each order that was registered is with inventory, and has come as far in both."""
    kept = evidence.of("inventory", "collection_orders")
    ordered = evidence.of("ordering", "collection_orders")
    for number, order in ordered.items():
        if order["state"] == "requested":
            yield f"{number}: inventory never said what came of its exchange"
        elif order["state"] != "refused" and number not in kept:
            yield f"{number}: inventory has no such collection order"
    for number, order in kept.items():
        said = ordered.get(number, {}).get("state")
        if said not in AS_ORDERING_SAYS[order["state"]]:
            yield f"{number}: is {order['state']}, ordering says {said}"


def i10_what_waits_to_be_collected_is_on_an_order(evidence: Evidence) -> Iterator[str]:
    """A device that came back in exchange waits for an open collection order that names it (Q48)."""
    ordered = evidence.of("ordering", "collection_orders")
    kept = evidence.of("inventory", "collection_orders")
    for device_no, device in evidence.of("inventory", "devices").items():
        if device["state"] == "to_collect":
            order = ordered.get(device.get("collection_no") or "", {"devices": []})
            if device_no not in {each["device_no"] for each in order["devices"]}:
                yield f"{device_no}: waits for {device.get('collection_no')}, which does not name it"
            if kept.get(device.get("collection_no") or "", {"state": "unknown"})["state"] != "open":
                yield f"{device_no}: waits for {device.get('collection_no')}, which is over"


COLLECTING = (i22_both_say_the_same_of_a_collection_order, i10_what_waits_to_be_collected_is_on_an_order)
