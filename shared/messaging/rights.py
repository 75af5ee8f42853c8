"""What each account of the broker may write and read: its own, and nothing else (decision 0030)."""

import re
from collections.abc import Iterable
from typing import Any

from shared.distributors import account_of, account_of_supplier, orders_queue, purchases_queue, reply_key
from shared.repository.outbox import EVENTS_EXCHANGE

REPLIES_EXCHANGE = "distributors.replies"
SUPPLIER_REPLIES = "suppliers.replies"
INVOICING_ACCOUNT = "invoicing"
PARTNER_WRITES = {
    "ordering": r"^distributors\.orders$",
    "inventory": r"^suppliers\.orders$",
    "billing": "^invoicing$",
}


class Rights:
    """What every account may write and read (decision 0030)."""

    def __init__(
        self,
        services: Iterable[str],
        distributors: Iterable[str],
        suppliers: Iterable[str],
        events_vhost: str,
        partners_vhost: str,
    ) -> None:
        self._services = frozenset(services)
        of_distributors = {
            account_of(each): (REPLIES_EXCHANGE, each, orders_queue(each)) for each in distributors
        }
        self._partners_of = of_distributors | {
            account_of_supplier(each): (SUPPLIER_REPLIES, each, purchases_queue(each)) for each in suppliers
        }
        self._events = events_vhost
        self._partners = partners_vhost

    def of(self, account: str) -> list[dict[str, Any]]:
        """Give an account's permissions: its own exchanges to write to, its own queues to read."""
        if account in self._partners_of:
            exchange, _, queue = self._partners_of[account]
            return [self._outside(account, write=f"^{re.escape(exchange)}$", read=f"^{re.escape(queue)}$")]
        if account == INVOICING_ACCOUNT:
            return [self._outside(account, write=r"^invoicing\.acks$", read=r"^invoicing\.fees$")]
        if account not in self._services:
            return [self._outside(account, write="^$", read="^$")]
        hears = rf"^{account}\.hears\."
        return [
            permission(account, self._events, write=f"^{EVENTS_EXCHANGE}$", read=hears),
            self._outside(account, write=PARTNER_WRITES.get(account, "^$"), read=hears),
        ]

    def topics_of(self, account: str) -> list[dict[str, Any]]:
        """Give the routing keys it may write: a service's own facts, and a partner's own replies."""
        if account in self._partners_of:
            exchange, partner, _ = self._partners_of[account]
            own = f"^{re.escape(reply_key(partner))}$"
            return [_topics(account, self._partners, exchange, write=own)]
        if account in self._services:
            return [_topics(account, self._events, EVENTS_EXCHANGE, write=rf"^({account}|tasks)\.")]
        return []

    def _outside(self, account: str, *, write: str, read: str) -> dict[str, Any]:
        return permission(account, self._partners, write=write, read=read)


def permission(name: str, vhost: str, *, write: str, read: str, configure: str = "^$") -> dict[str, Any]:
    return {"user": name, "vhost": vhost, "configure": configure, "write": write, "read": read}


def _topics(name: str, vhost: str, exchange: str, *, write: str) -> dict[str, Any]:
    return {"user": name, "vhost": vhost, "exchange": exchange, "write": write, "read": ".*"}
