"""Messages of earlier versions, kept as files: every consumer of today still understands every word."""

import json
import re
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from deploy.topology import all_subscriptions
from shared import partners, suppliers
from shared.events.fact import Fact
from shared.events.ordering import WithdrawalSent
from shared.events.prescription import PatientChanged
from shared.messaging.consuming import Subscription
from shared.messaging.topology import PUBLISHERS
from shared.partners import DistributorReply, Reply
from shared.suppliers import SupplierReply, SupplierSaid

TOLD = Path(__file__).resolve().parents[1] / "messages"
KEPT = sorted(TOLD.glob("*/*.json"))
SPOKEN = [
    kind
    for module in (*PUBLISHERS, partners, suppliers)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Fact) and kind.__module__ == module.__name__
    if "topic" in vars(kind)
]
BY_TOPIC = {kind.topic: kind for kind in SPOKEN}
REPLY_KINDS = [
    (model.topic, kind)
    for model, said in ((Reply, DistributorReply), (SupplierReply, SupplierSaid))
    for kind in typing.get_args(typing.get_args(said)[0])
]


def name_of(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"


kept = pytest.mark.parametrize("file", KEPT, ids=name_of)


@cache
def every_subscription() -> tuple[Subscription, ...]:
    return tuple(all_subscriptions())


def ears_for(topic: str) -> list[Subscription]:
    """Today's subscriptions to a topic, and one that stands for whoever may subscribe tomorrow."""
    model = BY_TOPIC[topic]
    return [
        *(each for each in every_subscription() if each.topic == topic),
        Subscription("anyone", topic, model, _deaf),
    ]


async def _deaf(*_: object) -> None:
    """Only parsing is asked of this subscription."""


def understood(topic: str, message: Any) -> list[Any]:
    """What each subscription makes of a message, written down again as it would be told."""
    body = json.dumps(message).encode()
    heard = [subscription.parse(body) for subscription in ears_for(topic)]
    return [fact.reply if isinstance(fact, Reply | SupplierReply) else fact for fact in heard]


def lost(before: Any, now: Any, path: str = "") -> Iterator[str]:
    """Name every value of the kept message that the model of today has no place for, or changes."""
    if isinstance(before, dict) and isinstance(now, dict):
        for name, value in before.items():
            if name not in now:
                yield f"{path}.{name} is gone"
            else:
                yield from lost(value, now[name], f"{path}.{name}")
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for place, value in enumerate(before):
            yield from lost(value, now[place], f"{path}[{place}]")
    elif before != now:
        yield f"{path} was {before!r} and is {now!r}"


def with_news(message: Any) -> Any:
    """The same message as a newer publisher might tell it, with more to say at every level."""
    if isinstance(message, dict):
        return {"said_by_a_newer_publisher": {"more": [1]}} | {
            name: with_news(value) for name, value in message.items()
        }
    return [with_news(each) for each in message] if isinstance(message, list) else message


@kept
def test_a_message_of_an_earlier_version_keeps_its_meaning_for_every_consumer(file: Path) -> None:
    message = json.loads(file.read_text())

    facts = understood(file.parent.name, message)

    for fact in facts:
        assert list(lost(message, fact.model_dump(mode="json"))) == []


@kept
def test_a_field_that_a_newer_speaker_adds_disturbs_no_hearer(file: Path) -> None:
    message = json.loads(file.read_text())

    facts = understood(file.parent.name, with_news(message))

    assert facts == understood(file.parent.name, message)


@kept
def test_a_kept_message_holds_no_personal_field_in_clear(file: Path) -> None:
    text = file.read_text()

    assert not re.search(r"\b(18|19|20)[0-9]{10}\b", text), "looks like a personal number"
    assert not re.search(r"\+46[0-9]", text), "looks like a phone number"


@pytest.mark.parametrize("topic", sorted(BY_TOPIC))
def test_every_fact_that_can_be_published_has_a_kept_message(topic: str) -> None:
    assert list((TOLD / topic).glob("*.json"))


@pytest.mark.parametrize(("topic", "kind"), REPLY_KINDS)
def test_every_kind_of_reply_has_a_kept_message(topic: str, kind: type[BaseModel]) -> None:
    kept_replies = [json.loads(file.read_text()) for file in (TOLD / topic).glob("*.json")]

    assert typing.get_args(kind.model_fields["type"].annotation)[0] in {each["type"] for each in kept_replies}


@pytest.mark.parametrize("topic", sorted(BY_TOPIC))
def test_the_kept_messages_of_a_fact_use_each_of_its_fields(topic: str) -> None:
    messages = [json.loads(file.read_text()) for file in (TOLD / topic).glob("*.json")]

    unused = set(BY_TOPIC[topic].model_fields) - {name for message in messages for name in message}

    assert unused - ({"reply", "sender"} if BY_TOPIC[topic] in {Reply, SupplierReply} else set()) == set()


def test_no_message_is_kept_of_a_topic_that_nobody_knows() -> None:
    assert {file.parent.name for file in KEPT} <= set(BY_TOPIC)


def test_each_fact_has_a_topic_of_its_own() -> None:
    assert len(BY_TOPIC) == len(SPOKEN)


def test_a_dropped_field_is_noticed() -> None:
    message = json.loads((TOLD / WithdrawalSent.topic / "0001.json").read_text())
    fact = WithdrawalSent.model_validate_json(json.dumps(message))

    poorer = fact.model_dump(mode="json", exclude={"fees": {0: {"amount"}}})

    assert list(lost(message, poorer)) == [".fees[0].amount is gone"]


def test_a_personal_field_in_clear_is_not_even_published() -> None:
    message = json.loads((TOLD / PatientChanged.topic / "0001.json").read_text())

    with pytest.raises(ValidationError, match="name"):
        PatientChanged.model_validate_json(json.dumps({**message, "name": "Test Testsson"}))
