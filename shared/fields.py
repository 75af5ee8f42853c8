"""Types of what people and partners write, one for each meaning: cleaned, strict, within its range."""

import base64
import binascii
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial, wraps
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from shared.domain import text
from shared.domain.days import (
    BIRTHS,
    CALENDAR,
    EVENTS,
    EVERY_DAY,
    NotADay,
    NotAMoment,
    possible,
    read_day,
    read_moment,
)
from shared.domain.decision import Refused, Sentence
from shared.email_address import email_address

_HAS_ZONE = re.compile(r"T.*([Zz]|[+-][0-9]{2}:?[0-9]{2})\s*$")
_AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


class NotAnAmount(Refused):
    """The text is no decimal number as we write them."""

    rule = "not-an-amount"
    sentence = Sentence(
        "Skriv beloppet eller antalet med siffror och decimalpunkt, till exempel 120.50.",
        "Write the amount with digits and a decimal point, for example 120.50.",
    )


class NotAFile(Refused):
    """The text is no base64 (RFC 4648)."""

    rule = "not-a-file"
    sentence = Sentence(
        "Filens innehåll ska skickas som base64.", "The file's content must be sent as base64."
    )


def refusal(rule: str, sentence: Sentence) -> PydanticCustomError:
    """Refuse a field, or a form as a whole, with a code and a sentence for people."""
    return PydanticCustomError("refused", "{en}", {"rule": rule, "sv": sentence.sv, "en": sentence.en})


def in_our_words(rule: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let a rule's refusal name the field that it is about, with its own code and sentence."""

    @wraps(rule)
    def checked(value: Any) -> Any:
        try:
            return rule(value)
        except Refused as refused:
            raise refusal(refused.rule, refused.said) from refused

    return checked


def of_text(rule: Callable[[str], str]) -> BeforeValidator:
    """Apply a rule for texts to what is a text; what is none is refused as such."""
    checked = in_our_words(rule)
    return BeforeValidator(lambda value: checked(value) if isinstance(value, str) else value)


def _day(value: Any, among: Any = CALENDAR) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return possible(value, among)
    if not isinstance(value, str):
        raise NotADay
    return read_day(value, among)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime) and value.tzinfo:
        possible(value.date(), CALENDAR)
        return value
    if not isinstance(value, str):
        raise NotAMoment
    return read_moment(value)


def _said_moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise NotAMoment
    with_zone = value if _HAS_ZONE.search(value) else f"{value}Z"  # partners who leave it out mean UTC
    return read_moment(with_zone, EVERY_DAY)


def _amount(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise NotAnAmount
    if not isinstance(value, str):
        return value
    written = text.typed(value)
    if not _AMOUNT.fullmatch(written):
        raise NotAnAmount
    return written


def _file(value: Any) -> bytes:
    if not isinstance(value, str):
        raise NotAFile
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as unreadable:
        raise NotAFile from unreadable


def _postal_code(value: str) -> str:
    return re.sub(r"^(SE|S)-?| ", "", text.typed(value), flags=re.IGNORECASE)


SingleLine = Annotated[str, StringConstraints(min_length=1), of_text(text.single_line)]
"""A text without line breaks and control characters; give it a longest length."""
PersonName = Annotated[str, StringConstraints(min_length=1), of_text(text.person_name)]
MultiLine = Annotated[str, StringConstraints(min_length=1), of_text(text.multi_line)]
Code = Annotated[
    str, StringConstraints(min_length=1), of_text(lambda value: text.single_line(text.typed(value)))
]
"""A number, key or reference: one kind of dash, nothing unseen."""
Phone = Annotated[str, StringConstraints(max_length=30), of_text(text.typed)]
"""As it was written, cleaned; `shared.phone` reads it."""
Email = Annotated[str, StringConstraints(max_length=254), of_text(email_address)]
"""With its domain in ASCII."""
PostalCode = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{4}$"), of_text(_postal_code)]
"""Swedish: five digits."""
Amount = Annotated[Decimal, BeforeValidator(in_our_words(_amount))]
"""An exact decimal number; give it digits and places."""

BirthDate = Annotated[date, BeforeValidator(in_our_words(partial(_day, among=BIRTHS)))]
EventDay = Annotated[date, BeforeValidator(in_our_words(partial(_day, among=EVENTS)))]
"""A day when something happened to a person, or when a status begins or ends."""
Day = Annotated[date, BeforeValidator(in_our_words(_day))]
"""A day of a rule, a tariff, a delivery, an invoice or a query."""
IsoDay = Annotated[date, BeforeValidator(in_our_words(partial(_day, among=EVERY_DAY)))]
"""A day in a partner's message: a day of the calendar, judged when the message is handled."""
IsoMoment = Annotated[datetime, BeforeValidator(in_our_words(_said_moment))]
"""A moment that a partner says; without a time zone it is UTC (formats.md 4)."""
Moment = Annotated[datetime, BeforeValidator(in_our_words(_moment))]
"""An aware moment."""

FileContent = Annotated[
    bytes,
    BeforeValidator(in_our_words(_file)),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
]
"""A file within a JSON body, as base64; its form says the most bytes with `max_length`."""
