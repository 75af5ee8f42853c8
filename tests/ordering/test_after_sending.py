"""Ordering in memory: what becomes of a withdrawal that was sent, and of its patient's allowance."""

from typing import Any, Literal

import pytest

from services.ordering.repository.collections import ALLOWANCES, ORDERS, STRAY_REPLIES
from shared.events.fact import Open, Unknown
from shared.events.ordering import OrderDelivered, WithdrawalAnnulled
from shared.events.prescription import LineEnded
from shared.events.tasks import TaskRaised
from shared.partners import Reply
from shared.repository import Contended
from shared.repository.refs import Loaded
from tests.ordering.conversation import ACK, CANCELLED, DELIVERED, DESPATCHED
from tests.ordering.desk import WANTED, answered, sent
from tests.ordering.examples import LINE, PATIENT, PRESCRIPTION_NO, TODAY
from tests.support import InMemory


async def test_every_step_until_delivery_is_in_the_history_and_the_block_is_gone(desk: InMemory) -> None:
    confirmation = await sent(desk)
    order_no, number = confirmation["order_nos"][0], confirmation["withdrawal_no"]

    for reply in (ACK, DESPATCHED, DELIVERED):
        await answered(desk, reply, order_no)

    headers = desk.token("customer_service")
    shown = (await desk.client.get(f"/withdrawals/{number}", headers=headers)).json()
    listed = await desk.client.post("/withdrawals/search", json={"patient_ref": PATIENT}, headers=headers)
    order = (await desk.client.get(f"/orders/{order_no}", headers=headers)).json()
    assert [step["what"] for step in shown["history"]] == [
        "drafted",
        "sent",
        "acknowledged",
        "despatched",
        "delivered",
    ]
    assert shown["delivery"]["door_code"] is None
    assert [(each["state_text"], each["orders"][0]["state_text"]) for each in listed.json()] == [
        ("levererad", "levererad")
    ]
    assert [reply["made_of"] for reply in order["replies"]] == ["believed"] * 3
    assert order["replies"][2]["said"]["signed"] is True
    assert len(desk.told_of(OrderDelivered)) == 1
    await sent(desk)


async def test_a_cancelled_order_gives_the_withdrawal_back(desk: InMemory) -> None:
    confirmation = await sent(desk)

    await answered(desk, CANCELLED, confirmation["order_nos"][0])

    allowance = await desk.repository.get(ALLOWANCES.ref(PATIENT))
    assert allowance.line(LINE.line_id).withdrawals_left == 3
    assert [fact.fee_nos for fact in desk.told_of(WithdrawalAnnulled)] == [(1,)]
    await sent(desk)


async def test_a_reply_for_an_unknown_order_is_kept_and_shown(desk: InMemory) -> None:
    await answered(desk, ACK, "B2026-999999-0")
    await answered(desk, ACK, "B2026-999999-0")

    shown = await desk.client.get("/replies/stray", headers=desk.token("customer_service"))

    assert [(each["order_no"], each["copies"]) for each in shown.json()] == [("B2026-999999-0", 2)]
    assert [fact.kind for fact in desk.told_of(TaskRaised)] == ["reply_for_unknown_order"]


async def test_another_distributors_reply_cancels_no_order_and_is_shown_with_its_sender(
    desk: InMemory,
) -> None:
    (order_no,) = (await sent(desk))["order_nos"]
    forged = CANCELLED.model_copy(update={"order_no": order_no})

    await desk.hear(Reply(reply=forged, sender="demo-b"))

    order = (await desk.client.get(f"/orders/{order_no}", headers=desk.token("customer_service"))).json()
    shown = await desk.client.get("/replies/stray", headers=desk.token("customer_service"))
    assert (order["state"], order["replies"]) == ("sent", [])
    assert [(each["order_no"], each["sender"], each["why"]) for each in shown.json()] == [
        (order_no, "demo-b", "another-distributors-order")
    ]
    assert [fact.kind for fact in desk.told_of(TaskRaised)] == ["reply_of_another_distributor"]
    await desk.hear(Reply(reply=forged, sender="demo-a"))
    assert (await desk.repository.get(ORDERS.ref(order_no))).state == "cancelled"


async def test_a_reply_read_where_the_newest_commits_are_not_known_yet_is_held_and_never_called_stray(
    desk: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    (order_no,) = (await sent(desk))["order_nos"]
    backend = desk.repository.backend
    known = backend.load

    async def just_elected(wanted: Any) -> Any:
        """See nothing yet outside of a transaction, as a new primary; inside of one everything is seen."""
        return {address: Loaded(None, 0) for address in await known(wanted)}

    with monkeypatch.context() as failover:
        failover.setattr(backend, "load", just_elected)
        with pytest.raises(Contended):
            await answered(desk, DELIVERED, order_no)
    await answered(desk, DELIVERED, order_no)

    assert await desk.repository.find(STRAY_REPLIES, {}) == []
    assert [each.order_no for each in desk.told_of(OrderDelivered)] == [order_no]


async def test_the_allowance_shows_what_is_left_on_its_way_and_chosen_last(desk: InMemory) -> None:
    confirmation = await sent(desk)

    answer = await desk.client.get(f"/allowances/{PATIENT}", headers=desk.token("order_placer"))

    (line,) = answer.json()["lines"]
    assert (line["withdrawals_left"], line["allowed"], line["choose_flavour"]) == (2, False, True)
    assert line["on_the_way"][0]["order_no"] == confirmation["order_nos"][0]
    assert [share["packages"] for share in line["last_choice"]] == [10, 5, 5]
    assert [each["variant_name"] for each in line["variants"]] == ["jordgubb", "choklad", "neutral"]
    assert answer.json()["prefill"]["phone"] == "+46701740605"


async def test_a_used_up_line_is_refused_and_free_again_when_one_is_given_back(desk: InMemory) -> None:
    for _ in range(2):
        await answered(desk, DELIVERED, (await sent(desk))["order_nos"][0])
    confirmation = await sent(desk)
    await desk.hear(line_ended("used_up"))

    refused = await desk.client.post("/withdrawals", json=WANTED, headers=desk.once("customer_service"))
    await answered(desk, CANCELLED, confirmation["order_nos"][0])

    assert "line-used-up" in [reason["rule"] for reason in refused.json()["reasons"]]
    await sent(desk)


@pytest.mark.parametrize("why", ["expired", Unknown("what_a_newer_version_says")])
async def test_a_line_that_ended_in_prescription_for_another_reason_than_its_use_is_refused(
    desk: InMemory, why: Literal["expired"] | Unknown
) -> None:
    await desk.hear(line_ended(why))

    refused = await desk.client.post("/withdrawals", json=WANTED, headers=desk.once("customer_service"))

    assert refused.json()["rule"] == "line-expired"


def line_ended(why: Open[Literal["used_up", "expired"]]) -> LineEnded:
    return LineEnded(
        line_id=LINE.line_id, prescription_no=PRESCRIPTION_NO, patient_ref=PATIENT, ended_on=TODAY, why=why
    )
