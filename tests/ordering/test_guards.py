"""What every rule refuses first: an order that was not read, a patient who moved, what is sent or decided."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from services.ordering.domain.allowance import Allowance, note_annulled, note_expired, note_lines
from services.ordering.domain.devices.attachments import attach
from services.ordering.domain.devices.basket import GoesWithNothing, change_line
from services.ordering.domain.devices.fee_correction import (
    FeeCorrectionDecided,
    FeeRequest,
    approve_fee_correction,
    ask_fee_correction,
    decline_fee_correction,
)
from services.ordering.domain.dialogue.effects import take_long_reply, take_reply
from services.ordering.domain.dialogue.unreached import note_unreached
from services.ordering.domain.merging import merge, move
from services.ordering.domain.reply_context import OrdersMoved
from services.ordering.domain.stopping import stop_for
from services.ordering.domain.withdrawal import AlreadyAnnulled, AlreadySent, annul_draft
from services.ordering.domain.withdrawing.drafting import change
from services.ordering.domain.withdrawing.sending import send
from shared.domain.decision import NotFound
from tests.ordering.conversation import ACK, DESPATCHED, LATER, goods, left
from tests.ordering.examples import (
    ABSENT,
    ALLOWANCE,
    CATALOGUE,
    DISPATCH,
    DRAFT,
    DRAWN,
    LINE,
    NOW,
    ORDER,
    ORDER_NO,
    OTHER_ORDER_NO,
    PATIENT,
    PERSON,
    SENT,
    TODAY,
    USED,
)
from tests.ordering.plays_of_baskets import BASKET, FILED
from tests.ordering.plays_of_devices import ACCESSORY, CPAP, KNOWN, ordered

MORE = replace(SENT, order_nos=(ORDER_NO, OTHER_ORDER_NO))
GONE = Allowance(PATIENT, merged_into="patient-2")
DEAD = replace(PERSON, deceased_on=TODAY)
UNREAD: list[Callable[[], Any]] = [
    partial(take_reply, MORE, USED, (ORDER,), reply=ACK, body="b", at=LATER),
    partial(take_long_reply, MORE, USED, (ORDER,), None, reply=ACK, body="b", whole="w", at=LATER),
    partial(
        note_unreached, MORE, USED, (ORDER,), order_no=ORDER_NO, what="order", at=LATER, catalogue=CATALOGUE
    ),
    partial(stop_for, MORE, (ORDER,), person=DEAD, at=LATER),
    partial(move, MORE, (ORDER,), into_ref="patient-2", at=LATER),
]
MOVED: list[Callable[[], Any]] = [
    partial(note_lines, GONE, patient_ref=PATIENT, lines=(LINE,)),
    partial(note_annulled, GONE, patient_ref=PATIENT, line_id="a"),
    partial(note_expired, GONE, patient_ref=PATIENT, line_id="a"),
    partial(merge, ALLOWANCE, GONE, patient_ref="patient-0", into_ref=PATIENT),
]
OF_DRAFTS: list[Callable[[Any], Any]] = [
    partial(annul_draft, by="clerk-1", at=LATER),
    lambda withdrawal: change(withdrawal, ALLOWANCE, requested=DRAWN, at=LATER),
    lambda withdrawal: send(withdrawal, ALLOWANCE, ABSENT, requested=DRAWN, dispatch=DISPATCH),
]


@pytest.mark.parametrize("act", UNREAD)
def test_nothing_is_done_to_a_withdrawal_while_one_of_its_orders_was_not_read(act: Callable[[], Any]) -> None:
    with pytest.raises(OrdersMoved):
        act()


@pytest.mark.parametrize("act", MOVED)
def test_nothing_is_noted_of_a_patient_whom_another_reference_took_over(act: Callable[[], Any]) -> None:
    with pytest.raises(NotFound):
        act()


@pytest.mark.parametrize("act", OF_DRAFTS, ids=("annulled", "changed", "sent"))
def test_only_a_draft_is_changed_sent_or_annulled_at_once(act: Callable[[Any], Any]) -> None:
    act(DRAFT)
    with pytest.raises(AlreadySent) as refused:
        act(SENT)
    assert refused.value.facts == {"withdrawal_no": SENT.withdrawal_no, "order_no": ORDER_NO}
    with pytest.raises(AlreadyAnnulled):
        act(replace(SENT, state="annulled"))


@pytest.mark.parametrize(
    ("before", "parcels"),
    [({}, 1), ({"despatched_at": NOW}, 2), ({"despatched_at": NOW, "parcels": 1}, 2), ({"parcels": 4}, 5)],
)
def test_parcels_are_counted_also_those_of_before_and_the_first_one_dates_the_order(
    before: dict[str, Any], parcels: int
) -> None:
    order = replace(ORDER, **before)

    _, _, (after,), (told, *_) = take_reply(
        SENT, USED, (order,), reply=left(goods(1, 5)), body="b", at=LATER, catalogue=CATALOGUE
    )

    assert (after.parcels, getattr(told, "parcel", 0)) == (parcels, parcels)
    assert after.despatched_at == (order.despatched_at or DESPATCHED.at)


@pytest.mark.parametrize("change", [{"removed_at": NOW}, {"uploaded_by": "placer-9"}])
def test_a_file_that_was_removed_or_is_anothers_is_not_there(change: dict[str, Any]) -> None:
    with pytest.raises(NotFound):
        attach(replace(FILED, **change), patient_ref=PATIENT, by="placer-1")


@pytest.mark.parametrize("state", ["approved", "declined"])
def test_a_fee_correction_is_decided_once(state: Any) -> None:
    order = ordered()
    asked = FeeRequest(1, pays=False, reason="Fel", by="placer-1", at=LATER)
    waiting, *_ = ask_fee_correction(None, order, asked=asked, catalogue=KNOWN)
    decided = replace(waiting, state=state)

    for act in (partial(approve_fee_correction, pays=False), decline_fee_correction):
        with pytest.raises(FeeCorrectionDecided) as refused:
            act(decided, order, by="placer-2", at=LATER)
        assert refused.value.facts == {"order_no": order.order_no, "state": state}


def test_a_line_that_is_changed_goes_with_a_line_that_is_there() -> None:
    basket = replace(BASKET, lines=(CPAP, ACCESSORY), last_line_no=2)
    act = partial(change_line, basket, line_no=2, article=None, added=None, removed=None, at=LATER)

    for goes_with in (2, 9):
        with pytest.raises(GoesWithNothing):
            act(changes={"goes_with": goes_with})
    assert act(changes={"goes_with": None})[0].line(2).goes_with is None
