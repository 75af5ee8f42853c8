"""Parked messages and kept facts in an operator's hand."""

from datetime import UTC, datetime
from pathlib import Path

import aiormq
import pytest

from deploy import operations
from shared.clock import FixedClock
from shared.messaging.consuming import PARKED, Parked
from shared.messaging.parked import MOST_REMEMBERED, NotParked, back_to_parked, discarded, replayed
from shared.repository import Cause
from shared.repository.mongo.backend import Mongo, connect
from shared.sealed import new_key_file, seals_from
from shared.service.process import repository_of
from tests.conftest import Rabbitmq
from tools.embedded.definitions import declare

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
QUEUE = "billing.hears.trial.thing_done.v1"
MESSAGE = Parked(
    parked_id=f"{QUEUE}|m-1",
    queue=QUEUE,
    message_id="m-1",
    topic="trial.thing_done.v1",
    body='{"thing": 1}',
    traceparent=None,
    reason="ValueError: it was broken",
    stack="line 1",
    attempts=4,
    first_at=NOW,
    last_at=NOW,
    state="parked",
)


def test_a_message_is_replayed_once() -> None:
    once, _ = replayed(MESSAGE, at=NOW, by="anna")

    assert once.state == "replayed"
    assert once.history == ("2026-11-23T09:00Z replayed by anna",)
    with pytest.raises(NotParked):
        replayed(once, at=NOW, by="bo")


def test_a_discarded_message_keeps_its_reason_and_is_not_replayed() -> None:
    gone, _ = discarded(MESSAGE, at=NOW, by="anna", because="a test message")

    assert gone.discarded_because == "a test message"
    with pytest.raises(NotParked):
        replayed(gone, at=NOW, by="bo")


def test_of_many_replays_in_vain_the_newest_are_remembered() -> None:
    message = MESSAGE
    for each in range(MOST_REMEMBERED + 3):
        message, _ = back_to_parked(replayed(message, at=NOW, by=f"operator-{each}")[0])

    assert len(message.history) == MOST_REMEMBERED
    assert message.history[-1].endswith(f"operator-{MOST_REMEMBERED + 2}")


def test_a_replay_that_the_broker_did_not_take_is_parked_again() -> None:
    once, _ = replayed(MESSAGE, at=NOW, by="anna")

    assert back_to_parked(once)[0].state == "parked"


@pytest.fixture
def addresses(
    mongodb_url: str,
    rabbitmq: Rabbitmq,
    database_prefix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Rabbitmq:
    keys = tmp_path / "keys.json"
    new_key_file(keys)
    told = {
        "MONGODB_URL": mongodb_url,
        "RABBITMQ_URL": rabbitmq.url,
        "RABBITMQ_PARTNERS_URL": rabbitmq.partners_url,
        "SESAM_DATABASE_PREFIX": database_prefix,
        "SESAM_KEYS_FILE": str(keys),
        "SESAM_AUDIT_DIR": str(tmp_path / "audit"),
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return rabbitmq


async def park(message: Parked, *, database: str, mongodb_url: str, keys: Path) -> None:
    client = connect(mongodb_url, app_name="test")
    backend = Mongo(client[f"{database}_billing"])
    await backend.prepare([PARKED])
    repository = repository_of(backend, service="billing", clock=FixedClock(NOW), seals=seals_from(keys))
    await repository.change(PARKED.maybe(message.parked_id), lambda _: (message, ()), cause=Cause(key=None))
    await repository.close()
    await client.close()


@pytest.mark.connected
async def test_a_parked_message_goes_back_to_its_own_queue(
    addresses: Rabbitmq,
    mongodb_url: str,
    database_prefix: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await declare(
        {"exchanges": [], "bindings": [], "queues": [{"vhost": "here", "name": QUEUE, "arguments": {}}]},
        {"here": addresses.url},
    )
    await park(MESSAGE, database=database_prefix, mongodb_url=mongodb_url, keys=tmp_path / "keys.json")

    assert await operations.list_parked() == 0
    assert "it was broken" in capsys.readouterr().out
    assert await operations.replay_parked("m-1") == 0
    assert await operations.replay_parked("m-1") == 1

    connection = await aiormq.connect(addresses.url)
    channel = await connection.channel()
    message = await channel.basic_get(QUEUE, no_ack=True)
    await channel.queue_delete(QUEUE)
    await connection.close()
    assert message.body == b'{"thing": 1}'
    assert message.header.properties.message_id == "m-1"
    assert message.delivery.message_count == 0  # type: ignore[union-attr]


@pytest.mark.connected
async def test_a_parked_message_stays_parked_when_no_queue_takes_it(
    addresses: Rabbitmq,
    mongodb_url: str,
    database_prefix: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await park(MESSAGE, database=database_prefix, mongodb_url=mongodb_url, keys=tmp_path / "keys.json")

    assert await operations.replay_parked("m-1") == 1

    await operations.list_parked()
    assert "parked" in capsys.readouterr().out.splitlines()[1]
