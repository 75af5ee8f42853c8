"""When a fact was committed goes along with it, for whoever must know which of two was published last."""

from datetime import UTC, datetime

import pytest

from shared.clock import FixedClock
from shared.events.tasks import TaskResolved
from shared.messaging.consuming import Dispatcher, Subscriptions
from shared.messaging.envelope import Message, told_at
from shared.repository import Cause
from shared.repository.memory.backend import Memory
from shared.service.process import repository_of
from tests.support import test_seals as seals_of_tests

AT = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
FACT = TaskResolved(task_id="t-1", how="by itself")


@pytest.mark.parametrize("said", [None, "", "yesterday", "2026-11-21T11:00:00", b"\xff", 7])
def test_a_moment_that_cannot_be_read_is_none(said: object) -> None:
    assert told_at(said) is None


def test_a_moment_is_read_as_the_relay_writes_it() -> None:
    assert told_at("2026-11-21T11:00:00Z") == AT


async def test_a_handler_knows_when_its_fact_was_committed() -> None:
    heard: list[Cause] = []
    subscriptions = Subscriptions("anyone")

    @subscriptions.on(TaskResolved)
    async def on_task_resolved(_: TaskResolved, cause: Cause) -> None:
        heard.append(cause)

    clock = FixedClock(AT)
    seals = seals_of_tests()
    repository = repository_of(Memory(), service="anyone", clock=clock, seals=seals)
    message = Message(FACT.model_dump_json().encode(), "m-1", FACT.topic, told_at=AT)
    await Dispatcher(repository, clock, seals).dispatch(subscriptions.all[0], message)
    await repository.close()

    assert [cause.told_at for cause in heard] == [AT]
