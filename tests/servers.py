"""Real servers for the tests: given ones, else native ones of their own, else Docker, else a loud failure."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tools.embedded import mongod, rabbitmq, servers
from tools.embedded.definitions import events_vhost, for_tests, partners_vhost
from tools.embedded.packages import NotInstallable
from tools.embedded.ports import free_ports
from tools.embedded.processes import NotReady, ProgramDied, Supervisor

IN_MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 * 1024**3
TROUBLES = (mongod.NoMongod, rabbitmq.NoRabbitmq, NotInstallable, NotReady, ProgramDied)


def start(wanted: Collection[str], *, workers: int) -> ExitStack:
    """Start what is wanted and not given, name it in the environment, and return what stops it."""
    ways = {
        "MONGODB_URL": (native_mongodb, docker_mongodb),
        "RABBITMQ_URL": (native_rabbitmq, docker_rabbitmq),
    }
    running = ExitStack()
    try:
        for variable in wanted:
            if variable == "RABBITMQ_URL" and os.environ.get(variable):
                demand_virtual_hosts(os.environ[variable], workers)
            if not os.environ.get(variable):
                os.environ[variable] = first_that_starts(running, *ways[variable], workers)
                running.callback(os.environ.pop, variable)
    except BaseException:
        running.close()
        raise
    return running


def demand_virtual_hosts(url: str, workers: int) -> None:
    """Fail loudly when the given RabbitMQ lacks the virtual hosts of the tests: AMQP cannot make them."""
    worker = f"gw{workers - 1}" if workers else "main"
    for address in of_worker(url, worker):
        if not asyncio.run(rabbitmq.has_queue(address, None)):
            raise pytest.UsageError(
                f"RABBITMQ_URL's broker has no virtual host {address.rpartition('/')[2]} for us.\n"
                f"Load the tests' definitions: ./sesam topology --tests {workers} > definitions.json\n"
                "and then: rabbitmqctl import_definitions definitions.json"
            )


def first_that_starts(
    running: ExitStack,
    native: Callable[[ExitStack, int], str],
    docker: Callable[[ExitStack, int], str],
    workers: int,
) -> str:
    try:
        return native(running, workers)
    except TROUBLES as trouble:
        without_native = str(trouble)
    try:
        return docker(running, workers)
    except Exception as trouble:
        raise pytest.UsageError(
            f"The tests need real servers.\nNative: {without_native}\nDocker: {trouble}\n"
            "Set MONGODB_URL and RABBITMQ_URL, or make one of these two ways work."
        ) from trouble


def passing_folder(purpose: str) -> tempfile.TemporaryDirectory[str]:
    """Give a folder for servers that are thrown away: in memory, where there is room."""
    remove_what_the_killed_left()
    in_memory = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM_BYTES
    return tempfile.TemporaryDirectory(
        prefix=f"sesam-{purpose}-{os.getpid()}-",
        dir=IN_MEMORY if in_memory else None,
        ignore_cleanup_errors=True,
    )


def remove_what_the_killed_left() -> None:
    """Give memory back that a killed run of the tests had no time to give back."""
    for folder in IN_MEMORY.glob("sesam-*-*-*"):
        process = folder.name.split("-")[2]
        if process.isdigit() and not Path("/proc", process).exists():
            shutil.rmtree(folder, ignore_errors=True)


def supervised(running: ExitStack) -> tuple[Supervisor, Path]:
    folder = Path(running.enter_context(passing_folder("tests")))
    supervisor = Supervisor(folder / "logs")
    running.callback(supervisor.stop)
    return supervisor, folder


def native_mongodb(running: ExitStack, _workers: int) -> str:
    supervisor, folder = supervised(running)
    (port,) = free_ports(1)
    servers.start_mongodb(supervisor, servers.prepare_mongodb(), folder / "mongodb", port=port)
    servers.await_mongodb(supervisor, port)
    return mongod.url(port)


def native_rabbitmq(running: ExitStack, workers: int) -> str:
    supervisor, folder = supervised(running)
    node = rabbitmq.Node(folder / "rabbitmq", *free_ports(3))
    whole = for_tests(workers)
    servers.start_rabbitmq(supervisor, servers.prepare_rabbitmq(), node, whole)
    servers.await_rabbitmq(supervisor, node, whole)
    return rabbitmq.url(node.port, events_vhost("main"))


def docker_mongodb(running: ExitStack, _workers: int) -> str:
    from tests.containers import mongodb

    return mongodb(running)


def docker_rabbitmq(running: ExitStack, workers: int) -> str:
    from tests.containers import rabbitmq as container

    return container(running, for_tests(workers), events_vhost("main"))


def of_worker(url: str, worker: str) -> tuple[str, str]:
    """Give a worker's two addresses: its events and its partners."""
    server = url.rpartition("/")[0]
    return f"{server}/{events_vhost(worker)}", f"{server}/{partners_vhost(worker)}"


@cache
def queue_names() -> tuple[list[str], list[str]]:
    """Name the queues of the events and those of the partners."""
    from deploy.topology import definitions
    from tools.embedded.place import demo_distributors

    whole = definitions(demo_distributors(), events_vhost="events", partners_vhost="partners")
    return queues_of(whole, "events"), queues_of(whole, "partners")


def queues_of(whole: Mapping[str, Any], vhost: str) -> list[str]:
    return [queue["name"] for queue in whole["queues"] if queue["vhost"] == vhost]
