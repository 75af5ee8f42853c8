"""Ordering in memory: annulment, silence, death, protection and merging, as people and others meet them."""

from dataclasses import replace
from datetime import date

import pytest

from services.ordering.repository.collections import ALLOWANCES, ORDERS, WITHDRAWALS
from shared.events.ordering import ArticleSubstituted, OrderAnnulled, OrderDelayed, WithdrawalAnnulled
from shared.events.prescription import PatientsMerged
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import LineResponse, OrderCancelRequest
from tests.ordering.conversation import ACK, CANCELLED, DELIVERED, answer
from tests.ordering.desk import (
    REGISTERED,
    SPLIT,
    WANTED,
    answered,
    articles,
    drafted,
    patient,
    sent,
    told_desk,
)
from tests.ordering.examples import BREAD, LINE, PATIENT, TODAY
from tests.ordering.test_annulling import TOO_LATE
from tests.support import InMemory

CLERK = "customer_service"
CONSENTING = {"line_id": LINE.line_id, "split": SPLIT, "substitution_allowed": True}
KEPT = "patient-2"


async def annulling(desk: InMemory, number: str) -> dict[str, object]:
    answer_ = await desk.client.post(f"/withdrawals/{number}/annul", headers=desk.once(CLERK))
    return {"status": answer_.status_code, **answer_.json()}


async def test_a_draft_is_annulled_at_once(desk: InMemory) -> None:
    annulled = await annulling(desk, await drafted(desk))

    assert (annulled["status"], annulled["state_text"], annulled["orders"]) == (200, "makulerad", [])


async def test_a_sent_withdrawal_waits_for_the_distributor_and_is_annulled_when_it_says_so(
    desk: InMemory,
) -> None:
    confirmation = await sent(desk)
    number, order_no = confirmation["withdrawal_no"], confirmation["order_nos"][0]

    asked = await annulling(desk, number)
    again = await annulling(desk, number)
    await answered(desk, CANCELLED, order_no)

    assert asked["state_text"] == "beställd"
    (order,) = (await desk.client.get(f"/withdrawals/{number}", headers=desk.token(CLERK))).json()["orders"]
    assert again["rule"] == "annulment-asked"
    assert [each.order_no for each in desk.told_of(OrderCancelRequest)] == [order_no]
    assert desk.partner_messages()[1]["type"] == "order.cancel_request.v1"
    assert (order["state"], order["annulment"]) == ("cancelled", None)
    assert [each.why for each in desk.told_of(OrderAnnulled)] == ["annulled"]
    assert [each.fee_nos for each in desk.told_of(WithdrawalAnnulled)] == [(1,)]
    await sent(desk)


async def test_too_late_is_shown_on_the_order_and_refuses_another_try(desk: InMemory) -> None:
    confirmation = await sent(desk)
    number, order_no = confirmation["withdrawal_no"], confirmation["order_nos"][0]
    await annulling(desk, number)

    await answered(desk, TOO_LATE, order_no)

    shown = (await desk.client.get(f"/orders/{order_no}", headers=desk.token(CLERK))).json()
    assert (shown["annulment"], shown["state_text"]) == ("too_late", "beställd")
    assert (await annulling(desk, number))["rule"] == "annulment-too-late"


async def test_goods_of_two_distributors_are_one_withdrawal_and_two_orders(desk: InMemory) -> None:
    line = REGISTERED.lines[0]
    line_id = f"{REGISTERED.prescription_no}-9"
    bread = line.model_copy(update={"line_id": line_id, "article_no": BREAD.article_no, "packages": 5})
    await desk.hear(REGISTERED.model_copy(update={"lines": (bread,)}))
    elsewhere = next(each for each in articles() if each.article_no == BREAD.article_no)
    await desk.hear(elsewhere.model_copy(update={"version": 2, "distributor": "demo-b"}))
    number = await drafted(desk, items=[*WANTED["items"], {"line_id": line_id, "split": []}])

    confirmation = (await desk.client.post(f"/withdrawals/{number}/send", headers=desk.once(CLERK))).json()

    assert len(confirmation["order_nos"]) == 2
    assert [each["distributor"] for each in desk.partner_messages()] == ["demo-a", "demo-b"]
    await answered(desk, DELIVERED, confirmation["order_nos"][0])
    assert (await desk.repository.get(WITHDRAWALS.ref(number))).state == "ordered"
    await answered(desk, DELIVERED, confirmation["order_nos"][1])
    assert (await desk.repository.get(WITHDRAWALS.ref(number))).state == "delivered"


async def test_a_flavour_that_the_distributor_exchanges_with_consent_is_told(desk: InMemory) -> None:
    number = await drafted(desk, items=[CONSENTING])
    confirmation = (await desk.client.post(f"/withdrawals/{number}/send", headers=desk.once(CLERK))).json()
    other = LineResponse(
        line=1,
        status="changed",
        quantity=10,
        replacement_article_no="900103",
        delivery_date=date(2026, 12, 7),
    )

    await answered(desk, answer(other), confirmation["order_nos"][0])

    (told,) = desk.told_of(ArticleSubstituted)
    assert (told.article_no, told.replacement_article_no) == ("900101", "900103")
    assert desk.told_of(TaskRaised) == []
    assert [each.expected_on for each in desk.told_of(OrderDelayed)] == [date(2026, 12, 7)]
    shown = await desk.client.get(f"/orders/{confirmation['order_nos'][0]}", headers=desk.token(CLERK))
    assert shown.json()["lines"][0]["is_substituted"]


async def test_a_draft_that_waits_a_day_becomes_a_task_that_sending_ends(desk: InMemory) -> None:
    number = await drafted(desk)
    desk.clock.move(hours=23)
    await desk.run_jobs()
    early = desk.told_of(TaskRaised)

    desk.clock.move(hours=1)
    await desk.run_jobs()
    await desk.run_jobs()
    await desk.client.post(f"/withdrawals/{number}/send", headers=desk.once(CLERK))

    assert early == []
    assert [(each.kind, each.subject_no) for each in desk.told_of(TaskRaised)] == [("unsent_draft", number)]
    assert len(desk.told_of(TaskResolved)) == 1


async def test_an_order_silent_for_two_days_becomes_a_task_that_the_answer_ends(desk: InMemory) -> None:
    confirmation = await sent(desk)
    desk.clock.move(hours=48)
    await desk.run_jobs()
    await desk.run_jobs()

    await answered(desk, ACK, confirmation["order_nos"][0])
    desk.clock.move(hours=47)
    await desk.run_jobs()

    assert [each.kind for each in desk.told_of(TaskRaised)] == ["order_silent"]
    assert [each.task_id for each in desk.told_of(TaskResolved)] == [
        f"order-silent:{confirmation['order_nos'][0]}"
    ]


async def test_when_a_patient_dies_drafts_are_annulled_and_distributors_asked_to_stop(desk: InMemory) -> None:
    draft_no = await drafted(desk)
    confirmation = await sent(desk)

    for version in (2, 3):
        await desk.hear(patient(desk.seals, version=version, deceased_on=TODAY))
    refused = await desk.client.post("/withdrawals", json=WANTED, headers=desk.once(CLERK))

    assert (await desk.repository.get(WITHDRAWALS.ref(draft_no))).state == "annulled"
    assert [each.order_no for each in desk.told_of(OrderCancelRequest)] == confirmation["order_nos"]
    assert refused.json()["rule"] == "deceased"


async def test_a_protected_persons_order_on_its_way_is_customer_services_and_forgets_the_person(
    desk: InMemory,
) -> None:
    confirmation = await sent(desk)

    await desk.hear(
        patient(desk.seals, version=2, protected=True, name=None, address=None, phone=None, born=None)
    )

    kept = await desk.repository.get(WITHDRAWALS.ref(confirmation["withdrawal_no"]))
    order = await desk.repository.get(ORDERS.ref(confirmation["order_nos"][0]))
    assert kept.choice.delivery.recipient is kept.choice.delivery.notice_to is None
    assert (order.notify.channel, order.notify.to) == ("none", None)
    assert [(each.kind, each.patient_ref) for each in desk.told_of(TaskRaised)] == [
        ("protected_with_order", None)
    ]


async def test_a_late_word_that_somebody_was_protected_once_stops_nothing(desk: InMemory) -> None:
    number = await drafted(desk)
    await desk.hear(patient(desk.seals, version=3))

    await desk.hear(patient(desk.seals, version=2, protected=True))

    assert (await desk.repository.get(WITHDRAWALS.ref(number))).state == "new"


@pytest.mark.parametrize("merged_first", [True, False])
async def test_a_merged_patients_lines_withdrawals_and_orders_are_moved_in_any_order(
    merged_first: bool,
) -> None:
    desk = await told_desk()
    confirmation = await sent(desk)
    merging = PatientsMerged(patient_ref=PATIENT, into_ref=KEPT, merged_on=TODAY)
    later = replace(LINE, line_id="later")
    more = REGISTERED.model_copy(
        update={"lines": (REGISTERED.lines[0].model_copy(update={"line_id": later.line_id}),)}
    )

    for fact in (merging, more) if merged_first else (more, merging):
        await desk.hear(fact)
    await desk.hear(merging)
    await desk.hear(patient(desk.seals, patient_ref=KEPT))
    await answered(desk, DELIVERED, confirmation["order_nos"][0])

    kept = await desk.repository.get(ALLOWANCES.ref(KEPT))
    withdrawal = await desk.repository.get(WITHDRAWALS.ref(confirmation["withdrawal_no"]))
    order = await desk.repository.get(ORDERS.ref(confirmation["order_nos"][0]))
    assert [line.line_id for line in kept.lines] == [LINE.line_id, "later"]
    assert kept.line(LINE.line_id).used_by == (withdrawal.withdrawal_no,)
    assert (withdrawal.patient_ref, order.patient_ref, withdrawal.state) == (KEPT, KEPT, "delivered")
    assert kept.on_the_way == ()
    assert (await desk.repository.get(ALLOWANCES.ref(PATIENT))).lines == ()
    await drafted(desk, patient_ref=KEPT)
