"""Whether people may be told is asked together, and each message goes by the answer about its own person."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from services.notification.application import sending
from services.notification.application.messages import Messages
from services.notification.application.sending import MOST_CLAIMED
from services.notification.repository.collections import MESSAGES
from tests.notification.in_memory import Notification

Answers = Callable[[list[str]], Any]


def of(notification: Notification, *people: str) -> list[Any]:
    told = notification.despatched()
    return [
        told.model_copy(update={"order_no": f"B2026-{number:06}-0", "patient_ref": who})
        for number, who in enumerate(people)
    ]


def answering(
    notification: Notification, monkeypatch: pytest.MonkeyPatch, answers: Answers
) -> list[list[str]]:
    """Let prescription answer so; give who was asked about, question by question."""
    asked: list[list[str]] = []

    async def ask(_service: str, _method: str, _path: str, *, json: Any = None) -> Any:
        people = [each["patient_ref"] for each in json["people"]]
        asked.append(people)
        return {"answers": answers(people)}

    job = next(each for each in notification.service.assembled.jobs if each.name == "send what is due")
    reachability = job.run.__self__._reachability  # type: ignore[attr-defined]
    monkeypatch.setattr(reachability, "_ask", ask)
    return asked


def yes(people: list[str]) -> Any:
    return [{"may_be_told": True} for _ in people]


async def until(notification: Notification, **wanted: int) -> None:
    """Wait until so many messages are in these states; raises TimeoutError."""
    async with asyncio.timeout(20):
        while not wanted.items() <= Counter((await states(notification)).values()).items():
            await asyncio.sleep(0.01)


async def states(notification: Notification) -> dict[str, str]:
    found = await notification.service.repository.find(MESSAGES, {}, limit=1000)
    return {each.patient_ref: each.state for each in found}


async def test_several_are_asked_about_in_one_question(
    notification: Notification, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answering(notification, monkeypatch, yes)
    await notification.hear(*of(notification, "p-1", "p-2", "p-3"))

    await notification.run()

    assert [sorted(each) for each in asked] == [["p-1", "p-2", "p-3"]]
    assert len(notification.gateway.taken) == 3


async def test_each_goes_by_the_answer_about_the_own_person(
    notification: Notification, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers(people: list[str]) -> Any:
        why = {"p-2": "protected", "p-3": "register_silent"}
        return [{"may_be_told": each not in why, "why": why.get(each)} for each in people]

    answering(notification, monkeypatch, answers)
    await notification.hear(*of(notification, "p-1", "p-2", "p-3"))

    await notification.run()

    assert await states(notification) == {"p-1": "sent", "p-2": "suppressed", "p-3": "due"}
    assert len(notification.gateway.taken) == 1


async def test_trouble_with_one_person_holds_up_no_other(
    notification: Notification, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers(people: list[str]) -> Any:
        if "p-2" in people:
            request = httpx.Request("POST", "http://prescription.test/reachability")
            raise httpx.HTTPStatusError("500", request=request, response=httpx.Response(500))
        return yes(people)

    answering(notification, monkeypatch, answers)
    await notification.hear(*of(notification, "p-1", "p-2", "p-3"))

    await notification.run()

    assert await states(notification) == {"p-1": "sent", "p-2": "due", "p-3": "sent"}


@pytest.mark.parametrize(
    "answers", [lambda _: [], lambda people: yes([*people, "p-9"])], ids=["too few", "too many"]
)
async def test_who_gives_other_answers_than_were_asked_for_has_not_answered(
    notification: Notification, monkeypatch: pytest.MonkeyPatch, answers: Answers
) -> None:
    answering(notification, monkeypatch, answers)
    await notification.hear(*of(notification, "p-1", "p-2"))

    await notification.run()

    assert set((await states(notification)).values()) == {"due"}
    assert notification.gateway.taken == []


async def test_who_waited_long_for_a_place_at_the_gateway_is_asked_about_again(
    notification: Notification, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "ANSWER_HOLDS_SECONDS", -1.0)
    asked = answering(notification, monkeypatch, yes)
    await notification.hear(*of(notification, "p-1"))

    await notification.run()

    assert asked == [["p-1"], ["p-1"]]
    assert await states(notification) == {"p-1": "sent"}


async def test_who_was_protected_while_waiting_for_a_place_is_not_told(
    notification: Notification, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "ANSWER_HOLDS_SECONDS", -1.0)
    said = iter([None, "protected", "protected"])

    def answers(people: list[str]) -> Any:
        why = next(said)
        return [{"may_be_told": why is None, "why": why} for _ in people]

    answering(notification, monkeypatch, answers)
    await notification.hear(*of(notification, "p-1"))

    await notification.run()
    put_off = await states(notification)
    notification.service.clock.move(minutes=1)
    await notification.run()

    assert (put_off, await states(notification)) == ({"p-1": "due"}, {"p-1": "suppressed"})
    assert notification.gateway.taken == []


async def test_a_message_that_was_noted_here_begins_at_once_and_is_sent_once(
    notification: Notification, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(notification, monkeypatch, yes)
    await notification.hear(*of(notification, *(f"p-{number}" for number in range(200))))

    await notification.run()

    assert len({each["id"] for each in notification.gateway.taken}) == len(notification.gateway.taken) == 200
    assert set((await states(notification)).values()) == {"sent"}


async def test_a_killed_process_leaves_few_attempts_of_which_nobody_knows_the_outcome(
    notification: Notification, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(notification, monkeypatch, yes)
    notification.gateway.seconds = 60
    await notification.hear(*of(notification, *(f"p-{number}" for number in range(300))))

    monkeypatch.setattr(sending, "STOP_SECONDS", 0.01)

    running = asyncio.create_task(notification.run())
    await until(notification, attempting=MOST_CLAIMED)
    await asyncio.sleep(0.1)
    found = Counter((await states(notification)).values())
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert found == {"attempting": MOST_CLAIMED, "due": 300 - MOST_CLAIMED}


async def test_a_process_that_stops_claims_nothing_more_and_ends_what_it_has_claimed(
    notification: Notification, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(notification, monkeypatch, yes)
    notification.gateway.seconds = 0.05
    await notification.hear(*of(notification, *(f"p-{number}" for number in range(300))))

    running = asyncio.create_task(notification.run())
    await until(notification, attempting=MOST_CLAIMED)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    found = Counter((await states(notification)).values())
    assert set(found) == {"sent", "due"}
    assert found["sent"] == len(notification.gateway.taken) < 300


async def test_what_failed_between_two_runs_holds_up_nobody(
    notification: Notification, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LONGEST_RUN_SECONDS", 0)
    answering(notification, monkeypatch, yes)
    await notification.hear(*of(notification, "p-1"))
    await notification.run()
    await asyncio.sleep(0.1)
    notification.service.clock.move(minutes=1)
    monkeypatch.setattr(sending, "LONGEST_RUN_SECONDS", 10)

    async with asyncio.timeout(5):
        await notification.run()

    assert await states(notification) == {"p-1": "sent"}


async def test_an_outcome_is_kept_though_how_the_gateway_does_cannot_be_noted(
    notification: Notification, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise ConnectionError("no database")

    answering(notification, monkeypatch, yes)
    monkeypatch.setattr(Messages, "note_outcome", broken)
    await notification.hear(*of(notification, "p-1"))

    with pytest.raises(ConnectionError):
        await notification.run()

    assert await states(notification) == {"p-1": "sent"}


async def test_a_number_given_up_while_waiting_for_a_place_is_not_called(
    notification: Notification, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "ANSWER_HOLDS_SECONDS", -1.0)
    answering(notification, monkeypatch, yes)
    claim = Messages.claim

    async def meanwhile(self: Messages, message: Any, *, attempt: str) -> Any:
        claimed = await claim(self, message, attempt=attempt)
        await notification.hear(notification.patient(2, phone="+46701740635"))
        return claimed

    monkeypatch.setattr(Messages, "claim", meanwhile)
    await notification.hear(notification.patient(), *of(notification, "p-1"))

    await notification.run()

    assert [each["to"] for each in notification.gateway.taken] == ["+46701740635"]


async def test_a_backlog_that_others_left_is_worked_off_without_waiting_for_the_next_look(
    notification: Notification, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LOOK_EVERY_SECONDS", 60)
    monkeypatch.setattr(sending, "MOST_SEEN", 20)
    answering(notification, monkeypatch, yes)
    await notification.hear(*of(notification, *(f"p-{number}" for number in range(90))))
    notification.forget()

    async with asyncio.timeout(20):
        await notification.run()

    assert set((await states(notification)).values()) == {"sent"}


async def test_what_is_due_tomorrow_is_not_begun_tonight(
    notification: Notification, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answering(notification, monkeypatch, yes)
    notification.service.clock.set(datetime(2026, 11, 23, 21, 0, tzinfo=UTC))
    await notification.hear(*of(notification, "p-1"))

    await notification.run()
    (message,) = await notification.service.repository.find(MESSAGES, {})

    assert (asked, message.waits, message.state) == ([], 0, "due")
