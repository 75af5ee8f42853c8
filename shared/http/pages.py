"""Long lists: the headers Link and Next-Cursor say that there is more, and `cursor` asks for it."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request

from shared.domain.decision import Refused, Sentence
from shared.fields import Code
from shared.http.asking import Asking, asking
from shared.repository import Page, Place

State = TypeVar("State")
NEXT_CURSOR = "Next-Cursor"
LONGEST_CURSOR = 600
NOT_THE_QUESTION = frozenset({"cursor", "limit", "after"})
"""The query parameters that choose a part of a list, not which list."""

MORE: dict[str, Any] = {
    "Link": {
        "description": 'The next page, as `<...>; rel="next"` (RFC 8288); left out on the last one',
        "schema": {"type": "string"},
    },
    NEXT_CURSOR: {
        "description": "Send it as `cursor` with the same question for the next page; none on the last",
        "schema": {"type": "string"},
    },
}


class NotACursor(Refused):
    """The cursor is not one of ours, or is of another list."""

    rule = "not-a-cursor"
    sentence = Sentence(
        "Markören hör inte till den här listan. Ställ samma fråga och skicka Next-Cursor från förra sidan.",
        "The cursor does not belong to this list. Ask the same question with Next-Cursor of the page before.",
    )


@dataclass(frozen=True)
class Paging:
    """Which page of a list is asked for."""

    after: Place | None
    question: str
    asked: Asking
    others: tuple[tuple[str, str], ...]

    def shown(self, page: Page[State]) -> list[State]:
        """Give the page's states, and say in the headers where the list continues."""
        if page.next is not None:
            cursor = _written(self.question, page.next)
            headers = self.asked.response.headers
            headers[NEXT_CURSOR] = cursor
            headers["Link"] = f'<?{urlencode([*self.others, ("cursor", cursor)])}>; rel="next"'
        return page.states


async def paging(
    request: Request,
    ask: Annotated[Asking, Depends(asking)],
    cursor: Annotated[
        Code | None,
        Query(max_length=LONGEST_CURSOR, description="The Next-Cursor of the page before"),
    ] = None,
) -> Paging:
    """Read the cursor; raises NotACursor."""
    others = tuple((name, said) for name, said in request.query_params.multi_items() if name != "cursor")
    asked = sorted(each for each in others if each[0] not in NOT_THE_QUESTION)
    question = f"{ask.action}|{request.url.path}|{asked}|".encode() + request.state.canonical
    known = hashlib.sha256(question).hexdigest()[:16]
    return Paging(None if cursor is None else _read(cursor, known), known, ask, others)


def _written(question: str, place: Place) -> str:
    said = json.dumps([question, place.value, place.row_id], separators=(",", ":"))
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _read(cursor: str, question: str) -> Place:
    try:
        said = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise NotACursor from None
    match said:
        case [str(of), None | str() as value, str(row_id)] if of == question:
            return Place(value, row_id)
    raise NotACursor


Pages = Annotated[Paging, Depends(paging)]
