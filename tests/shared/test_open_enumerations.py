"""An enumeration on a fact may grow: what a newer version tells is consumed, kept as text and told on."""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_args, get_origin

import pytest
from pydantic import BaseModel, ValidationError

from services.inventory.repository.collections import DEVICE_ORDERS
from shared.events.billing import TariffPublished
from shared.events.fact import SEALED_PREFIX, Fact, Open, Unknown, known_or
from shared.events.inventory import DeviceHandedOut
from shared.events.inventory_goods import DeviceOrderReserved, HandOutMade, StoreroomChanged
from shared.events.ordering import OrderAnnulled
from shared.events.ordering_devices import DeviceOrderSent
from shared.messaging import consuming
from shared.messaging.envelope import Message
from shared.messaging.topology import PUBLISHERS
from shared.repository import Collection
from shared.repository.codec import from_document, to_document
from shared.sealed import Purpose
from tests import support
from tests.inventory.shelves import HAND_OUT, receive_cpaps, state_of, stocked
from tests.ordering.devices import UNIT, hand_out_form, placer, posted, told_devices
from tests.shared.test_earlier_messages import (
    BY_TOPIC,
    KEPT,
    TOLD,
    every_subscription,
    lost,
    name_of,
    understood,
)
from tools.docs.wording import models_in

NEW = "what_a_newer_version_says"
TOLD_BY_US = [kind for kind in BY_TOPIC.values() if kind.__module__ in {each.__name__ for each in PUBLISHERS}]
ANNULLED = {"order_no": "B2026-000001-1", "patient_ref": "p-1", "withdrawal_no": "U2026-000001-9"}


def parts_of(model: type[BaseModel]) -> set[type[BaseModel]]:
    """The model and all that stands in it, at every depth."""
    below = {part for each in model.model_fields.values() for part in models_in(each.annotation)}
    return {model}.union(*(parts_of(each) for each in below))


def enumerations_in(annotation: Any, beside: tuple[Any, ...] = ()) -> Iterator[bool]:
    """Of each enumeration that an annotation names: whether it is open."""
    if get_origin(annotation) is Literal:
        yield Unknown in beside
    for each in get_args(annotation) if get_origin(annotation) is not Literal else ():
        yield from enumerations_in(each, get_args(annotation))


def with_new_values(model: type[BaseModel], message: dict[str, Any]) -> dict[str, Any]:
    """The same message as a newer version might tell it, with a value in each enumeration that is new."""
    return {
        name: _new(model.model_fields[name].annotation, value) if name in model.model_fields else value
        for name, value in message.items()
    }


def _new(annotation: Any, value: Any) -> Any:
    if get_origin(annotation) is Annotated:
        return _new(get_args(annotation)[0], value)
    if isinstance(value, list):
        (inner,) = [each for each in get_args(_tuple_in(annotation)) if each is not ...]
        return [_new(inner, each) for each in value]
    if isinstance(value, dict):
        parts = list(models_in(annotation))
        return with_new_values(parts[0], value) if parts else value
    return NEW if isinstance(value, str) and any(enumerations_in(annotation)) else value


def _tuple_in(annotation: Any) -> Any:
    if get_origin(annotation) is tuple:
        return annotation
    return next(each for each in get_args(annotation) if get_origin(each) is tuple)


def as_today(file: Path) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(file.read_text())
    return message


def newer(file: Path) -> dict[str, Any]:
    return with_new_values(BY_TOPIC[file.parent.name], as_today(file))


OURS = {each.topic for each in TOLD_BY_US}
GROWN = [file for file in KEPT if file.parent.name in OURS and NEW in str(newer(file))]
grown = pytest.mark.parametrize("file", GROWN, ids=name_of)
CONSUMED = [
    (file, each.service) for file in GROWN for each in every_subscription() if each.topic == file.parent.name
]


@pytest.mark.parametrize("fact", TOLD_BY_US, ids=lambda each: str(each.__name__))
def test_every_enumeration_on_a_fact_is_open(fact: type[Fact]) -> None:
    closed = [
        f"{part.__name__}.{name}"
        for part in parts_of(fact)
        for name, field in part.model_fields.items()
        if not all(enumerations_in(field.annotation))
    ]

    assert closed == []


def test_a_closed_enumeration_is_found_at_every_depth() -> None:
    named = tuple[Literal["a"], ...] | None

    assert list(enumerations_in(named)) == [False]
    assert list(enumerations_in(tuple[Open[Literal["a"]], ...])) == [True]


@grown
def test_a_value_that_only_a_newer_version_knows_is_kept_as_text_and_published_on(file: Path) -> None:
    message = newer(file)

    for fact in understood(file.parent.name, message):
        assert list(lost(message, fact.model_dump(mode="json"))) == []


@pytest.mark.parametrize(
    ("file", "service"), CONSUMED, ids=[f"{name_of(file)}-{name}" for file, name in CONSUMED]
)
async def test_a_fact_with_values_of_a_newer_version_parks_at_no_consumer(
    file: Path, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consuming, "BACK_OFF_SECONDS", ())
    topic, new = file.parent.name, newer(file)

    today = await consumed(service, topic, as_today(file))

    assert await consumed(service, topic, new) == today


async def consumed(name: str, topic: str, message: Any) -> dict[str, int]:
    """What becomes of a message that is all that the service ever heard."""
    service = await support.in_memory(name, import_module(f"services.{name}.app").assemble)
    dispatcher = service.dispatcher()
    (subscription,) = service.ears_for(topic)
    body = json.dumps(_sealed_again(message)).encode()
    await dispatcher.dispatch(subscription, Message(body, message_id="m1", topic=topic))
    return {outcome: number for (_, outcome), number in dispatcher.counts.items()}


def _sealed_again(tree: Any) -> Any:
    """Seal with the keys of the tests what a kept message has sealed under others."""
    if isinstance(tree, dict):
        return {name: _sealed_again(each) for name, each in tree.items()}
    if isinstance(tree, list):
        return [_sealed_again(each) for each in tree]
    if not isinstance(tree, str) or not tree.startswith(SEALED_PREFIX):
        return tree
    _, purpose, word = tree.split(":")
    clear = "1990-07-05" if word.startswith("gAAAAABborn") else "+46701740605"
    return support.test_seals().seal(clear, purpose=cast("Purpose", purpose))


def test_what_a_version_publishes_itself_must_be_known_to_it() -> None:
    with pytest.raises(ValidationError, match="Input should be 'annulled' or 'refused' or 'cancelled'"):
        OrderAnnulled(**ANNULLED, why="typo")
    with pytest.raises(ValidationError, match="why"):
        OrderAnnulled.model_validate_json(json.dumps({**ANNULLED, "why": 7}))


def test_what_came_with_an_unknown_value_can_be_published_on() -> None:
    heard = OrderAnnulled.model_validate_json(json.dumps({**ANNULLED, "why": NEW}))

    told = OrderAnnulled(**ANNULLED, why=heard.why)

    assert (told, json.loads(told.model_dump_json())["why"]) == (heard, NEW)


def test_a_document_keeps_the_value_of_a_newer_version_and_writes_it_again() -> None:
    written = {"_id": "2026-11-24", "_v": 1, **newer(TOLD / TariffPublished.topic / "0001.json")}
    tariffs = Collection("tariffs", TariffPublished)

    kept = from_document(tariffs, written)

    assert isinstance(kept.state.types[0].basis, Unknown)
    assert to_document(tariffs, "2026-11-24", kept)["types"][0]["basis"] == NEW


def test_an_unknown_value_is_treated_as_the_rule_says_and_a_known_one_as_it_is() -> None:
    heard: Literal["home", "care_unit"] | Unknown = Unknown(NEW)
    known: Literal["home", "care_unit"] | Unknown = "care_unit"

    assert (known_or(heard, "home"), known_or(known, "home")) == ("home", "care_unit")


async def test_an_order_of_a_kind_that_only_a_newer_version_knows_reserves_and_hands_nothing_out() -> None:
    service = await stocked()
    await receive_cpaps(service, "DEMO-S1", ["D100001"], hoses=1)
    newer_order = json.dumps({**json.loads(HAND_OUT.model_dump_json()), "kind": NEW, "deliver_to": NEW})

    await service.hear(DeviceOrderSent.model_validate_json(newer_order))

    kept = await service.repository.get(DEVICE_ORDERS.ref(HAND_OUT.order_no))
    assert (kept.kind, kept.deliver_to) == ("order", "unit")
    assert len(service.told_of(DeviceOrderReserved)) == 1
    assert [*service.told_of(DeviceHandedOut), *service.told_of(HandOutMade)] == []
    assert await state_of(service, "D100001") == "in_stock"


async def test_a_place_of_a_kind_that_only_a_newer_version_knows_gives_nothing_out() -> None:
    service = await told_devices()
    told = json.loads((TOLD / StoreroomChanged.topic / "0001.json").read_text())
    newer_place = {**told, "storeroom_no": "DEMO-S1", "version": 99, "care_units": [UNIT], "kind": NEW}

    await service.hear(StoreroomChanged.model_validate_json(json.dumps(newer_place)))
    answer = await posted(service, "/hand-outs/preview", hand_out_form(), placer(service))

    assert "storeroom-not-of-unit" in [each["rule"] for each in answer.json()["reasons"]]
