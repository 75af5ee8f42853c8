"""Makes the broker's definitions file from what the five services publish and consume."""

from collections.abc import Mapping, Sequence
from importlib import import_module

from services import SERVICES
from shared.clock import SystemClock
from shared.messaging.consuming import Subscription
from shared.messaging.topology import Definitions
from shared.messaging.topology import definitions as definitions_of
from shared.repository.memory.backend import Memory
from shared.sealed import new_keys, seals_of
from shared.service.definition import Dependencies, ServiceDefinition
from shared.service.process import repository_of
from shared.settings import Settings


def assembled(service: str) -> ServiceDefinition:
    """Make a service's definition without connections, to read its subscriptions and routes."""
    clock, seals = SystemClock(), seals_of(new_keys())
    repository = repository_of(Memory(), service=service, clock=clock, seals=seals)
    dependencies = Dependencies(repository, clock, seals, Settings(mode="embedded"), _nobody)
    whole: ServiceDefinition = import_module(f"services.{service}.app").assemble(dependencies)
    return whole


def all_subscriptions() -> list[Subscription]:
    """Give the subscriptions of the five services."""
    return [subscription for service in SERVICES for subscription in assembled(service).subscriptions.all]


def definitions(
    distributors: Sequence[str],
    *,
    suppliers: Sequence[str] = (),
    events_vhost: str = "sesam",
    partners_vhost: str = "partners",
    operator: tuple[str, str] = ("guest", "guest"),
    accounts: Mapping[str, str] | None = None,
) -> Definitions:
    """Give RabbitMQ's definitions for one run of the system; `accounts` are services and partners."""
    user, password = operator
    return definitions_of(
        all_subscriptions(),
        services=SERVICES,
        distributors=distributors,
        suppliers=suppliers,
        events_vhost=events_vhost,
        partners_vhost=partners_vhost,
        user=user,
        password=password,
        accounts=accounts,
    )


async def _nobody(service: str, method: str, path: str, *, json: object = None) -> object:
    raise LookupError(f"{service} {method} {path} is not asked here ({json is None})")
