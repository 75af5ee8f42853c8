"""Outbox rows: what is to be published, where, and with which CloudEvents attributes."""

from datetime import datetime

from shared.events.fact import Fact
from shared.partners import Partner
from shared.repository.cause import Cause
from shared.repository.moments import Document, moment_text

EVENTS_EXCHANGE = "events"


def row_of(fact: Fact, message_id: str, *, service: str, cause: Cause, at: datetime) -> Document:
    """Write a fact as an outbox row; personal fields stay sealed in it."""
    outside = isinstance(fact, Partner)
    return {
        "_id": message_id,
        "partner": outside,
        "exchange": fact.exchange if isinstance(fact, Partner) else EVENTS_EXCHANGE,
        "routing_key": fact.routing_key if isinstance(fact, Partner) else fact.topic,
        "topic": fact.topic,
        "subject": fact.subject,
        "source": service,
        "aggregate_version": getattr(fact, "version", None),
        "body": fact.model_dump_json(),
        "cause": cause.key,
        "traceparent": cause.traceparent,
        "committed_at": moment_text(at),
        "published_at": None,
    }
