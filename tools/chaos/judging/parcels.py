"""Reads the parcels of an order of devices out of the evidence."""

from collections.abc import Iterator

from tools.chaos.judging.evidence import Row


def goods_of(order: Row) -> Iterator[tuple[str, Row]]:
    """Give each piece of goods with the state of its parcel."""
    for parcel in order["parcels"]:
        for goods in parcel["goods"]:
            yield parcel["state"], goods
