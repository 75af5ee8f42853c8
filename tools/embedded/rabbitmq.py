"""Starts a private RabbitMQ node that any user may run: installed, or unpacked into a folder."""

import asyncio
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aio_pika.connection import make_url
from aiormq import Connection
from aiormq.exceptions import AMQPError

from tools.embedded import packages
from tools.embedded.ports import ADDRESS, answers
from tools.embedded.processes import Program, Supervisor

READY_WITHIN_SECONDS = 60.0
SCHEDULERS = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
"""Two, which do not spin while they wait: the services need the cores."""
PACKAGE = "rabbitmq-server"
FAMILIES = ("rabbitmq-server", "erlang-", "elixir")


class NoRabbitmq(Exception):
    """No RabbitMQ that runs on this machine."""


@dataclass(frozen=True)
class Installed:
    """Where RabbitMQ and Erlang lie: `root` is / for an installed package."""

    server: Path
    erl: Path
    epmd: Path


@dataclass(frozen=True)
class Node:
    """A node's own folder and ports."""

    folder: Path
    port: int
    distribution_port: int
    epmd_port: int
    account: tuple[str, str] = field(default=("guest", "guest"), kw_only=True)
    """Who may do everything on it."""


def url(port: int, vhost: str, account: tuple[str, str] = ("guest", "guest")) -> str:
    return f"amqp://{':'.join(account)}@{ADDRESS}:{port}/{quote(vhost, safe='')}"


def in_vhost(address: str, vhost: str) -> str:
    """Give the same broker's address for another virtual host; its query (TLS options) stays."""
    return str(make_url(address).with_path(f"/{quote(vhost, safe='')}", encoded=True, keep_query=True))


def without_blanks(folder: Path) -> Path:
    """Give a path to the folder that RabbitMQ's scripts can stand: they do not quote what they are told.

    A folder with a blank in its path is reached through a link in a folder of this user's own.
    """
    whole = folder.absolute()
    if not re.search(r"\s", str(whole)):
        return folder
    links = Path(tempfile.gettempdir()) / f"sesam-links-{os.getuid()}"
    links.mkdir(mode=0o700, exist_ok=True)
    if links.stat().st_uid != os.getuid():
        raise NoRabbitmq(f"{links} belongs to another user, and {whole} has a blank in its path.")
    link = links / hashlib.sha256(str(whole).encode()).hexdigest()[:16]
    if not link.is_symlink():
        link.symlink_to(whole, target_is_directory=True)
    return link


def installed_under(root: Path) -> Installed | None:
    # Debian's wrapper in sbin demands root; the script behind it does not
    server = root / "usr" / "lib" / "rabbitmq" / "bin" / "rabbitmq-server"
    erl = root / "usr" / "lib" / "erlang" / "bin" / "erl"
    epmd = root / "usr" / "lib" / "erlang" / "bin" / "epmd"
    return Installed(server, erl, epmd) if server.exists() and erl.exists() and epmd.exists() else None


def on_path() -> Installed | None:
    found = [shutil.which(name) for name in (PACKAGE, "erl", "epmd")]
    if shutil.which("dpkg") or not all(found):
        return None
    server, erl, epmd = (Path(each or "").resolve() for each in found)
    return Installed(server, erl, epmd)


def prepare(room: Path) -> Installed:
    """Find RabbitMQ or get it. SESAM_RABBITMQ_FROM=unpacked leaves the system's alone."""
    only_unpacked = os.environ.get("SESAM_RABBITMQ_FROM") == "unpacked"
    ready = None if only_unpacked else installed_under(Path("/")) or on_path()
    if ready:
        return ready
    if not packages.have_apt():
        raise NoRabbitmq(
            "There is no RabbitMQ on this machine: install it, or set RABBITMQ_URL to one of yours."
        )
    if installed_under(room) is None and packages.can_install() and not only_unpacked:
        packages.install(PACKAGE)
        return installed_or_fail(Path("/"))
    if installed_under(room) is None:
        unpack(room)
    settle(room)
    return installed_or_fail(without_blanks(room))


def installed_or_fail(root: Path) -> Installed:
    found = installed_under(root)
    if found is None:
        raise NoRabbitmq(f"The package {PACKAGE} was fetched, but {root} holds no RabbitMQ with Erlang.")
    return found


def unpack(room: Path) -> None:
    """Unpack beside the folder and move it there when whole, so that a broken download leaves nothing."""
    half = room.with_name(f"{room.name}.part")
    shutil.rmtree(half, ignore_errors=True)
    packages.unpack(half, PACKAGE, families=FAMILIES)
    shutil.rmtree(room, ignore_errors=True)
    half.rename(room)


def settle(room: Path) -> None:
    """Tell Erlang's start script where it lies; the package has /usr/lib/erlang written into it."""
    home = without_blanks(room.resolve()) / "usr" / "lib" / "erlang"
    script = home / "bin" / "erl"
    before = script.read_text()
    after = re.sub(r'ROOTDIR=(?:/\S*|"/[^"]*")$', f'ROOTDIR="{home}"', before, flags=re.MULTILINE)
    if after != before:
        script.write_text(after)


def programs(installed: Installed, node: Node, definitions: Mapping[str, Any]) -> list[Program]:
    """Name the two programs of a node: epmd is not left to the node, so that it can be stopped."""
    configure(node, definitions)
    environment = settings(installed, node)
    epmd = [str(installed.epmd), "-port", str(node.epmd_port), "-address", ADDRESS]
    return [
        Program("epmd", epmd, stage=1, environment=environment),
        Program("rabbitmq", [str(installed.server)], stage=2, environment=environment),
    ]


def configure(node: Node, definitions: Mapping[str, Any]) -> None:
    for folder in ("home", "data", "logs", "generated"):
        (node.folder / folder).mkdir(parents=True, exist_ok=True)
    (node.folder / "definitions.json").write_text(json.dumps(definitions, indent=1))
    (node.folder / "enabled_plugins").write_text("[].\n")
    (node.folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.1 = {ADDRESS}:{node.port}\n"
        f"load_definitions = {without_blanks(node.folder) / 'definitions.json'}\n"
        "log.console = true\n"
        "log.console.level = warning\n"
        "log.file = false\n"
        "disk_free_limit.absolute = 100MB\n"
        "raft.wal_max_size_bytes = 64000000\n"
    )


def settings(installed: Installed, node: Node) -> dict[str, str]:
    folder = without_blanks(node.folder)
    return {
        "HOME": str(folder / "home"),
        "PATH": f"{installed.erl.parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
        "LD_LIBRARY_PATH": libraries(installed),
        **scripts_folder(installed),
        "ERL_EPMD_PORT": str(node.epmd_port),
        "ERL_EPMD_ADDRESS": ADDRESS,
        "NOTIFY_SOCKET": "",
        "RUNNING_UNDER_SYSTEMD": "true",  # the script then becomes the node and leaves no shell in between
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_NODENAME": "sesam@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": ADDRESS,
        "RABBITMQ_NODE_PORT": str(node.port),
        "RABBITMQ_DIST_PORT": str(node.distribution_port),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "logs"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_PID_FILE": str(folder / "node.pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
        "RABBITMQ_FEATURE_FLAGS_FILE": str(folder / "feature_flags"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{SCHEDULERS} -kernel inet_dist_use_interface {{127,0,0,1}}",
    }


def scripts_folder(installed: Installed) -> dict[str, str]:
    """Name the scripts' own folder by the path that has no blank; they would look it up themselves."""
    root, scripts = installed.server.parents[4], installed.server.resolve().parent
    if not scripts.is_relative_to(root.resolve()) or root == Path("/"):
        return {}
    return {"RABBITMQ_SCRIPTS_DIR": str(root / scripts.relative_to(root.resolve()))}


def libraries(installed: Installed) -> str:
    root = installed.server.parents[4]
    unpacked = [] if root == Path("/") else sorted(str(each) for each in root.glob("usr/lib/*-linux-gnu"))
    return ":".join([*unpacked, *filter(None, [os.environ.get("LD_LIBRARY_PATH")])])


def wait_until_ready(supervisor: Supervisor, node: Node, definitions: Mapping[str, Any]) -> None:
    """Wait for the port, then for the queues of every virtual host."""
    supervisor.wait_until(lambda: answers(node.port), what="RabbitMQ", within_seconds=READY_WITHIN_SECONDS)
    supervisor.wait_until(
        lambda: asyncio.run(has_queues(node, definitions)),
        what="RabbitMQ",
        within_seconds=READY_WITHIN_SECONDS,
    )


async def has_queues(node: Node, definitions: Mapping[str, Any]) -> bool:
    last = {queue["vhost"]: queue["name"] for queue in definitions.get("queues", [])}
    names = [vhost["name"] for vhost in definitions["vhosts"]]
    checks = [has_queue(url(node.port, name, node.account), last.get(name)) for name in names]
    return all(await asyncio.gather(*checks))


async def has_queue(address: str, queue: str | None) -> bool:
    try:
        connection = Connection(address)
        await connection.connect()
        try:
            channel = await connection.channel()
            if queue is not None:
                await channel.queue_declare(queue, passive=True)
        finally:
            await connection.close()
    except (AMQPError, OSError):
        return False
    return True
