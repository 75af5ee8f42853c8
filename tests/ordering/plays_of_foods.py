"""Plays of withdrawals: each step with its facts and the states after it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from services.ordering.domain.again import order_again, order_rest
from services.ordering.domain.allowance import OnTheWay
from services.ordering.domain.dialogue.effects import take_reply
from services.ordering.domain.dialogue.silence import note_silence
from services.ordering.domain.dialogue.unreached import annul_all, note_unreached
from services.ordering.domain.merging import merge, move
from services.ordering.domain.order import Order, Unreached
from services.ordering.domain.stopping import stop_for
from services.ordering.domain.withdrawal import BlockPassed, Item, remind
from services.ordering.domain.withdrawing.annulling import annul
from services.ordering.domain.withdrawing.drafting import change, draft
from services.ordering.domain.withdrawing.sending import Dispatch, send
from shared.domain.address import Address
from shared.partners import DistributorReply, LineResponse, OrderTooLateReply
from tests.ordering.conversation import (
    ACK,
    CANCELLED,
    DELIVERED,
    DESPATCHED,
    LATER,
    REFUSAL,
    UNDELIVERABLE,
    after_both,
    answer,
    arrived,
    goods,
    left,
    rejected,
)
from tests.ordering.examples import (
    ABSENT,
    ALLOWANCE,
    BOTH,
    BREAD_LINE,
    DRAFT,
    DRAWN,
    HOME,
    ITEM,
    LINE,
    NOW,
    ORDER,
    ORDER_NO,
    OTHER_ORDER_NO,
    OTHER_WITHDRAWAL_NO,
    PATIENT,
    PERSON,
    SENT,
    TODAY,
    USED,
    WITHDRAWAL_NO,
)
from tests.ordering.several import ELSEWHERE, SEVERAL, elsewhere, several_sent
from tests.ordering.test_what_came import PER_PACKAGE
from tests.ordering.whole import Play

THIRD_NO, FOURTH_NO = "B2026-000009-8", "B2026-000010-6"
MUCH_LATER = LATER + timedelta(days=9)
TOO_LATE = OrderTooLateReply(
    type="order.too_late.v1", message_id="late", order_no=ORDER_NO, at=LATER, reason="PACKED"
)
THERE = replace(
    HOME,
    recipient="sealed:Granne Testsson",
    receiver="other",
    address=Address("sealed:A", "sealed:21120", "sealed:B", co="sealed:C", line2="sealed:D"),
    instructions="sealed:gården",
    together=True,
    keep_address=True,
    kept_address="sealed:hela",
    kept_label="sealed:Sommarstugan",
    rule="leave_outside",
    language="en",
)


def sent_to_two() -> Play:
    """All that can be chosen, from two distributors, with a block that was passed."""
    items = (ITEM, Item(BREAD_LINE.line_id, SEVERAL.choice.items[1].split, substitution_allowed=True))
    passed = (BlockPassed("900100", "Tappade", "clerk-2"), BlockPassed("900200", "I onödan", "clerk-2"))
    requested = replace(SEVERAL, choice=replace(SEVERAL.choice, items=items, delivery=THERE, passed=passed))
    blocked = replace(ALLOWANCE, on_the_way=(OnTheWay("900100", LINE.line_id, "U0", "B0", TODAY),))
    drafted, _, told = draft(None, blocked, requested=requested, withdrawal_no=WITHDRAWAL_NO, at=NOW)
    yield "drafted", (drafted, list(told))
    less = replace(requested, choice=replace(requested.choice, items=items[:1], asked_by="patient"))
    changed, _, told = change(drafted, blocked, requested=less, at=LATER)
    yield "changed", (changed, list(told))
    reminded, told = remind(replace(drafted, channel="care_unit"), before=LATER)
    yield "reminded", (reminded, list(told))
    dispatch = Dispatch((ORDER_NO, OTHER_ORDER_NO, THIRD_NO), "9520000000011", LATER)
    yield "sent", send(reminded, blocked, (None, None, None), requested=requested, dispatch=dispatch)


def played(*replies: DistributorReply) -> Iterator[tuple[str, Any]]:
    """Let distributors answer one after the other; give what is told each time, and the states at last."""
    withdrawal, allowance, orders, _ = several_sent()
    for no, each in enumerate(replies):
        reply = each.model_copy(update={"message_id": f"message-{no}"})
        withdrawal, allowance, orders, facts = take_reply(
            withdrawal, allowance, orders, reply=reply, body="sealed:b", at=LATER, catalogue=ELSEWHERE
        )
        yield reply.type, list(facts)
    yield "at last", (withdrawal, allowance, orders)


def came_in_parts() -> Play:
    later = LineResponse(
        line=1, status="changed", quantity=3, back_order=4, back_order_date=date(2026, 12, 6), code="SHORT"
    )
    other = LineResponse(line=2, status="changed", replacement_article_no="900101", quantity=5)
    yield from played(
        ACK,
        answer(later, other),
        elsewhere(
            answer(rejected(1), LineResponse(line=2, status="accepted", delivery_date=date(2026, 12, 1)))
        ),
        left(goods(1, 3), goods(2, 5)),
        arrived(goods(1, 3)),
        elsewhere(DESPATCHED),
        elsewhere(DELIVERED),
        left(goods(1, 4)),
        CANCELLED,
    )


def came_whole() -> Play:
    yield from played(DESPATCHED, elsewhere(DESPATCHED), DELIVERED, elsewhere(DELIVERED))


def was_delayed() -> Play:
    def promising(*days: int | None) -> DistributorReply:
        lines = enumerate((day and date(2026, 12, day) for day in days), start=1)
        return answer(*(LineResponse(line=no, status="changed", delivery_date=day) for no, day in lines))

    answers = (promising(3, None), promising(3, 4), promising(5, 6), promising(2, 7))
    of_bread, of_the_rest = left(goods(2, 5)), left(goods(1, 5))
    yield from played(
        *answers, elsewhere(promising(None, 9)), elsewhere(of_bread), elsewhere(of_the_rest), DESPATCHED
    )


def never_came() -> Play:
    yield from played(REFUSAL, elsewhere(DESPATCHED), elsewhere(UNDELIVERABLE))
    yield from played(CANCELLED, elsewhere(answer(rejected(1), rejected(2))))


def was_stopped() -> Play:
    withdrawal, allowance, orders, _ = several_sent()
    silent, told = note_silence(orders[0], before=MUCH_LATER)
    yield "silent", (silent, list(told))
    orders = (silent, *orders[1:])
    unreached: tuple[tuple[str, Unreached], ...] = ((ORDER_NO, "annulment"), (OTHER_ORDER_NO, "order"))
    for order_no, what in unreached:
        withdrawal, allowance, orders, told = note_unreached(
            withdrawal, allowance, orders, order_no=order_no, what=what, at=LATER, catalogue=ELSEWHERE
        )
        yield f"unreached {what}", list(told)
    withdrawal, allowance, orders, told = annul_all(
        withdrawal, allowance, orders, by="clerk-1", at=LATER, catalogue=ELSEWHERE
    )
    yield "annulled", (withdrawal, allowance, orders, list(told))
    for reply in (TOO_LATE, DESPATCHED, DELIVERED):
        withdrawal, allowance, orders, told = take_reply(
            withdrawal, allowance, orders, reply=reply, body="sealed:b", at=MUCH_LATER, catalogue=ELSEWHERE
        )
        yield reply.type, list(told)
    yield "at last", (withdrawal, allowance, orders)


def person_changed() -> Play:
    withdrawal, allowance, orders, _ = several_sent()
    dead, protected = replace(PERSON, deceased_on=TODAY), replace(PERSON, protected=True)
    yield "dead", stop_for(withdrawal, orders, person=dead, at=LATER)
    yield "protected", stop_for(withdrawal, orders, person=protected, at=LATER)
    yield "a draft of who died", stop_for(replace(DRAFT, is_reminded=True), (), person=dead, at=LATER)
    kept = replace(allowance, annulled_lines=("a",), expired_lines=("e",))
    yield "merged", merge(kept, None, patient_ref=PATIENT, into_ref="patient-2")
    yield "moved", move(withdrawal, orders, into_ref="patient-2", at=LATER)


def ordered_again() -> Play:
    half = answer(LineResponse(line=1, status="changed", quantity=10), rejected(2), rejected(3))
    half = half.model_copy(update={"message_id": "half"})
    withdrawal, allowance = SENT, USED
    orders: tuple[Order, ...] = (ORDER,)
    for reply in (half, DESPATCHED, DELIVERED):
        withdrawal, allowance, orders, _ = take_reply(
            withdrawal, allowance, orders, reply=reply, body="sealed:b", at=LATER, catalogue=DRAWN.catalogue
        )
    dispatch = Dispatch((OTHER_ORDER_NO, THIRD_NO), "9520000000011", MUCH_LATER)
    requested = replace(DRAWN, choice=replace(DRAWN.choice, delivery=THERE))
    yield (
        "the rest",
        order_rest(withdrawal, allowance, orders, (None, None), requested=requested, dispatch=dispatch),
    )
    withdrawal, allowance, orders, _ = take_reply(
        SENT, USED, (ORDER,), reply=REFUSAL, body="sealed:b", at=LATER, catalogue=DRAWN.catalogue
    )
    yield "all of it", order_again(
        withdrawal, None, allowance, (None, None),
        requested=requested, withdrawal_no=OTHER_WITHDRAWAL_NO, dispatch=dispatch,
    )  # fmt: skip


def ordered_again_in_part() -> Play:
    """Of two lines one came; the other is ordered again, as a draft of both says nothing of."""
    withdrawal, allowance, *_ = after_both(answer(rejected(4)))
    dispatch = Dispatch((OTHER_ORDER_NO,), "9520000000011", MUCH_LATER)
    yield "the bread", order_again(
        withdrawal, None, allowance, ABSENT,
        requested=BOTH, withdrawal_no=OTHER_WITHDRAWAL_NO, dispatch=dispatch,
    )  # fmt: skip


def annulled() -> Play:
    withdrawal, _, orders, _ = several_sent()
    one_over = (replace(orders[0], over_at=LATER), orders[1])
    yield "one of two", annul(withdrawal, one_over, by="clerk-1", at=LATER)
    yield "a draft", annul(replace(DRAFT, is_reminded=True), (), by="clerk-1", at=LATER)


def priced_again() -> Play:
    """Less of the drink comes, then no bread, whose fee is credited, and then still less of the drink."""
    catalogue = replace(BOTH.catalogue, tariffs=(PER_PACKAGE,))
    requested = replace(BOTH, catalogue=catalogue)
    made, *_ = draft(None, ALLOWANCE, requested=requested, withdrawal_no=WITHDRAWAL_NO, at=NOW)
    withdrawal, allowance, (order,), _ = send(
        made, ALLOWANCE, ABSENT, requested=requested, dispatch=Dispatch((ORDER_NO,), "9520000000011", NOW)
    )
    assert order
    orders: tuple[Order, ...] = (order,)
    less = LineResponse(line=1, status="changed", quantity=7)
    for no, reply in enumerate((answer(less), answer(rejected(4)), answer(rejected(2)))):
        withdrawal, allowance, orders, facts = take_reply(
            withdrawal, allowance, orders,
            reply=reply.model_copy(update={"message_id": f"message-{no}"}),
            body="sealed:b", at=LATER, catalogue=catalogue,
        )  # fmt: skip
        yield f"answer {no}", list(facts)
    yield "at last", withdrawal


FOOD_PLAYS: dict[str, Callable[[], Play]] = {
    each.__name__: each
    for each in (
        sent_to_two,
        came_in_parts,
        came_whole,
        was_delayed,
        never_came,
        was_stopped,
        person_changed,
        ordered_again,
        ordered_again_in_part,
        annulled,
        priced_again,
    )
}
