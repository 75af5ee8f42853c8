"""Parses JSON bodies (RFC 8259): no name twice, and equal whatever the order of names."""

import json
from decimal import Decimal
from typing import Any, NoReturn

DEEPEST = 32
"""Levels of lists and objects; our forms have five."""


class NotJson(ValueError):
    """The body is no JSON, or JSON that two readers would read in two ways."""


class NameTwice(NotJson):
    """An object has one name twice, so it is not known which value is meant."""


def canonical(body: bytes) -> bytes:
    """Write a body in one form: names in order, no blanks, numbers by value; raises NotJson and NameTwice.

    An empty body stays empty.
    """
    if not body:
        return body
    said = _read(body)
    _demand_shallow(said, DEEPEST)
    return json.dumps(said, sort_keys=True, separators=(",", ":"), default=_by_value).encode()


def _read(body: bytes) -> Any:
    try:
        return json.loads(
            body, object_pairs_hook=_once, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse
        )
    except NotJson:
        raise
    except (ValueError, ArithmeticError, RecursionError) as unreadable:
        raise NotJson from unreadable


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) < len(pairs):
        raise NameTwice
    return said


def _refuse(constant: str) -> NoReturn:
    raise NotJson(constant)


def _demand_shallow(said: Any, levels: int) -> None:
    if isinstance(said, dict | list):
        if not levels:
            raise NotJson("too deep")
        for each in said.values() if isinstance(said, dict) else said:
            _demand_shallow(each, levels - 1)


def _by_value(number: Decimal) -> dict[str, str]:
    """Tell 1, 1.0 and 1e0 as one number, and a number from the text that looks like it."""
    sign, digits, exponent = number.as_tuple()
    written = "".join(map(str, digits)).lstrip("0")
    shortened = written.rstrip("0")
    if not shortened:
        return {"\0number": "0"}
    return {"\0number": f"{sign}:{shortened}:{int(exponent) + len(written) - len(shortened)}"}
