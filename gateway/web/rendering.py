"""Renders templates: everything is escaped, and a name that is missing is an error."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.web import words, written

GATEWAY = Path(__file__).parents[1]
STATIC = GATEWAY / "static"
YEAR_SECONDS = 31_536_000
mimetypes.add_type("text/javascript", ".js")


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(GATEWAY / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]  # a method that the extension adds
        words.gettext, words.ngettext, newstyle=False
    )
    made.filters |= {
        "day": written.day,
        "moment": written.moment,
        "kronor": written.kronor,
        "number": written.number,
        "person_number": written.person_number,
    }
    made.globals |= {"static": static_address}
    made.globals["ui"] = made.get_template("ui.html").module
    return made


def rendered(template: str, **values: Any) -> str:
    return environment().get_template(template).render(language=words.language.get(), **values)


def html(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    return HTMLResponse(rendered(template, **values), status)


def as_file(content: bytes, media_type: str, name: str) -> Response:
    """Answer with a print, shown in its place: nothing stays on the disk; other files are saved."""
    place = "inline" if media_type.startswith("application/pdf") else "attachment"
    headers = {"Content-Disposition": f'{place}; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


@cache
def files() -> dict[str, tuple[bytes, str]]:
    """Read every file of styles, scripts and pictures once: an address can name no other."""
    found = [each for each in STATIC.rglob("*") if each.is_file()]
    return {
        each.relative_to(STATIC).as_posix(): (
            each.read_bytes(),
            mimetypes.guess_type(each.name)[0] or "text/plain",
        )
        for each in found
    }


@cache
def static_address(name: str) -> str:
    """Give the address of a file, another one for each content: a browser may keep it for a year."""
    return f"/static/{hashlib.sha256(files()[name][0]).hexdigest()[:12]}/{name}"


async def static_file(request: Request) -> Response:
    """Send a file; 404 for any other name."""
    found = files().get(request.path_params["name"])
    if found is None:
        return Response(status_code=404)
    content, media_type = found
    return Response(
        content,
        media_type=media_type,
        headers={"Cache-Control": f"public, max-age={YEAR_SECONDS}, immutable"},
    )
