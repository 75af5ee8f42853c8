"""The messages of the AsyncAPI document: headers, and payload schemas made from the models."""

import inspect
import itertools
import typing
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.events.fact import Fact
from shared.partners import DistributorReply, FeeAcknowledged, Reply
from shared.suppliers import SupplierReply, SupplierSaid
from tools.docs.examples import message_of as kept
from tools.docs.landscape import Topic

Tree = dict[str, Any]
Mode = Literal["validation", "serialization"]

REPLIES: Mapping[type[Fact], tuple[type[BaseModel], ...]] = {
    Reply: typing.get_args(typing.get_args(DistributorReply)[0]),
    SupplierReply: typing.get_args(typing.get_args(SupplierSaid)[0]),
}
"""The kinds of replies that come as one fact each."""
HEARD_ONLY: tuple[type[BaseModel], ...] = (FeeAcknowledged, *itertools.chain(*REPLIES.values()))

HEADERS: Tree = {
    "type": "object",
    "description": "CloudEvents 1.0 in AMQP's binary form: the properties carry message_id and type as well.",
    "required": [
        f"cloudEvents:{name}" for name in ("specversion", "id", "type", "source", "subject", "time")
    ],
    "properties": {
        "cloudEvents:specversion": {"type": "string", "const": "1.0"},
        "cloudEvents:id": {"type": "string", "description": "The same id twice is the same message."},
        "cloudEvents:type": {"type": "string", "description": "The fact's topic."},
        "cloudEvents:source": {"type": "string", "description": "/oppna-sesam/<service>"},
        "cloudEvents:subject": {"type": "string", "description": "What the fact is about."},
        "cloudEvents:time": {
            "type": "string",
            "format": "date-time",
            "description": "When it was committed.",
        },
        "cloudEvents:datacontenttype": {"type": "string", "const": "application/json"},
        "aggregateversion": {"type": "integer", "description": "Of a snapshot: the newest wins."},
        "traceparent": {"type": "string", "description": "W3C trace context of what caused it."},
    },
}

MESSAGE_ID: Tree = {
    "type": "string",
    "title": "Message Id",
    "description": "Added on the way out: the same id twice is the same message.",
}


def message_of(told: Topic) -> Tree:
    """Describe a fact, an order or a fee entry."""
    message = _message(told.fact.topic, told.fact)
    message["examples"] = [{"payload": kept(told.fact.topic, opened=told.is_for_partners)}]
    if told.fact is not FeeAcknowledged:
        message["headers"] = {"$ref": "#/components/schemas/CloudEventsHeaders"}
    return message


def message_of_reply(reply: type[BaseModel], *, topic: str) -> Tree:
    """Describe one kind of a distributor's or supplier's reply."""
    name = reply_name(reply)
    return {**_message(name, reply), "examples": [{"payload": kept(topic, kind=name)}]}


def reply_name(reply: type[BaseModel]) -> str:
    name: str = typing.get_args(reply.model_fields["type"].annotation)[0]
    return name


def schemas_of(landscape: Sequence[Topic]) -> Tree:
    """Give the schema of every payload and of its parts, by name."""
    told = [each for each in landscape if each.fact not in (*REPLIES, FeeAcknowledged)]
    wanted: list[tuple[type[BaseModel], Mode]] = [(each.fact, "serialization") for each in told]
    wanted += [(model, "validation") for model in HEARD_ONLY]
    _, definitions = models_json_schema(wanted, ref_template="#/components/schemas/{model}")
    schemas: Tree = definitions["$defs"]
    for each in told:
        if each.is_for_partners:
            _add_message_id(schemas[each.name])
    return dict(sorted(schemas.items()))


def _add_message_id(schema: Tree) -> None:
    schema["properties"] = {"message_id": MESSAGE_ID, **schema["properties"]}
    schema["required"] = ["message_id", *schema["required"]]


def _message(name: str, model: type[BaseModel]) -> Tree:
    return {
        "name": name,
        "title": model.__name__,
        "summary": (inspect.getdoc(model) or "").splitlines()[0],
        "contentType": "application/json",
        "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
    }
