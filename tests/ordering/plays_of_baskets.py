"""Plays of baskets, files, swaps and requests for articles: each step with what comes of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from services.ordering.domain.assortment_request import (
    AssortmentRequest,
    Stock,
    ask_for_article,
    decide_request,
    move_request,
    with_approved,
)
from services.ordering.domain.devices import basket as baskets
from services.ordering.domain.devices.agreement import on_loan_from_region, with_patient
from services.ordering.domain.devices.attaching import (
    change_with_files,
    hand_out_with_files,
    refuse_with_files,
    send_with_files,
)
from services.ordering.domain.devices.attachments import (
    Attachment,
    Content,
    keep,
    move_attachment,
    remove_orphan,
)
from services.ordering.domain.devices.basket import Basket, Head
from services.ordering.domain.devices.copies import Assortment, DeviceArticle, SourceKind
from services.ordering.domain.devices.delivering import DeliveryRequest
from services.ordering.domain.devices.goods import HandedOut, HandOver
from services.ordering.domain.devices.hand_out import HandOutRequest
from services.ordering.domain.devices.lines import ChosenComponent
from services.ordering.domain.devices.sending_basket import BasketRequest
from services.ordering.domain.devices.sources import with_source
from services.ordering.domain.swaps import DeviceSwap, SwappedDevice, lent_by
from shared.domain.money import Money
from tests.ordering.examples import NOW, PATIENT, PERSON, TODAY
from tests.ordering.plays_of_devices import (
    ACCESSORY,
    ALLOWED,
    APPROVAL,
    CPAP,
    FILE,
    GOODS,
    KNOWN,
    LATER,
    PLACING,
    REFUSED,
    RULES,
    ordered,
)
from tests.ordering.plays_of_refusals import refused_by
from tests.ordering.whole import Play

HEAD = Head("DEMO-101", "prescriber-1", DeliveryRequest("home"), joint=True, approval=APPROVAL)
FILED = Attachment(FILE, PATIENT, "DEMO-101", "placer-1", NOW, orphan_since=NOW)
OTHER_FILE = replace(FILED, file=replace(FILE, attachment_id="file-2"))
BASKET = Basket(PATIENT, "placer-1", HEAD)


def basket_filled() -> Play:
    basket, _ = baskets.arrange(None, patient_ref=PATIENT, owner="placer-1", head=HEAD, at=NOW)
    for line in (CPAP, ACCESSORY, ACCESSORY):
        basket, _ = baskets.add_line(basket, line=line, at=LATER)
    yield "filled", basket
    change = partial(baskets.change_line, basket, line_no=1, article=KNOWN.articles["910001"], at=LATER)
    yield "changed", change(changes={"comment": "sealed:Röd", "quantity": 2}, added=None, removed=None)[0]
    yield (
        "with more on it",
        change(changes={}, added=(ChosenComponent("910300", 7),), removed=None)[0].line(1),
    )
    yield "with all on it", change(changes={}, added=None, removed=())[0].line(1)
    yield "one removed", baskets.remove_line(basket, line_no=1, at=LATER)[0]
    yield (
        "head changed",
        baskets.arrange(basket, patient_ref="", owner="", head=Head("DEMO-102", "p"), at=LATER)[0],
    )
    yield "given up", baskets.give_up(basket, at=LATER)[0]
    yield "moved to nobody's", baskets.move_basket(basket, None, into_ref="patient-2")
    into = replace(basket, patient_ref="patient-2")
    yield "moved to another", baskets.move_basket(basket, into, into_ref="patient-2")
    for name, line in {
        "itself": replace(ACCESSORY, goes_with=4),
        "nothing": replace(ACCESSORY, goes_with=9),
    }.items():
        yield f"goes with {name}", refused_by(partial(baskets.add_line, basket, line=line, at=LATER))


def files_attached() -> Play:
    add = partial(baskets.add_line, line=replace(CPAP, goes_with=None), at=LATER)
    basket, files, _ = change_with_files(BASKET, (FILED, OTHER_FILE), rule=add, at=LATER)
    yield "attached", (basket, files)
    remove = partial(baskets.remove_line, line_no=1, at=LATER)
    yield "detached", change_with_files(basket, files, rule=remove, at=LATER)[1]
    yield "twice", refused_by(partial(change_with_files, basket, files, rule=add, at=LATER))
    yield "unread", refused_by(partial(change_with_files, BASKET, (OTHER_FILE,), rule=add, at=LATER))
    request = BasketRequest(PLACING, HEAD, KNOWN, RULES)
    send = partial(send_with_files, basket, ALLOWED, (None,), request=request, order_nos=("B1",))
    *_, sent, told = send(files[:1])
    yield "sent", (sent, list(told))
    yield "sent unread", refused_by(partial(send, files))
    line = replace(CPAP, storeroom_no="DEMO-S1", source="storeroom", device_no="D9")
    asked = HandOutRequest(PLACING, line, KNOWN, RULES, APPROVAL)
    hand_out = partial(hand_out_with_files, None, ALLOWED, request=asked, order_no="B1")
    order, _, gone, _ = hand_out((FILED,))
    yield "handed out", gone
    another = replace(gone[0], order_no="B9")
    yield "not handed out", refuse_with_files(order, (*gone, another), refusal=REFUSED, at=LATER)
    for name, change in {"another's": {"patient_ref": "patient-2"}, "used": {"attached": True}}.items():
        yield name, refused_by(partial(hand_out, (replace(FILED, **change),)))  # type: ignore[arg-type]


def files_kept() -> Play:
    content, other = Content("sealed:a"), Content("sealed:b")
    new = replace(FILED, orphan_since=None)
    yield "kept", keep(None, None, attachment=new, content=content)
    yield "kept again", keep(FILED, content, attachment=new, content=other)
    yield "kept half", keep(FILED, None, attachment=new, content=other)
    for name, days in {"before a week": 6, "after a week": 7}.items():
        yield name, remove_orphan(FILED, content, at=NOW + timedelta(days=days))
    yield "named", remove_orphan(replace(FILED, orphan_since=None), content, at=NOW + timedelta(days=70))
    yield "moved", move_attachment(FILED, into_ref="patient-2")


def sources_filled_in() -> Play:
    article = KNOWN.articles["910300"]
    both = tuple(KNOWN.storerooms.values())
    second = replace(both[1], storeroom_no="DEMO-S2")
    line = replace(ACCESSORY, source=None, storeroom_no=None)
    settings: tuple[SourceKind | None, ...] = (None, "storeroom", "warehouse")
    for name, places in {"both": both, "two": (*both, second), "own": both[1:], "none": ()}.items():
        for offered in (None, ("warehouse",), ("storeroom",), ("storeroom", "warehouse"), ()):
            found = [
                with_source(line, article, serving=places, offered=offered, setting=setting)
                for setting in settings
            ]
            said = [f"{each.source} {each.storeroom_no}" for each in found]
            yield f"{name}, offered {offered}", ", ".join(said)
    chosen = replace(line, storeroom_no="DEMO-S9")
    earlier = replace(article, assortment="earlier")
    yield "chosen", with_source(chosen, article, serving=both, offered=None, setting="warehouse")
    yield "earlier", with_source(line, earlier, serving=both, offered=None, setting="warehouse")


OUTSIDE = replace(KNOWN.articles["910300"], assortment="none")
ASKED = AssortmentRequest(
    "request-1",
    PATIENT,
    "DEMO-101",
    "cpap",
    "910300",
    3,
    "DEMO-W1",
    Money.of(700),
    Stock(4),
    "Passar",
    "placer-1",
    "Beställare Testsson",
    NOW,
)


def article_asked_for() -> Play:
    ask = partial(ask_for_article, None, asked=ASKED, article=OUTSIDE, person=PERSON, is_waiting=False)
    yield "asked", ask()
    yield "stock not known", ask(asked=replace(ASKED, stock=Stock(None)))[1]
    kinds: tuple[Assortment, ...] = ("standard", "other", "earlier", "none")
    for kind in kinds:
        found = refused_by(partial(ask, article=replace(OUTSIDE, assortment=kind), is_waiting=True))
        yield f"assortment {kind}", found
    yield "protected", refused_by(partial(ask, person=replace(PERSON, protected=True)))
    decide = partial(decide_request, ASKED, by="placer-2", by_name="Annan", at=LATER)
    approved, told = decide(approves=True, answer="Prova först")
    yield "approved", (approved, list(told), approved.valid_through, approved.cost)
    yield "declined", decide(approves=False, answer="Nej")
    yield "by the same", refused_by(partial(decide, approves=True, answer=None, by="placer-1"))
    yield (
        "decided",
        refused_by(
            partial(decide_request, approved, approves=True, answer=None, by="p", by_name="P", at=LATER)
        ),
    )
    yield "moved", move_request(ASKED, into_ref="patient-2")
    last = approved.valid_through or TODAY
    articles: dict[str, DeviceArticle] = {
        kind: replace(OUTSIDE, article_no=kind, assortment=kind) for kind in kinds
    }
    requests = tuple(replace(approved, article_no=kind) for kind in (*kinds[:2], "none"))
    for name, on in {"on the last day": last, "after": last + timedelta(days=1)}.items():
        yield name, [each.assortment for each in with_approved(articles, requests, on=on).values()]
    asked = (replace(ASKED, article_no="none"),)
    yield "not decided", [each.assortment for each in with_approved(articles, asked, on=TODAY).values()]


def swapped() -> Play:
    device = SwappedDevice("loan-1", "D1", "910001", "910002", "D2", components=(ChosenComponent("910300"),))
    swap = DeviceSwap(
        "S1", 1, PATIENT, "DEMO-101", "DEMO-S1", "cpap", TODAY, date(2026, 12, 1),
        (device, replace(device, registered_at=NOW), replace(device, registered_at=LATER, is_swapped=True)),
    )  # fmt: skip
    yield "lent", list(lent_by(swap))


def signed_for() -> Play:
    made = (HandedOut(TODAY, NOW, GOODS),)
    own = replace(GOODS[0], device_nos=("D8",))
    registered = (HandOver("B1-1", TODAY, NOW, "placer-1", (*GOODS, own)),)
    order = ordered()
    for name, change in {
        "nothing": {},
        "made": {"handed_out": made},
        "registered": {"hand_overs": registered},
        "registered and less made": {"hand_overs": registered, "handed_out": made},
        "registered and as many made": {
            "hand_overs": registered,
            "handed_out": (*made, HandedOut(TODAY, NOW, (own,))),
        },
        "refused": {"hand_overs": (replace(registered[0], refusal=REFUSED),)},
        "taken back": {"handed_out": made, "taken_back_at": LATER},
    }.items():
        known = replace(order, **change)  # type: ignore[arg-type]
        yield name, refused_by(partial(with_patient, known)) or with_patient(known)
    lent = replace(order, hand_overs=registered)
    for units in ({"D7"}, {"D7", "D8"}, set[str]()):
        yield f"the unit's: {sorted(units)}", on_loan_from_region(lent, of_the_unit=frozenset(units))
    of_unit = replace(order, handed_out=(HandedOut(TODAY, NOW, GOODS[:1]),))
    yield "all the unit's", refused_by(partial(on_loan_from_region, of_unit, of_the_unit=frozenset({"D7"})))


BASKET_PLAYS: dict[str, Callable[[], Play]] = {
    each.__name__: each
    for each in (
        basket_filled,
        files_attached,
        files_kept,
        sources_filled_in,
        article_asked_for,
        swapped,
        signed_for,
    )
}
