"""Every reason against a withdrawal, with its facts, and what is made of replies of distributors."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from services.ordering.domain.allowance import Allowance, OnTheWay
from services.ordering.domain.dialogue.replies import judge
from services.ordering.domain.flavours import Share, against_split
from services.ordering.domain.order import Order
from services.ordering.domain.pickup import PickupPoint
from services.ordering.domain.withdrawal import BlockPassed, Item
from services.ordering.domain.withdrawing.annulling import against_annulling
from services.ordering.domain.withdrawing.sending import against_sending
from shared.domain.address import Address
from shared.partners import LineResponse, OrderTooLateReply
from tests.ordering.conversation import (
    ACK,
    CANCELLED,
    DELIVERED,
    DESPATCHED,
    LATER,
    REFUSAL,
    UNDELIVERABLE,
    answer,
    arrived,
    goods,
    left,
    rejected,
)
from tests.ordering.examples import (
    ALLOWANCE,
    BOTH,
    BREAD_ITEM,
    BREAD_LINE,
    CATALOGUE,
    CHOCOLATE,
    CLERK,
    DRINK,
    HOME,
    ITEM,
    LINE,
    NOW,
    ORDER,
    ORDER_NO,
    ORDER_PLACER,
    PATIENT,
    PERSON,
    SENT,
    STRAWBERRY,
    TODAY,
)
from tests.ordering.whole import Play

YESTERDAY = TODAY - timedelta(days=1)
POINTS = (
    PickupPoint("p-1", "Butiken", Address("A", "21120", "B"), distributors=("demo-a",)),
    PickupPoint("p-2", "Kiosken", Address("A", "21120", "B"), distributors=("demo-b",)),
    PickupPoint("p-3", "Stängda", Address("A", "21120", "B"), is_open=False),
)
PICKUP = replace(HOME, kind="pickup", rule="pickup", door_code=None, pickup_point="p-1")
DELIVERIES: dict[str, dict[str, Any]] = {
    "home": {},
    "a rule of another kind": {"rule": "pickup"},
    "nobody receives": {"recipient": ""},
    "of an older version": {"register_version": 7},
    "of no version": {"register_version": None},
    "no address": {"address": None},
    "a pick-up point for home": {"pickup_point": "p-1"},
    "a letter outside": {"rule": "leave_outside", "notice": "letter", "notice_to": None},
    "a notice to nowhere": {"notice_to": None},
    "by telephone": {"notice": "phone"},
    "to the unit": {"kind": "unit", "keep_address": True},
}
PICKUPS: dict[str, dict[str, Any]] = {
    "fetched": {},
    "nowhere": {"pickup_point": None},
    "closed": {"pickup_point": "p-3"},
    "unknown": {"pickup_point": "p-9"},
    "not served": {"pickup_point": "p-2"},
    "with a door code": {"door_code": "sealed:1"},
    "kept": {"keep_address": True},
    "without a notice": {"notice": "none", "notice_to": None},
}
CHILD = replace(PERSON, born=date(2015, 7, 5))


def against(allowance: Allowance = ALLOWANCE, **change: Any) -> Any:
    return list(against_sending(allowance, replace(BOTH, **change), on=TODAY))


def against_deliveries() -> Play:
    def delivered(delivery: Any, person: Any = PERSON) -> Any:
        choice = replace(BOTH.choice, delivery=delivery)
        return against(replace(ALLOWANCE, person=person), choice=choice, points=POINTS)

    for start, changes in ((HOME, DELIVERIES), (PICKUP, PICKUPS)):
        for name, change in changes.items():
            yield name, delivered(replace(start, **change))
    yield "who wants no notices", delivered(HOME, replace(PERSON, opted_out=True))
    yield (
        "who wants no notices, by letter",
        delivered(replace(HOME, notice="letter", notice_to=None), replace(PERSON, opted_out=True)),
    )
    guardian = replace(PICKUP, receiver="guardian")
    for name, delivery in {
        "by the child": PICKUP,
        "by a parent": guardian,
        "by a parent, with the child's name": replace(guardian, names_child=True),
        "by another": replace(PICKUP, receiver="other"),
        "by nobody": replace(guardian, recipient=None),
        "home": HOME,
    }.items():
        yield f"for a child, {name}", delivered(delivery, CHILD)


PASSED = BlockPassed("900100", "Tappade", "clerk-1")
ON_THE_WAY = OnTheWay("900100", LINE.line_id, "U0", "B0", TODAY)
OTHER_LINE = replace(BREAD_LINE, payer="home_region", product_area="diabetes", article_no="999999")
GONE = replace(STRAWBERRY, status="discontinued", replaced_by="900102")
STATES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "nobody": {"person": None},
    "protected": {"person": replace(PERSON, protected=True, deceased_on=TODAY)},
    "dead and without address": {"person": replace(PERSON, deceased_on=TODAY, no_fixed_address=True)},
    "annulled": {"annulled_lines": (LINE.line_id,)},
    "expired": {"expired_lines": (LINE.line_id,)},
    "valid until yesterday": {"lines": (replace(LINE, valid_through=YESTERDAY), BREAD_LINE)},
    "valid through today": {"lines": (replace(LINE, valid_through=TODAY), BREAD_LINE)},
    "used up": {"lines": (replace(LINE, used_by=("a", "b", "c")), BREAD_LINE)},
    "used but once": {"lines": (replace(LINE, used_by=("a", "b")), BREAD_LINE)},
    "given back too often": {"lines": (replace(LINE, given_back=50), BREAD_LINE)},
    "on the way": {"on_the_way": (ON_THE_WAY, replace(ON_THE_WAY, order_no="B1"))},
    "expected before": {"on_the_way": (replace(ON_THE_WAY, expected_on=YESTERDAY),)},
    "of several kinds": {"lines": (LINE, OTHER_LINE)},
    "of who asks": {"lines": (replace(LINE, prescriber="clerk-1"), BREAD_LINE)},
    "of who asks, not employed": {
        "lines": (replace(LINE, prescriber="clerk-1", prescriber_employed_by_region=False), BREAD_LINE)
    },
}
CHOICES: dict[str, dict[str, Any]] = {
    "nothing": {"items": ()},
    "twice": {"items": (ITEM, ITEM, BREAD_ITEM)},
    "passed": {"passed": (PASSED,)},
    "asked for by a guardian": {"asked_by": "guardian"},
    "no flavours": {"items": (Item(LINE.line_id), BREAD_ITEM)},
}


def against_withdrawals() -> Play:
    for name, state in STATES.items():
        yield name, against(replace(ALLOWANCE, **state))
    for name, choice in CHOICES.items():
        blocked = replace(ALLOWANCE, on_the_way=(ON_THE_WAY,))
        yield name, against(blocked, choice=replace(BOTH.choice, **choice))
    guardian = replace(BOTH.choice, asked_by="guardian")
    for born in (date(2015, 7, 5), date(2008, 11, 23), date(2008, 11, 24), None):
        child = replace(ALLOWANCE, person=replace(PERSON, born=born))
        yield f"a guardian of who was born {born}", against(child, choice=guardian)
    yield (
        "passed by a unit",
        against(
            choice=replace(BOTH.choice, passed=(replace(PASSED, by="placer-1"), PASSED)), asker=ORDER_PLACER
        ),
    )


def against_askers_and_catalogues() -> Play:
    for name, asker in {
        "a unit": ORDER_PLACER,
        "another unit": replace(ORDER_PLACER, care_units=frozenset({"DEMO-102"})),
        "another area": replace(ORDER_PLACER, product_areas=frozenset({"cpap"})),
        "no role": replace(ORDER_PLACER, roles=frozenset({"economist"})),
        "the patient": replace(CLERK, roles=frozenset({"patient"}), patient_ref=PATIENT),
        "another patient": replace(CLERK, roles=frozenset({"patient"}), patient_ref="patient-2"),
    }.items():
        yield f"by {name}", against(asker=asker)
    catalogues: dict[str, dict[str, Any]] = {
        "no distributor": {"distributors": frozenset({"demo-b"})},
        "no tariff": {"tariffs": ()},
        "no bread": {"articles": {no: each for no, each in CATALOGUE.articles.items() if no != "900200"}},
        "no strawberry": {"articles": {**CATALOGUE.articles, "900101": GONE}},
    }
    for name, change in catalogues.items():
        yield name, against(catalogue=replace(CATALOGUE, **change))


SPLITS: dict[str, tuple[Share, ...]] = {
    "whole": (Share("900101", 20),),
    "nothing": (),
    "none of it": (Share("900101", 0), Share("900102", 1)),
    "too much": (Share("900101", 20), Share("900102", 1)),
    "twice": (Share("900101", 1), Share("900102", 1), Share("900101", 1)),
    "another": (Share("900200", 1), Share("999999", 1), Share("900100", 1)),
}


def against_splits() -> Play:
    catalogue = replace(CATALOGUE, articles={**CATALOGUE.articles, "900101": GONE})
    for name, split in SPLITS.items():
        for prescribed in (DRINK, CHOCOLATE):
            found = against_split(split, prescribed=prescribed, packages=20, catalogue=CATALOGUE)
            yield f"{name} of {prescribed.article_no}", list(found)
    (gone,) = against_split((Share("900101", 1),), prescribed=DRINK, packages=20, catalogue=catalogue)
    yield "discontinued", [gone, gone.said]


def against_stopping() -> Play:
    over, asked = replace(ORDER, over_at=LATER), replace(ORDER, cancelling="asked")
    two = replace(SENT, order_nos=(ORDER_NO, "B2"))
    cases: dict[str, tuple[Any, tuple[Order, ...]]] = {
        "sent": (SENT, (ORDER,)),
        "over": (SENT, (over,)),
        "asked": (SENT, (asked,)),
        "one of two asked": (two, (asked, ORDER)),
        "both asked": (two, (asked, asked)),
        "one asked, one over": (two, (asked, over)),
        "too late": (SENT, (replace(ORDER, cancelling="too_late"),)),
        "one too late, one asked": (two, (replace(ORDER, cancelling="too_late"), asked)),
        "sent meanwhile": (two, (ORDER,)),
        "annulled": (replace(SENT, state="annulled"), (over,)),
    }
    for name, (withdrawal, orders) in cases.items():
        yield name, list(against_annulling(withdrawal, orders))


TOO_LATE = OrderTooLateReply(type="order.too_late.v1", message_id="late", order_no=ORDER_NO, at=LATER)
LATE_DAY = LineResponse(line=1, status="changed", quantity=10, delivery_date=date(2030, 1, 1))
REPLIES: dict[str, Any] = {
    "received": ACK,
    "refused": REFUSAL,
    "all accepted": answer(*(LineResponse(line=no, status="accepted") for no in (1, 2, 3))),
    "one rejected": answer(rejected(1)),
    "all rejected": answer(rejected(1), rejected(2), rejected(3)),
    "less": answer(LineResponse(line=1, status="changed", quantity=3)),
    "more": answer(LineResponse(line=1, status="changed", quantity=9, back_order=2)),
    "twice": answer(LineResponse(line=1, status="accepted"), LineResponse(line=1, status="accepted")),
    "another line": answer(LineResponse(line=9, status="accepted")),
    "impossible day": answer(LATE_DAY),
    "left": DESPATCHED,
    "five left": left(goods(1, 5)),
    "eleven left": left(goods(1, 6), goods(1, 5)),
    "five of a rejected line left": left(goods(3, 5)),
    "another line left": left(goods(9, 1)),
    "arrived": DELIVERED,
    "five arrived": arrived(goods(1, 5)),
    "eleven arrived": arrived(goods(1, 11)),
    "undeliverable": UNDELIVERABLE,
    "cancelled": CANCELLED,
    "too late": TOO_LATE,
    "said too early": ACK.model_copy(update={"at": NOW - timedelta(days=7, seconds=1)}),
    "said as early as can be": ACK.model_copy(update={"at": NOW - timedelta(days=7)}),
    "said too late": ACK.model_copy(update={"at": LATER + timedelta(days=7, seconds=1)}),
    "said without a zone": ACK.model_copy(update={"at": datetime(2026, 12, 1, 12, 0)}),
}
HALF = (
    replace(ORDER.lines[0], answer="changed", confirmed=8, despatched=4),
    replace(ORDER.lines[1], despatched=5, delivered=5),
    replace(ORDER.lines[2], answer="rejected", confirmed=0),
)


def judged() -> Play:
    """What is made of each reply, by how far the order has come."""
    orders = {
        "sent": ORDER,
        "acknowledged": replace(ORDER, state="acknowledged"),
        "half": replace(ORDER, state="despatched", lines=HALF),
        "asked to stop": replace(ORDER, state="confirmed", cancelling="asked"),
        "could not be stopped": replace(ORDER, state="confirmed", cancelling="too_late"),
        **{
            state: replace(ORDER, state=state)
            for state in ("delivered", "undeliverable", "refused", "cancelled")
        },
    }
    for name, order in orders.items():
        found = [(said, judge(order, reply, at=LATER)) for said, reply in REPLIES.items()]
        yield name, [f"{said}: {each.made_of} {each.why or ''}".strip() for said, each in found]
    reused = judge(ORDER, ACK, at=LATER, id_is_reused=True)
    yield "with an id that is used", f"{reused.made_of} {reused.why}"


FOOD_REFUSALS: dict[str, Callable[[], Play]] = {
    each.__name__: each
    for each in (
        against_deliveries,
        against_withdrawals,
        against_askers_and_catalogues,
        against_splits,
        against_stopping,
        judged,
    )
}
