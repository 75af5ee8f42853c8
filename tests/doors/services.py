"""All five services in memory, and every route that they open."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
from fastapi.routing import APIRoute

from services import SERVICES
from shared.clock import FixedClock
from shared.service.definition import Assemble
from tests.support import A_MONDAY_MORNING, InMemory, in_memory

ASSEMBLED: dict[str, Assemble] = {
    service: import_module(f"services.{service}.app").assemble for service in SERVICES
}


@dataclass(frozen=True)
class Door:
    """One route of one service."""

    service: str
    name: str
    method: str
    path: str

    @property
    def action(self) -> str:
        return f"{self.service}.{self.name}"

    def filled(self, **parameters: str) -> str:
        return self.path.format(**parameters)


async def all_services(folder: Path) -> dict[str, InMemory]:
    clock = FixedClock(A_MONDAY_MORNING)
    return {
        name: await in_memory(name, assemble, clock=clock, export_dir=folder, sms_file=folder / "sms.jsonl")
        for name, assemble in ASSEMBLED.items()
    }


def doors_of(service: InMemory) -> Iterator[Door]:
    """Read the routes from the running application itself, not from what it was assembled of."""
    for route in service.app.routes:
        if isinstance(route, APIRoute):
            for method in sorted(route.methods or ()):
                yield Door(service.name, route.name, method, route.path)


def other_routes_of(service: InMemory) -> list[Any]:
    """Give what is mounted, served or listened to beside the routes."""
    return [route for route in service.app.routes if not isinstance(route, APIRoute)]


async def knock(
    service: InMemory, door: Door, headers: dict[str, str], *, body: Any = None, **parameters: str
) -> httpx.Response:
    """Ask at a door; by default with an empty body, which no rule ever sees."""
    path = door.filled(**parameters)
    return await service.client.request(door.method, path, json={} if body is None else body, headers=headers)
