"""The demo distributors: take orders off their queues and answer each until it is delivered.

Everything is noted in distributor.jsonl.
Modes, in distributor.control.json as {"mode": ..., "delay_seconds": ...}:
normal, slow, hold, refuse, reject-lines, cancel, undeliverable, duplicate, contradict, unknown-order.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deploy.demo.conversation import Letter, Question
from deploy.demo.peer import Peer, start
from deploy.demo.replies import plan, reply
from shared.events.partners import Order

DISTRIBUTORS = ("demo-a", "demo-b")


def read(body: bytes, mode: str) -> Question:
    """Take an order; the same order number is the same order."""
    order = Order.model_validate_json(body)
    return Question(order.order_no, body=json.loads(body), steps=plan(mode))


def write(body: Mapping[str, Any], step: str, at: datetime) -> Letter:
    order = Order.model_validate(body)
    said = reply(step, order, at=at)
    return Letter(f"reply.{order.distributor}", said.message_id, said.type, said)


PEER = Peer(
    name="distributor",
    queues=tuple(f"distributor.{each}.orders" for each in DISTRIBUTORS),
    answers_to="distributors.replies",
    read=read,
    write=write,
)

if __name__ == "__main__":
    start(PEER, what=__doc__ or PEER.name)
