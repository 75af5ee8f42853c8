"""Rules of device orders, one by one: what is missing, not known yet, or comes in another order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.catalogue import ArticleNotKnownYet
from services.ordering.domain.devices.agreement import NothingOnLoan, with_patient
from services.ordering.domain.devices.basket import (
    MOST_LINES,
    Basket,
    BasketFull,
    Head,
    add_line,
    move_basket,
    remove_line,
)
from services.ordering.domain.devices.catalogue import DeviceCatalogue, OnLoan
from services.ordering.domain.devices.copies import (
    CareUnit,
    DeviceArticle,
    FittingComponent,
    PlaceOfWork,
    Prescriber,
    Storeroom,
)
from services.ordering.domain.devices.delivering import DeliveryRequest, NoHomeAddress, against_home
from services.ordering.domain.devices.following import (
    note_despatched,
    note_handed_out,
    note_not_released,
    note_picking,
    note_received,
    note_reserved,
)
from services.ordering.domain.devices.goods import Goods, HandedOut
from services.ordering.domain.devices.hand_out import OnlyHandOutsAreTakenBack, take_back
from services.ordering.domain.devices.handing_over import remind_of_goods
from services.ordering.domain.devices.judging import against_line, is_offered
from services.ordering.domain.devices.lines import ChosenComponent, Line
from services.ordering.domain.devices.order import DeviceOrder, LineState, OrderedLine, Reserved
from services.ordering.domain.devices.other_region import against_other_region
from services.ordering.domain.devices.placing import Placing, against_prescribing
from services.ordering.domain.devices.sending_basket import (
    BasketChangedMeanwhile,
    BasketRequest,
    against_basket,
    send_basket,
)
from services.ordering.domain.devices.stopping import move_order, stop_order
from shared.domain.days import Period
from shared.domain.decision import NotFound
from shared.domain.money import Money
from shared.domain.numbers import number
from tests.ordering.examples import NOW, PATIENT, PERSON, TODAY

MAIN = DeviceArticle(
    article_no="910001",
    version=1,
    name="Demo-CPAP",
    product_area="cpap",
    iso_code="040312",
    price=Money.of(4100),
    fee_code="HJM-CPAP",
    components=(FittingComponent("910100", standard=True), FittingComponent("910300")),
)
MASK = replace(
    MAIN, article_no="910300", name="Demomask", article_type="accessory", fee_code=None, components=()
)
CATALOGUE = DeviceCatalogue(
    {each.article_no: each for each in (MAIN, MASK)},
    {"DEMO-W1": Storeroom("DEMO-W1", 1, "Centrallagret", "warehouse", ("DEMO-101",))},
    {"DEMO-101": CareUnit("DEMO-101", 1, "Sömnmottagningen")},
)
LINE = Line(1, "910300", source="warehouse", storeroom_no="DEMO-W1")
ORDER = DeviceOrder(
    order_no=number("B", year=2026, running=1),
    kind="order",
    patient_ref=PATIENT,
    care_unit="DEMO-101",
    product_area="cpap",
    storeroom_no="DEMO-W1",
    prescriber="prescriber-1",
    prescriber_name="Förskrivare Testsson",
    placed_by="order_placer-1",
    placed_by_name="Testsson",
    sent_at=NOW,
    sent_on=TODAY,
    lines=(OrderedLine(LINE), OrderedLine(replace(LINE, line_no=2))),
)
HEAD = Head("DEMO-101", "prescriber-1")
BASKET = Basket(PATIENT, "order_placer-1", HEAD, (LINE,), last_line_no=1)
PLACING = Placing(PATIENT, "DEMO-101", "order_placer-1", "Testsson", "prescriber-1", None, NOW)
REQUEST = BasketRequest(PLACING, HEAD, CATALOGUE, None)
LATER = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
FIRST, SECOND = (Goods(1, "910300", 1), Goods(2, "910300", 1))
FACTS: tuple[Any, ...] = (
    partial(note_reserved, reserved=Reserved(1, (LineState(1, "910300", 0, 1),))),
    partial(note_reserved, reserved=Reserved(2, (LineState(1, "910300", 1, 0),))),
    partial(note_picking, pick_list_no="P1", at=NOW),
    partial(note_not_released, why="picking", at=NOW),
    partial(note_despatched, parcel_no="K1", lines=(FIRST,), at=NOW, complete=False),
    partial(note_despatched, parcel_no="K2", lines=(SECOND,), at=NOW, complete=True),
    partial(note_received, parcel_no="K1", lines=(FIRST,), at=LATER),
    partial(note_received, parcel_no="K2", lines=(SECOND,), at=LATER),
    partial(note_handed_out, handed=HandedOut(TODAY, LATER, (FIRST,))),
)


def followed(facts: Any) -> DeviceOrder:
    order = ORDER
    for fact in facts:
        order, _ = fact(order)
    return order


def seen_of(order: DeviceOrder) -> tuple[Any, ...]:
    return order.state, set(order.at_unit), order.waits_since, order.with_patient, order.progress(1)


@given(st.permutations(FACTS), st.lists(st.sampled_from(FACTS), max_size=6))
def test_whatever_order_the_facts_come_in_and_however_often_the_order_is_the_same(
    facts: list[Any], again: list[Any]
) -> None:
    assert seen_of(followed([*facts, *again])) == seen_of(followed(FACTS))


@given(st.permutations(FACTS))
def test_after_each_fact_no_more_is_with_the_patient_than_was_ordered(facts: list[Any]) -> None:
    order = ORDER
    for fact in facts:
        order, _ = fact(order)
        assert order.with_patient <= order.coming
        assert order.state not in {"annulled", "requested"}


def test_the_planned_delivery_is_not_said_while_nobody_knows_it() -> None:
    waiting = Reserved(1, (LineState(1, "910300", 0, 1), LineState(2, "910300", 0, 1, date(2026, 12, 1))))

    assert replace(ORDER, reserved=waiting).expected_on is None
    assert ORDER.expected_on is None


def test_what_is_reserved_already_does_not_hide_when_the_rest_is_expected() -> None:
    reserved = Reserved(1, (LineState(1, "910300", 1, 0), LineState(2, "910300", 0, 1, date(2026, 12, 1))))

    assert replace(ORDER, reserved=reserved).expected_on == date(2026, 12, 1)


def test_a_part_with_the_patient_is_part_while_the_rest_has_not_left() -> None:
    order = replace(ORDER, handed_out=(HandedOut(TODAY, NOW, (FIRST,)),))

    assert order.state == "partly_handed_out"


def test_a_line_names_what_its_article_cannot_give() -> None:
    def rules(line: Line) -> list[str]:
        return [each.rule for each in against_line(line, catalogue=CATALOGUE, on=TODAY)]

    assert rules(replace(LINE, article_no="999999")) == ["article-not-known-yet"]
    coupled = replace(LINE, article_no="910001", fee=False, components=(ChosenComponent("910100"),))
    assert rules(coupled) == ["article-not-known-yet"]
    assert rules(replace(LINE, article_no="910001", fee=True)) == ["no-tariff"]
    with pytest.raises(ArticleNotKnownYet):
        CATALOGUE.article("999999")


def test_an_article_outside_the_assortment_is_not_ordered_from_anywhere() -> None:
    none = replace(MASK, assortment="none")

    assert [is_offered(none, each) for each in ("storeroom", "warehouse")] == [False, False]


def test_an_accessory_on_loan_is_no_device_of_the_same_kind() -> None:
    catalogue = replace(CATALOGUE, on_loan=(OnLoan("910300", "D1"), OnLoan("999999", "D2")))

    assert catalogue.of_the_same_kind(MAIN) is None


def test_without_a_rule_book_nobody_prescribes_devices() -> None:
    place = PlaceOfWork("DEMO-101", ("cpap",), Period(TODAY))
    known = replace(PLACING, prescriber=Prescriber("prescriber-1", 1, "Testsson", "physician", (place,)))
    lines = (LINE, replace(LINE, article_no="999999"))

    found = against_prescribing(known, lines, catalogue=CATALOGUE, rules=None, on=TODAY)

    assert [each.rule for each in found] == ["device-rules-not-known-yet"]


def test_the_same_is_said_of_the_prescriber_once_however_many_lines() -> None:
    lines = (LINE, replace(LINE, line_no=2), replace(LINE, line_no=3))

    found = against_basket(Allowance(PATIENT, PERSON), lines, REQUEST, on=TODAY)

    assert [each.rule for each in found] == ["prescriber-not-of-unit"]


def test_a_basket_that_changed_since_it_was_read_is_not_sent() -> None:
    changed = replace(BASKET, head=replace(HEAD, joint=True))

    with pytest.raises(BasketChangedMeanwhile):
        send_basket(changed, None, (None,), request=REQUEST, order_nos=("B1",))


def test_a_basket_has_at_most_fifty_lines() -> None:
    full = replace(BASKET, lines=tuple(replace(LINE, line_no=each) for each in range(MOST_LINES)))

    with pytest.raises(BasketFull):
        add_line(full, line=LINE, at=NOW)


def test_a_line_that_is_not_there_is_not_removed() -> None:
    with pytest.raises(NotFound):
        remove_line(BASKET, line_no=7, at=NOW)


def test_two_baskets_of_one_person_become_one_and_links_between_lines_hold() -> None:
    old = replace(BASKET, lines=(LINE, replace(LINE, line_no=2, goes_with=1)), last_line_no=2)
    into = replace(BASKET, patient_ref="patient-2")

    left, both, _ = move_basket(old, into, into_ref="patient-2")
    again, _, _ = move_basket(left, both, into_ref="patient-2")

    assert both is not None
    assert [(each.line_no, each.goes_with) for each in both.lines] == [(1, None), (2, None), (3, 2)]
    assert (left.lines, again) == ((), left)


def test_without_any_address_nothing_is_delivered_home() -> None:
    person = replace(PERSON, address=None)

    found = against_home(DeliveryRequest("home"), (LINE,), person=person, catalogue=CATALOGUE, on=TODAY)

    assert [type(each) for each in found] == [NoHomeAddress]


def test_a_region_is_not_asked_about_what_is_not_known() -> None:
    person = replace(PERSON, payer="home_region")
    line = replace(LINE, article_no="999999")

    assert list(against_other_region(person, (line,), catalogue=CATALOGUE, approval=None, on=TODAY)) == []


def test_an_order_from_the_warehouse_is_no_mistaken_hand_out() -> None:
    with pytest.raises(OnlyHandOutsAreTakenBack):
        take_back(ORDER, by="a", at=NOW, reason="Fel patient")


def test_nobody_signs_for_what_was_taken_back() -> None:
    taken_back = replace(ORDER, taken_back_at=NOW, handed_out=(HandedOut(TODAY, NOW, (FIRST,)),))

    for nothing in (taken_back, ORDER):
        with pytest.raises(NothingOnLoan) as refused:
            with_patient(nothing)
        assert refused.value.facts == {"order_no": ORDER.order_no}


def test_one_piece_of_a_component_fits_unless_more_are_said() -> None:
    assert FittingComponent("910101").quantity == 1


def test_nobody_is_reminded_of_goods_that_do_not_wait() -> None:
    assert remind_of_goods(ORDER, before=NOW + timedelta(days=30)) == (ORDER, [])


def test_an_order_that_is_over_or_moved_already_is_left_as_it_is() -> None:
    over = replace(ORDER, handed_out=(HandedOut(TODAY, NOW, (FIRST, SECOND)),))

    assert stop_order(over, person=PERSON, at=NOW) == (over, [])
    assert move_order(ORDER, into_ref=PATIENT) == (ORDER, [])


def test_another_region_is_asked_about_an_advanced_device_at_any_price() -> None:
    person = replace(PERSON, payer="home_region")
    advanced = replace(MASK, advanced=True)
    catalogue = replace(CATALOGUE, articles={MASK.article_no: advanced})

    found = against_other_region(person, (LINE,), catalogue=catalogue, approval=None, on=TODAY)

    assert [each.rule for each in found] == ["home-region-not-asked"]


def test_a_place_that_is_closed_and_one_that_is_not_linked_serve_no_care_unit() -> None:
    warehouse = CATALOGUE.storerooms["DEMO-W1"]

    assert warehouse.serves("DEMO-101")
    assert not warehouse.serves("DEMO-102")
    assert not replace(warehouse, active=False).serves("DEMO-101")
