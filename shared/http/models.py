"""Base classes of requests and responses: requests are strict, responses show only their own fields."""

import types
import typing
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from shared.domain.days import PeriodReversed
from shared.domain.decision import Refused, Sentence
from shared.domain.text import single_line
from shared.fields import of_text
from shared.http.language import Language, said

JSON_NUMBERS = (int, float, bool)
PERIODS = (
    ("since", "until"), ("valid_from", "valid_through"), ("sent_from", "sent_through"),
    ("due_from", "due_through"),
)  # fmt: skip
"""What the first and the last day, or moment, of a period are called in a request."""
LONGEST_REASON = 200
FEWEST_LETTERS = 3


class ReasonSaysNothing(Refused):
    """A reason is read by somebody later: dots, a repeated letter or a digit say nothing."""

    rule = "reason-says-nothing"
    sentence = Sentence(
        "Skälet säger ingenting. Skriv med några ord varför.",
        "The reason says nothing. Write in a few words why.",
    )


def _says_something(text: str) -> str:
    letters = [sign.casefold() for sign in text if sign.isalpha()]
    if len(letters) < FEWEST_LETTERS or len(set(letters)) == 1:
        raise ReasonSaysNothing
    return text


ReasonText = Annotated[
    str,
    StringConstraints(max_length=LONGEST_REASON),
    of_text(single_line),
    AfterValidator(_says_something),
]
"""Why somebody did something: the one type for every reason that a person writes."""


class Request(BaseModel):
    """A body: unknown fields and wrong types are refused with the field named."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True
    )

    @model_validator(mode="before")
    @classmethod
    def _no_text_for_numbers(cls, value: Any) -> Any:
        """JSON has numbers and booleans of its own: a text is none of them, nor is one the other."""
        for name, field in cls.model_fields.items() if isinstance(value, dict) else ():
            given = value.get(name)
            if given is None:
                continue
            if _only_booleans(field.annotation) and not isinstance(given, bool):
                raise PydanticCustomError("bool_type", "{field} must be true or false", {"field": name})
            if (isinstance(given, str) and _only_numbers(field.annotation)) or (
                isinstance(given, bool) and _only_integers(field.annotation)
            ):
                raise PydanticCustomError("wrong_type", "{field} must be a number", {"field": name})
        return value

    @model_validator(mode="after")
    def _first_before_last(self) -> Self:
        """Refuse a period that ends before it begins, wherever one is asked for; raises PeriodReversed."""
        for first, last in PERIODS:
            begins, ends = getattr(self, first, None), getattr(self, last, None)
            if begins is not None and ends is not None and ends < begins:
                raise PeriodReversed
        return self


class View(BaseModel):
    """An answer: nothing reaches it that it does not list."""

    model_config = ConfigDict(frozen=True)


class Reason(View):
    """One reason why something is not allowed, with its stable code."""

    rule: str
    detail: str
    facts: dict[str, str | int | None] = {}


class Preview(View):
    """What would happen (N1)."""

    allowed: bool
    reasons: list[Reason] = []


def reasons_of(refused: Refused | None, language: Language) -> list[Reason]:
    """List every reason of a refusal in the language of the one who asks."""
    if refused is None:
        return []
    return [
        Reason(rule=each.rule, detail=said(each.said, language), facts=each.facts) for each in refused.reasons
    ]


def _plain_types(annotation: Any) -> set[Any]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return {each for part in typing.get_args(annotation) for each in _plain_types(part)}
    if typing.get_origin(annotation) is typing.Annotated:
        return _plain_types(typing.get_args(annotation)[0])
    return {annotation}


def _only_numbers(annotation: Any) -> bool:
    kinds = _plain_types(annotation) - {type(None)}
    return bool(kinds) and kinds <= set(JSON_NUMBERS)


def _only_booleans(annotation: Any) -> bool:
    """Tell yes and no from the rest; `Literal[True]` is an answer that must be yes."""
    kinds = _plain_types(annotation) - {type(None)}
    return bool(kinds) and all(each is bool or _is_yes(each) for each in kinds)


def _is_yes(kind: Any) -> bool:
    return typing.get_origin(kind) is typing.Literal and all(
        isinstance(each, bool) for each in typing.get_args(kind)
    )


def _only_integers(annotation: Any) -> bool:
    return _plain_types(annotation) - {type(None)} == {int}
