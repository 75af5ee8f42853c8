"""Plays of collection orders and of loans: each step with its facts and the states after it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from services.ordering.domain.collecting import exchanging, following
from services.ordering.domain.collecting.order import CollectionOrder, Fault, Pickup, Stamp
from services.ordering.domain.collecting.places import CollectionPlaces, PlaceRow
from services.ordering.domain.collecting.registering import (
    CollectionRequest,
    DeviceWanted,
    register_collection,
)
from services.ordering.domain.devices.hand_out import HandOutRequest
from services.ordering.domain.devices.lines import ChosenComponent, Exchange
from services.ordering.domain.devices.loans import Loan, note_ended, note_lent
from shared.domain.days import Period
from shared.domain.decision import Sentence
from tests.ordering.examples import NOW, PATIENT, PERSON, TODAY
from tests.ordering.plays_of_devices import ALLOWED, APPROVAL, CPAP, KNOWN, LATER, PLACING, REFUSED, RULES
from tests.ordering.whole import Play

LOANS = tuple(
    Loan(
        f"loan-{no}",
        PATIENT,
        article_no,
        device_no,
        order_no="B0",
        product_area="cpap",
        care_unit="DEMO-101",
        handed_out_on=TODAY,
        lent_at=NOW,
        components=(ChosenComponent("910100"),),
    )
    for no, article_no, device_no in ((1, "910001", "D1"), (2, "920001", "D2"))
)
PICKUP = Pickup("Kontakt Testsson", None, None, "sealed:070", "sealed:tre trappor", "040")
ASKED = CollectionRequest(
    "H1",
    PATIENT,
    "DEMO-101",
    "home",
    (
        DeviceWanted("D1", "warranty_repair", Fault("sealed:Låter", None, form_is_enclosed=True), True),
        DeviceWanted("D2", "need_ended"),
    ),
    PICKUP,
    "placer-1",
    "Beställare Testsson",
    NOW,
    PERSON,
    KNOWN.articles,
    {"D1": "central", "D2": "central"},
    CollectionPlaces((PlaceRow("home", Period(TODAY), Sentence("Hemma", "At home")),)),
)
STAMP = Stamp("placer-2", "Annan Testsson", LATER, "Glömdes", date(2026, 11, 24))


def collected() -> Play:
    order, loans, _, told = register_collection(None, LOANS, ALLOWED, request=ASKED)
    yield "registered", (order, loans, list(told))
    handed, told = following.hand_in(order, stamp=STAMP)
    yield "handed in", (handed, list(told))
    fetched, told = following.fetch(handed, stamp=replace(STAMP, on=date(2026, 11, 25)))
    yield "fetched", (fetched, list(told))
    received = following.Received("DEMO-W1", date(2026, 11, 26), LATER, frozenset({"D1"}))
    yield "received", following.note_received(fetched, loans, received=received)
    yield "annulled", following.annul(order, loans, stamp=STAMP)
    left: CollectionOrder | None = order
    for loan_id in ("loan-1", "loan-2"):
        left, told = following.note_loan_over(left, loan_id=loan_id, ended="lost", at=LATER)
        yield f"{loan_id} over", (left, list(told))
    yield "protected", following.forget_pickup(fetched)


def exchanged_and_collected() -> Play:
    line = replace(
        CPAP,
        storeroom_no="DEMO-S1",
        source="storeroom",
        device_no="D9",
        fee=None,
        exchange=Exchange("D1", "loan-1", "collect", "H1"),
        attachments=(),
    )
    asked = replace(ASKED, place="care_unit", devices=ASKED.devices[:1])
    asked = replace(asked, places=CollectionPlaces((replace(ASKED.places.rows[0], place="care_unit"),)))
    order, _, _, collection, loan, told = exchanging.exchange_and_collect(
        None, ALLOWED, (), None, LOANS[0],
        request=HandOutRequest(PLACING, line, KNOWN, RULES, APPROVAL), order_no="B1",
        old=exchanging.OldDevice("D1", "loan-1", "H1", asked),
    )  # fmt: skip
    yield "asked for", (order, collection, loan, list(told))
    yield "made", exchanging.note_exchanged(collection)
    yield "refused", exchanging.note_not_exchanged(collection, order_no="B1", refusal=REFUSED)


def lent() -> Play:
    first, _ = note_lent(None, lent=LOANS[0])
    yield "first", first
    on_order = replace(first, collection_no="H1")
    new = replace(
        LOANS[0], article_no="910002", device_no="D3", order_no="B2", care_unit="DEMO-102",
        product_area="oxygen", handed_out_on=date(2026, 11, 25), lent_at=LATER, components=(),
    )  # fmt: skip
    swapped = replace(new, order_no=None, handed_out_on=None)
    yield "exchanged", [note_lent(on_order, lent=each)[0] for each in (new, swapped, LOANS[0])]
    yield "exchanged before", note_lent(replace(new, collection_no="H1"), lent=LOANS[0])[0]
    ended, _ = note_ended(on_order, loan_id="loan-1", patient_ref=PATIENT, returned_on=TODAY)
    lost, _ = note_ended(None, loan_id="loan-1", patient_ref=PATIENT, lost_on=TODAY)
    yield "ended", [ended, lost]
    yield "lent after its end", [note_lent(each, lent=new)[0] for each in (ended, lost)]


COLLECTION_PLAYS: dict[str, Callable[[], Play]] = {
    each.__name__: each for each in (collected, exchanged_and_collected, lent)
}
