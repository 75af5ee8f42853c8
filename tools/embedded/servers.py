"""Prepares, starts and waits for a MongoDB and a RabbitMQ of the run's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.embedded import mongod, rabbitmq
from tools.embedded.place import PROJECT
from tools.embedded.processes import Supervisor
from tools.embedded.progress import step

# What is unpacked here serves the run and the tests, and outlives ./sesam reset
UNPACKED = PROJECT / ".venv" / "servers"


@dataclass(frozen=True)
class Mongodb:
    program: Path
    environment: Mapping[str, str]


def prepare_mongodb() -> Mongodb:
    with step("MongoDB found"):
        program = mongod.find()
        return Mongodb(program, mongod.prepare(program, UNPACKED / "libraries"))


def prepare_rabbitmq() -> rabbitmq.Installed:
    with step("RabbitMQ found"):
        return rabbitmq.prepare(UNPACKED / "rabbitmq-server")


def start_mongodb(
    supervisor: Supervisor, mongodb: Mongodb, data: Path, *, port: int, key_file: Path | None = None
) -> None:
    program = mongod.program(
        mongodb.program, data, port=port, environment=mongodb.environment, key_file=key_file
    )
    supervisor.start(program)


def start_rabbitmq(
    supervisor: Supervisor, installed: rabbitmq.Installed, node: rabbitmq.Node, definitions: Mapping[str, Any]
) -> None:
    for program in rabbitmq.programs(installed, node, definitions):
        supervisor.start(program)


def await_mongodb(supervisor: Supervisor, port: int, *, operator: tuple[str, str] | None = None) -> None:
    with step(f"MongoDB on port {port}"):
        mongod.wait_until_primary(supervisor, port, operator=operator)
        if operator:
            mongod.make_operator(port, *operator)


def await_rabbitmq(supervisor: Supervisor, node: rabbitmq.Node, definitions: Mapping[str, Any]) -> None:
    with step(f"RabbitMQ on port {node.port}, with its topology"):
        rabbitmq.wait_until_ready(supervisor, node, definitions)
