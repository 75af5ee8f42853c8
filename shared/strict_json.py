"""Parses JSON from partners strictly: what two parsers may understand differently is refused."""

import json
from collections.abc import Sequence
from typing import Any, NoReturn

from pydantic_core import from_json

BOM = b"\xef\xbb\xbf"
OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"\x00")


class NotJson(ValueError):
    """The bytes are no JSON text that everybody reads alike; says why, never what stands in them."""


def checked(body: bytes) -> bytes:
    """Give the JSON text without the byte order mark that RFC 8259 section 8.1 lets a reader ignore.

    Raises NotJson for another encoding than UTF-8, half a surrogate pair, a name that stands twice in an
    object (section 4), NaN and Infinity, and nesting that would exhaust a reader (section 9).
    """
    text = body.removeprefix(BOM)
    if text.startswith(OTHER_ENCODINGS) or text[1:2] == b"\x00":
        raise NotJson("not UTF-8, in which systems exchange JSON (RFC 8259 section 8.1)")
    try:
        from_json(text, allow_inf_nan=False)
        json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
    except NotJson:
        raise
    except (ValueError, RecursionError) as broken:
        raise NotJson("no JSON in UTF-8 (RFC 8259)") from broken
    return text


def loads(body: bytes) -> Any:
    """Read a JSON text; raises NotJson as `checked` does."""
    return json.loads(checked(body))


def _each_once(pairs: Sequence[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise NotJson("a name stands twice in an object (RFC 8259 section 4)")


def _no_number(constant: str) -> NoReturn:
    raise NotJson(f"{constant} is no number in JSON")
