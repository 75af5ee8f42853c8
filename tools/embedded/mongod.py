"""Starts a private mongod as a one-node replica set: from PATH or from its wheel."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from tools.embedded import packages
from tools.embedded.ports import ADDRESS
from tools.embedded.processes import Program, Supervisor

REPLICA_SET = "sesam"
NOT_YET_INITIALIZED = 94
ALREADY_INITIALIZED = 23
AUTHENTICATION_FAILED = 18
UNAUTHORIZED = 13
READY_WITHIN_SECONDS = 40.0

# A killed process leaves an open transaction; redelivered messages wait behind it until this limit.
TRANSACTION_LIFETIME_SECONDS = 5


class NoMongod(Exception):
    """No mongod that runs on this machine."""


def url(port: int, *, user: str | None = None, password: str = "") -> str:
    return f"{server(port, user, password)}&replicaSet={REPLICA_SET}"


def server(port: int, user: str | None, password: str) -> str:
    account = f"{user}:{password}@" if user else ""
    return f"mongodb://{account}{ADDRESS}:{port}/?authSource=admin"


def find() -> Path:
    """Take the mongod on PATH, else the wheel's."""
    on_path = shutil.which("mongod")
    if on_path:
        return Path(on_path)
    wheel = importlib.util.find_spec("fiftyone")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        candidate = Path(folder) / "db" / "bin" / "mongod"
        if candidate.exists():
            return candidate
    raise NoMongod("There is no mongod for this machine: set MONGODB_URL to a replica set of yours.")


def prepare(mongod: Path, room: Path) -> Mapping[str, str]:
    """Make mongod loadable, fetching libcurl where the machine lacks it; return the environment it needs."""
    if loads(mongod, {}):
        return {}
    unpacked = {
        "LD_LIBRARY_PATH": ":".join(
            str(folder) for folder in sorted((room / "usr" / "lib").glob("*-linux-gnu"))
        )
    }
    if unpacked["LD_LIBRARY_PATH"] and loads(mongod, unpacked):
        return unpacked
    if not packages.have_apt():
        raise NoMongod(f"{mongod} does not load here:\n{complaint(mongod, {})}")
    if packages.can_install():
        packages.install("libcurl4")
        return checked(mongod, {})
    packages.unpack(room, "libcurl4")
    folders = sorted((room / "usr" / "lib").glob("*-linux-gnu"))
    return checked(mongod, {"LD_LIBRARY_PATH": ":".join(str(folder) for folder in folders)})


def checked(mongod: Path, environment: Mapping[str, str]) -> Mapping[str, str]:
    if not loads(mongod, environment):
        raise NoMongod(f"{mongod} does not load even with libcurl:\n{complaint(mongod, environment)}")
    return environment


def loads(mongod: Path, environment: Mapping[str, str]) -> bool:
    return version_call(mongod, environment).returncode == 0


def complaint(mongod: Path, environment: Mapping[str, str]) -> str:
    return version_call(mongod, environment).stderr.strip()


def version_call(mongod: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(mongod), "--version"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def program(
    mongod: Path, data: Path, *, port: int, environment: Mapping[str, str], key_file: Path | None = None
) -> Program:
    """Say how to start it; with a key file everybody must sign in."""
    data.mkdir(parents=True, exist_ok=True)
    options = {
        "--dbpath": str(data),
        "--bind_ip": ADDRESS,
        "--port": str(port),
        "--replSet": REPLICA_SET,
        "--wiredTigerCacheSizeGB": "0.5",
        "--oplogSize": "512",
        "--unixSocketPrefix": str(data),
    }
    if key_file:
        options["--keyFile"] = str(key_file)
    command = [str(mongod), "--quiet", *(word for option in options.items() for word in option)]
    command += ["--setParameter", f"transactionLifetimeLimitSeconds={TRANSACTION_LIFETIME_SECONDS}"]
    return Program("mongod", command, stage=0, environment=environment)


def wait_until_primary(supervisor: Supervisor, port: int, *, operator: tuple[str, str] | None = None) -> None:
    """Wait for a replica set of one; `operator` is the account that may move it to another port."""
    user, password = operator or (None, "")
    with direct(port) as stranger, direct(port, user, password) as signed_in:
        supervisor.wait_until(
            lambda: joined(signed_in, stranger, port), what="mongod", within_seconds=READY_WITHIN_SECONDS
        )
        supervisor.wait_until(
            lambda: quietly(lambda: is_primary(stranger)), what="mongod", within_seconds=READY_WITHIN_SECONDS
        )


def direct(port: int, user: str | None = None, password: str = "") -> MongoClient[dict[str, object]]:
    """Reach the server itself, also before it belongs to a set."""
    address = f"{server(port, user, password)}&directConnection=true"
    return MongoClient(address, serverSelectionTimeoutMS=2000)


def joined(
    signed_in: MongoClient[dict[str, object]], stranger: MongoClient[dict[str, object]], port: int
) -> bool:
    """Make the server a replica set of one, or move its set to the port it has now."""
    member = {"_id": 0, "host": f"{ADDRESS}:{port}"}
    try:
        current = signed_in.admin.command("replSetGetConfig")["config"]
    except OperationFailure as failure:
        if failure.code not in (NOT_YET_INITIALIZED, AUTHENTICATION_FAILED):
            return False
        return initiated(stranger, member)
    except PyMongoError:
        return False
    if current["members"][0]["host"] != member["host"]:
        moved = {
            **current,
            "version": current["version"] + 1,
            "members": [{**current["members"][0], **member}],
        }
        signed_in.admin.command("replSetReconfig", moved, force=True)
    return True


def initiated(stranger: MongoClient[dict[str, object]], member: Mapping[str, object]) -> bool:
    """A server without users lets one on the same machine begin the set."""
    try:
        stranger.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
    except OperationFailure as failure:
        return failure.code == ALREADY_INITIALIZED
    return True


def make_operator(port: int, user: str, password: str) -> None:
    """Make the first user through the door that MongoDB keeps open for one on the same machine."""
    with direct(port) as client:
        try:
            client.admin.command("createUser", user, pwd=password, roles=["root"])
        except OperationFailure as failure:
            if failure.code != UNAUTHORIZED:  # the door is closed: the user is there
                raise


def is_primary(client: MongoClient[dict[str, object]]) -> bool:
    return bool(client.admin.command("hello").get("isWritablePrimary"))


def quietly(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except PyMongoError:
        return False
