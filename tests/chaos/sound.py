"""Evidence that breaks no promise, and ways to change one thing of it."""

import json
from dataclasses import replace
from typing import Any

from shared.events.ordering import OrderDelivered, WithdrawalSent
from tools.chaos.judging.evidence import STATES, Evidence, Row

LINE: Row = {
    "line_id": "F1-1", "article_no": "900001", "sent": ["U1"], "annulment": None, "packages": 3,
    "withdrawals": 1,
}  # fmt: skip
PRESCRIPTION: Row = {
    "_id": "F1", "patient_ref": "p-1", "product_area": "foods", "registered_on": "2026-03-01",
    "valid_through": "2027-03-01", "lines": [LINE],
}  # fmt: skip
WITHDRAWAL: Row = {
    "_id": "U1", "patient_ref": "p-1", "product_area": "foods", "sent_on": "2026-03-02", "order_nos": ["B1"],
    "credited": [1], "given_back": [], "passed_on": None,
    "choice": {"items": [{"line_id": "F1-1", "split": [{"packages": 3}]}]},
}  # fmt: skip
ORDER: Row = {"_id": "B1", "withdrawal_no": "U1", "patient_ref": "p-1", "replies": [{"message_id": "B1/ack"}]}
CHARGE: Row = {
    "_id": "e-1", "withdrawal_no": "U1", "batch": "20260302-0001", "stage": "invoiced",
    "entry": {
        "event_id": "e-1", "kind": "charge", "reverses": None, "withdrawal_no": "U1", "fee_no": 1,
        "amount": {"amount": "18.00"}, "due_on": "2026-03-02",
    },
}  # fmt: skip
CREDIT: Row = {
    **CHARGE, "_id": "e-2",
    "entry": {**CHARGE["entry"], "event_id": "e-2", "kind": "credit", "reverses": "e-1"},
}  # fmt: skip
BATCH: Row = {"_id": "20260302-0001", "day": "2026-03-02", "created_at": "2026-03-02T17:00:00Z"}
MESSAGE: Row = {
    "_id": "delivery-notice:B1", "patient_ref": "p-1",
    "history": [{"what": "due"}, {"what": "attempting"}, {"what": "sent"}, {"what": "delivered"}],
}  # fmt: skip
SENT_FACT: Row = {
    "withdrawal_no": "U1", "patient_ref": "p-1", "order_nos": ["B1"], "lines": [{"line_id": "F1-1"}],
    "sent_at": "2026-03-02T09:00:00Z", "sent_on": "2026-03-02",
}  # fmt: skip
LATER = "2026-03-02T09:00:02Z"
SENT_AGAIN: Row = {**SENT_FACT, "withdrawal_no": "U2", "order_nos": ["B2"]}
DELIVERED: Row = {"withdrawal_no": "U1", "order_no": "B1"}
TOLD: Row = {"reference": "delivery-notice:B1", "at": "2026-03-02T10:00:00+00:00"}
ARTICLE: Row = {"_id": "900001", "version": 2}
PATIENT: Row = {"_id": "p-1", "version": 3, "merged_into": None}


def row(topic: str, fact: Row, *, at: str = "2026-03-02T09:00:00Z") -> Row:
    return {"_id": "m-1", "topic": topic, "body": json.dumps(fact), "committed_at": at}


SOUND = Evidence(
    states={
        **{(service, name): {} for service, names in STATES.items() for name in names},
        ("prescription", "prescriptions"): {"F1": PRESCRIPTION},
        ("prescription", "patients"): {"p-1": PATIENT},
        ("prescription", "articles"): {"900001": ARTICLE},
        ("inventory", "articles"): {"900001": ARTICLE},
        ("ordering", "articles"): {"900001": ARTICLE},
        ("ordering", "allowances"): {"p-1": {"person": {"version": 3}}},
        ("ordering", "withdrawals"): {"U1": WITHDRAWAL},
        ("ordering", "orders"): {"B1": ORDER},
        ("billing", "article_names"): {"900001": ARTICLE},
        ("billing", "fees"): {"e-1": CHARGE, "e-2": CREDIT},
        ("billing", "accounts"): {"U1": {"_id": "U1", "reversals": [{"fee_no": 1}]}},
        ("billing", "batches"): {"20260302-0001": BATCH},
        ("notification", "messages"): {"delivery-notice:B1": MESSAGE},
    },
    outbox={
        "prescription": [],
        "ordering": [row(WithdrawalSent.topic, SENT_FACT), row(OrderDelivered.topic, DELIVERED, at=LATER)],
        "inventory": [],
        "billing": [],
        "notification": [],
    },
    inbox={service: frozenset() for service in STATES},
    parked={service: [] for service in STATES},
    audit={service: [] for service in STATES},
    orders_booked=[],
    fees_booked=[],
    messages_booked=[TOLD],
    files={},
    answers={},
    outgoing=[],
)


def with_state(service: str, collection: str, document: Row, **changed: Any) -> Evidence:
    """Change one document of the sound evidence."""
    kept = {**SOUND.of(service, collection), document["_id"]: {**document, **changed}}
    return replace(SOUND, states={**SOUND.states, (service, collection): kept})


def with_outbox(service: str, *rows: Row) -> Evidence:
    return replace(SOUND, outbox={**SOUND.outbox, service: list(rows)})


def with_line(**changed: Any) -> Evidence:
    return with_state("prescription", "prescriptions", PRESCRIPTION, lines=[{**LINE, **changed}])
