"""Writes days, moments and kronor as people write them, in the reader's language."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from gateway.web.words import language

SWEDEN = ZoneInfo("Europe/Stockholm")
LOCALES = {"sv": "sv_SE", "en": "en_GB"}
SHORT_NUMBER = 4
PERSONAL_NUMBER = 12
SHORT_DAY = 6


def locale() -> str:
    return LOCALES[language.get()]


def day(value: str | date | None) -> str:
    """Write 2026-11-26 as 26 nov. 2026; nothing for nothing."""
    if not value:
        return ""
    read = value if isinstance(value, date) else date.fromisoformat(value[:10])
    return format_date(read, "d MMM y", locale=locale())


def moment(value: str | datetime | None) -> str:
    """Write a moment with its time in Sweden."""
    if not value:
        return ""
    read = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return format_datetime(read.astimezone(SWEDEN), "d MMM y HH:mm", locale=locale())


def kronor(value: str | Decimal | None) -> str:
    """Write 1210.50 as 1 210,50 kr and 210.00 as 210 kr."""
    if value is None or value == "":
        return ""
    amount = Decimal(value)
    pattern = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
    return f"{format_decimal(amount, pattern, locale=locale())} kr"


def number(value: str | Decimal | int) -> str:
    """Write 2.500 as 2,5."""
    return format_decimal(Decimal(str(value)).normalize(), "#,##0.###", locale=locale())


def person_number(value: str | None) -> str:
    """Write a number of twelve digits with its hyphen; any other as it is."""
    text = value or ""
    is_long = len(text) == PERSONAL_NUMBER and text.isalnum()
    return f"{text[:-SHORT_NUMBER]}-{text[-SHORT_NUMBER:]}" if is_long else text


def typed_day(text: str) -> date | None:
    """Read a day as people type it: 2026-12-01, 20261201 or 261201; None for anything else."""
    digits = text.strip().replace("-", "")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) not in (SHORT_DAY, SHORT_DAY + 2):
        return None
    try:
        return date.fromisoformat(digits if len(digits) > SHORT_DAY else f"20{digits}")
    except ValueError:
        return None


def day_for_service(text: str) -> str | None:
    """Give a typed day as services read it; what is none stays, and the service says what is wrong."""
    read = typed_day(text)
    return read.isoformat() if read else text.strip() or None
