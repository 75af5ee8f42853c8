"""What a person filled in, as browsers send it."""

from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl

from fastapi import Request

LONGEST_NUMBER = 9


class Forged(Exception):
    """A form that no page of ours gave to this person."""


class Form:
    """Names with their values, in the order of the page; text is trimmed as people expect."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self.pairs = [(name, value.replace("\r\n", "\n").strip()) for name, value in pairs]

    def text(self, name: str, default: str = "") -> str:
        """Give the last value of a name: a button that was pressed comes after the hidden field before it."""
        return next((value for each, value in reversed(self.pairs) if each == name), default)

    def all(self, name: str) -> list[str]:
        return [value for each, value in self.pairs if each == name]

    def starting(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Give what follows the prefix, with its value."""
        for name, value in self.pairs:
            if name.startswith(prefix):
                yield name.removeprefix(prefix), value

    @property
    def action(self) -> str:
        """Tell which button was pressed."""
        return self.text("do")


def whole_number(text: str) -> int | str | None:
    """Read a whole number as people type it; what is none stays, and the service says what is wrong."""
    plain = text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    return int(plain) if plain.isdecimal() and len(plain) <= LONGEST_NUMBER else plain or None


def decimal_number(text: str) -> str | None:
    """Read a number with a comma or a point."""
    return text.replace(" ", "").replace(",", ".") or None


async def form_of(request: Request) -> Form:
    """Read a form as browsers send it (the size of bodies is limited already)."""
    body = await request.body()
    return Form(parse_qsl(body.decode("utf-8", errors="replace"), keep_blank_values=True))


def demand_same_site(request: Request, gateway_url: str) -> None:
    """Raise Forged for a form that another site sent, as far as the browser says so."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in (None, "same-origin", "none") or origin not in (None, "null", gateway_url.rstrip("/")):
        raise Forged
