"""Writes what a route refuses to the audit log before the answer leaves (HSLF-FS 2016:40)."""

import json
import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from shared.domain.decision import NotFound, Refused
from shared.domain.text import typed
from shared.http.problems import Forbidden, Problem
from shared.repository import KeyReused, VersionChanged

REFERENCE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
"""A patient's reference as we make them: what else somebody typed there may be a personal number."""
FORBIDDEN = 403

Handle = Callable[[Request], Coroutine[Any, Any, Response]]


class WitnessedRoute(APIRoute):
    """A route whose refusals are audited, also those before or after the rule."""

    def get_route_handler(self) -> Handle:
        handle: Handle = super().get_route_handler()

        async def witnessed(request: Request) -> Response:
            try:
                return await handle(request)
            except (Refused, NotFound, Forbidden, Problem, VersionChanged, KeyReused) as refused:
                await _witness(request, refused)
                raise

        return witnessed


async def _witness(request: Request, refused: Exception) -> None:
    """Write the row; none for a request without sign-in, an unreadable one, or one that has a row already."""
    entry, note_refused = getattr(request.state, "entry", None), request.app.state.note_refused
    unread = isinstance(refused, Problem) and refused.status != FORBIDDEN
    if entry is None or note_refused is None or unread or getattr(refused, "witnessed", False):
        return
    named = (*getattr(refused, "patient_refs", ()), *_named(request, await request.body()))
    await note_refused(entry.about(*dict.fromkeys(named)), _as_rules_say(refused))


def _as_rules_say(refused: Exception) -> Refused | NotFound:
    if isinstance(refused, NotFound):
        return NotFound(refused.what)
    codes: dict[type[Exception], str] = {VersionChanged: "version-changed", KeyReused: "key-reused"}
    said = Refused()
    said.rule = codes.get(type(refused)) or str(getattr(refused, "rule", said.rule))
    return said


def _named(request: Request, body: bytes) -> Iterator[str]:
    """Find the patients whom the request names by reference, in its path or its body."""
    yield from _references(request.path_params.get("patient_ref"))
    try:
        said = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return
    if isinstance(said, dict):
        yield from _references(said.get("patient_ref"))
        yield from _references(said.get("patient_refs"))


def _references(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        said = typed(each.strip()).lower() if isinstance(each, str) else ""
        if REFERENCE.match(said):
            yield said
