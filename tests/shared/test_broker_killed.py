"""The broker is killed under load and comes back: nothing is lost, nothing is doubled."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from shared.messaging.topology import definitions, merged
from tests.conftest import Rabbitmq
from tests.shared.bus import RunningBus, running_bus, until
from tests.shared.examples import PURSES
from tools.embedded import rabbitmq as native
from tools.embedded import servers
from tools.embedded.ports import free_ports
from tools.embedded.processes import Supervisor

pytestmark = pytest.mark.connected

TOLD = 300
TOPOLOGY = merged(
    [definitions([], services=(), distributors=[], events_vhost="t-own", partners_vhost="t-own-partners")]
)


class Broker:
    """A node of the test's own, to be killed."""

    def __init__(self, folder: Path) -> None:
        self.node = native.Node(folder / "rabbitmq", *free_ports(3))
        self._installed = servers.prepare_rabbitmq()
        self._folder = folder
        self._all = ExitStack()
        epmd, self._program = native.programs(self._installed, self.node, TOPOLOGY)
        self._supervisor().start(epmd)
        self._pid = 0

    def start(self) -> None:
        supervisor = self._supervisor()
        self._pid = supervisor.start(self._program)
        native.wait_until_ready(supervisor, self.node, TOPOLOGY)

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)

    def stop(self) -> None:
        self._all.close()

    def _supervisor(self) -> Supervisor:
        supervisor = Supervisor(self._folder / "logs")
        self._all.callback(supervisor.stop)
        return supervisor


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker(tmp_path)
    yield broker
    broker.stop()


async def test_a_killed_broker_loses_and_doubles_nothing(
    broker: Broker, mongodb_url: str, database_prefix: str
) -> None:
    await asyncio.to_thread(broker.start)
    urls = Rabbitmq(native.url(broker.node.port, "t-own"), native.url(broker.node.port, "t-own-partners"))
    async with running_bus(urls, mongodb_url, database_prefix) as running:
        await asyncio.sleep(2)  # a quorum queue killed within a second of its declaration has no leader
        saying = asyncio.create_task(say_everything(running))
        await asyncio.sleep(0.7)
        broker.kill()
        await asyncio.sleep(0.5)
        await asyncio.to_thread(broker.start)
        await saying

        async def everything_is_heard() -> bool:
            return len(await running.consumer.repository.find(PURSES, {}, limit=TOLD + 1)) == TOLD

        await until(everything_is_heard, within_seconds=60)
        heard = await running.consumer.repository.find(PURSES, {}, limit=TOLD + 1)
        assert [purse.coins for purse in heard] == [1] * TOLD
        assert not await running.consumer.parked()


async def say_everything(running: RunningBus) -> None:
    for number in range(TOLD):
        await running.say(f"p{number}", key=f"key-{number}")
        await asyncio.sleep(0.01)
