"""Exchanges, queues, bindings and policies as one definitions file, made from who consumes what."""

import base64
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.distributors import ORDERS_EXCHANGE, SUPPLIERS_EXCHANGE, orders_queue, purchases_queue
from shared.events import (
    billing,
    inventory,
    inventory_collections,
    inventory_goods,
    inventory_orders,
    inventory_swaps,
    notification,
    ordering,
    ordering_devices,
    prescription,
    tasks,
)
from shared.events.fact import Fact
from shared.messaging.amqp import DEAD_LETTERS, IN_ORDER
from shared.messaging.consuming import Subscription
from shared.messaging.rights import REPLIES_EXCHANGE, SUPPLIER_REPLIES, Rights, permission
from shared.repository.outbox import EVENTS_EXCHANGE

PUBLISHERS = (
    prescription,
    ordering,
    ordering_devices,
    inventory,
    inventory_collections,
    inventory_goods,
    inventory_orders,
    inventory_swaps,
    billing,
    notification,
    tasks,
)
UNHEARD = "events.unheard"
DEAD = "dead"
INVOICING_QUEUE = "invoicing.fees"
PARTNER_EXCHANGES = (
    ORDERS_EXCHANGE,
    REPLIES_EXCHANGE,
    SUPPLIERS_EXCHANGE,
    SUPPLIER_REPLIES,
    "invoicing",
    "invoicing.acks",
    DEAD,
)
Definitions = dict[str, Any]


def definitions(
    subscriptions: Sequence[Subscription],
    *,
    services: Sequence[str],
    distributors: Sequence[str],
    suppliers: Sequence[str] = (),
    events_vhost: str = "sesam",
    partners_vhost: str = "partners",
    user: str = "guest",
    password: str = "guest",  # noqa: S107  the embedded broker listens on loopback only
    accounts: Mapping[str, str] | None = None,
) -> Definitions:
    """Give RabbitMQ's definitions for both vhosts.

    `user` may do everything; `accounts` names every service and partner with its password: none of them
    has the right to configure, and each writes and reads its own only. An account that is none of them, as
    that of a former distributor, may do nothing: loading definitions does not remove it.
    """
    vhosts = (events_vhost, partners_vhost)
    rights = Rights(services, distributors, suppliers, events_vhost, partners_vhost)
    queues = [
        *_queues_of_events(subscriptions, events_vhost),
        *_queues_of_partners(subscriptions, distributors, suppliers, partners_vhost),
    ]
    return {
        "vhosts": [{"name": vhost} for vhost in vhosts],
        "users": [
            _user(user, password, tags=["administrator"]),
            *(_user(name, secret, tags=[]) for name, secret in (accounts or {}).items()),
        ],
        "permissions": [
            *(permission(user, vhost, write=".*", read=".*", configure=".*") for vhost in vhosts),
            *(row for name in accounts or {} for row in rights.of(name)),
        ],
        "topic_permissions": [row for name in accounts or {} for row in rights.topics_of(name)],
        "exchanges": [
            _exchange(EVENTS_EXCHANGE, events_vhost),
            _exchange(DEAD, events_vhost, kind="fanout"),
            *(
                _exchange(name, partners_vhost, kind="fanout" if name == DEAD else "topic")
                for name in PARTNER_EXCHANGES
            ),
        ],
        "queues": [_queue(name, vhost) for name, vhost in dict.fromkeys(row[:2] for row in queues)],
        "bindings": [_binding(*each) for each in queues],
        "policies": [policy for vhost in vhosts for policy in _policies(vhost)],
    }


def partner_exchange_of(queue: str) -> str | None:
    """Name the exchange on which partners fill a queue of ours, also under the name that it had before."""
    consumed = queue.partition(".hears.")[2].removesuffix(IN_ORDER)
    return consumed if consumed in PARTNER_EXCHANGES else None


def is_among_partners(queue: str) -> bool:
    """Tell whether a queue is in the partners' virtual host: what partners publish to, or consume from."""
    return ".hears." not in queue or partner_exchange_of(queue) is not None


def present_name_of(queue: str) -> str:
    """Give the name that a queue has now (decision 0043)."""
    return f"{queue.removesuffix(IN_ORDER)}{IN_ORDER}" if partner_exchange_of(queue) else queue


def merged(dependencies: Iterable[Definitions]) -> Definitions:
    """Join several definitions, so that one broker serves several runs side by side."""
    joined: Definitions = {}
    for part in dependencies:
        for name, rows in part.items():
            joined.setdefault(name, []).extend(row for row in rows if row not in joined.get(name, []))
    users = {row["name"]: row for row in joined.get("users", [])}
    return {**joined, "users": list(users.values())}


def published_topics() -> set[str]:
    """Every topic that the services publish."""
    kinds = [kind for publisher in PUBLISHERS for kind in vars(publisher).values() if _is_fact(kind)]
    return {kind.topic for kind in kinds}


def _is_fact(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Fact) and kind is not Fact


Row = tuple[str, str, str, str]
"""Queue, vhost, exchange, routing key."""


def _queues_of_events(subscriptions: Sequence[Subscription], vhost: str) -> list[Row]:
    consumed = [subscription for subscription in subscriptions if subscription.partner_exchange is None]
    without_consumer = sorted(published_topics() - {subscription.topic for subscription in consumed})
    return [
        *((subscription.queue, vhost, EVENTS_EXCHANGE, subscription.topic) for subscription in consumed),
        *((UNHEARD, vhost, EVENTS_EXCHANGE, topic) for topic in without_consumer),
        (DEAD_LETTERS, vhost, DEAD, ""),
    ]


def _queues_of_partners(
    subscriptions: Sequence[Subscription], distributors: Sequence[str], suppliers: Sequence[str], vhost: str
) -> list[Row]:
    return [
        *((purchases_queue(each), vhost, SUPPLIERS_EXCHANGE, purchases_queue(each)) for each in suppliers),
        *((orders_queue(each), vhost, ORDERS_EXCHANGE, orders_queue(each)) for each in distributors),
        (INVOICING_QUEUE, vhost, "invoicing", INVOICING_QUEUE),
        *(
            (subscription.queue, vhost, subscription.partner_exchange, "#")
            for subscription in subscriptions
            if subscription.partner_exchange
        ),
        (DEAD_LETTERS, vhost, DEAD, ""),
    ]


def _exchange(name: str, vhost: str, kind: str = "topic") -> dict[str, Any]:
    return {
        "name": name,
        "vhost": vhost,
        "type": kind,
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": {},
    }


def _queue(name: str, vhost: str) -> dict[str, Any]:
    # Facts without a consumer are only counted there; a quorum would cost and protect nothing.
    arguments: dict[str, Any] = {"x-queue-type": "classic" if name == UNHEARD else "quorum"}
    if name.endswith(IN_ORDER):
        arguments["x-single-active-consumer"] = True
    return {
        "name": name,
        "vhost": vhost,
        "durable": True,
        "auto_delete": False,
        "arguments": arguments,
    }


def _binding(queue: str, vhost: str, exchange: str, key: str) -> dict[str, Any]:
    return {
        "source": exchange, "vhost": vhost, "destination": queue, "destination_type": "queue",
        "routing_key": key, "arguments": {},
    }  # fmt: skip


def _policies(vhost: str) -> list[dict[str, Any]]:
    backstop = {
        "delivery-limit": 20,
        "dead-letter-exchange": DEAD,
        "dead-letter-strategy": "at-least-once",
        "overflow": "reject-publish",
    }
    return [
        _policy("backstop", vhost, r"\.hears\.|\.orders$|^invoicing\.", backstop),
        _policy("unheard", vhost, r"^events\.unheard$", {"max-length": 10_000, "overflow": "drop-head"}),
    ]


def _policy(name: str, vhost: str, pattern: str, definition: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "vhost": vhost,
        "pattern": pattern,
        "apply-to": "queues",
        "definition": definition,
        "priority": 0,
    }


def _user(name: str, password: str, *, tags: list[str]) -> dict[str, Any]:
    salt = os.urandom(4)
    digest = base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
    return {
        "name": name, "password_hash": digest, "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": tags, "limits": {},
    }  # fmt: skip
