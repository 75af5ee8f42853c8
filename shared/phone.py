"""Telephone numbers: parsed as people write them, stored as E.164, and whether they can receive SMS (S41)."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from shared.domain.decision import Refused, Sentence
from shared.domain.text import typed

# The library reads letters as digits; a number with a note in it would silently become another number.
_WRITTEN = re.compile(r"\+?[0-9 ()./-]{3,30}")
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


class NotAPhoneNumber(Refused):
    """The text is not a telephone number that can be called."""

    rule = "not-a-phone-number"
    sentence = Sentence(
        "Telefonnumret går inte att ringa. Skriv det med siffror, till exempel 070-174 06 05.",
        "The telephone number cannot be called. Write it with digits, for example 070-174 06 05.",
    )


class NoSmsToNumber(Refused):
    """The number can be called, but no SMS reaches it."""

    rule = "no-sms-to-number"
    sentence = Sentence(
        "Numret kan inte ta emot SMS. Ange ett mobilnummer eller välj ett annat aviseringssätt.",
        "The number cannot receive an SMS. Give a mobile number, or choose another way to notify.",
    )


def phone_number(text: str) -> str:
    """Give the number as E.164, read as Swedish when it names no country; raises NotAPhoneNumber."""
    return phonenumbers.format_number(_parsed(text), PhoneNumberFormat.E164)


def sms_number(text: str) -> str:
    """Give the number as E.164 when an SMS reaches it (S41); raises NotAPhoneNumber and NoSmsToNumber."""
    number = _parsed(text)
    if phonenumbers.number_type(number) not in _MOBILE:
        raise NoSmsToNumber
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _parsed(text: str) -> PhoneNumber:
    written = typed(text.strip())
    if not _WRITTEN.fullmatch(written):
        raise NotAPhoneNumber
    try:
        number = phonenumbers.parse(written, "SE")
    except NumberParseException as unreadable:
        raise NotAPhoneNumber from unreadable
    if not phonenumbers.is_valid_number(number):
        raise NotAPhoneNumber
    return number
