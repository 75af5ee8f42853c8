"""Three mongods as one replica set; each can be killed, stopped or stepped down."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.accounts import key_file_in
from tools.embedded import mongod, servers
from tools.embedded.ports import ADDRESS
from tools.embedded.processes import Program

NAME = "sesam"
ELECTION_MILLISECONDS = 1500
HEARTBEAT_MILLISECONDS = 500
ANSWERS_WITHIN_SECONDS, INITIATES_WITHIN_SECONDS = 3.0, 60.0
"""A set is made by three servers that write to disk: on a busy machine that takes long."""


Account = tuple[str, str]


def url(ports: Sequence[int], account: Account) -> str:
    members = ",".join(f"{ADDRESS}:{port}" for port in ports)
    return f"mongodb://{':'.join(account)}@{members}/?authSource=admin&replicaSet={NAME}"


def programs(folder: Path, ports: Sequence[int]) -> list[Program]:
    key_file, found = key_file_in(folder / "keys" / "mongodb.key"), servers.prepare_mongodb()
    return [
        replace(
            mongod.program(
                found.program,
                folder / f"mongodb-{number}",
                port=port,
                environment=found.environment,
                key_file=key_file,
            ),
            name=f"mongodb-{number}",
        )
        for number, port in enumerate(ports)
    ]


def may_fail(program: Program) -> Program:
    """Let a server be told to fail (`configureFailPoint`), as none in earnest may be.

    Everybody who may write anything is then root too (`godinsert`): for servers of a trial only.
    """
    return replace(program, command=[*program.command, "--setParameter", "enableTestCommands=1"])


def initiate(ports: Sequence[int], *, known_as: Sequence[int]) -> None:
    """Make the three servers a set, each known by a port that may be a proxy's."""
    config = {
        "_id": NAME,
        "members": [{"_id": number, "host": f"{ADDRESS}:{port}"} for number, port in enumerate(known_as)],
        "settings": {
            "electionTimeoutMillis": ELECTION_MILLISECONDS,
            "heartbeatIntervalMillis": HEARTBEAT_MILLISECONDS,
        },
    }
    with directly(ports[0], within_seconds=INITIATES_WITHIN_SECONDS) as client:
        client.admin.command("replSetInitiate", config)


def primary(ports: Sequence[int]) -> int | None:
    """Give the place of the primary in the list, None while there is none."""
    for number, port in enumerate(ports):
        try:
            with directly(port) as client:
                if client.admin.command("hello").get("isWritablePrimary"):
                    return number
        except PyMongoError:
            continue
    return None


def step_down(port: int, account: Account) -> None:
    with directly(port, account) as client:
        client.admin.command("replSetStepDown", 10, force=True)


def fail(port: int, account: Account, *, how: Mapping[str, object], times: int) -> None:
    """Let so many of the next commands fail at one server, in the way that its fail point knows."""
    with directly(port, account) as client:
        client.admin.command("configureFailPoint", "failCommand", mode={"times": times}, data=dict(how))


def failed(port: int, account: Account) -> int:
    """Stop failing; tell how many commands have failed so since the server began."""
    with directly(port, account) as client:
        return int(client.admin.command("configureFailPoint", "failCommand", mode="off")["count"])


def answers(port: int) -> bool:
    try:
        with directly(port) as client:
            return bool(client.admin.command("ping"))
    except PyMongoError:
        return False


def directly(
    port: int, account: Account | None = None, *, within_seconds: float = ANSWERS_WITHIN_SECONDS
) -> MongoClient[dict[str, object]]:
    signed_in = f"{':'.join(account)}@" if account else ""
    return MongoClient(
        f"mongodb://{signed_in}{ADDRESS}:{port}/?authSource=admin&directConnection=true",
        serverSelectionTimeoutMS=1000,
        socketTimeoutMS=int(within_seconds * 1000),
    )
