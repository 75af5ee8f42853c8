"""The names that distributors and suppliers have on the broker: account, queue, routing key for replies."""

import re
from typing import Annotated

from pydantic import StringConstraints

_ID = r"[a-z][a-z0-9_-]{0,39}"
_REPLY = re.compile(rf"reply\.({_ID})")

DistributorId = Annotated[str, StringConstraints(pattern=f"^{_ID}$")]
"""As it stands in the catalogue, in settings and in names on the broker."""
ORDERS_EXCHANGE = "distributors.orders"
SUPPLIERS_EXCHANGE = "suppliers.orders"
"""Purchases for warehouses; replies come on an exchange of their own, so that each goes to its service."""
NOBODY = "?"
"""The sender of a reply that no distributor can have written; no distributor is called so."""


def account_of(distributor: str) -> str:
    """Name the account that a distributor signs in to the broker with."""
    return f"distributor-{distributor}"


def orders_queue(distributor: str) -> str:
    """Name the queue, and the routing key, of a distributor's orders."""
    return f"distributor.{distributor}.orders"


def account_of_supplier(supplier: str) -> str:
    """Name the account that a supplier signs in to the broker with."""
    return f"supplier-{supplier}"


def purchases_queue(supplier: str) -> str:
    """Name the queue, and the routing key, of the purchases of a supplier."""
    return f"supplier.{supplier}.orders"


def reply_key(distributor: str) -> str:
    """Name the only routing key that this partner may write on the exchange of its replies."""
    return f"reply.{distributor}"


def sender_of(routing_key: str, user_id: str | None) -> str:
    """Say which distributor or supplier sent a reply, by the routing key that the broker let it write.

    The broker compares `user_id` with the account that published, so where it is set it must agree.
    """
    found = _REPLY.fullmatch(routing_key)
    if found is None or user_id not in {None, account_of(found[1]), account_of_supplier(found[1])}:
        return NOBODY
    return found[1]
