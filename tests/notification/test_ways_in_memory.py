"""When one way fails for good, the next is tried: SMS, e-mail, letter, and then a person."""

from datetime import date

import pytest

from services.notification.domain.outcomes import Accepted, Rejected, Unknown
from shared.events.notification import MessageDelivered
from shared.events.prescription import PatientsMerged
from tests.notification.in_memory import AT, ORDER, Notification

EML = f"delivery-notice_{ORDER}.eml"
LETTER = f"delivery-notice_{ORDER}.txt"


async def told(notification: Notification) -> list[str]:
    return [fact.channel for fact in notification.service.told_of(MessageDelivered)]


async def test_a_number_that_takes_no_sms_is_told_by_email(notification: Notification) -> None:
    await notification.hear(notification.patient(), notification.despatched("+46406280400"))
    await notification.run(3)

    assert notification.gateway.taken == []
    assert notification.written("email") == [EML]
    mail = (notification.folder / "email" / EML).read_text()
    assert "To: test@demo.example" in mail
    assert "Subject: Meddelande =?utf-8?q?fr=C3=A5n?= kundservice" in mail
    assert (await told(notification), notification.raised()) == (["email"], [])


async def test_a_refused_sms_without_an_email_address_becomes_one_letter(notification: Notification) -> None:
    notification.gateway.outcome = Rejected("http-400")
    await notification.hear(notification.patient(email=None), notification.despatched())
    await notification.run(4)

    assert notification.written("letters") == [LETTER]
    letter = (notification.folder / "letters" / LETTER).read_text()
    assert letter.startswith("Test Testsson\nProvvägen 3\n21120 MALMÖ\n\n\nDin leverans är på väg.")
    assert (await told(notification), notification.raised()) == (["letter"], [])


async def test_when_no_way_is_left_a_person_takes_over_once(notification: Notification) -> None:
    notification.gateway.outcome = Rejected("http-400")
    await notification.hear(
        notification.patient(email=None, address=None), notification.despatched(), notification.despatched()
    )
    await notification.run(4)

    assert (notification.failed(), notification.raised()) == (["rejected"], ["message_not_sent"])


async def test_an_unknown_outcome_goes_no_further_way(notification: Notification) -> None:
    notification.gateway.outcome = Unknown()
    await notification.hear(notification.patient(), notification.despatched())
    await notification.run(4)

    assert (notification.written("email"), notification.raised()) == ([], ["message_not_sent"])


@pytest.mark.parametrize("why", ["deceased", "protected", "opted_out"])
async def test_who_may_not_be_told_is_told_by_no_other_way_either(
    notification: Notification, why: str
) -> None:
    notification.gateway.outcome = Rejected("http-400")
    await notification.hear(notification.patient(), notification.despatched())
    await notification.run()
    notification.register.answer = {"may_be_told": False, "why": why}
    await notification.run(3)

    assert (notification.written("email"), notification.written("letters")) == ([], [])
    assert notification.failed() == ["suppressed"]


@pytest.mark.parametrize("change", [{"protected": True}, {"deceased_on": date(2026, 11, 22)}])
async def test_how_to_reach_who_is_protected_or_dead_is_forgotten(
    notification: Notification, change: dict[str, object]
) -> None:
    notification.gateway.outcome = Rejected("http-400")
    await notification.hear(notification.patient(), notification.patient(2, **change))
    await notification.hear(notification.despatched())
    await notification.run(3)

    assert (notification.written("email"), notification.written("letters")) == ([], [])


async def test_a_chosen_email_goes_to_the_address_that_was_given(notification: Notification) -> None:
    await notification.hear(notification.despatched("other@demo.example", channel="email"))
    await notification.run()

    assert "To: other@demo.example" in (notification.folder / "email" / EML).read_text()


async def test_a_chosen_letter_goes_to_the_print_queue_once(notification: Notification) -> None:
    await notification.hear(notification.patient(), notification.despatched(channel="letter"))
    await notification.run(3)

    assert notification.written("letters") == [LETTER]
    assert (await notification.message())["state"] == "sent"


async def test_an_address_that_is_none_goes_on_to_a_letter(notification: Notification) -> None:
    await notification.hear(notification.patient(), notification.despatched("nobody", channel="email"))
    await notification.run(3)

    assert (notification.written("email"), notification.written("letters")) == ([], [LETTER])


async def test_a_number_that_changed_hands_gets_no_sms(notification: Notification) -> None:
    await notification.hear(notification.patient(), notification.despatched("+46701740605"))
    await notification.hear(notification.patient(2, phone="+46701740699"))
    await notification.run()

    assert [sms["to"] for sms in notification.gateway.taken] == ["+46701740699"]


async def test_a_number_given_up_without_a_new_one_goes_by_email(notification: Notification) -> None:
    await notification.hear(notification.patient(), notification.despatched("+46701740605"))
    await notification.hear(notification.patient(2, phone=None))
    await notification.run(3)

    assert notification.gateway.taken == []
    assert notification.written("email") == [EML]


async def test_a_merged_patient_is_asked_about_and_reached_under_the_new_reference(
    notification: Notification,
) -> None:
    merged = PatientsMerged(patient_ref="p-1", into_ref="p-2", merged_on=AT.date())
    new = notification.patient().model_copy(update={"patient_ref": "p-2"})
    await notification.hear(notification.despatched("+46406280400"), merged, new)
    await notification.run(3)

    assert notification.register.asked[0][3]["people"][0]["patient_ref"] == "p-2"
    assert notification.written("email") == [EML]
    answer = await notification.service.client.post(
        "/messages/search",
        json={"patient_ref": "p-2"},
        headers=notification.service.token("customer_service"),
    )
    assert [each["order_no"] for each in answer.json()] == [ORDER]


async def test_two_patients_merged_into_each_other_are_still_found(notification: Notification) -> None:
    there = PatientsMerged(patient_ref="p-1", into_ref="p-2", merged_on=AT.date())
    back = PatientsMerged(patient_ref="p-2", into_ref="p-1", merged_on=AT.date())
    await notification.hear(there, back, notification.despatched())
    await notification.run()

    assert len(notification.gateway.taken) == 1


async def test_what_an_email_folder_cannot_take_is_tried_again(notification: Notification) -> None:
    (notification.folder / "email").write_text("in the way")
    await notification.hear(notification.despatched("test@demo.example", channel="email"))
    await notification.run(2)
    assert (await notification.message())["state"] == "due"

    (notification.folder / "email").unlink()
    notification.service.clock.move(seconds=30)
    await notification.run()

    assert notification.written("email") == [EML]
    assert notification.gateway.outcome == Accepted("s1")


async def test_a_name_kept_with_a_line_break_forges_no_line_of_a_letter(notification: Notification) -> None:
    forged = notification.patient(name="Test\nStorgatan 1\u0007 Testsson 李明 😀")
    await notification.hear(forged, notification.despatched(channel="letter"))
    await notification.run(3)

    letter = (notification.folder / "letters" / LETTER).read_text()
    assert letter.startswith("Test Storgatan 1 Testsson 李明 😀\nProvvägen 3\n21120 MALMÖ\n\n\n")
