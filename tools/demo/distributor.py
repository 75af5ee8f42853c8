"""The demo distributors: take orders off their queues and answer each until it is delivered.

Everything is noted in distributor.jsonl.
Modes, in distributor.control.json as {"mode": ..., "delay_seconds": ...}:
normal, slow, hold, refuse, reject-lines, cancel, undeliverable, duplicate, contradict, partial, short,
back-order, substitute, too-late, silent, unknown-line, unknown-order,
unreadable (one reply has properties that no client reads),
counts-anew (one has a message id that was used before),
every-copy (delivers each copy of an order that it gets).
What a cancel request is about is stopped until it has left: never when too-late, and silent answers nothing.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import uuid4

from pydantic import Field, TypeAdapter

from shared.distributors import orders_queue, reply_key
from shared.partners import Order, OrderCancelRequest
from tools.demo.conversation import Letter, Question
from tools.demo.peer import Door, Peer, start
from tools.demo.replies import amqp_id, answer_cancel, reply
from tools.demo.reply_plans import LEFT, cancel_steps, steps_for
from tools.demo.settings import DemoSettings

MESSAGES: TypeAdapter[Order | OrderCancelRequest] = TypeAdapter(
    Annotated[Order | OrderCancelRequest, Field(discriminator="type")]
)


def read(body: bytes, mode: str) -> Question:
    """Take an order or a request to stop one; the same order number is the same order."""
    message = MESSAGES.validate_json(body)
    if isinstance(message, Order) and mode == "every-copy":
        copy = uuid4().hex
        told = {**json.loads(body), "copy": copy}
        return Question(f"{message.order_no}/{copy}", body=told, steps=steps_for(message, "normal"))
    if isinstance(message, Order):
        return Question(message.order_no, body=json.loads(body), steps=steps_for(message, mode))
    in_time = mode not in {"silent", "too-late"}
    return Question(
        f"{message.order_no}/cancel",
        body=json.loads(body),
        steps=cancel_steps(mode),
        calls_off=message.order_no if in_time else None,
        too_late_after=LEFT,
        steps_if_too_late=("too-late",),
    )


def write(body: Mapping[str, Any], step: str, at: datetime) -> Letter:
    message = MESSAGES.validate_python(body)
    match message:
        case Order():
            said = reply(step, message, at=at)
        case _:
            said = answer_cancel(step, message, at=at)
    if "copy" in body:  # it does not know that it said so before
        said = said.model_copy(update={"message_id": f"{said.message_id}/{body['copy']}"})
    key, name = reply_key(message.distributor), amqp_id(said, step)
    return Letter(key, name, said.type, said, readable=step != "unreadable")


def doors(settings: DemoSettings) -> list[Door]:
    """Give each distributor of the run its own way in: no account reads or answers for another."""
    urls = settings.distributor_urls
    return [
        Door(urls.get(each, settings.rabbitmq_partners_url), orders_queue(each), reply_key(each))
        for each in settings.distributors
    ]


PEER = Peer(
    name="distributor",
    doors=doors,
    answers_to="distributors.replies",
    read=read,
    write=write,
)

if __name__ == "__main__":
    start(PEER, what=__doc__ or PEER.name)
