"""Every reason against an order, a hand-over or a collection, with its facts: alone, and beside others."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from services.ordering.domain.collecting import following
from services.ordering.domain.collecting.order import Fault, Stamp
from services.ordering.domain.collecting.places import CollectionPlaces
from services.ordering.domain.collecting.registering import DeviceWanted, register_collection
from services.ordering.domain.devices.annulling import annul_order, split_order
from services.ordering.domain.devices.catalogue import OnLoan
from services.ordering.domain.devices.copies import FittingComponent
from services.ordering.domain.devices.fee_correction import FeeCorrection, FeeRequest, ask_fee_correction
from services.ordering.domain.devices.goods import Goods, HandedOut, Parcel, Refusal
from services.ordering.domain.devices.hand_out import take_back
from services.ordering.domain.devices.handing_over import HandOverRequest, hand_over
from services.ordering.domain.devices.judging import against_line
from services.ordering.domain.devices.lines import ChosenComponent, Exchange, Line
from services.ordering.domain.devices.order import Act, DeviceOrder
from services.ordering.domain.devices.sources import against_place
from shared.domain.days import local_day
from shared.domain.decision import Refused
from tests.ordering.examples import NOW, PERSON, TODAY
from tests.ordering.plays_of_collections import ASKED, LOANS, STAMP
from tests.ordering.plays_of_devices import ALLOWED, GOODS, KNOWN, LATER, ordered
from tests.ordering.whole import Play

FIXED = FittingComponent("910100", standard=True, removable=False)
FITTING = (FittingComponent("910300"), FIXED, FittingComponent("910101"))
MARKED = replace(
    KNOWN.articles["910001"], marked=True, components=FITTING, assortment="earlier", sources=("storeroom",)
)
STOCK = replace(
    KNOWN,
    articles={**KNOWN.articles, "910001": MARKED},
    on_loan=(OnLoan("910001", "D1", "loan-1", "H1"), OnLoan("910001", "D2", "loan-2")),
)
GOOD = Line(
    7,
    "910001",
    source="storeroom",
    storeroom_no="DEMO-S1",
    device_no="D9",
    fee=False,
    is_additional=True,
)
LINES: dict[str, dict[str, Any]] = {
    "right": {},
    "unknown article": {"article_no": "999999"},
    "two at once": {"quantity": 2},
    "not from there": {"source": "warehouse"},
    "no component of it is taken off": {"removed": ("910200", "910300", "910100")},
    "no component of it is put on": {"components": (ChosenComponent("910200"), ChosenComponent("910101"))},
    "fee not answered": {"fee": None},
    "fee not asked": {"article_no": "910300", "fee": True},
    "on loan already": {"is_additional": False},
    "exchanged, not on loan": {"exchange": Exchange("D7", ""), "fee": None},
    "exchanged, with a fee": {"exchange": Exchange("D2", "loan-2"), "fee": True},
    "exchanged, to be collected": {"exchange": Exchange("D1", "loan-1"), "fee": None},
    "exchanged and collected": {"exchange": Exchange("D1", "loan-1", "collect", "H1"), "fee": None},
    "exchanged, and another on loan": {"exchange": Exchange("D2", ""), "fee": None, "is_additional": False},
    "no source": {"source": None},
    "no place": {"storeroom_no": None, "device_no": None},
    "a device in no place": {"storeroom_no": None},
    "an unknown place": {"storeroom_no": "DEMO-S9"},
    "a place of another kind": {"storeroom_no": "DEMO-W1"},
    "no device": {"device_no": None},
}


def refused_by(act: Callable[[], Any]) -> list[Refused]:
    try:
        act()
    except Refused as refused:
        return list(refused.reasons)
    return []


def against_lines() -> Play:
    for name, change in LINES.items():
        line = replace(GOOD, **change)
        wrong = [*against_line(line, catalogue=STOCK, on=TODAY)]
        yield name, [*wrong, *against_place(line, care_unit="DEMO-101", catalogue=STOCK)]
    yield "at another unit", list(against_place(GOOD, care_unit="DEMO-102", catalogue=STOCK))


PARCELS = (
    Parcel("K1", (GOODS[0], replace(GOODS[1], quantity=3)), NOW, NOW),
    Parcel("K2", (replace(GOODS[0], line_no=3, quantity=2, device_nos=("D8", "D9")),), NOW, NOW),
)
OF_LINE_1 = replace(GOODS[0], device_nos=())


def exchange(device_no: str, goods: Goods = OF_LINE_1) -> Goods:
    return replace(goods, exchange=Exchange(device_no, ""))


HAND_OVERS: dict[str, tuple[Goods, ...]] = {
    "all": (),
    "one by one": (GOODS[0], GOODS[1]),
    "a line twice": (GOODS[1], GOODS[1]),
    "too many": (replace(GOODS[1], quantity=4),),
    "of another line": (replace(GOODS[1], line_no=9),),
    "another device": (replace(GOODS[0], device_nos=("D9",)),),
    "a device twice": (Goods(3, "910001", 2, ("D8", "D8")),),
    "one of two devices, unsaid": (Goods(3, "910001", 1),),
    "one of two devices, said": (Goods(3, "910001", 1, ("D9",)),),
    "both devices, unsaid": (Goods(3, "910001", 2),),
    "exchanged for nothing": (exchange("D7"),),
    "exchanged and to be collected": (exchange("D1"),),
    "counted goods exchanged": (exchange("D2", GOODS[1]),),
    "two exchanged for one": (exchange("D2", Goods(3, "910001", 2)),),
    "one exchanged twice": (exchange("D2"), exchange("D2", Goods(3, "910001", 1, ("D8",)))),
}


def against_handing_over() -> Play:
    order = replace(ordered(), parcels=PARCELS)
    today = local_day(LATER)

    def against(lines: Iterable[Goods] = (), *, on: date = today, **change: Any) -> list[Refused]:
        request = HandOverRequest(
            on, change.get("reason"), tuple(lines), "placer-2", LATER, STOCK, change.get("to")
        )
        return refused_by(partial(hand_over, change.get("order", order), request=request))

    for name, lines in HAND_OVERS.items():
        yield name, against(lines)
    yield "to another place", against((exchange("D2"),), to="DEMO-W1")
    yield "tomorrow", against(on=today + timedelta(days=1))
    yield "yesterday, unsaid why", against(on=today - timedelta(days=1))
    yield "on the day of the despatch", against(on=TODAY, reason="Glömdes")
    yield "before the despatch", against(on=TODAY - timedelta(days=1), reason="Glömdes")
    yield "sent home", against(order=replace(order, delivery=replace(order.delivery, kind="home")))
    yield "nothing there", against(order=ordered())


WANTED = DeviceWanted("D1", "need_ended")
ON_WARRANTY = DeviceWanted("D1", "warranty_repair", Fault("sealed:Låter", None), is_about_sound=True)
COLLECTIONS: dict[str, dict[str, Any]] = {
    "right": {},
    "twice": {"devices": (WANTED, WANTED)},
    "not known yet": {"owners": {}},
    "the unit's own": {"owners": {"D1": "care_unit"}},
    "unknown article": {"articles": {}},
    "place not used": {"places": CollectionPlaces(())},
    "another place": {"place": "post"},
    "what is wrong is unsaid": {"devices": (replace(ON_WARRANTY, fault=Fault(None, None)),)},
    "when it is wrong is unsaid": {"devices": (replace(ON_WARRANTY, purpose="repair"),)},
    "the supplier's form is missing": {"devices": (ON_WARRANTY,)},
    "nothing of sound": {"devices": (replace(ON_WARRANTY, is_about_sound=False),)},
    "no telephone": {"pickup": replace(ASKED.pickup, mobile=None)},
    "an address of another place": {
        "place": "care_unit",
        "pickup": replace(ASKED.pickup, address="sealed:A"),
    },
}


def against_collecting() -> Play:
    asked = replace(ASKED, devices=(WANTED,))
    for name, change in COLLECTIONS.items():
        request = replace(asked, **change)
        loans = LOANS[:1] * len(request.devices)
        yield name, refused_by(partial(register_collection, None, loans, ALLOWED, request=request))
    without = replace(ALLOWED, person=replace(PERSON, phone=None, address=None))
    silent = replace(asked, pickup=replace(asked.pickup, mobile=None))
    yield "nothing known", refused_by(partial(register_collection, None, LOANS[:1], without, request=silent))
    for name, loan in {
        "no loan": None,
        "another's": replace(LOANS[0], patient_ref="patient-2"),
        "over": replace(LOANS[0], is_over=True),
        "of another device": replace(LOANS[0], device_no="D7"),
        "on an open order": replace(LOANS[0], collection_no="H7"),
    }.items():
        yield name, refused_by(partial(register_collection, None, (loan,), ALLOWED, request=asked))
    for name, person in {"protected": replace(PERSON, protected=True), "unknown": None}.items():
        nobody = replace(ALLOWED, person=person)
        yield name, refused_by(partial(register_collection, None, LOANS[:1], nobody, request=asked))


def against_stamping() -> Play:
    order, loans, *_ = register_collection(None, LOANS, ALLOWED, request=ASKED)
    handed, _ = following.hand_in(order, stamp=STAMP)
    fetched, _ = following.fetch(handed, stamp=replace(STAMP, on=date(2026, 11, 25)))
    received = following.Received("DEMO-W1", date(2026, 11, 24), LATER, frozenset({"D1"}))
    closed, *_ = following.note_received(order, loans, received=received)
    exchanged = order.with_device(replace(order.devices[0], exchange_no="B9"))
    annulled, *_ = following.annul(order, loans, stamp=STAMP)
    today = Stamp("placer-2", "Annan Testsson", LATER)

    for name, state in {
        "open": order, "handed in": handed, "fetched": fetched, "closed": closed,
        "exchanged": exchanged, "annulled": annulled,
    }.items():  # fmt: skip
        for day in (22, 23, 24, 25, 26):
            stamp = replace(today, on=date(2026, 11, day), reason="Glömdes" if day < 25 else None)
            found = [
                refused_by(partial(act, state, stamp=stamp)) for act in (following.hand_in, following.fetch)
            ]
            yield f"{name}, on {day} November", found
        yield f"{name}, annulled", refused_by(partial(following.annul, state, loans, stamp=today))
    yield (
        "yesterday, unsaid why",
        refused_by(partial(following.hand_in, order, stamp=replace(today, on=date(2026, 11, 24)))),
    )


def against_acts() -> Play:
    order = ordered()
    hand_out = replace(order, kind="hand_out")
    made = replace(hand_out, handed_out=(HandedOut(TODAY, NOW, GOODS[:1]),))
    exchanged = replace(order.lines[0], line=replace(order.lines[0].line, exchange=Exchange("D1", "loan-1")))
    asked = replace(made, mistake=Act("placer-1", NOW, "Fel"))
    for name, state in {
        "sent": order,
        "picked": replace(order, pick_list_no="P1"),
        "annulment asked": replace(order, annulment=Act("placer-1", NOW)),
        "requested": hand_out,
        "made": made,
        "exchanged": replace(made, lines=(exchanged,)),
        "mistaken": asked,
        "not taken back": replace(asked, mistake_refusal=Refusal("no", "Nej.", "No.")),
        "taken back": replace(made, taken_back_at=NOW),
    }.items():
        acts = (
            partial(annul_order, state, by="placer-1", at=LATER),
            partial(split_order, state, by="placer-1", at=LATER),
            partial(take_back, state, by="placer-1", at=LATER, reason="Fel"),
            partial(
                ask_fee_correction, None, state,
                asked=FeeRequest(1, pays=False, reason="Fel", by="placer-1", at=LATER), catalogue=KNOWN,
            ),
        )  # fmt: skip
        yield name, [(act.func.__name__, refused_by(act) or "may be done") for act in acts]


def against_fees() -> Play:
    order = ordered()
    asked = FeeRequest(1, pays=False, reason="Fel", by="placer-1", at=LATER)
    waiting, *_ = ask_fee_correction(None, order, asked=asked, catalogue=KNOWN)
    often = replace(waiting, state="declined", earlier=(waiting,) * 19)
    in_place = replace(
        order.lines[0], fee=None, line=replace(order.lines[0].line, exchange=Exchange("D1", ""))
    )
    asked_for: dict[str, tuple[FeeCorrection | None, DeviceOrder, dict[str, Any]]] = {
        "by the prescriber": (None, order, {"by": "prescriber-1"}),
        "by somebody else": (None, order, {"by": "placer-9"}),
        "as it is": (None, order, {"pays": True}),
        "as it is, of what has no fee": (None, order, {"line_no": 2}),
        "of what has no fee": (None, order, {"line_no": 2, "pays": True}),
        "of another line": (None, order, {"line_no": 9}),
        "while another waits": (waiting, order, {}),
        "too often": (often, order, {}),
        "once more": (replace(often, earlier=often.earlier[1:]), order, {}),
        "in exchange": (None, replace(order, lines=(in_place,)), {"pays": True}),
    }
    for name, (known, state, change) in asked_for.items():
        request = replace(asked, **change)
        yield name, refused_by(partial(ask_fee_correction, known, state, asked=request, catalogue=KNOWN))


REFUSALS: dict[str, Callable[[], Play]] = {
    each.__name__: each
    for each in (
        against_lines,
        against_handing_over,
        against_collecting,
        against_stamping,
        against_acts,
        against_fees,
    )
}
