"""Orders whose distributor is gone: set aside with a task, annulled at once, and sold no more (Q22, N7)."""

import pytest

from services.ordering.app import assemble
from shared.events.ordering import OrderAnnulled, WithdrawalAnnulled
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import OrderCancelRequest
from tests.ordering.conversation import ACK, CANCELLED
from tests.ordering.desk import REGISTERED, answered, articles, drafted, patient, sent
from tests.ordering.examples import TARIFF
from tests.ordering.test_annulling_doors import CLERK, annulling
from tests.support import InMemory, in_memory


async def set_aside(desk: InMemory, order_no: str, topic: str = "order.v1") -> None:
    assert desk.assembled.when_set_aside is not None
    await desk.assembled.when_set_aside(topic, order_no)


async def shown(desk: InMemory, order_no: str) -> dict[str, object]:
    return dict((await desk.client.get(f"/orders/{order_no}", headers=desk.token(CLERK))).json())


async def test_an_order_that_nobody_can_deliver_is_one_task_and_says_so_on_the_order(desk: InMemory) -> None:
    (order_no,) = (await sent(desk))["order_nos"]

    for _ in range(2):
        await set_aside(desk, order_no)

    (task,) = desk.told_of(TaskRaised)
    assert (task.kind, task.role, task.subject_no) == ("order_not_handed_over", CLERK, order_no)
    assert (task.reason, task.details) == ("order-not-handed-over", {"distributor": "demo-a"})
    order = await shown(desk, order_no)
    assert (order["state_text"], order["unreached"]) == ("kunde inte lämnas till distributören", "order")


async def test_an_order_that_never_reached_its_distributor_is_annulled_at_once_with_its_fee(
    desk: InMemory,
) -> None:
    confirmation = await sent(desk)
    (order_no,) = confirmation["order_nos"]
    await set_aside(desk, order_no)

    annulled = await annulling(desk, confirmation["withdrawal_no"])

    assert (annulled["status"], annulled["state_text"]) == (200, "makulerad")
    assert [each.why for each in desk.told_of(OrderAnnulled)] == ["annulled"]
    assert [each.fee_nos for each in desk.told_of(WithdrawalAnnulled)] == [(1,)]
    assert [each.task_id for each in desk.told_of(TaskResolved)] == [f"order-not-handed-over:{order_no}"]
    steps = (
        await desk.client.get(f"/withdrawals/{confirmation['withdrawal_no']}", headers=desk.token(CLERK))
    ).json()["history"]
    assert [(each["what"], each["by"]) for each in steps[-2:]] == [
        ("annulment_asked", "customer_service-1"),
        ("annulled", "customer_service-1"),
    ]
    await sent(desk)


async def test_the_distributor_is_asked_to_stop_it_too_as_an_operator_may_be_sending_it_just_now(
    desk: InMemory,
) -> None:
    confirmation = await sent(desk)
    (order_no,) = confirmation["order_nos"]
    await set_aside(desk, order_no)
    await annulling(desk, confirmation["withdrawal_no"])

    await set_aside(desk, order_no, OrderCancelRequest.topic)
    await answered(desk, CANCELLED, order_no)

    assert [each.order_no for each in desk.told_of(OrderCancelRequest)] == [order_no]
    assert len(desk.told_of(TaskRaised)) == len(desk.told_of(OrderAnnulled)) == 1


async def test_an_order_that_was_to_be_stopped_is_over_when_it_turns_out_that_nobody_got_it(
    desk: InMemory,
) -> None:
    confirmation = await sent(desk)
    (order_no,) = confirmation["order_nos"]
    await annulling(desk, confirmation["withdrawal_no"])

    await set_aside(desk, order_no)

    assert (await shown(desk, order_no))["state_text"] == "makulerad"
    assert desk.told_of(TaskRaised) == []


async def test_of_an_order_that_was_handed_over_only_the_annulment_is_lacking_and_somebody_calls(
    desk: InMemory,
) -> None:
    confirmation = await sent(desk)
    (order_no,) = confirmation["order_nos"]
    await answered(desk, ACK, order_no)
    await annulling(desk, confirmation["withdrawal_no"])

    await set_aside(desk, order_no, OrderCancelRequest.topic)

    assert [each.reason for each in desk.told_of(TaskRaised)] == ["annulment-not-handed-over"]
    order = await shown(desk, order_no)
    assert (order["annulment"], order["unreached"], order["over_at"]) == ("asked", "annulment", None)


async def test_the_distributors_first_answer_ends_the_task(desk: InMemory) -> None:
    (order_no,) = (await sent(desk))["order_nos"]
    await set_aside(desk, order_no)

    await answered(desk, ACK, order_no)

    assert [each.task_id for each in desk.told_of(TaskResolved)] == [f"order-not-handed-over:{order_no}"]
    order = await shown(desk, order_no)
    assert (order["unreached"], order["state_text"]) == (None, "mottagen av distributören")


async def test_an_article_whose_distributor_is_gone_is_refused_when_it_is_sent() -> None:
    desk = await in_memory("ordering", assemble, distributors=("demo-b",))
    for fact in (patient(desk.seals), REGISTERED, TARIFF, *articles()):
        await desk.hear(fact)
    number = await drafted(desk)

    answer = await desk.client.post(f"/withdrawals/{number}/send", headers=desk.once(CLERK))
    as_staff = await desk.client.post(
        f"/withdrawals/{number}/send", headers=desk.once("dietitian", sub="dietitian-2")
    )

    assert (answer.status_code, answer.json()["rule"]) == (422, "distributor-gone")
    assert answer.json()["reasons"][0]["facts"]["article_no"] == "900101"
    assert "be den som förvaltar katalogen" in answer.json()["detail"]
    assert "kontakta kundservice" in as_staff.json()["detail"]
    assert desk.partner_messages() == []


@pytest.mark.parametrize("days_before", [0, 10])
async def test_nobody_waits_for_an_answer_about_an_order_that_was_annulled_at_once(
    desk: InMemory, days_before: int
) -> None:
    confirmation = await sent(desk)
    (order_no,) = confirmation["order_nos"]
    await set_aside(desk, order_no)
    desk.clock.move(days=days_before)
    await desk.run_jobs()

    await annulling(desk, confirmation["withdrawal_no"])
    desk.clock.move(days=10)
    await desk.run_jobs()

    raised = {each.task_id for each in desk.told_of(TaskRaised)}
    assert len(raised) == (2 if days_before else 1)
    assert {each.task_id for each in desk.told_of(TaskResolved)} == raised
