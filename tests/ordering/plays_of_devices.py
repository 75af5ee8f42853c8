"""Plays of device orders, hand-outs and collections: each step with its facts and the states after it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.device_steps import steps_of as steps
from services.ordering.domain.devices import annulling, stopping
from services.ordering.domain.devices import following as noting
from services.ordering.domain.devices.agreement import sign
from services.ordering.domain.devices.attachments import Attached
from services.ordering.domain.devices.basket import Basket, Head
from services.ordering.domain.devices.copies import (
    DeviceRules,
    FittingComponent,
    PlaceOfWork,
    Prescriber,
    Right,
)
from services.ordering.domain.devices.delivering import DeliveryRequest
from services.ordering.domain.devices.fee_correction import (
    FeeRequest,
    approve_fee_correction,
    ask_fee_correction,
    decline_fee_correction,
)
from services.ordering.domain.devices.goods import Goods, HandedOut, NotFetched, Refusal
from services.ordering.domain.devices.hand_out import HandOutRequest, hand_out, take_back
from services.ordering.domain.devices.handing_over import HandOverRequest, hand_over, remind_of_goods
from services.ordering.domain.devices.lines import ChosenComponent, Exchange, Line
from services.ordering.domain.devices.order import DeviceOrder, LineState, Reserved
from services.ordering.domain.devices.other_region import Approval
from services.ordering.domain.devices.placing import Placing
from services.ordering.domain.devices.sending_basket import BasketRequest, send_basket
from shared.domain.days import Period, local_day
from shared.domain.money import Money
from tests.ordering.examples import NOW, PATIENT, PERSON, TODAY
from tests.ordering.test_device_rules import MAIN, MASK
from tests.ordering.test_device_rules_told_apart import WIDE
from tests.ordering.whole import Play

LATER = NOW + timedelta(days=2, hours=3)
PLACE = PlaceOfWork("DEMO-101", ("cpap", "oxygen"), Period(TODAY))
NURSE = Prescriber("prescriber-1", 1, "Förskrivare Testsson", "nurse", (PLACE,))
PLACING = Placing(PATIENT, "DEMO-101", "placer-1", "Beställare Testsson", "prescriber-1", NURSE, NOW)
RULES = DeviceRules(1, (Right("04", "cpap", Period(TODAY)), Right("04", "oxygen", Period(TODAY))))
APPROVAL = Approval("Hemregionens hjälpmedelschef", date(2026, 11, 20), "Dnr 7")
FILE = Attached("file-1", "sealed:intyg.pdf", "application/pdf", 1_000)
CPAP = Line(
    1,
    "910001",
    source="warehouse",
    storeroom_no="DEMO-W1",
    components=(ChosenComponent("910300", 2),),
    removed=("910100",),
    fee=True,
    comment="sealed:Blå",
    is_additional=True,
    attachments=(FILE,),
)
ACCESSORY = replace(CPAP, line_no=2, article_no="910300", components=(), removed=(), fee=None, goes_with=1)
OF_OXYGEN = replace(ACCESSORY, line_no=3, article_no="920001", goes_with=None, quantity=3)
FROM_OWN = replace(OF_OXYGEN, line_no=4, storeroom_no="DEMO-S1", source="storeroom")
ALLOWED = Allowance(PATIENT, replace(PERSON, payer="home_region"))
HOSE = replace(MASK, article_no="910100", price=Money.of(60))
COUPLED = replace(
    MAIN,
    components=(FittingComponent("910300"), FittingComponent("910100", standard=True)),
)
KNOWN = replace(WIDE, articles={**WIDE.articles, "910001": COUPLED, "910100": HOSE})
GOODS = (Goods(1, "910001", 1, ("D7",)), Goods(2, "910300", 1))
REFUSED = Refusal("device-on-loan", "På lån.", "On loan.", 1)


def basket_sent(delivery: DeliveryRequest, *, joint: bool) -> Any:
    head = Head("DEMO-101", "prescriber-1", delivery, joint, APPROVAL)
    lines = (CPAP, ACCESSORY, OF_OXYGEN, FROM_OWN)
    basket = Basket(PATIENT, "placer-1", head, lines, 4, NOW - timedelta(hours=1))
    request = BasketRequest(PLACING, head, KNOWN, RULES)
    absent, order_nos = (None,) * 5, ("B1", "B2", "B3", "B4", "B5")
    return send_basket(basket, ALLOWED, absent, request=request, order_nos=order_nos)


def sent_to_the_unit() -> Play:
    yield "sent", basket_sent(DeliveryRequest(contact_phone="sealed:040"), joint=True)


def sent_home() -> Play:
    delivery = DeliveryRequest("home", "sealed:Granne", "sealed:Gatan 1", "sealed:Kontakt", "sealed:040")
    yield "sent", basket_sent(delivery, joint=False)
    yield "by the register", basket_sent(DeliveryRequest("home"), joint=False)[2][0]


def ordered(*, joint: bool = False) -> DeviceOrder:
    order: DeviceOrder = basket_sent(DeliveryRequest(), joint=joint)[2][0]
    return order


Rule = Callable[[DeviceOrder], Any]


def followed(order: DeviceOrder, *rules: tuple[str, Rule]) -> Iterator[tuple[str, Any]]:
    """Let one thing happen after the other; give the facts of each, the state's name, and all at last."""
    for name, rule in rules:
        order, facts = rule(order)
        yield name, [order.state, list(facts)]
    yield "at last", (order, [order.progress(no) for no in (1, 2)], list(steps(order)))


def in_the_warehouse() -> Play:
    waiting = (LineState(1, "910001", 0, 1, date(2026, 12, 1)), LineState(2, "910300", 1, 0))
    yield from followed(
        ordered(joint=True),
        ("reserved", partial(noting.note_reserved, reserved=Reserved(1, waiting))),
        ("split", partial(annulling.split_order, by="placer-2", at=NOW)),
        ("annulled", partial(annulling.annul_order, by="placer-2", at=LATER)),
        ("too late", partial(noting.note_not_released, why="picking", at=LATER)),
        ("picked", partial(noting.note_picking, pick_list_no="P1", at=LATER)),
    )
    yield from followed(
        ordered(),
        ("annulled", partial(annulling.annul_order, by="placer-2", at=LATER)),
        ("released", partial(noting.note_released, at=LATER)),
    )


def handing(*lines: Goods, storeroom_no: str | None = None, days_ago: int = 0) -> Rule:
    on, reason = local_day(LATER) - timedelta(days=days_ago), "Glömdes" if days_ago else None
    request = HandOverRequest(on, reason, lines, "placer-2", LATER, KNOWN, storeroom_no)
    return partial(hand_over, request=request)


def handed_over() -> Play:
    exchanged = replace(GOODS[0], exchange=Exchange("D1", "loan-1", "scrap"))
    made = HandedOut(TODAY, LATER, (replace(GOODS[1], loan_ids=("loan-9",)),), "B1-1")
    yield from followed(
        ordered(),
        ("received", partial(noting.note_received, parcel_no="K1", lines=GOODS, at=NOW)),
        (
            "despatched",
            partial(noting.note_despatched, parcel_no="K1", lines=GOODS, at=NOW, complete=True),
        ),
        ("reminded", partial(remind_of_goods, before=LATER)),
        ("handed over", handing(GOODS[1], days_ago=2)),
        ("handed out", partial(noting.note_handed_out, handed=made)),
        ("exchanged", handing(exchanged)),
        ("refused", partial(noting.note_hand_over_refused, hand_over_no="B1-2", refusal=REFUSED)),
        ("handed over again", handing()),
        ("refused again", partial(noting.note_hand_over_refused, hand_over_no="B1-3", refusal=REFUSED)),
        ("reminded again", partial(remind_of_goods, before=LATER)),
        ("not fetched", partial(noting.note_not_fetched, ended=NotFetched("DEMO-S1", LATER, GOODS[:1]))),
        ("signed", partial(sign, signed_on=TODAY, by="placer-2", at=LATER)),
    )


def handed_out_by_mistake() -> Play:
    line = replace(CPAP, storeroom_no="DEMO-S1", source="storeroom", device_no="D9", quantity=1)
    request = HandOutRequest(PLACING, line, KNOWN, RULES, APPROVAL)
    order, _, facts = hand_out(None, ALLOWED, request=request, order_no="B1")
    yield "asked for", (order, list(facts))
    yield "refused", noting.note_refused(order, refusal=REFUSED)
    made = HandedOut(TODAY, LATER, (replace(GOODS[0], device_nos=("D9",), loan_ids=("loan-9",)),))
    mistaken = partial(take_back, by="placer-2", at=LATER, reason="Fel patient")
    yield from followed(
        order,
        ("made", partial(noting.note_handed_out, handed=made)),
        ("mistaken", mistaken),
        ("not taken back", partial(noting.note_not_taken_back, refusal=REFUSED)),
        ("mistaken again", mistaken),
        ("taken back", partial(noting.note_taken_back, at=LATER)),
    )


def fee_corrected() -> Play:
    order = ordered()
    asked = FeeRequest(1, False, "Betalt förut", "placer-1", LATER)
    correction, order, told = ask_fee_correction(None, order, asked=asked, catalogue=KNOWN)
    yield "asked", (correction, list(told))
    declined, order, told = decline_fee_correction(correction, order, by="placer-2", at=LATER)
    yield "declined", (declined, list(told))
    correction, order, told = ask_fee_correction(declined, order, asked=asked, catalogue=KNOWN)
    correction, order, told = approve_fee_correction(correction, order, pays=False, by="placer-2", at=LATER)
    yield "approved", (correction, order, list(told))
    asked = replace(asked, pays=True)
    yield "asked again", ask_fee_correction(correction, order, asked=asked, catalogue=KNOWN)


def stopped() -> Play:
    home: DeviceOrder = basket_sent(DeliveryRequest("home", "sealed:Granne"), joint=False)[2][0]
    protected, dead = replace(PERSON, protected=True), replace(PERSON, deceased_on=TODAY)
    picked = replace(home, pick_list_no="P1")
    yield "protected", stopping.stop_order(home, person=protected, at=LATER)
    yield "protected and picked", stopping.stop_order(picked, person=protected, at=LATER)
    yield "dead", stopping.stop_order(home, person=dead, at=LATER)
    yield "dead and picked", stopping.stop_order(picked, person=dead, at=LATER)


DEVICE_PLAYS: dict[str, Callable[[], Play]] = {
    each.__name__: each
    for each in (
        sent_to_the_unit,
        sent_home,
        in_the_warehouse,
        handed_over,
        handed_out_by_mistake,
        fee_corrected,
        stopped,
    )
}
