"""MongoDB and RabbitMQ of one's own, started for real."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiormq
import pytest
from pymongo import MongoClient

from tools.embedded import mongod, rabbitmq, servers
from tools.embedded.ports import answers, free_ports
from tools.embedded.processes import Supervisor

DEFINITIONS = {
    "users": [{"name": "guest", "password": "guest", "tags": []}],
    "vhosts": [{"name": "one"}, {"name": "two"}],
    "permissions": [
        {"user": "guest", "vhost": vhost, "configure": "", "write": ".*", "read": ".*"}
        for vhost in ("one", "two")
    ],
    "queues": [
        {
            "vhost": "two",
            "name": "facts",
            "durable": True,
            "auto_delete": False,
            "arguments": {"x-queue-type": "quorum"},
        }
    ],
}


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path / "logs")
    yield supervisor
    supervisor.stop()


def started_mongodb(supervisor: Supervisor, data: Path) -> int:
    (port,) = free_ports(1)
    servers.start_mongodb(supervisor, servers.prepare_mongodb(), data, port=port)
    servers.await_mongodb(supervisor, port)
    return port


def started_rabbitmq(supervisor: Supervisor, folder: Path) -> rabbitmq.Node:
    node = rabbitmq.Node(folder, *free_ports(3))
    servers.start_rabbitmq(supervisor, servers.prepare_rabbitmq(), node, DEFINITIONS)
    servers.await_rabbitmq(supervisor, node, DEFINITIONS)
    return node


@pytest.mark.connected
def test_mongodb_takes_transactions_and_keeps_its_data_when_its_port_changes(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    port = started_mongodb(supervisor, tmp_path / "mongodb")
    with (
        MongoClient[dict[str, Any]](mongod.url(port)) as client,
        client.start_session() as session,
        session.start_transaction(),
    ):
        client.trial.rows.insert_one({"_id": 1}, session=session)
    supervisor.stop()

    moved = started_mongodb(supervisor, tmp_path / "mongodb")

    with MongoClient[dict[str, Any]](mongod.url(moved)) as client:
        assert client.trial.rows.count_documents({}) == 1
        limit = client.admin.command({"getParameter": 1, "transactionLifetimeLimitSeconds": 1})
        assert limit["transactionLifetimeLimitSeconds"] == 5


@pytest.mark.connected
def test_rabbitmq_has_its_definitions_when_it_is_ready_and_keeps_messages_over_a_restart(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    node = started_rabbitmq(supervisor, tmp_path / "rabbitmq")
    asyncio.run(publish(node, b"fact"))
    supervisor.stop()
    assert not answers(node.epmd_port)

    again = started_rabbitmq(supervisor, tmp_path / "rabbitmq")

    assert asyncio.run(first_message(again)) == b"fact"


async def publish(node: rabbitmq.Node, body: bytes) -> None:
    connection = await aiormq.connect(rabbitmq.url(node.port, "two"))
    channel = await connection.channel()
    await channel.basic_publish(body, routing_key="facts")
    await connection.close()


async def first_message(node: rabbitmq.Node) -> bytes:
    connection = await aiormq.connect(rabbitmq.url(node.port, "two"))
    channel = await connection.channel()
    message = await channel.basic_get("facts", no_ack=True)
    await connection.close()
    return message.body


def test_erlang_is_told_where_it_lies(tmp_path: Path) -> None:
    script = tmp_path / "usr" / "lib" / "erlang" / "bin" / "erl"
    script.parent.mkdir(parents=True)
    script.write_text('if x; then\n    ROOTDIR=/usr/lib/erlang\nfi\nBINDIR="$ROOTDIR/erts-13/bin"\n')

    rabbitmq.settle(tmp_path)
    rabbitmq.settle(tmp_path)

    home = tmp_path / "usr" / "lib" / "erlang"
    assert script.read_text() == f'if x; then\n    ROOTDIR="{home}"\nfi\nBINDIR="$ROOTDIR/erts-13/bin"\n'
