"""Rules of devices where two things are alike but for one: the version, the area, the storeroom, the loan."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.ordering.domain.allowance import Allowance, note_person
from services.ordering.domain.catalogue import note_article as note_food
from services.ordering.domain.collecting.following import freed
from services.ordering.domain.collecting.order import CollectionOrder, Pickup
from services.ordering.domain.devices.catalogue import DeviceCatalogue, OnLoan
from services.ordering.domain.devices.copies import (
    DeviceRules,
    OfferedSources,
    PlaceOfWork,
    Prescriber,
    Right,
    note_article,
    note_newest,
)
from services.ordering.domain.devices.following import note_not_fetched, note_reserved
from services.ordering.domain.devices.goods import Goods, NotFetched, Parcel
from services.ordering.domain.devices.hand_out import HandOutRequest, against_hand_out
from services.ordering.domain.devices.handing_over import HandOverRequest, hand_over
from services.ordering.domain.devices.lines import Exchange, Line
from services.ordering.domain.devices.loans import Loan
from services.ordering.domain.devices.order import DeviceOrder, Reserved
from services.ordering.domain.devices.placing import against_prescribing
from services.ordering.domain.devices.sending import ordered
from services.ordering.domain.devices.sending_basket import against_basket, places_of
from shared.domain.days import Period
from shared.domain.decision import Refused
from shared.events.ordering_devices import DevicesHandedOver
from shared.events.tasks import TaskResolved
from tests.ordering.devices import WITH_DEVICE_FEES
from tests.ordering.examples import DRINK, NOW, PATIENT, PERSON, TODAY
from tests.ordering.test_device_rules import (
    CATALOGUE,
    FIRST,
    LINE,
    MASK,
    ORDER,
    PLACING,
    REQUEST,
    SECOND,
)

OXYGEN = replace(MASK, article_no="920001", product_area="oxygen")
OWN = replace(CATALOGUE.storerooms["DEMO-W1"], storeroom_no="DEMO-S1", kind="storeroom")
WIDE = DeviceCatalogue(
    {**CATALOGUE.articles, "920001": OXYGEN},
    {**CATALOGUE.storerooms, "DEMO-S1": OWN},
    CATALOGUE.care_units,
    (WITH_DEVICE_FEES,),
    (OnLoan("910001", "D1", "loan-1"), OnLoan("910001", "D2", "loan-2")),
)
AT_UNIT = replace(
    ORDER,
    parcels=(Parcel("K1", (replace(FIRST, device_nos=("D7",)), SECOND), NOW, NOW, complete=True),),
    is_reminded=True,
)

NURSE = Prescriber(
    "prescriber-1", 1, "Testsson", "nurse", (PlaceOfWork("DEMO-101", ("oxygen", "cpap"), Period(TODAY)),)
)
AT_WORK = replace(PLACING, prescriber=NURSE)

Newest = tuple[Any, Callable[[Any, Any], Any]]
NEWEST: list[Newest] = [
    (CATALOGUE.care_units["DEMO-101"], lambda known, told: note_newest(known, told=told)[0]),
    (replace(MASK, bulky=False), lambda known, told: note_article(known, told=told)[0]),
    (DRINK, lambda known, published: note_food(known, published=published)[0]),
    (
        PERSON,
        lambda known, told: (
            note_person(Allowance(PATIENT, known), patient_ref=PATIENT, person=told)[0].person
        ),
    ),
]


@pytest.mark.parametrize(("example", "noted"), NEWEST)
def test_of_a_snapshot_only_a_newer_version_changes_what_is_known(example: Any, noted: Any) -> None:
    known = replace(example, version=2)

    kept = [noted(known, replace(example, version=version, name="Annat")) for version in (1, 2, 3)]

    assert kept == [known, known, replace(example, version=3, name="Annat")]
    assert noted(None, known) == known


def test_of_what_is_reserved_only_a_newer_version_counts() -> None:
    known = replace(ORDER, reserved=Reserved(2, ()))
    kept = [note_reserved(known, reserved=Reserved(version, ())) for version in (1, 3)]

    assert kept == [(known, []), (replace(ORDER, reserved=Reserved(3, ())), [])]
    again = replace(known.reserved or Reserved(0, ()), lines=())
    assert note_reserved(known, reserved=again)[0] is known


def test_each_storeroom_and_each_product_area_is_an_order_of_its_own() -> None:
    lines = (
        LINE,
        replace(LINE, line_no=2, article_no="920001"),
        replace(LINE, line_no=3, storeroom_no="DEMO-S1"),
        replace(LINE, line_no=4),
        replace(LINE, line_no=5, storeroom_no=None),
        replace(LINE, line_no=6, article_no="999999"),
    )

    parts = places_of(lines, WIDE)

    assert [[each.line_no for each in part] for part in parts] == [[1, 4], [2], [3], [5], [6]]


def test_the_fees_of_an_order_are_counted_from_one_over_the_lines_that_have_one() -> None:
    paid = Line(1, "910001", source="warehouse", storeroom_no="DEMO-W1", fee=True)
    lines = (paid, LINE, replace(paid, line_no=3), replace(paid, line_no=4))

    order = ordered(PLACING, lines, order_no="B1", kind="order", catalogue=WIDE)

    assert [each.fee and each.fee.fee_no for each in order.lines] == [1, None, 2, 3]


@pytest.mark.parametrize("change", [{"protected": True}, {"no_fixed_address": True}, {"deceased_on": TODAY}])
def test_of_who_may_get_nothing_nothing_more_is_said(change: dict[str, Any]) -> None:
    person = replace(PERSON, **change)
    request = HandOutRequest(PLACING, replace(LINE, article_no="999999"), WIDE, None)

    for allowance in (None, Allowance(PATIENT), Allowance(PATIENT, person)):
        to_hand_out = list(against_hand_out(allowance, request, on=TODAY))
        to_send = list(against_basket(allowance, (), REQUEST, on=TODAY))
        assert [len(to_hand_out), len(to_send)] == [1, 1]


def test_another_region_is_asked_before_a_basket_is_sent_too() -> None:
    allowance = Allowance(PATIENT, replace(PERSON, payer="home_region"))
    catalogue = replace(CATALOGUE, articles={MASK.article_no: replace(MASK, advanced=True)})

    found = against_basket(allowance, (LINE,), replace(REQUEST, catalogue=catalogue), on=TODAY)

    assert [each.rule for each in found] == ["prescriber-not-of-unit", "home-region-not-asked"]


def test_only_the_devices_of_the_order_can_be_asked_for_anew() -> None:
    of_it, of_another = (Loan(f"loan-{no}", PATIENT, collection_no=no) for no in ("H1", "H2"))
    order = CollectionOrder(
        "H1", PATIENT, "DEMO-101", ("cpap",), "care_unit", (), Pickup("Testsson"), "a", "Testsson", NOW, TODAY
    )

    assert freed(order, (of_it, of_another, None)) == (replace(of_it, collection_no=None), of_another, None)


def test_goods_not_fetched_end_the_reminder_and_may_be_reminded_of_anew() -> None:
    ended = NotFetched("DEMO-S1", NOW, (SECOND,))

    after, facts = note_not_fetched(AT_UNIT, ended=ended)

    assert after == replace(AT_UNIT, not_fetched=(ended,), waits_since=NOW, is_reminded=False)
    assert [(type(each), getattr(each, "how", None)) for each in facts] == [(TaskResolved, "not-fetched")]
    assert note_not_fetched(after, ended=ended) == (after, [])


def given(*lines: Goods, order: DeviceOrder = AT_UNIT, storeroom_no: str | None = None) -> Any:
    request = HandOverRequest(TODAY, None, lines, "placer-1", NOW, WIDE, storeroom_no)
    return hand_over(order, request=request)


def test_a_storeroom_is_named_only_where_something_comes_back() -> None:
    exchanged = replace(FIRST, device_nos=("D7",), exchange=Exchange("D1", "loan-1"))

    for lines, place in (((exchanged,), "DEMO-S1"), ((SECOND,), None), ((), None)):
        after, facts = given(*lines)
        (told,) = [each for each in facts if isinstance(each, DevicesHandedOver)]
        assert (after.hand_overs[0].storeroom_no, told.storeroom_no) == (place, place)
        assert after.is_reminded is False


@pytest.mark.parametrize(
    ("device_nos", "wrong"), [(("D9",), [1]), (("D1", "D9"), [2]), (("D1", "D1"), [2]), (("D1", "D2"), [])]
)
def test_each_exchange_is_of_another_device_that_the_patient_has(
    device_nos: tuple[str, ...], wrong: list[int]
) -> None:
    parcel = Parcel(
        "K1", tuple(replace(FIRST, line_no=no, device_nos=(f"D{6 + no}",)) for no in (1, 2)), NOW, NOW
    )
    lines = tuple(
        replace(FIRST, line_no=no, exchange=Exchange(device_no, ""))
        for no, device_no in enumerate(device_nos, start=1)
    )
    order = replace(ORDER, parcels=(parcel,))
    if not wrong:
        assert given(*lines, order=order)
        return

    with pytest.raises(Refused) as refused:
        given(*lines, order=order)
    assert [
        each.facts["line"] for each in refused.value.reasons if each.rule == "nothing-to-exchange"
    ] == wrong


def test_an_area_has_the_sources_of_its_own_row_at_a_unit_else_those_that_name_no_unit() -> None:
    since = Period(date(2026, 1, 1))
    at_another = OfferedSources("cpap", ("storeroom",), since, ("DEMO-999",))
    anywhere = OfferedSources("cpap", ("warehouse",), since)
    own = OfferedSources("cpap", ("storeroom", "warehouse"), since, ("DEMO-101",))
    over = replace(own, period=Period(date(2025, 1, 1), date(2026, 11, 22)))
    of_another_area = replace(own, product_area="oxygen")

    def sources(*rows: OfferedSources) -> tuple[str, ...] | None:
        return DeviceRules(1, offered=rows).sources_of("cpap", care_unit="DEMO-101", on=TODAY)

    assert sources(at_another, over, of_another_area) is None
    assert sources(at_another, over, of_another_area, anywhere) == ("warehouse",)
    assert sources(at_another, anywhere, own) == ("storeroom", "warehouse")


def test_each_article_without_a_right_is_named_once() -> None:
    lines = (LINE, replace(LINE, line_no=2, article_no="910001"), replace(LINE, line_no=3))
    request = replace(REQUEST, placing=AT_WORK, rules=DeviceRules(1))

    found = against_basket(Allowance(PATIENT, PERSON), lines, request, on=TODAY)

    named = [each.facts for each in found if each.rule == "no-right-to-device"]
    assert named == [{"article_no": each, "profession": "nurse"} for each in ("910300", "910001")]


RIGHT = Right("0403", "cpap", Period(TODAY, TODAY), ("physician", "nurse"), ("DEMO-101", "DEMO-102"))


@pytest.mark.parametrize(
    ("change", "has_right"),
    [
        ({}, True),
        ({"professions": (), "care_units": ()}, True),
        ({"professions": ("physician",)}, False),
        ({"care_units": ("DEMO-102",)}, False),
        ({"iso_code": "0404"}, False),
        ({"product_area": "oxygen"}, False),
        ({"period": Period(date(2026, 11, 24))}, False),
        ({"period": Period(date(2026, 1, 1), date(2026, 11, 22))}, False),
    ],
)
def test_a_right_covers_area_class_day_profession_and_unit(change: dict[str, Any], has_right: bool) -> None:
    rules = DeviceRules(1, rights=(replace(RIGHT, **change),))

    found = against_prescribing(AT_WORK, (LINE,), catalogue=CATALOGUE, rules=rules, on=TODAY)

    assert [each.rule for each in found] == ([] if has_right else ["no-right-to-device"])


@pytest.mark.parametrize(
    "change",
    [
        {"care_unit": "DEMO-102"},
        {"product_areas": ("oxygen",)},
        {"period": Period(date(2026, 11, 24))},
    ],
)
def test_a_prescriber_works_at_a_unit_for_an_area_on_a_day(change: dict[str, Any]) -> None:
    elsewhere = replace(NURSE, places=(replace(NURSE.places[0], **change),))
    placing = replace(PLACING, prescriber=elsewhere)

    (found,) = against_prescribing(placing, (LINE,), catalogue=CATALOGUE, rules=None, on=TODAY)

    assert (found.rule, found.facts) == (
        "prescriber-not-of-unit",
        {"care_unit": "DEMO-101", "product_area": "cpap"},
    )
