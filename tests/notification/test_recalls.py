"""Who has recalled goods is told once, by the contact channel, and no message names the goods (T17, N4)."""

from datetime import UTC, datetime

from shared.events.inventory import RecallConcernsPatient
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
