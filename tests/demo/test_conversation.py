"""What every demo peer does with questions: once answered, never answered anew, going on after a kill."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tests.demo.orders import AT
from tools.demo.control import Control
from tools.demo.conversation import Conversations, Letter, Question
from tools.demo.journal import Journal, read
from tools.demo.settings import DemoSettings

QUESTION = Question("B1", body={"order_no": "B1"}, steps=("ack", "delivered"))


class Said(BaseModel):
    step: str


def write(body: Mapping[str, Any], step: str, at: datetime) -> Letter:
    return Letter("reply.demo-a", f"{body['order_no']}/{step}", "said", Said(step=step))


class Broker:
    """Keeps what is sent, and can be lost."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.lost_after: int | None = None

    async def send(self, letter: Letter) -> None:
        if len(self.letters) == self.lost_after:
            raise ConnectionError
        self.letters.append(letter)

    @property
    def said(self) -> list[str]:
        return [letter.message_id for letter in self.letters]


@pytest.fixture
def settings(tmp_path: Path) -> DemoSettings:
    return DemoSettings(peer_log_dir=tmp_path, peer_delay_seconds=0)


def conversations(settings: DemoSettings, broker: Broker) -> Conversations:
    journal = Journal(settings.peer_log_dir / "peer.jsonl")
    return Conversations(journal, Control("peer", settings), now=lambda: AT, write=write, send=broker.send)


async def test_a_question_is_answered_step_by_step(settings: DemoSettings) -> None:
    broker = Broker()
    peer = conversations(settings, broker)

    assert peer.ask(QUESTION)
    await peer.answer("B1")

    assert broker.said == ["B1/ack", "B1/delivered"]
    assert peer.open == []


async def test_a_question_that_comes_again_is_noted_and_not_answered_again(settings: DemoSettings) -> None:
    broker = Broker()
    peer = conversations(settings, broker)
    peer.ask(QUESTION)

    assert not peer.ask(QUESTION)

    assert [entry["what"] for entry in read(settings.peer_log_dir / "peer.jsonl")] == ["asked", "asked-again"]


async def test_a_question_that_comes_again_with_other_words_is_noted_as_not_the_same(
    settings: DemoSettings,
) -> None:
    peer = conversations(settings, Broker())
    peer.ask(QUESTION)

    peer.ask(Question("B1", body={"order_no": "B1", "version": 2}, steps=()))

    assert read(settings.peer_log_dir / "peer.jsonl")[-1]["same"] is False


async def test_a_peer_that_was_killed_answers_what_is_left_and_nothing_twice(settings: DemoSettings) -> None:
    broker = Broker()
    broker.lost_after = 1
    killed = conversations(settings, broker)
    killed.ask(QUESTION)
    with pytest.raises(ConnectionError):
        await killed.answer("B1")

    broker.lost_after = None
    started_again = conversations(settings, broker)
    for key in started_again.open:
        await started_again.answer(key)

    assert broker.said == ["B1/ack", "B1/delivered"]
    assert not started_again.ask(QUESTION)


async def test_a_peer_on_hold_answers_when_it_is_let_go(settings: DemoSettings) -> None:
    broker = Broker()
    peer = conversations(settings, broker)
    control = Control("peer", settings)
    control.tell({"mode": "hold"})
    peer.ask(QUESTION)

    answering = asyncio.create_task(peer.answer("B1"))
    await asyncio.sleep(0.1)
    held = broker.said
    control.forget()
    await answering

    assert held == []
    assert broker.said == ["B1/ack", "B1/delivered"]


def test_what_cannot_be_read_is_noted_with_the_reason(settings: DemoSettings) -> None:
    conversations(settings, Broker()).refuse("{", why="1 fault")

    (entry,) = read(settings.peer_log_dir / "peer.jsonl")
    assert (entry["what"], entry["why"]) == ("unreadable", "1 fault")


def test_a_line_torn_by_a_kill_never_counted(tmp_path: Path) -> None:
    path = tmp_path / "peer.jsonl"
    path.write_bytes(b'{"n":1}\n{"n":2')

    assert read(path) == [{"n": 1}]
    journal = Journal(path)
    journal.add({"n": 3})

    assert journal.entries() == [{"n": 1}, {"n": 3}]


def test_a_peer_that_has_no_book_yet_has_said_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "none.jsonl") == []


def test_a_control_file_that_asks_for_something_unknown_is_refused(settings: DemoSettings) -> None:
    with pytest.raises(ValueError, match="pace"):
        Control("peer", settings).tell({"mode": "normal", "pace": 2})


STOP = Question(
    "B1/cancel",
    body={"order_no": "B1/cancel"},
    steps=("stopped",),
    calls_off="B1",
    too_late_after=frozenset({"delivered"}),
    steps_if_too_late=("too-late",),
)


async def test_what_is_called_off_in_time_is_not_answered_further_also_after_a_restart(
    settings: DemoSettings,
) -> None:
    broker = Broker()
    peer = conversations(settings, broker)

    peer.ask(QUESTION)
    peer.ask(STOP)
    await peer.answer("B1")
    await peer.answer("B1/cancel")

    assert broker.said == ["B1/cancel/stopped"]
    assert conversations(settings, broker).open == []


async def test_what_has_gone_too_far_is_not_called_off(settings: DemoSettings) -> None:
    broker = Broker()
    peer = conversations(settings, broker)
    peer.ask(QUESTION)
    await peer.answer("B1")

    again = conversations(settings, broker)
    again.ask(STOP)
    await again.answer("B1/cancel")

    assert broker.said == ["B1/ack", "B1/delivered", "B1/cancel/too-late"]


async def test_an_order_that_comes_after_its_own_cancellation_is_noted_and_not_answered(
    settings: DemoSettings,
) -> None:
    broker = Broker()
    peer = conversations(settings, broker)

    peer.ask(STOP)
    peer.ask(QUESTION)
    await peer.answer("B1")

    assert broker.said == []


def test_a_control_file_that_is_taken_away_while_it_is_looked_at_is_none(
    settings: DemoSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "exists", lambda _: True)

    assert Control("peer", settings).now().mode == settings.peer_mode
