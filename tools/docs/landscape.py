"""Reads from the code who publishes which fact and who subscribes to it."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deploy.topology import all_subscriptions
from services import SERVICES
from shared import partners, suppliers
from shared.events.fact import Fact
from shared.messaging.consuming import Subscription
from shared.messaging.topology import PUBLISHERS
from shared.partners import Partner

SERVICES_FOLDER = Path(__file__).resolve().parents[2] / "services"


@dataclass(frozen=True)
class Topic:
    """A fact or partner message with the services that publish it and the subscriptions that consume it."""

    fact: type[Fact]
    publishers: tuple[str, ...]
    subscriptions: tuple[Subscription, ...]

    @property
    def name(self) -> str:
        return self.fact.__name__

    @property
    def consumers(self) -> tuple[str, ...]:
        return tuple(subscription.service for subscription in self.subscriptions)

    @property
    def publisher(self) -> str:
        """The publisher that its topic names."""
        return self.fact.topic.split(".")[0]

    @property
    def is_partner(self) -> bool:
        return self.fact.__module__ in {partners.__name__, suppliers.__name__}

    @property
    def is_for_partners(self) -> bool:
        return issubclass(self.fact, Partner)


def landscape() -> list[Topic]:
    """Give every fact in the order of its publishers, then the messages to and from partners."""
    subscriptions = all_subscriptions()
    made = {service: facts_made_in(SERVICES_FOLDER / service) for service in SERVICES}
    return [
        Topic(
            fact,
            publishers=tuple(service for service in SERVICES if fact.__name__ in made[service]),
            subscriptions=tuple(subscription for subscription in subscriptions if subscription.model is fact),
        )
        for module in (*PUBLISHERS, partners, suppliers)
        for fact in facts_of(vars(module).values(), module.__name__)
    ]


def facts_of(things: Iterable[object], module: str) -> list[type[Fact]]:
    """Pick the facts that a module defines itself."""
    return [
        each
        for each in things
        if isinstance(each, type)
        and issubclass(each, Fact)
        and each.__module__ == module
        and "topic" in vars(each)
    ]


def facts_made_in(folder: Path) -> frozenset[str]:
    """Name everything that a service's code calls to make: what it makes of the facts, it publishes."""
    names: set[str] = set()
    for file in sorted(folder.rglob("*.py")):
        calls = (node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))
        names.update(_called(func) for func in calls)
    return frozenset(names)


def _called(func: ast.expr) -> str:
    match func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
