"""Writes the event catalogue, docs/events.md: each fact with its fields, publishers and consumers."""

import inspect
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from shared.messaging.topology import UNHEARD
from shared.partners import Reply
from shared.suppliers import SupplierReply
from tools.docs.landscape import Topic
from tools.docs.wording import is_sealed, models_in, type_in_words

OPENING = """\
# Event catalogue

Made from the code by `./sesam docs`; do not edit by hand.

The facts (events) that the services publish, and the messages to and from partners. A fact says what has
happened. It carries business data only: its id, its time and its cause are in the message's properties
(CloudEvents 1.0, see `asyncapi.yaml`), and several facts of a topic may be one message. Facts only get
new fields: a new field is optional, a changed meaning is a new topic (`.v2`). A field marked **sealed**
is encrypted text that begins with `sealed:`; nothing else here identifies a person: `patient_ref` is a
random name that only prescription can resolve."""

INSIDE = """\
## {publisher}

{words}"""

SPEAKER_WORDS = {
    "prescription": "What other services may know of a patient, and what may be withdrawn.",
    "ordering": "Withdrawals, and their orders to distributors.",
    "inventory": "The catalogue, article by article, and which device a patient has on loan.",
    "billing": "Tariffs, and what happened to each fee.",
    "notification": "Outcomes of messages to people.",
    "tasks": "Tasks for people. Any service may raise one; notification keeps the list.",
}

OUTSIDE = """\
## Messages to and from partners

These use the virtual host `partners`. In our outbox their personal fields are encrypted too; the relay
decrypts them when it publishes, and adds `message_id`, by which a partner recognises a message that comes
twice."""


UNWRAPPED = "The body of the message is the content of `reply`; its `type` says which one."


def catalogue(landscape: Sequence[Topic]) -> str:
    """Write the whole page."""
    inside = [each for each in landscape if not each.is_partner]
    outside = [each for each in landscape if each.is_partner]
    blocks = [OPENING, _overview(inside)]
    for publisher in dict.fromkeys(each.publisher for each in inside):
        of_speaker = [each for each in inside if each.publisher == publisher]
        blocks.append(INSIDE.format(publisher=publisher, words=SPEAKER_WORDS[publisher]))
        blocks.extend(_facts_and_parts(of_speaker))
    blocks.append(OUTSIDE)
    blocks.extend(_facts_and_parts(outside))
    return "\n\n".join(blocks) + "\n"


def _overview(inside: Sequence[Topic]) -> str:
    rows = (
        f"| [{each.name}](#{each.name.lower()}) | `{each.fact.topic}` "
        f"| {_list(each.publishers, 'nobody yet')} | {_list(each.consumers, 'nobody yet')} |"
        for each in inside
    )
    closing = (
        f"Facts that no service consumes yet go to the bounded queue `{UNHEARD}`, "
        "so that a fact without a queue always means a fault."
    )
    return "\n".join(
        ["| fact | topic | published by | consumed by |", "|---|---|---|---|", *rows, "", closing]
    )


def _facts_and_parts(told: Sequence[Topic]) -> Iterator[str]:
    parts: dict[type[BaseModel], None] = {}
    for each in told:
        yield _fact(each)
        parts.update(dict.fromkeys(_parts_below(each.fact)))
    for part in parts:
        yield f"#### {part.__name__}\n\n{_docstring(part)}\n\n{_table(part)}"


def _fact(told: Topic) -> str:
    where = (
        f"Topic `{told.fact.topic}`, about its `{told.fact.about}`. "
        f"Published by {_list(told.publishers, 'a partner' if told.is_partner else 'nobody yet')}. "
        f"Consumed by {_list(told.consumers, 'a partner' if told.is_partner else 'nobody yet')}."
    )
    words = f"{_docstring(told.fact)} {UNWRAPPED if told.fact in (Reply, SupplierReply) else ''}".strip()
    return f"### {told.name}\n\n{words}\n\n{where}\n\n{_table(told.fact)}"


def _table(model: type[BaseModel]) -> str:
    rows = (_row(name, field) for name, field in model.model_fields.items())
    return "\n".join(["| field | type | what |", "|---|---|---|", *rows])


def _row(name: str, field: FieldInfo) -> str:
    seal = "**sealed** " if is_sealed(field.annotation, field.metadata) else ""
    words = _on_one_line(field.description or "")
    if not field.is_required() and field.default not in (None, ()):
        words = f"{words} Default: `{field.default}`.".strip()
    return f"| `{name}` | {seal}{type_in_words(field.annotation)} | {words} |"


def _parts_below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for part in chain.from_iterable(models_in(each.annotation) for each in model.model_fields.values()):
        yield part
        yield from _parts_below(part)


def _docstring(model: type[BaseModel]) -> str:
    return _on_one_line(inspect.getdoc(model) or "")


def _on_one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _list(names: Iterable[str], nobody: str) -> str:
    return ", ".join(names) or nobody
