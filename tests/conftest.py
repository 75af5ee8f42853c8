"""What every test may use: real servers started once for the whole run, and a corner of its own in them."""

import gc
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from uuid import uuid4

import aiormq
import hypothesis
import pytest
from pymongo import MongoClient

from shared.repository.backend import Backend
from shared.repository.memory.backend import Memory
from shared.repository.mongo.backend import Mongo, connect
from tests import servers

SERVERS = {"rabbitmq": "RABBITMQ_URL", "mongodb_url": "MONGODB_URL"}
# How long one example takes depends on who else uses the machine; what it shows does not.
hypothesis.settings.register_profile("sesam", deadline=None)
hypothesis.settings.load_profile("sesam")

LONGEST = (
    "test_whole_run.py", "test_trial.py", "test_audit_tampering.py", "test_growing.py",
    "test_poison.py", "test_running_system.py", "test_fuzz.py", "test_generated_clients.py",
    "test_every_page.py", "test_every_device_page.py", "test_in_a_browser.py", "test_devices_in_a_browser.py",
    "test_every_page_of_work.py", "test_work_in_a_browser.py",
)  # fmt: skip
"""The files that take longest: half a minute and more each."""

ALLOCATED = 10_000
"""Objects after which the youngest are looked through."""

RUNNING = pytest.StashKey[ExitStack]()


@dataclass(frozen=True)
class Rabbitmq:
    """The two virtual hosts of this worker, with the topology loaded and every queue empty."""

    url: str
    partners_url: str


def pytest_configure(config: pytest.Config) -> None:
    """Start servers for the workers, who inherit the addresses; a lone process waits for its tests."""
    workers = config.getoption("numprocesses", None)
    if not workers or is_worker(config):
        gc.disable()  # until everything is collected: that makes no garbage
    if workers and may_connect(config) and not is_worker(config):
        config.stash[RUNNING] = servers.start(("RABBITMQ_URL", "MONGODB_URL"), workers=int(workers))


def pytest_collection_finish(session: pytest.Session) -> None:
    collect_garbage_seldom()
    config = session.config
    if is_worker(config) or config.getoption("numprocesses", None) or not may_connect(config):
        return
    fixtures = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    wanted = [variable for fixture, variable in SERVERS.items() if fixture in fixtures]
    config.stash[RUNNING] = servers.start(wanted, workers=0)


def collect_garbage_seldom() -> None:
    """Look through nothing that stays for the whole run: that was a tenth of it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATED, 10, 10)
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, then those that wait for servers: none is left for the end."""
    if not is_worker(config):
        return
    connected = {item.path for item in items if item.get_closest_marker("connected")}

    def turn(item: pytest.Item) -> tuple[int, bool]:
        name = item.path.name
        return LONGEST.index(name) if name in LONGEST else len(LONGEST), item.path not in connected

    items.sort(key=turn)


def pytest_unconfigure(config: pytest.Config) -> None:
    running = config.stash.get(RUNNING, None)
    if running is not None:
        running.close()


def is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def may_connect(config: pytest.Config) -> bool:
    return "not connected" not in config.getoption("markexpr", "") and not config.getoption(
        "collectonly", False
    )


@pytest.fixture(scope="session")
def worker_name() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture
def mongodb_url() -> str:
    return os.environ["MONGODB_URL"]


@pytest.fixture
def database_prefix(worker_name: str, mongodb_url: str) -> Iterator[str]:
    """Give this test a prefix of database names of its own, and drop its databases afterwards."""
    prefix = f"t{worker_name}{uuid4().hex[:10]}"
    yield prefix
    with MongoClient[dict[str, object]](mongodb_url) as client:
        for name in client.list_database_names():
            if name.startswith(prefix):
                client.drop_database(name)


@pytest.fixture
async def rabbitmq(worker_name: str) -> Rabbitmq:
    urls = servers.of_worker(os.environ["RABBITMQ_URL"], worker_name)
    for url, queues in zip(urls, servers.queue_names(), strict=True):
        await empty(url, queues)
    return Rabbitmq(*urls)


async def empty(url: str, queues: Iterable[str]) -> None:
    """Empty the queues, so that no earlier test is heard."""
    connection = await aiormq.connect(url)
    try:
        channel = await connection.channel()
        for queue in queues:
            await channel.queue_purge(queue)
    finally:
        await connection.close()


@pytest.fixture(params=["memory", pytest.param("mongodb", marks=pytest.mark.connected)])
async def backend(request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    """Give an empty database, in memory and in MongoDB: one suite proves them equal."""
    if request.param == "memory":
        yield Memory()
        return
    url, prefix = request.getfixturevalue("mongodb_url"), request.getfixturevalue("database_prefix")
    client = connect(url, app_name="tests")
    yield Mongo(client[f"{prefix}_tests"])
    await client.close()
