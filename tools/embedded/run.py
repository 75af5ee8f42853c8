"""The embedded run: starts servers, topology, partners, services and demo data, then watches them."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import httpx

from deploy.accounts import GATEWAY, INVOICING, OPERATOR, key_file_in
from deploy.retired import retire
from shared.distributors import account_of, account_of_supplier
from tools.embedded import servers
from tools.embedded.definitions import Definitions, of_run
from tools.embedded.definitions import declare as declare_over_amqp
from tools.embedded.lock import hold
from tools.embedded.place import EVENTS_VHOST, PARTNERS_VHOST, Place
from tools.embedded.ports import ADDRESS, require_free
from tools.embedded.processes import Program, StopAsked, Supervisor
from tools.embedded.progress import say, step

PEERS_STAGE = 3
SERVICES_STAGE = 4
GATEWAY_STAGE = 5
READY_WITHIN_SECONDS = 60.0
LOAD_WITHIN_SECONDS = 120.0
PEERS = {
    "distributor": OPERATOR,
    "supplier": OPERATOR,
    "sms_gateway": OPERATOR,
    "register": OPERATOR,
    "invoicing": INVOICING,
}
"""The demo peers, and the account that each uses. The SMS gateway and the register use no server; the
peers of distributors and suppliers sign in as each of these."""
LOAD = "import asyncio; from tools.demo.load import main; asyncio.run(main())"


def run(place: Place) -> None:
    """Run until Ctrl-C or SIGTERM; raise `ProgramDied` when a program ends by itself."""
    with hold(place.folder):
        started = time.monotonic()
        require_free(
            place.wanted_ports(mongodb=is_own("MONGODB_URL"), broker=is_own("RABBITMQ_URL")),
            change_with="./sesam run --port-base 8200, or SESAM_PORT_BASE=8200",
        )
        prepare(place)
        supervisor = Supervisor(place.logs)
        with supervisor.listening_to_signals():
            try:
                start_all(supervisor, place)
                say(summary(place, seconds=time.monotonic() - started))
                supervisor.watch()
            except StopAsked:
                say("Stopping ...")
            finally:
                supervisor.stop()
    say(f"Stopped. The data stays in {place.folder}.")


def is_own(variable: str) -> bool:
    """Tell whether the run starts this server itself: nobody named another one."""
    return not os.environ.get(variable)


def prepare(place: Place) -> None:
    """Make the keys once, and note the ports for the other commands."""
    (place.folder / "running.json").write_text(json.dumps({"port_base": place.port_base}))
    from shared.sealed import key_file_of, new_key_file

    new_key_file(place.keys_file)
    prepare_gateway(place)
    for service in place.service_ports:
        key_file_of(service, place.keys_file)
    if not place.launch_keys_file.exists():
        from tools.demo.record_system import write_trusted_keys

        write_trusted_keys(
            place.launch_keys_file, key_file=place.launch_keys_file.with_name("record_system.json")
        )


def prepare_gateway(place: Place) -> None:
    """Make the gateway's own keys: for its sessions, and to show the issuer who it is."""
    from gateway.sessions.kept import new_session_keys
    from tools.demo.issuer import kept_key

    new_session_keys(place.gateway_key_file.with_name("sessions.json"))
    kept_key(place.gateway_key_file)


def start_all(supervisor: Supervisor, place: Place) -> None:
    """Start each part as soon as it can: services and peers wait for the broker themselves."""
    own_mongodb, own_broker = is_own("MONGODB_URL"), is_own("RABBITMQ_URL")
    if own_mongodb:
        mongodb = servers.prepare_mongodb()
        key_file = key_file_in(place.folder / "keys" / "mongodb.key")
        data = place.folder / "mongodb"
        servers.start_mongodb(supervisor, mongodb, data, port=place.mongodb_port, key_file=key_file)
    topology = read_topology(place)
    if own_broker:
        servers.start_rabbitmq(supervisor, servers.prepare_rabbitmq(), place.node, topology)
    else:
        declare(place, topology)
        retire_queues(place, topology)
    if own_mongodb:
        servers.await_mongodb(supervisor, place.mongodb_port, operator=place.operator)
        migrate(supervisor, place)
    for program in (*programs(place), gateway_of(place)):
        supervisor.start(program)
    if own_broker:
        servers.await_rabbitmq(supervisor, place.node, topology)
        retire_queues(place, topology)
    await_programs(supervisor, place)
    load(supervisor, place)


def read_topology(place: Place) -> Definitions:
    kept = place.folder / "topology.json"
    with step("topology read off the services"):
        return of_run(
            kept,
            place.distributors,
            suppliers=tuple(place.suppliers),
            events=EVENTS_VHOST,
            partners=PARTNERS_VHOST,
            accounts=place.accounts,
        )


def migrate(supervisor: Supervisor, place: Place) -> None:
    """Make collections, indexes and accounts, while the broker starts."""
    with step("collections, and an account for each service"):
        command = [sys.executable, "-m", "deploy.migrate", "databases"]
        program = Program("migrate", command, SERVICES_STAGE, place.environment())
        supervisor.run_to_end(program, within_seconds=LOAD_WITHIN_SECONDS)


def declare(place: Place, topology: Definitions) -> None:
    urls = place.server_urls()
    addresses = {EVENTS_VHOST: urls["RABBITMQ_URL"], PARTNERS_VHOST: urls["RABBITMQ_PARTNERS_URL"]}
    with step("exchanges and queues declared on the given RabbitMQ (policies: ./sesam topology --help)"):
        asyncio.run(declare_over_amqp(topology, addresses))


def retire_queues(place: Place, topology: Definitions) -> None:
    """Move what an earlier version left in its queues, and remove them (decision 0043)."""
    for line in asyncio.run(retire(place.server_urls()["RABBITMQ_PARTNERS_URL"], topology)):
        print(line)


def await_programs(supervisor: Supervisor, place: Place) -> None:
    with step("five services, the gateway and five demo peers"):
        for name, port in (*place.http_ports.items(), ("gateway", place.gateway_port)):
            supervisor.wait_until(partial(is_ready, port), what=name, within_seconds=READY_WITHIN_SECONDS)


def load(supervisor: Supervisor, place: Place) -> None:
    with step("demo catalogue, tariff and people"):
        program = Program("load", [sys.executable, "-c", LOAD], SERVICES_STAGE, place.environment())
        supervisor.run_to_end(program, within_seconds=LOAD_WITHIN_SECONDS)


def programs(place: Place) -> list[Program]:
    """Name the issuer, the peers and the services: each signs in to the servers as itself."""
    issuer = web("issuer", "tools.demo.issuer", place.issuer_port, PEERS_STAGE, place.environment())
    peers = [
        Program(
            peer,
            [sys.executable, "-m", f"tools.demo.{peer}"],
            PEERS_STAGE,
            {
                **place.environment(account),
                **urls_of_partners(peer, place),
            },
        )
        for peer, account in PEERS.items()
    ]
    services = [
        web(name, f"services.{name}.app", port, SERVICES_STAGE, place.environment(name))
        for name, port in place.service_ports.items()
    ]
    return [issuer, *peers, *services]


def gateway_of(place: Place) -> Program:
    """Name the pages' process: it signs in to the issuer by its own key, as in a region."""
    own_way = {"SESAM_TOKEN_AUTH": "private_key_jwt", "SESAM_CLIENT_KEY_FILE": str(place.gateway_key_file)}
    environment = {**place.environment(GATEWAY), **own_way}
    return web("gateway", "gateway.app", place.gateway_port, GATEWAY_STAGE, environment)


def urls_of_partners(peer: str, place: Place) -> dict[str, str]:
    """Say to a peer that plays several partners how each of them signs in to the broker."""
    if peer == "distributor":
        return distributor_urls(place.distributors, place.server_urls)
    if peer == "supplier":
        return supplier_urls(tuple(place.suppliers), place.server_urls)
    return {}


def supplier_urls(suppliers: Sequence[str], urls_of: Callable[[str], Mapping[str, str]]) -> dict[str, str]:
    """Say to the peer that plays the suppliers how each signs in to the broker."""
    urls = {each: urls_of(account_of_supplier(each))["RABBITMQ_PARTNERS_URL"] for each in suppliers}
    return {"SESAM_SUPPLIER_URLS": json.dumps(urls)}


def distributor_urls(
    distributors: Sequence[str], urls_of: Callable[[str], Mapping[str, str]]
) -> dict[str, str]:
    """Say to the peer that plays the distributors how each signs in to the broker."""
    urls = {each: urls_of(account_of(each))["RABBITMQ_PARTNERS_URL"] for each in distributors}
    return {"SESAM_DISTRIBUTOR_URLS": json.dumps(urls)}


def web(name: str, module: str, port: int, stage: int, environment: Mapping[str, str]) -> Program:
    command = [sys.executable, "-m", "shared.service.server", module, "--host", ADDRESS, "--port", str(port)]
    return Program(name, command, stage, environment)


def is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://{ADDRESS}:{port}/ready", timeout=2, trust_env=False).is_success
    except httpx.TransportError:
        return False


def summary(place: Place, *, seconds: float) -> str:
    web_addresses = [f"  {name:<13} http://{ADDRESS}:{port}" for name, port in place.http_ports.items()]
    urls = place.server_urls()
    return "\n".join(
        [
            f"Öppna Sesam runs ({seconds:.0f} s). Open http://{ADDRESS}:{place.gateway_port} in a browser.",
            *web_addresses,
            f"  {'MongoDB':<13} {hidden(urls['MONGODB_URL'])}",
            f"  {'RabbitMQ':<13} {hidden(urls['RABBITMQ_URL'])}",
            f"Logs: {place.logs}. What the peers got: {place.folder}/peers.",
            "Next, in another terminal: ./sesam demo    (Ctrl-C here stops everything)",
        ]
    )


def hidden(url: str) -> str:
    """Leave the user and password out of an address."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
