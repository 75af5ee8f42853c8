"""Acts on device orders, one by one: when each is offered, what it leaves, and in what order it is listed."""

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from services.ordering.domain.collecting.exchanging import made_in_exchange
from services.ordering.domain.collecting.places import CollectionPlaces, PlaceRow
from services.ordering.domain.collecting.refusals import CollectionNotSaid
from services.ordering.domain.collecting.registering import against_collection, made, register_collection
from services.ordering.domain.device_states import State
from services.ordering.domain.device_steps import steps_of
from services.ordering.domain.devices.annulling import may_annul, may_split
from services.ordering.domain.devices.basket import Basket, Head
from services.ordering.domain.devices.catalogue import DeviceCatalogue, OnLoan
from services.ordering.domain.devices.copies import FittingComponent
from services.ordering.domain.devices.delivering import DeliveryRequest
from services.ordering.domain.devices.goods import HandedOut, HandOver, NotFetched, Parcel, Refusal
from services.ordering.domain.devices.lines import ChosenComponent, Exchange, with_components
from services.ordering.domain.devices.order import Act, DeviceOrder, LineState, Reserved
from services.ordering.domain.devices.other_region import WARNING, other_region_warnings
from shared.domain.days import Period
from shared.domain.decision import Sentence
from tests.ordering.examples import NOW, PERSON, TODAY
from tests.ordering.examples import ORDER as FOOD_ORDER
from tests.ordering.plays_of_collections import ASKED, LOANS
from tests.ordering.plays_of_devices import ALLOWED, PLACING, basket_sent
from tests.ordering.test_device_rules import CATALOGUE, FIRST, LATER, LINE, MAIN, MASK, ORDER, SECOND

BOTH = (FIRST, SECOND)
LEFT = Parcel("K1", BOTH, NOW, complete=True)
THERE = replace(LEFT, received_at=NOW)
ENDED = NotFetched("DEMO-S1", LATER, BOTH)
REFUSED = Refusal("no", "Nej.", "No.")
HAND_OUT = replace(ORDER, kind="hand_out")
ORDERS: dict[State, DeviceOrder] = {
    "requested": HAND_OUT,
    "refused": replace(HAND_OUT, refusal=REFUSED),
    "sent": ORDER,
    "waiting": replace(
        ORDER, reserved=Reserved(1, (LineState(1, "910300", 1, 0), LineState(2, "910300", 0, 1)))
    ),
    "reserved": replace(ORDER, reserved=Reserved(1, (LineState(1, "910300", 1, 0),))),
    "picking": replace(ORDER, pick_list_no="P1"),
    "partly_despatched": replace(ORDER, parcels=(replace(LEFT, lines=(FIRST,), complete=False),)),
    "despatched": replace(ORDER, parcels=(replace(LEFT, lines=(FIRST,)),)),
    "received": replace(ORDER, parcels=(THERE,)),
    "partly_handed_out": replace(ORDER, handed_out=(HandedOut(TODAY, NOW, (FIRST,)),)),
    "handed_out": replace(ORDER, handed_out=(HandedOut(TODAY, NOW, BOTH),)),
    "not_fetched": replace(ORDER, parcels=(THERE,), not_fetched=(ENDED,)),
    "annulment_asked": replace(ORDER, annulment=Act("placer-1", NOW)),
    "annulled": replace(ORDER, annulment=Act("placer-1", NOW), released_at=NOW),
    "taken_back": replace(HAND_OUT, taken_back_at=NOW),
}


def test_every_state_follows_from_what_is_known() -> None:
    assert {state: order.state for state, order in ORDERS.items()} == {each: each for each in get_args(State)}
    over = {state for state, order in ORDERS.items() if order.is_over}
    assert over == {"refused", "handed_out", "not_fetched", "annulled", "taken_back"}


def test_an_order_is_annulled_and_a_joint_one_split_while_nothing_is_picked() -> None:
    joint = {state: replace(order, joint=True) for state, order in ORDERS.items()}

    assert {state for state, order in joint.items() if may_annul(order)} == {"sent", "waiting", "reserved"}
    assert {state for state, order in joint.items() if may_split(order)} == {"sent", "waiting"}
    assert not any(may_split(each) for each in ORDERS.values())
    assert not may_split(replace(joint["waiting"], split=Act("placer-1", NOW)))
    assert not may_annul(replace(joint["waiting"], too_late="picking"))


def test_steps_are_listed_by_time_and_those_whose_time_nobody_said_last() -> None:
    order = replace(
        HAND_OUT,
        refusal=REFUSED,
        mistake_refusal=REFUSED,
        mistake=Act("placer-1", LATER, "Fel"),
        handed_out=(HandedOut(TODAY, NOW, BOTH),),
    )

    steps = [(each.what, each.at, each.reason) for each in steps_of(order)]

    assert steps == [
        ("requested", NOW, None),
        ("handed_out", NOW, None),
        ("mistake", LATER, "Fel"),
        ("refused", None, "no"),
        ("not_taken_back", None, "no"),
    ]


def test_a_line_is_in_place_of_the_device_that_came_back_for_it() -> None:
    exchanged = replace(SECOND, exchange=Exchange("D2", "loan-2"))
    refused = HandOver("B1-1", TODAY, NOW, "p", (replace(FIRST, exchange=Exchange("D1", "loan-1")),))
    made = replace(refused, hand_over_no="B1-2", lines=(FIRST, exchanged))
    asked = replace(ORDER.lines[0], line=replace(LINE, exchange=Exchange("D3", "loan-3")))
    order = replace(ORDER, hand_overs=(replace(refused, refusal=REFUSED), made))

    assert [order.in_place_of(no) for no in (1, 2, 3)] == [None, "D2", None]
    at_once = replace(order, lines=(asked, ORDER.lines[1]))
    assert [at_once.in_place_of(no) for no in (1, 2, 3)] == ["D3", "D2", None]


def test_what_is_put_on_a_device_is_not_taken_off_it_and_counts_once() -> None:
    components = (
        FittingComponent("910100", 2, standard=True),
        FittingComponent("910101", standard=True),
        FittingComponent("910300"),
    )
    added = (ChosenComponent("910100", 5), ChosenComponent("910300", 3))

    line = with_components(
        LINE,
        replace(MAIN, components=components),
        added=added,
        removed=("910100", "910101", "910101", "999999"),
    )

    assert line == replace(LINE, components=added, removed=("910101", "999999"))
    whole = with_components(LINE, replace(MAIN, components=components), added=(), removed=())
    assert whole.components == (ChosenComponent("910100", 2), ChosenComponent("910101", 1))


@pytest.mark.parametrize(
    ("replaced_by", "found"),
    [
        ({}, None),
        ({"a": "b"}, "b"),
        ({"a": "b", "b": "c"}, "c"),
        ({"a": "b", "b": "a"}, "b"),
        ({"a": "b", "b": "unknown"}, "unknown"),
    ],
)
def test_a_discontinued_article_is_replaced_by_the_last_of_the_chain(
    replaced_by: dict[str, str], found: str | None
) -> None:
    articles = {
        each: replace(MASK, article_no=each, status="discontinued", replaced_by=replaced_by.get(each))
        for each in ("a", "b", "c")
    }

    assert DeviceCatalogue(articles, {}, {}).replacement_of("a") == found
    alone = DeviceCatalogue({"a": articles["a"]}, {}, {})
    assert alone.replacement_of("a") == replaced_by.get("a")
    sold = {each: replace(article, status="outgoing") for each, article in articles.items()}
    assert DeviceCatalogue(sold, {}, {}).replacement_of("a") is None


def test_what_is_written_for_a_patient_meets_who_changes_the_patient_at_the_same_moment() -> None:
    _, after_basket, *_ = basket_sent(DeliveryRequest(), joint=False)
    _, _, after_collection, _ = register_collection(None, LOANS, ALLOWED, request=ASKED)

    for held in (after_basket, after_collection):
        assert held == ALLOWED
        assert held is not ALLOWED


def test_a_prescriber_whom_the_register_has_not_has_no_name() -> None:
    assert PLACING.prescriber_name == "Förskrivare Testsson"
    assert replace(PLACING, prescriber=None).prescriber_name == ""


def test_a_collection_order_is_written_of_the_devices_that_are_on_loan() -> None:
    assert made(ASKED, (LOANS[0], None)).devices == made(ASKED, LOANS).devices[:1]


def test_devices_and_their_loans_are_read_together_or_not_at_all() -> None:
    with pytest.raises(ValueError, match="shorter"):
        list(against_collection((), ASKED))
    with pytest.raises(ValueError, match="shorter"):
        made(ASKED, LOANS[:1])
    with pytest.raises(CollectionNotSaid):
        made_in_exchange(None, LOANS[0])


def test_who_does_not_pay_by_another_region_is_not_warned_of_it() -> None:
    assert other_region_warnings(ALLOWED.person) == [WARNING]
    assert [other_region_warnings(each) for each in (PERSON, None)] == [[], []]


def test_parts_of_an_order_are_found_by_their_number_and_no_other_is_taken_for_them() -> None:
    collection = made(ASKED, LOANS)
    catalogue = replace(CATALOGUE, on_loan=(OnLoan("910001", "D1"), OnLoan("910300", "D2")))
    basket = Basket("patient-1", "placer-1", Head("DEMO-101", "p"), (LINE, replace(LINE, line_no=2)))
    given = tuple(HandOver(no, TODAY, NOW, "p", ()) for no in ("B1-1", "B1-2"))

    assert [collection.device(no) for no in ("D2", "D9")] == [collection.devices[1], None]
    changed = collection.with_device(replace(collection.devices[1], ended="came"))
    assert [each.ended for each in changed.devices] == [None, "came"]
    assert [catalogue.loan_of(no) for no in ("D2", "D9")] == [catalogue.on_loan[1], None]
    assert basket.line(2).line_no == 2
    assert replace(ORDER, hand_overs=given).hand_over("B1-2") == given[1]
    assert [FOOD_ORDER.line(no) for no in (3, 9)] == [FOOD_ORDER.lines[2], None]


def test_a_place_is_used_by_the_row_of_the_area_else_by_one_that_names_none() -> None:
    anywhere = PlaceRow("home", Period(TODAY, TODAY), Sentence("Hemma", "At home"))
    of_area = replace(anywhere, product_areas=("cpap", "oxygen"), bulky_or_advanced_only=True)
    others = (
        replace(of_area, product_areas=("beds",)),
        replace(of_area, place="post"),
        replace(of_area, period=Period(date(2026, 11, 24))),
    )
    articles = [replace(MASK, bulky=bulky, advanced=True) for bulky in (True, False)]
    articles += [replace(MASK, bulky=bulky) for bulky in (True, None, False)]

    def allowed(*rows: PlaceRow) -> list[bool]:
        places = CollectionPlaces(rows)
        return [places.allows("home", each, on=TODAY) for each in articles]

    assert allowed(*others) == allowed(*others, replace(anywhere, is_used=False)) == [False] * 5
    assert allowed(*others, anywhere) == [True] * 5
    assert allowed(*others, anywhere, of_area) == [True, True, True, True, False]
