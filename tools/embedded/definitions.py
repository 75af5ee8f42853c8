"""RabbitMQ definitions for tests, and for a broker that is given."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aiormq

from deploy.accounts import OPERATOR
from tools.embedded.place import PROJECT, demo_distributors, demo_suppliers

Definitions = Mapping[str, Any]


def events_vhost(worker: str) -> str:
    return f"t-{worker}"


def partners_vhost(worker: str) -> str:
    return f"t-{worker}-partners"


def of_run(
    kept: Path,
    distributors: Sequence[str],
    *,
    events: str,
    partners: str,
    suppliers: Sequence[str] = (),
    accounts: Mapping[str, str] | None = None,
) -> Definitions:
    """Read who consumes what from the services, or from the cached file while no source has changed.

    `accounts` holds a password for every service and partner, and the operator's.
    """
    stamp = [list(distributors), list(suppliers), events, partners, sorted(accounts or {}), *source_stamp()]
    if kept.exists():
        known = json.loads(kept.read_text())
        if known["stamp"] == stamp:
            return dict(known["definitions"])
    from deploy.topology import definitions

    others = {name: secret for name, secret in (accounts or {}).items() if name != OPERATOR}
    fresh = definitions(
        distributors,
        suppliers=suppliers,
        events_vhost=events,
        partners_vhost=partners,
        operator=(OPERATOR, accounts[OPERATOR]) if accounts else ("guest", "guest"),
        accounts=others,
    )
    kept.write_text(json.dumps({"stamp": stamp, "definitions": fresh}))
    kept.chmod(0o600)
    return fresh


def source_stamp() -> list[int]:
    """Tell one state of the sources from another: how many files, and when the last was written."""
    sources = [PROJECT / "deploy" / "topology.py"]
    for folder in ("services", "shared"):
        sources += (PROJECT / folder).rglob("*.py")
    return [len(sources), max(source.stat().st_mtime_ns for source in sources)]


def for_tests(workers: int) -> Definitions:
    """Give every worker of a test run, and a process that runs tests alone, a pair of virtual hosts."""
    from deploy.topology import definitions
    from shared.messaging.topology import merged

    distributors, suppliers = demo_distributors(), tuple(demo_suppliers())
    names = ["main", *(f"gw{number}" for number in range(workers))]
    return merged(
        definitions(
            distributors,
            suppliers=suppliers,
            events_vhost=events_vhost(name),
            partners_vhost=partners_vhost(name),
        )
        for name in names
    )


async def declare(definitions: Definitions, addresses: Mapping[str, str]) -> None:
    """Declare exchanges, queues and bindings over AMQP at the address of each virtual host.

    Policies and users cannot be declared so: they need `rabbitmqctl import_definitions`.
    """
    for vhost, address in addresses.items():
        connection = await aiormq.connect(address)
        try:
            await declare_in(await connection.channel(), definitions, vhost)
        finally:
            await connection.close()


async def declare_in(channel: aiormq.abc.AbstractChannel, definitions: Definitions, vhost: str) -> None:
    for exchange in of(vhost, definitions["exchanges"]):
        await channel.exchange_declare(exchange["name"], exchange_type=exchange["type"], durable=True)
    for queue in of(vhost, definitions["queues"]):
        await channel.queue_declare(
            queue["name"], durable=queue.get("durable", True), arguments=queue["arguments"]
        )
    for binding in of(vhost, definitions["bindings"]):
        await channel.queue_bind(binding["destination"], binding["source"], binding["routing_key"])


def of(vhost: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["vhost"] == vhost]
