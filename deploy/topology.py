"""Who hears what, read off the five services themselves, as one definitions file for the broker."""

from collections.abc import Mapping, Sequence
from importlib import import_module

from services import SERVICES
from shared.clock import SystemClock
from shared.messaging.consuming import Ear
from shared.messaging.topology import Definitions
from shared.messaging.topology import definitions as definitions_of
from shared.repository.memory.backend import Memory
from shared.sealed import new_keys, seals_of
from shared.service.definition import Assembled, Parts
from shared.service.process import repository_of
from shared.settings import Settings


def assembled(service: str) -> Assembled:
    """Assemble a service around nothing, only to ask what it hears and which doors it has."""
    clock, seals = SystemClock(), seals_of(new_keys())
    repository = repository_of(Memory(), service=service, clock=clock, seals=seals)
    parts = Parts(repository, clock, seals, Settings(mode="embedded"), _nobody)
    whole: Assembled = import_module(f"services.{service}.app").assemble(parts)
    return whole


def assembled_ears() -> list[Ear]:
    """Give all that the five services hear."""
    return [ear for service in SERVICES for ear in assembled(service).ears.all]


def definitions(
    distributors: Sequence[str],
    *,
    events_vhost: str = "sesam",
    partners_vhost: str = "partners",
    operator: tuple[str, str] = ("guest", "guest"),
    accounts: Mapping[str, str] | None = None,
) -> Definitions:
    """Give RabbitMQ's definitions for one run of the system; `accounts` are services and partners."""
    user, password = operator
    return definitions_of(
        assembled_ears(),
        services=SERVICES,
        distributors=distributors,
        events_vhost=events_vhost,
        partners_vhost=partners_vhost,
        user=user,
        password=password,
        accounts=accounts,
    )


async def _nobody(service: str, method: str, path: str, *, json: object = None) -> object:
    raise LookupError(f"{service} {method} {path} is not asked here ({json is None})")
