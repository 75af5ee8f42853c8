"""Who has recalled goods is told once, by the contact channel, and no message names the goods (T17, N4)."""

from datetime import UTC, datetime

import pytest

from shared.events.inventory import RecallConcernsPatient
from shared.events.tasks import TaskRaised
from tests.notification.in_memory import Notification


async def test_a_patient_with_two_recalled_pieces_is_told_once_and_the_goods_are_not_named(
    notification: Notification,
) -> None:
    first = RecallConcernsPatient(
        notice_id="r-1:loan-1", recall_no="r-1", patient_ref="p-1", care_unit="DEMO-101",
        article_no="910001", noticed_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    )  # fmt: skip
    second = first.model_copy(update={"notice_id": "r-1:loan-2"})

    await notification.hear(notification.patient(language="sv"), first, second)
    await notification.run()

    (sent,) = notification.gateway.taken
    assert sent["text"] == (
        "Något som du har fått av oss återkallas. Använd det inte. Ring kundservice 040-628 04 00."
    )
    assert "910001" not in str(notification.gateway.taken)


async def test_a_patient_without_a_telephone_is_told_by_mail(notification: Notification) -> None:
    fact = RecallConcernsPatient(
        notice_id="r-1:loan-1", recall_no="r-1", patient_ref="p-1", care_unit="DEMO-101",
        article_no="910001", noticed_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    )  # fmt: skip

    await notification.hear(notification.patient(phone=None), fact)
    await notification.run(2)

    assert notification.gateway.taken == []
    assert len(notification.written("email")) == 1


@pytest.mark.parametrize(("why", "failed"), [("protected", "rejected"), ("deceased", "suppressed")])
async def test_a_patient_with_protected_identity_gets_no_message_of_a_recall(
    notification: Notification, why: str, failed: str
) -> None:
    fact = RecallConcernsPatient(
        notice_id="r-1:B2026-000091-6", recall_no="r-1", patient_ref="p-1", care_unit="DEMO-101",
        article_no="900002", noticed_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    )  # fmt: skip
    task = TaskRaised(
        task_id="recalled:r-1:B2026-000091-6", kind="foods_recalled", role="customer_service",
        care_unit="DEMO-101", patient_ref="p-1", subject_no="B2026-000091-6",
        reason="patient-got-unknown-lot",
        details={"article_no": "900002", "piece": "", "quantity": "6"},
    )  # fmt: skip
    notification.register.answer = {"may_be_told": False, "why": why}

    await notification.hear(notification.patient(protected=why == "protected"), fact, task)
    await notification.run(4)

    assert notification.gateway.taken == []
    assert (notification.written("email"), notification.written("letters")) == ([], [])
    assert notification.failed() == [failed]
    listed = await notification.service.client.get(
        "/tasks", headers=notification.service.token("customer_service", product_areas=["foods"])
    )
    assert [each["kind"] for each in listed.json()] == ["foods_recalled"]
    assert "Batchen är inte känd" in listed.text
