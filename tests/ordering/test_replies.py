"""Which of a distributor's replies are believed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ordering.domain.dialogue.replies import BELIEVED, contradicting, judge
from services.ordering.domain.dialogue.stray import KINDS, OrderIsOurs, keep_stray, may_answer, stray_key
from services.ordering.domain.order import Order
from shared.distributors import NOBODY
from shared.domain.numbers import number
from shared.events.ordering import (
    OrderDelivered,
    OrderDespatched,
    WithdrawalAnnulled,
)
from shared.events.tasks import TaskRaised
from shared.partners import DistributorReply, LineResponse
from tests.ordering.conversation import (
    ACK,
    ALL_THREE,
    CANCELLED,
    DELIVERED,
    DESPATCHED,
    LATER,
    REFUSAL,
    UNDELIVERABLE,
    after,
    after_both,
    answer,
    arrived,
    goods,
    kinds,
    left,
    rejected,
)
from tests.ordering.examples import (
    BREAD_LINE,
    LINE,
    NOW,
    ORDER,
    WITHDRAWAL_NO,
)

UNKNOWN_ORDER = number("B", year=2026, running=999_999)


@pytest.mark.parametrize("reply", [ACK, REFUSAL, DESPATCHED, DELIVERED, UNDELIVERABLE, CANCELLED])
def test_a_hundred_copies_of_a_reply_have_one_effect_and_are_counted(reply: DistributorReply) -> None:
    once = after(reply)
    copies = [reply.model_copy(update={"message_id": f"copy-{each}"}) for each in range(99)]

    withdrawal, allowance, order, told = after(reply, *copies)

    assert (withdrawal, allowance, told) == (once[0], once[1], once[3])
    assert [each.copies for each in order.replies] == [100]


IMPOSSIBLE_DAYS = [
    date(9999, 12, 31),
    date(2154, 12, 31),
    date(1, 1, 1),
    date(2025, 12, 1),
    date(2026, 11, 22),
    date(2027, 12, 1),
]
"""Also the day before the order was sent, and the right day of the wrong year."""
IMPOSSIBLE_MOMENTS = [
    datetime(9999, 12, 31, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(2025, 11, 24, 12, 0, tzinfo=UTC),
    datetime(2027, 11, 24, 12, 0, tzinfo=UTC),
]


def promised(day: date) -> LineResponse:
    return LineResponse(line=1, status="accepted", delivery_date=day)


def back_ordered(day: date) -> LineResponse:
    return LineResponse(line=1, status="changed", quantity=5, back_order=5, back_order_date=day)


CONTRADICTIONS: list[tuple[list[DistributorReply], DistributorReply, str]] = [
    ([CANCELLED], DELIVERED, "delivered-after-cancelled"),
    ([REFUSAL], DELIVERED, "delivered-after-refused"),
    ([UNDELIVERABLE], DELIVERED, "delivered-after-undeliverable"),
    ([CANCELLED], DESPATCHED, "despatched-after-cancelled"),
    ([DELIVERED], CANCELLED, "cancelled-after-delivered"),
    ([DESPATCHED], CANCELLED, "cancelled-after-despatched"),
    ([DELIVERED], UNDELIVERABLE, "undeliverable-after-delivered"),
    ([CANCELLED], UNDELIVERABLE, "undeliverable-after-cancelled"),
    ([ACK], REFUSAL, "refused-after-acknowledged"),
    ([DESPATCHED], REFUSAL, "refused-after-despatched"),
    ([REFUSAL], ACK, "accepted-after-refused"),
    ([REFUSAL], answer(LineResponse(line=1, status="accepted")), "accepted-after-refused"),
    ([REFUSAL], answer(LineResponse(line=1, status="accepted"), rejected(2)), "accepted-after-refused"),
    ([DELIVERED], arrived(goods(1, 9)), "delivered-otherwise-before"),
    ([DESPATCHED], answer(rejected(1)), "less-than-already-despatched"),
    ([answer(rejected(1))], answer(LineResponse(line=1, status="accepted")), "another-answer-before"),
    ([], answer(LineResponse(line=9, status="accepted")), "unknown-line"),
    ([], answer(LineResponse(line=1, status="changed", quantity=11)), "more-than-ordered"),
    ([], answer(rejected(1), rejected(1)), "line-twice"),
    ([], left(goods(9, 1)), "unknown-line"),
    ([], left(goods(1, 11)), "more-than-expected"),
    ([], arrived(goods(1, 11)), "more-than-expected"),
    ([answer(rejected(1))], left(goods(1, 1)), "line-was-rejected"),
    ([DESPATCHED], DESPATCHED.model_copy(update={"message_id": "x", "packages": ("1",)}), "no-goods"),
    ([ACK], DESPATCHED.model_copy(update={"message_id": "ack"}), "same-message-id-other-content"),
    *(([], answer(promised(day)), "impossible-day") for day in IMPOSSIBLE_DAYS),
    *(([], answer(back_ordered(day)), "impossible-day") for day in IMPOSSIBLE_DAYS),
    *(([], DELIVERED.model_copy(update={"at": said}), "impossible-day") for said in IMPOSSIBLE_MOMENTS),
]


@pytest.mark.parametrize(("before", "reply", "why"), CONTRADICTIONS)
def test_a_reply_that_contradicts_is_kept_and_looked_at_but_not_believed(
    before: list[DistributorReply], reply: DistributorReply, why: str
) -> None:
    withdrawal, allowance, order, told = after(*before)

    after_it = after(*before, reply)

    assert after_it[:2] == (withdrawal, allowance)
    assert after_it[2].state == order.state
    assert after_it[2].lines == order.lines
    assert (after_it[2].replies[-1].made_of, after_it[2].replies[-1].why) == ("contradicting", why)
    tasks = after_it[3][len(told) :]
    assert [(type(each), getattr(each, "reason", None)) for each in tasks] == [(TaskRaised, why)]


@pytest.mark.parametrize("days", [0, 365])
def test_a_day_from_the_order_to_a_year_ahead_is_believed(days: int) -> None:
    day = NOW.date() + timedelta(days=days)

    _, _, order, _ = after(answer(promised(day)))

    assert order.lines[0].delivery_date == day


def test_a_reply_under_an_id_that_stood_for_another_order_is_not_believed() -> None:
    *_, order, _ = after(ACK)

    judgement = judge(order, DESPATCHED, at=LATER, id_is_reused=True)

    assert judgement == contradicting("same-message-id-other-content")
    assert judge(order, DESPATCHED, at=LATER) == BELIEVED


def test_a_repeated_contradiction_raises_one_task() -> None:
    *_, told = after(CANCELLED, DELIVERED, DELIVERED.model_copy(update={"message_id": "again"}))

    raised = [each.kind for each in told if isinstance(each, TaskRaised)]
    assert raised == ["goods_not_coming", "reply_to_look_at"]


LATE: list[tuple[list[DistributorReply], DistributorReply]] = [
    ([CANCELLED], REFUSAL),
    ([REFUSAL], CANCELLED),
    ([DELIVERED], DESPATCHED),
    ([UNDELIVERABLE], DESPATCHED),
    ([UNDELIVERABLE], UNDELIVERABLE.model_copy(update={"message_id": "u2", "reason": "MOVED"})),
    ([CANCELLED], answer(*ALL_THREE)),
    ([REFUSAL], answer(rejected(1))),
    ([DELIVERED], answer(*ALL_THREE)),
    ([CANCELLED], ACK),
]


@pytest.mark.parametrize(("before", "late"), LATE)
def test_a_late_reply_is_kept_and_changes_nothing(
    before: list[DistributorReply], late: DistributorReply
) -> None:
    withdrawal, allowance, order, told = after(*before)

    after_it = after(*before, late)

    assert after_it[:2] == (withdrawal, allowance)
    assert after_it[2].state == order.state
    assert after_it[2].replies[-1].made_of == "late"
    assert after_it[3] == told


@pytest.mark.parametrize(
    "reply",
    [
        REFUSAL.model_copy(update={"code": "199001012385"}),
        CANCELLED.model_copy(update={"reason": "Anna Testsson 0701740605"}),
        UNDELIVERABLE.model_copy(update={"reason": "19900101-2385"}),
        answer(LineResponse(line=1, status="accepted", replacement_article_no="199001012385")),
    ],
)
def test_free_text_of_a_distributor_goes_no_further(reply: DistributorReply) -> None:
    withdrawal, _, order, told = after(reply)

    said = f"{withdrawal.history}{order}{told}"
    assert not any(text in said for text in ("1990", "Anna", "070174"))


def test_a_reply_for_an_unknown_order_is_kept_counted_and_looked_at_once() -> None:
    unknown = ACK.model_copy(update={"order_no": UNKNOWN_ORDER})
    anew = unknown.model_copy(update={"message_id": "again"})

    stray, _, told = keep_stray(None, None, reply=unknown, sender=None, body="sealed:body", at=NOW)
    again, _, told_again = keep_stray(stray, None, reply=anew, sender=None, body="sealed:body", at=LATER)

    assert [(each.reason, each.subject_no) for each in told if isinstance(each, TaskRaised)] == [
        ("unknown-order", UNKNOWN_ORDER)
    ]
    assert (again.copies, again.order_no) == (2, UNKNOWN_ORDER)
    assert [each.details for each in told if isinstance(each, TaskRaised)] == [{}]
    assert told_again == []
    assert stray_key(unknown, "demo-a") == stray_key(anew, "demo-a") != stray_key(anew, "demo-b")


@pytest.mark.parametrize(
    ("sender", "order", "why"),
    [
        ("demo-b", ORDER, "another-distributors-order"),
        (NOBODY, ORDER, "unknown-sender"),
        (NOBODY, None, "unknown-sender"),
        ("demo-b", None, "unknown-order"),
    ],
)
def test_what_is_not_the_orders_own_distributors_word_is_kept_and_looked_at(
    sender: str, order: Order | None, why: str
) -> None:
    stray, unchanged, told = keep_stray(None, order, reply=CANCELLED, sender=sender, body="sealed:", at=NOW)

    assert unchanged is order
    assert (stray.why, stray.sender) == (why, sender)
    (task,) = (each for each in told if isinstance(each, TaskRaised))
    assert (task.kind, task.details) == (KINDS[stray.why], {"sender": sender})


@pytest.mark.parametrize("sender", [ORDER.distributor, None])
def test_the_orders_own_distributor_and_an_operators_replay_are_no_strays(sender: str | None) -> None:
    assert may_answer(ORDER, sender)
    with pytest.raises(OrderIsOurs):
        keep_stray(None, ORDER, reply=CANCELLED, sender=sender, body="sealed:body", at=NOW)


def test_what_a_distributor_calls_an_order_is_not_passed_on_when_it_is_no_number_of_ours() -> None:
    personal = ACK.model_copy(update={"order_no": "199001012385", "message_id": "19900101-2385"})

    stray, _, (task,) = keep_stray(None, None, reply=personal, sender="demo-a", body="sealed:body", at=NOW)

    assert "199001" not in f"{stray}{task}"


replies = st.sampled_from(
    [
        ACK,
        REFUSAL,
        DESPATCHED,
        DELIVERED,
        UNDELIVERABLE,
        CANCELLED,
        answer(rejected(1)),
        answer(rejected(4)),
        left(goods(1, 10)),
        arrived(goods(1, 10)),
        arrived(goods(4, 5)),
    ]
)


@given(st.lists(replies, max_size=14))
def test_whatever_a_distributor_says_nothing_is_lost_and_nothing_is_given_twice(
    said: list[DistributorReply],
) -> None:
    withdrawal, allowance, order, told = after_both(*said)

    assert sum(each.copies for each in order.replies) == len(said)
    given = [line_id for each in told if isinstance(each, WithdrawalAnnulled) for line_id in each.line_ids]
    credited = [no for each in told if isinstance(each, WithdrawalAnnulled) for no in each.fee_nos]
    assert len(given) == len(set(given))
    assert len(credited) == len(set(credited))
    parcels = [each.parcel for each in told if isinstance(each, OrderDespatched)]
    assert len(parcels) == len(set(parcels))
    assert kinds(told).count(OrderDelivered) <= 1
    for line in (LINE, BREAD_LINE):
        used = WITHDRAWAL_NO in allowance.line(line.line_id).used_by
        assert used is (line.line_id not in withdrawal.given_back)
    assert bool(order.over_at) is (not allowance.on_the_way)
