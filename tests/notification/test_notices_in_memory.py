"""What patients are told besides the delivery: delays, substitutions, renewals and shortages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.events.fact import Unknown
from shared.events.ordering import (
    ArticleSubstituted,
    Notify,
    OrderDelayed,
    OrderDelivered,
    OrderDespatched,
    WithdrawalAnnulled,
)
from shared.events.prescription import RenewalDue
from shared.events.tasks import TaskRaised
from tests.notification.in_memory import AT, ORDER, Notification

SHORTAGE = {"article_no": "30012", "patient_refs": ["p-1", "p-1"]}


def delayed(notification: Notification, day: date) -> OrderDelayed:
    return OrderDelayed(
        order_no=ORDER,
        withdrawal_no="U2026-000123-4",
        patient_ref="p-1",
        line_ids=("F2026-000001-1-1",),
        expected_on=day,
        notify=Notify(channel="sms", to=notification.service.seals.seal("+46701740605"), language="en"),
    )


def substituted(notification: Notification, line: int) -> ArticleSubstituted:
    return ArticleSubstituted(
        order_no=ORDER,
        withdrawal_no="U2026-000123-4",
        patient_ref="p-1",
        line_id=f"F2026-000001-1-{line}",
        article_no="30012",
        replacement_article_no="30013",
        packages=2,
        notify=Notify(channel="sms", to=notification.service.seals.seal("+46701740605")),
    )


def renewal(notification: Notification, *, line: int = 1, **changes: Any) -> RenewalDue:
    usual: dict[str, Any] = {
        "line_id": f"F2026-000001-1-{line}",
        "prescription_no": "F2026-000001-1",
        "patient_ref": "p-1",
        "why": "ends",
        "on": date(2026, 12, 24),
        "notify": notification.service.seals.seal("+46701740605"),
    }
    return RenewalDue(**{**usual, **changes})


def texts(notification: Notification) -> list[str]:
    return [each["text"] for each in notification.gateway.taken]


async def settled(notification: Notification) -> None:
    """Wait until news that may belong together is sent."""
    notification.service.clock.set(notification.service.clock.now() + timedelta(seconds=30))
    await notification.run(2)


def part(notification: Notification, parcel: int = 1, **more: Any) -> OrderDespatched:
    return notification.despatched().model_copy(update={"parcel": parcel, **more})


def came(order_no: str = ORDER) -> OrderDelivered:
    return OrderDelivered(
        order_no=order_no, withdrawal_no="U2026-000123-4", patient_ref="p-1", delivered_at=AT
    )


def not_coming(notification: Notification, channel: Any = "sms", **more: Any) -> WithdrawalAnnulled:
    to = notification.service.seals.seal("+46701740605") if channel == "sms" else None
    return WithdrawalAnnulled(
        withdrawal_no="U2026-000123-4",
        patient_ref="p-1",
        annulled_on=AT.date(),
        line_ids=("F2026-000001-1-1",),
        why="refused",
        order_no=ORDER,
        notify=Notify(channel=channel, to=to),
    ).model_copy(update=more)


async def test_each_parcel_is_told_and_a_part_says_what_comes_later(notification: Notification) -> None:
    first = part(notification, part="part", rest_on=date(2026, 12, 6))
    rest = part(notification, 2, part="rest")
    await notification.hear(first, first)
    await notification.run(2)
    await notification.hear(rest, rest)
    await notification.run(2)

    assert texts(notification) == [
        "En del av din leverans är på väg. Resten väntas 6 december. Frågor? Ring kundservice 040-628 04 00.",
        "Resten av din leverans är på väg. Frågor? Ring kundservice 040-628 04 00.",
    ]


async def test_a_parcel_of_a_kind_that_only_a_newer_version_knows_is_told_as_a_whole_delivery(
    notification: Notification,
) -> None:
    await notification.hear(part(notification, part=Unknown("what_a_newer_version_says")))
    await notification.run()

    assert [each.startswith("Din leverans är på väg.") for each in texts(notification)] == [True]


async def test_who_wished_a_way_that_only_a_newer_version_knows_is_called_by_a_person(
    notification: Notification,
) -> None:
    await notification.hear(notification.despatched(channel=Unknown("what_a_newer_version_says")))
    await notification.run()

    assert texts(notification) == []
    assert [each.reason for each in notification.service.told_of(TaskRaised)] == ["tell-by-phone"]


@pytest.mark.parametrize("delay_first", [True, False])
async def test_a_delay_and_a_part_known_at_the_same_moment_are_one_message(
    notification: Notification, delay_first: bool
) -> None:
    facts = [
        delayed(notification, date(2026, 12, 6)),
        part(notification, part="part", rest_on=date(2026, 12, 6)),
    ]
    for fact in facts if delay_first else reversed(facts):
        await notification.hear(fact)
        await notification.run(2)
    await settled(notification)

    (text,) = texts(notification)
    assert "Resten väntas 6 december" in text


async def test_of_two_new_days_known_at_the_same_moment_the_last_is_told(notification: Notification) -> None:
    await notification.hear(*(delayed(notification, date(2026, 12, day)) for day in (1, 8)))
    await settled(notification)

    assert [each for each in texts(notification) if "December" in each] == [
        "Your delivery is late. It is expected on 8 December. Questions? Call 040-628 04 00."
    ]


AT_NIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
IN_THE_MORNING = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize("arrives_first", [True, False])
@pytest.mark.parametrize(
    ("left_outside", "says"),
    [(False, []), (True, ["Vi har levererat din beställning. Frågor? Ring kundservice 040-628 04 00."])],
)
async def test_nothing_is_announced_in_the_morning_that_came_at_night(
    notification: Notification, left_outside: bool, says: list[str], arrives_first: bool
) -> None:
    notification.service.clock.set(AT_NIGHT)
    facts = [part(notification, is_left_outside=left_outside), came()]
    await notification.hear(*(reversed(facts) if arrives_first else facts))
    await notification.run(2)
    notification.service.clock.set(IN_THE_MORNING)
    await notification.run(2)

    assert texts(notification) == says


@pytest.mark.parametrize("channel", ["sms", "none"])
async def test_goods_that_do_not_come_are_told_once_with_whom_to_call(
    notification: Notification, channel: str
) -> None:
    told = not_coming(notification, channel)
    await notification.hear(
        notification.patient(), told, told, told.model_copy(update={"order_no": "B2026-000008-9"})
    )
    await notification.run(2)

    assert texts(notification) == [
        "Något som du har beställt kommer inte. Ring kundservice 040-628 04 00 så hjälper vi dig."
    ]


async def test_what_somebody_annulled_is_no_message(notification: Notification) -> None:
    await notification.hear(not_coming(notification, why="annulled", notify=None))
    await notification.run(2)

    assert texts(notification) == []


async def test_a_delay_is_told_once_for_each_new_day(notification: Notification) -> None:
    first, second = (delayed(notification, date(2026, 12, day)) for day in (1, 8))
    for told in (first, second):
        await notification.hear(told, told)
        await settled(notification)

    assert sorted(texts(notification)) == [
        "Your delivery is late. It is expected on 1 December. Questions? Call 040-628 04 00.",
        "Your delivery is late. It is expected on 8 December. Questions? Call 040-628 04 00.",
    ]


async def test_a_substitution_is_told_once_for_an_order_and_names_no_goods(
    notification: Notification,
) -> None:
    await notification.hear(substituted(notification, 1), substituted(notification, 2))
    await notification.run(2)

    (text,) = texts(notification)
    assert text.startswith("En vara i din leverans är utbytt mot en likvärdig.")
    assert "300" not in text


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("ends", "Du kan göra uttag till och med 24 december."),
        ("last_withdrawal_used", "Ditt sista uttag räcker till"),
        (Unknown("what_a_newer_version_says"), "Du kan göra uttag till och med 24 december."),
    ],
)
async def test_a_renewal_is_told_before_it_is_too_late(
    notification: Notification, why: str, words: str
) -> None:
    await notification.hear(renewal(notification, why=why))
    await notification.run()

    assert texts(notification)[0].startswith(words)


async def test_lines_of_a_prescription_that_end_together_are_told_of_once(notification: Notification) -> None:
    await notification.hear(*(renewal(notification, line=each) for each in (1, 2, 3)))
    await notification.run()

    assert len(texts(notification)) == 1


async def test_a_renewal_without_a_number_goes_by_the_patients_own_way(notification: Notification) -> None:
    await notification.hear(notification.patient(phone=None), renewal(notification, notify=None))
    await notification.run(2)

    assert notification.gateway.taken == []
    assert len(notification.written("email")) == 1


async def test_a_renewal_waits_three_days_for_an_answer(notification: Notification) -> None:
    notification.register.answer = None
    await notification.hear(renewal(notification))
    await notification.run()
    notification.service.clock.set(datetime(2026, 11, 26, 8, 59, tzinfo=UTC))
    notification.register.answer = {"may_be_told": True}
    await notification.run()

    assert len(texts(notification)) == 1
    assert AT.day + 3 == 26


async def tell_shortage(notification: Notification, key: str, body: Any = SHORTAGE) -> Any:
    return await notification.service.client.post(
        "/messages/shortage", json=body, headers=notification.service.once("customer_service", key)
    )


async def test_a_shortage_is_told_to_each_patient_once_a_day_whoever_asks(
    notification: Notification,
) -> None:
    await notification.hear(notification.patient(language="en"))

    answers = [await tell_shortage(notification, key) for key in ("key-0001", "key-0001", "key-0002")]
    await notification.run()

    assert [answer.json() for answer in answers] == [{"patients": 1}] * 3
    assert texts(notification) == [
        "An item that you usually get is out of stock. Call 040-628 04 00 and we will help you."
    ]
    assert "30012" not in str(notification.gateway.taken)


async def test_a_shortage_names_whom_it_is_for(notification: Notification) -> None:
    answer = await tell_shortage(notification, "key-0001", {"article_no": "1", "patient_refs": []})

    assert answer.status_code == 422
