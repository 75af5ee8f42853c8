"""The folder, the ports and the environment of an embedded run."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.accounts import OPERATOR, accounts_in
from services import SERVICES
from tools.embedded import mongod, rabbitmq
from tools.embedded.ports import ADDRESS

PROJECT = Path(__file__).resolve().parents[2]
EVENTS_VHOST = "sesam"
PARTNERS_VHOST = "partners"
DEMO_DISTRIBUTORS = PROJECT / "tools" / "demo" / "distributors.json"
"""The ids of the distributors that the demo plays, unless SESAM_DISTRIBUTORS names others."""


DEMO_SUPPLIERS = PROJECT / "tools" / "demo" / "suppliers.json"
"""The demo's suppliers, with their names in the catalogue, unless SESAM_SUPPLIERS names others."""


def demo_distributors() -> tuple[str, ...]:
    return tuple(json.loads(DEMO_DISTRIBUTORS.read_text()))


def demo_suppliers() -> dict[str, list[str]]:
    return dict(json.loads(DEMO_SUPPLIERS.read_text()))


def local_folder() -> Path:
    return Path(os.environ.get("SESAM_PROJECT_LOCAL", PROJECT / ".local")).resolve()


@dataclass(frozen=True)
class Place:
    """Ports count from the base: issuer, five services, SMS, register, gateway; the servers from +10."""

    folder: Path
    port_base: int

    @property
    def issuer_port(self) -> int:
        return self.port_base

    @property
    def service_ports(self) -> dict[str, int]:
        return {name: self.port_base + number for number, name in enumerate(SERVICES, start=1)}

    @property
    def sms_gateway_port(self) -> int:
        return self.port_base + 6

    @property
    def register_port(self) -> int:
        return self.port_base + 7

    @property
    def gateway_port(self) -> int:
        return self.port_base + 8

    @property
    def mongodb_port(self) -> int:
        return self.port_base + 10

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def node(self) -> rabbitmq.Node:
        first = self.port_base + 11
        return rabbitmq.Node(self.folder / "rabbitmq", first, first + 1, first + 2, account=self.operator)

    @property
    def keys_file(self) -> Path:
        """All keys: only the operator's commands read them."""
        return self.folder / "keys" / "sealed.json"

    def keys_file_of(self, account: str) -> Path:
        return self.keys_file.with_name(f"sealed-{account}.json") if account in SERVICES else self.keys_file

    @property
    def accounts_file(self) -> Path:
        return self.folder / "keys" / "accounts.json"

    @property
    def launch_keys_file(self) -> Path:
        return self.folder / "keys" / "launch.json"

    @property
    def gateway_key_file(self) -> Path:
        """By which the gateway shows the issuer that it is the gateway."""
        return self.folder / "keys" / "gateway.json"

    @property
    def accounts(self) -> Mapping[str, str]:
        """Give every account's password; they are made the first time."""
        return accounts_in(self.accounts_file, self.distributors, tuple(self.suppliers))

    @property
    def distributors(self) -> tuple[str, ...]:
        named = os.environ.get("SESAM_DISTRIBUTORS")
        return tuple(json.loads(named)) if named else demo_distributors()

    @property
    def suppliers(self) -> dict[str, list[str]]:
        named = os.environ.get("SESAM_SUPPLIERS")
        return dict(json.loads(named)) if named else demo_suppliers()

    @property
    def operator(self) -> tuple[str, str]:
        return OPERATOR, self.accounts[OPERATOR]

    @property
    def http_ports(self) -> dict[str, int]:
        return {
            "issuer": self.issuer_port,
            **self.service_ports,
            "sms_gateway": self.sms_gateway_port,
            "register": self.register_port,
        }

    def wanted_ports(self, *, mongodb: bool, broker: bool) -> list[tuple[str, int]]:
        web = {**self.http_ports, "gateway": self.gateway_port}
        wanted = [(f"the {name.replace('_', ' ')}", port) for name, port in web.items()]
        if mongodb:
            wanted.append(("MongoDB", self.mongodb_port))
        if broker:
            node = self.node
            ports = (node.port, node.distribution_port, node.epmd_port)
            wanted += [
                (f"RabbitMQ ({use})", port)
                for use, port in zip(("AMQP", "Erlang", "epmd"), ports, strict=True)
            ]
        return wanted

    def environment(self, account: str = OPERATOR) -> dict[str, str]:
        """Give a program's environment, with the servers as its own account reaches them.

        Servers named by the caller's own variables come first.
        """
        folder = self.folder
        return {
            **self._addresses,
            **self.server_urls(account),
            "PYTHONPATH": str(PROJECT),
            "PYTHONUNBUFFERED": "1",
            "SESAM_MODE": "embedded",
            "SESAM_CLOCK_FILE": str(folder / "clock.json"),
            "SESAM_ACCOUNTS_FILE": str(self.accounts_file),
            "SESAM_KEYS_FILE": str(self.keys_file_of(account)),
            "SESAM_ISSUER_KEY_FILE": str(folder / "keys" / "issuer.json"),
            "SESAM_GATEWAY_KEY_FILE": str(self.gateway_key_file),
            "SESAM_SESSION_KEY_FILE": str(folder / "keys" / "sessions.json"),
            "SESAM_RECORD_SYSTEM_KEY_FILE": str(folder / "keys" / "record_system.json"),
            "SESAM_LAUNCH_KEYS_FILE": str(self.launch_keys_file),
            "SESAM_SMS_FILE": str(folder / "sms.jsonl"),
            "SESAM_EMAIL_DIR": str(folder / "email"),
            "SESAM_LETTER_DIR": str(folder / "letters"),
            "SESAM_DISTRIBUTORS": json.dumps(self.distributors),
            "SESAM_SUPPLIERS": json.dumps(self.suppliers),
            "SESAM_EXPORT_DIR": str(folder / "invoicing"),
            "SESAM_AUDIT_DIR": str(folder / "audit"),
            "SESAM_TRACE_DIR": str(folder / "traces"),
            "SESAM_TRACE_SAMPLE": os.environ.get("SESAM_TRACE_SAMPLE", "1"),
            "SESAM_PEER_LOG_DIR": str(folder / "peers"),
            "SESAM_DATABASE_PREFIX": os.environ.get("SESAM_DATABASE_PREFIX", "sesam"),
        }

    @property
    def _addresses(self) -> dict[str, str]:
        """Give where the services and the demo's peers are reached."""
        ports = {
            "ISSUER": self.issuer_port,
            "SMS_GATEWAY": self.sms_gateway_port,
            "REGISTER": self.register_port,
            "GATEWAY": self.gateway_port,
            **{name.upper(): port for name, port in self.service_ports.items()},
        }
        return {f"SESAM_{name}_URL": f"http://{ADDRESS}:{port}" for name, port in ports.items()}

    def server_urls(self, account: str = OPERATOR) -> dict[str, str]:
        signed = (account, self.accounts[account])
        user, password = signed
        own = {
            "MONGODB_URL": mongod.url(self.mongodb_port, user=user, password=password),
            "RABBITMQ_URL": rabbitmq.url(self.node.port, EVENTS_VHOST, signed),
            "RABBITMQ_PARTNERS_URL": rabbitmq.url(self.node.port, PARTNERS_VHOST, signed),
        }
        given = {name: os.environ[name] for name in own if os.environ.get(name)}
        if "RABBITMQ_URL" in given and "RABBITMQ_PARTNERS_URL" not in given:
            given["RABBITMQ_PARTNERS_URL"] = rabbitmq.in_vhost(given["RABBITMQ_URL"], PARTNERS_VHOST)
        return {**own, **given}
