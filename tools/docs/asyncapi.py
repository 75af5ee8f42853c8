"""Writes the AsyncAPI 3.0 document, docs/asyncapi.yaml: channels, publishers, consumers, messages."""

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from shared.messaging.consuming import Subscription
from shared.repository.outbox import EVENTS_EXCHANGE
from tools.docs.landscape import Topic
from tools.docs.payloads import HEADERS, REPLIES, Tree, message_of, message_of_reply, schemas_of

EVENTS_VHOST = "sesam"
PARTNERS_VHOST = "partners"
BINDING_VERSION = "0.3.0"
PARTNER_ADDRESSES = {
    "order.v1": "distributor.{distributor}.orders",
    "order.cancel_request.v1": "distributor.{distributor}.orders",
    "purchase.v1": "supplier.{supplier}.orders",
    "purchase.cancel_request.v1": "supplier.{supplier}.orders",
    "egenavgift.v1": "invoicing.fees",
}

ABOUT = """\
Öppna Sesam: five services publish facts (events) on the topic exchange `events`, and exchange messages
with distributors, suppliers and invoicing on the virtual host `partners`. The document is written from
the services' point of view: they send to exchanges and receive from queues of their own. A distributor
consumes its orders from the queue `distributor.<id>.orders` and replies to the exchange
`distributors.replies` with
the routing key `reply.<id>`, the only one that its account may write, which identifies it; a supplier
does so with `supplier.<id>.orders` and `suppliers.replies`; invoicing
consumes from `invoicing.fees` and answers to `invoicing.acks`. Every message may come twice and is
recognised by its `message_id`. Facts of one topic that are published at the same moment may be one
message: an array of CloudEvents in the JSON batch format (content type
`application/cloudevents-batch+json`), each with its own id; a message to a partner always holds one. What
partners send is JSON in UTF-8 (a byte order mark is ignored) with each name once and every value of its
type: a text is not accepted for a number.

Made from the code by `./sesam docs`; do not edit by hand."""


def asyncapi(landscape: Sequence[Topic]) -> str:
    """Write the document as YAML, always in the same order, of what somebody sends or receives."""
    in_use = [each for each in landscape if each.publishers or each.subscriptions]
    return yaml.dump(
        document(in_use), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110, indent=2
    )


def document(landscape: Sequence[Topic]) -> Tree:
    """Give the document as plain values."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Öppna Sesam",
            "version": "1.0.0",
            "description": ABOUT,
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "events": _server("The facts that the services publish", EVENTS_VHOST),
            "partners": _server("Distributors, suppliers and invoicing", PARTNERS_VHOST),
        },
        "channels": dict(_channels(landscape)),
        "operations": dict(_operations(landscape)),
        "components": {
            "messages": dict(_messages(landscape)),
            "schemas": {"CloudEventsHeaders": HEADERS, **schemas_of(landscape)},
        },
    }


class _Plain(yaml.SafeDumper):
    """Writes every value where it stands: no anchors; text of several lines as a block."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Plain.add_representer(str, _text)


def _server(words: str, vhost: str) -> Tree:
    return {
        "host": "{host}",
        "pathname": f"/{vhost}",
        "protocol": "amqp",
        "description": f"{words}: RabbitMQ, virtual host `{vhost}`.",
        "variables": {"host": {"default": "localhost:5672", "description": "Where the broker answers."}},
    }


def _channels(landscape: Sequence[Topic]) -> Iterator[tuple[str, Tree]]:
    for each in landscape:
        if each.publishers and (each.is_for_partners or not each.is_partner):
            yield each.name, _exchange_of(each)
    for each in landscape:
        for subscription in each.subscriptions:
            yield _consumer_name(subscription), _queue_of(each, subscription)


def _exchange_of(told: Topic) -> Tree:
    vhost = PARTNERS_VHOST if told.is_for_partners else EVENTS_VHOST
    name = getattr(told.fact, "exchange", EVENTS_EXCHANGE)
    exchange = {"name": name, "type": "topic", "durable": True, "autoDelete": False, "vhost": f"/{vhost}"}
    channel = {
        "address": _address(told),
        "description": _first_line(told.fact),
        "servers": [_ref("servers", "partners" if told.is_for_partners else "events")],
        "messages": {told.name: _ref("components", "messages", told.name)},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": BINDING_VERSION}},
    }
    channel |= _parameters(_address(told))
    return channel


def _parameters(address: str) -> Tree:
    known = {
        "distributor": "The distributor's id, as its articles name it.",
        "supplier": "The supplier's id, as the region's settings name it.",
    }
    named = {name: {"description": words} for name, words in known.items() if f"{{{name}}}" in address}
    return {"parameters": named} if named else {}


def _queue_of(told: Topic, subscription: Subscription) -> Tree:
    vhost = PARTNERS_VHOST if subscription.partner_exchange else EVENTS_VHOST
    source = subscription.partner_exchange or f"{EVENTS_EXCHANGE}, routing key {told.fact.topic}"
    queue = {
        "name": subscription.queue,
        "durable": True,
        "exclusive": False,
        "autoDelete": False,
        "vhost": f"/{vhost}",
    }
    return {
        "address": subscription.queue,
        "description": f"The quorum queue of {subscription.service}, bound to the exchange {source}.",
        "servers": [_ref("servers", "partners" if subscription.partner_exchange else "events")],
        "messages": {name: _ref("components", "messages", name) for name in _names(told)},
        "bindings": {"amqp": {"is": "queue", "queue": queue, "bindingVersion": BINDING_VERSION}},
    }


def _operations(landscape: Sequence[Topic]) -> Iterator[tuple[str, Tree]]:
    for each in landscape:
        for service in each.publishers:
            yield f"{service}_tells_{each.name}", _operation("send", each.name, each)
    for each in landscape:
        for subscription in each.subscriptions:
            yield _consumer_name(subscription), _operation("receive", _consumer_name(subscription), each)


def _operation(action: str, channel: str, told: Topic) -> Tree:
    return {
        "action": action,
        "channel": _ref("channels", channel),
        "summary": _first_line(told.fact),
        "messages": [_ref("channels", channel, "messages", name) for name in _names(told)],
    }


def _messages(landscape: Sequence[Topic]) -> Iterator[tuple[str, Tree]]:
    for each in landscape:
        if each.fact in REPLIES:
            topic = each.fact.topic
            for reply in REPLIES[each.fact]:
                yield reply.__name__, message_of_reply(reply, topic=topic)
        else:
            yield each.name, message_of(each)


def _names(told: Topic) -> list[str]:
    if told.fact in REPLIES:
        return [reply.__name__ for reply in REPLIES[told.fact]]
    return [told.name]


def _consumer_name(subscription: Subscription) -> str:
    return f"{subscription.service}_hears_{subscription.model.__name__}"


def _address(told: Topic) -> str:
    if not told.is_for_partners:
        return told.fact.topic
    return PARTNER_ADDRESSES[told.fact.topic]


def _ref(*path: str) -> dict[str, str]:
    return {"$ref": "#/" + "/".join(path)}


def _first_line(model: type) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]
