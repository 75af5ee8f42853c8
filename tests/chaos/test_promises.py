"""Each invariant that compares services with each other complains of evidence that breaks it."""

from dataclasses import replace
from typing import Any

import pytest

from services.billing.domain.fees.ledger import Fee
from services.billing.repository.collections import SOURCE
from services.notification.domain.message import Message
from services.ordering.domain.order import Order
from services.ordering.domain.withdrawal import Withdrawal
from services.prescription.domain.prescriptions.prescriptions import Prescription
from shared.events.ordering import OrderDelivered, WithdrawalSent
from shared.events.prescription import PatientChanged
from tests.chaos.sound import (
    ARTICLE,
    BATCH,
    CHARGE,
    CREDIT,
    DELIVERED,
    MESSAGE,
    ORDER,
    PATIENT,
    PRESCRIPTION,
    SENT_AGAIN,
    SENT_FACT,
    SOUND,
    WITHDRAWAL,
    row,
    with_line,
    with_outbox,
    with_state,
)
from tools.chaos.judging.canaries import leaks
from tools.chaos.judging.evidence import Evidence, Row
from tools.chaos.judging.invariants import CHECKS, number_of
from tools.chaos.judging.pieces import PIECES
from tools.chaos.judging.promises import (
    PROMISES,
    Check,
    i3_nothing_is_withdrawn_that_is_not_prescribed,
    i7_an_article_on_its_way_is_not_ordered_again,
    i14_a_fee_is_taken_back_once,
    i16_a_day_is_a_day_in_stockholm,
    i18_nobody_withheld_or_dead_is_told,
    i22_every_copy_is_what_its_owner_has,
    i23_the_same_word_twice_is_one_effect,
    i25_who_wakes_up_late_changes_nothing,
    i27_a_fact_from_the_future_is_parked,
    i28_nobody_is_named,
)


@pytest.mark.parametrize("check", PROMISES, ids=number_of)
def test_sound_evidence_breaks_no_promise(check: Check) -> None:
    assert list(check(SOUND)) == []


BROKEN: list[tuple[Check, Evidence]] = [
    (
        i3_nothing_is_withdrawn_that_is_not_prescribed,
        with_state("prescription", "prescriptions", PRESCRIPTION, valid_through="2026-03-01"),
    ),
    (
        i3_nothing_is_withdrawn_that_is_not_prescribed,
        with_state("prescription", "prescriptions", PRESCRIPTION, product_area="diabetes"),
    ),
    (
        i3_nothing_is_withdrawn_that_is_not_prescribed,
        with_state("prescription", "prescriptions", PRESCRIPTION, patient_ref="p-2"),
    ),
    (i3_nothing_is_withdrawn_that_is_not_prescribed, with_line(annulment={"on": "2026-03-01"})),
    (i3_nothing_is_withdrawn_that_is_not_prescribed, with_line(line_id="F1-2")),
    (
        i7_an_article_on_its_way_is_not_ordered_again,
        with_outbox(
            "ordering",
            row(OrderDelivered.topic, DELIVERED, at="2026-03-02T09:00:02Z"),
            row(WithdrawalSent.topic, SENT_FACT),
            row(WithdrawalSent.topic, SENT_AGAIN, at="2026-03-02T09:00:01Z"),
        ),
    ),
    (
        i14_a_fee_is_taken_back_once,
        with_state("billing", "fees", {**CREDIT, "_id": "e-3"}),
    ),
    (i14_a_fee_is_taken_back_once, with_state("billing", "fees", CHARGE, stage="removed")),
    (
        i14_a_fee_is_taken_back_once,
        with_state("billing", "fees", CREDIT, entry={**CREDIT["entry"], "amount": {"amount": "17.00"}}),
    ),
    (i14_a_fee_is_taken_back_once, with_state("ordering", "withdrawals", WITHDRAWAL, credited=[1, 2])),
    (
        i16_a_day_is_a_day_in_stockholm,
        with_state("billing", "batches", BATCH, created_at="2026-03-02T23:30:00Z"),
    ),
    (
        i16_a_day_is_a_day_in_stockholm,
        with_state("billing", "fees", CHARGE, entry={**CHARGE["entry"], "due_on": "2026-03-03"}),
    ),
    (
        i16_a_day_is_a_day_in_stockholm,
        with_outbox("ordering", row(WithdrawalSent.topic, {**SENT_FACT, "sent_at": "2026-03-02T23:30:00Z"})),
    ),
    (
        i18_nobody_withheld_or_dead_is_told,
        with_outbox(
            "prescription",
            row(PatientChanged.topic, {"patient_ref": "p-1", "protected": True}, at="2026-03-02T09:59:59Z"),
        ),
    ),
    (
        i18_nobody_withheld_or_dead_is_told,
        with_outbox(
            "prescription",
            row(PatientChanged.topic, {"patient_ref": "p-1", "deceased_on": "2026-03-01"}),
        ),
    ),
    (i22_every_copy_is_what_its_owner_has, with_state("ordering", "articles", ARTICLE, version=1)),
    (i22_every_copy_is_what_its_owner_has, with_state("billing", "article_names", ARTICLE, version=1)),
    (i22_every_copy_is_what_its_owner_has, with_state("prescription", "patients", PATIENT, version=4)),
    (
        i23_the_same_word_twice_is_one_effect,
        with_state("ordering", "orders", ORDER, replies=[{"message_id": "B1/ack"}] * 2),
    ),
    (i23_the_same_word_twice_is_one_effect, with_line(sent=["U1", "U1"])),
    (
        i23_the_same_word_twice_is_one_effect,
        with_state("billing", "accounts", {"_id": "U1"}, reversals=[{"fee_no": 1}] * 2),
    ),
    (
        i25_who_wakes_up_late_changes_nothing,
        with_state("notification", "messages", MESSAGE, history=[*MESSAGE["history"], {"what": "sent"}]),
    ),
    (
        i25_who_wakes_up_late_changes_nothing,
        with_state(
            "notification", "messages", MESSAGE, history=[{"what": "unknown"}, {"what": "attempting"}]
        ),
    ),
    (
        i27_a_fact_from_the_future_is_parked,
        replace(SOUND, inbox={**SOUND.inbox, "billing": frozenset({"billing.hears.x|poison-future-2"})}),
    ),
    (
        i27_a_fact_from_the_future_is_parked,
        replace(
            SOUND,
            parked={
                **SOUND.parked,
                "billing": [{"message_id": "poison-future-2", "state": "done", "reason": "ValueError"}],
            },
        ),
    ),
    (i28_nobody_is_named, replace(SOUND, leaks=["logs/ordering.1.log"])),
]


NAMES = [f"{number_of(check)}-{place}" for place, (check, _) in enumerate(BROKEN)]


@pytest.mark.parametrize(("check", "evidence"), BROKEN, ids=NAMES)
def test_evidence_that_breaks_a_promise_is_complained_of(check: Check, evidence: Evidence) -> None:
    assert list(check(evidence))


def test_every_promise_is_broken_by_some_evidence() -> None:
    assert {check for check, _ in BROKEN} == set(PROMISES)


def test_an_override_lets_an_article_be_ordered_while_it_is_on_its_way() -> None:
    passed = with_state("ordering", "withdrawals", {**WITHDRAWAL, "_id": "U2"}, passed_on="2026-03-02")
    evidence = replace(
        passed,
        outbox={
            **SOUND.outbox,
            "ordering": [row(WithdrawalSent.topic, SENT_FACT), row(WithdrawalSent.topic, SENT_AGAIN)],
        },
    )

    assert list(i7_an_article_on_its_way_is_not_ordered_again(evidence)) == []


def test_what_was_sent_while_the_clock_was_set_back_says_nothing_of_what_came_first() -> None:
    evidence = with_outbox(
        "ordering", row(WithdrawalSent.topic, SENT_FACT), row(WithdrawalSent.topic, SENT_AGAIN)
    )

    twice = [("2026-03-02T08:59:00Z", "2026-03-02T09:01:00Z")]

    assert list(i7_an_article_on_its_way_is_not_ordered_again(evidence))
    assert not list(i7_an_article_on_its_way_is_not_ordered_again(replace(evidence, twice=twice)))


def test_an_order_that_ended_before_it_was_sent_by_a_clock_that_was_set_back_blocks_nothing() -> None:
    ended = row(OrderDelivered.topic, {**SENT_FACT, "order_no": SENT_FACT["order_nos"][0]})
    sent = [row(WithdrawalSent.topic, each) for each in (SENT_FACT, SENT_AGAIN)]
    evidence = with_outbox("ordering", ended, *sent)

    assert list(i7_an_article_on_its_way_is_not_ordered_again(with_outbox("ordering", *sent)))
    assert not list(i7_an_article_on_its_way_is_not_ordered_again(evidence))


def test_a_name_in_a_log_or_in_what_was_published_is_a_leak(tmp_path: Any) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "billing.1.log").write_text('{"event": "fact", "who": "Prova Testsson"}')
    (tmp_path / "logs" / "distributor.1.log").write_text("Prova Testsson")
    told = {"_id": "m-1", "topic": "t", "body": '{"number": "199007052393"}'}

    assert leaks(tmp_path, [told]) == ["logs/billing.1.log", "outbox m-1 (t)"]


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        (Prescription, PRESCRIPTION),
        (Withdrawal, WITHDRAWAL),
        (Order, ORDER),
        (Fee, CHARGE),
        (Message, MESSAGE),
    ],
)
def test_the_evidence_has_the_fields_of_what_the_services_keep(state: Any, fields: Row) -> None:
    stored = {dict(SOURCE).get(name, name) for name in state.__dataclass_fields__}

    assert set(fields) - {"_id"} <= stored


def test_no_invariant_is_checked_under_two_numbers() -> None:
    numbers = [number_of(check) for check in (*CHECKS, *PROMISES) if check not in PIECES]

    assert len(numbers) == len(set(numbers))
