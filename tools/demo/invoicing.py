"""The demo invoicing: takes fee entries, books each once by its event_id, answers until it is invoiced.

Everything is noted in invoicing.jsonl.
Modes, in invoicing.control.json as {"mode": ..., "delay_seconds": ...}:
normal, slow, hold, reject, duplicate, contradict.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, cast
from zlib import crc32

from shared.domain.days import local_day
from shared.partners import FeeAcknowledged, FeeEvent
from tools.demo.conversation import Letter, Question
from tools.demo.peer import Door, Peer, start
from tools.demo.settings import DemoSettings

ANSWERS_WITH = "acks"
Status = Literal["accepted", "rejected", "invoiced", "credited"]
WHOLE: Mapping[str, tuple[Status, ...]] = MappingProxyType(
    {"charge": ("accepted", "invoiced"), "credit": ("accepted", "credited")}
)


def plan(mode: str, kind: str) -> tuple[Status, ...]:
    """Name the answers in order; a mode that is not one of invoicing's own answers as usual."""
    whole = WHOLE[kind]
    if mode == "reject":
        return ("rejected",)
    if mode == "duplicate":
        return tuple(status for status in whole for _ in range(2))
    return (*whole, "rejected") if mode == "contradict" else whole


def read(body: bytes, mode: str) -> Question:
    """Take a fee entry; the same event_id is the same entry."""
    fee = FeeEvent.model_validate_json(body)
    return Question(fee.event_id, body=json.loads(body), steps=plan(mode, fee.kind))


def write(body: Mapping[str, Any], step: str, at: datetime) -> Letter:
    fee = FeeEvent.model_validate(body)
    status = cast("Status", step)
    on_invoice = status in {"invoiced", "credited"}
    said = FeeAcknowledged(
        event_id=fee.event_id,
        status=status,
        code="unknown-fee-code" if status == "rejected" else None,
        invoice_no=f"DEMO-{crc32(fee.event_id.encode()):010d}" if on_invoice else None,
        invoice_date=local_day(at) if on_invoice else None,
        at=at,
    )
    return Letter(ANSWERS_WITH, f"{fee.event_id}/{status}", FeeAcknowledged.topic, said)


def doors(settings: DemoSettings) -> list[Door]:
    return [Door(settings.rabbitmq_partners_url, "invoicing.fees", ANSWERS_WITH)]


PEER = Peer(name="invoicing", doors=doors, answers_to="invoicing.acks", read=read, write=write)

if __name__ == "__main__":
    start(PEER, what=__doc__ or PEER.name)
