"""The routes of a service in memory are those of its process, only made later."""

from collections.abc import Sequence
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from deploy.topology import assembled
from services import SERVICES
from tests.doors.services import ASSEMBLED
from tests.late_route import LateRoute
from tests.support import in_memory


def documented(routes: Sequence[Any]) -> dict[str, Any]:
    return FastAPI(title="tests", version="1", routes=list(routes)).openapi()


@pytest.mark.parametrize("name", SERVICES)
async def test_a_late_route_knows_what_one_knows_that_is_made_at_once(name: str) -> None:
    definition = assembled(name)
    made = [each for router in definition.routers for each in router.routes if isinstance(each, APIRoute)]

    service = await in_memory(name, ASSEMBLED[name])
    late = [each for each in service.app.routes if isinstance(each, LateRoute)]

    assert [(each.name, each.methods, each.path_format) for each in late] == [
        (each.name, each.methods, each.path_format) for each in made
    ]
    assert documented(late) == documented(made)
