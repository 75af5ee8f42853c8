"""Every field that a door takes has a type that says what it means (decision 0059)."""

import typing
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any

import pytest
from fastapi import APIRouter
from fastapi.params import Depends
from fastapi.routing import APIRoute
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from deploy.topology import assembled
from services import SERVICES
from shared.fields import SingleLine

MEANT = (str, date, datetime, Decimal)


def routes_of(service: str) -> list[APIRoute]:
    whole = assembled(service)
    routes = [route for router in (*whole.routers, *whole.webhooks) for route in router.routes]
    return [route for route in routes if isinstance(route, APIRoute)]


def taken(route: APIRoute) -> Iterator[tuple[str, Any]]:
    """What a route takes in its path, its query and its body, apart from who asks."""
    for name, annotation in route.endpoint.__annotations__.items():
        metadata = getattr(annotation, "__metadata__", ())
        if name != "return" and not any(isinstance(each, Depends) for each in metadata):
            yield name, annotation


def bare(where: str, annotation: Any, *, is_checked: bool = False) -> Iterator[str]:
    """Name the texts, days and decimals in a type that nothing is asked of."""
    origin: Any = typing.get_origin(annotation)
    if origin is Annotated:
        inner, *metadata = typing.get_args(annotation)
        checked = is_checked or any(isinstance(each, BeforeValidator | AfterValidator) for each in metadata)
        yield from bare(where, inner, is_checked=checked)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            checked = any(isinstance(each, BeforeValidator | AfterValidator) for each in field.metadata)
            yield from bare(f"{where}.{name}", field.annotation, is_checked=checked)
    elif origin is typing.Literal:
        return
    elif typing.get_args(annotation):
        is_union = origin in (typing.Union, UnionType)
        for each in typing.get_args(annotation):
            yield from bare(where, each, is_checked=is_checked and is_union)
    elif annotation in MEANT and not is_checked:
        yield f"{where}: {annotation.__name__}"


@pytest.mark.parametrize("service", SERVICES)
def test_no_door_takes_a_text_a_day_or_an_amount_that_means_nothing(service: str) -> None:
    doors = routes_of(service)

    assert doors
    assert [
        each for door in doors for name, said in taken(door) for each in bare(f"{door.name}.{name}", said)
    ] == []


class Careless(BaseModel):
    """A form as nobody shall write one."""

    name: str
    label: SingleLine
    notes: list[Annotated[str, Field(max_length=3)]]
    born: date | None = None


def test_a_plain_id_in_a_path_is_found() -> None:
    router = APIRouter()

    @router.get("/{careless_id}")
    async def get_careless(careless_id: str) -> None:
        pass

    (route,) = router.routes
    assert isinstance(route, APIRoute)

    assert [each for name, said in taken(route) for each in bare(name, said)] == ["careless_id: str"]


def test_a_bare_text_is_found_wherever_it_hides() -> None:
    class Outer(BaseModel):
        forms: tuple[Careless, ...]

    found = set(bare("form", Outer | None))

    assert {"form.forms.name: str", "form.forms.notes: str", "form.forms.born: date"} <= found
    assert not [each for each in found if ".label" in each]
