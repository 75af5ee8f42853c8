"""The words of the pages: Swedish as written in code and templates, English from a catalogue."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from shared.http.language import Language, language_of

FOLDER = Path(__file__).parents[1] / "words"

language: ContextVar[Language] = ContextVar("language", default="sv")
"""Of the request that is being answered."""


@cache
def catalogue() -> Catalog:
    """Read the English catalogue: text files by subject, without a compiled twin that could differ."""
    whole = Catalog(locale="en_GB")
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en_GB"):
                if message.id:
                    whole[message.id] = message
    return whole


def gettext(text: str) -> str:
    """Give the text in the reader's language; Swedish for what the catalogue lacks (a test finds it)."""
    if language.get() == "sv":
        return text
    message = catalogue().get(text)
    return str(message.string) if message and message.string else text


def ngettext(one: str, many: str, count: int) -> str:
    """Give the text for so many."""
    if language.get() == "sv":
        return one if count == 1 else many
    message = catalogue().get(one)
    strings = message.string if message else None
    return strings[0 if count == 1 else 1] if isinstance(strings, tuple | list) else many


_ = gettext


def chosen(cookie: str | None, accepted: str | None) -> Language:
    """Choose the language that the person chose on a page, else the browser's."""
    return "en" if cookie == "en" else "sv" if cookie == "sv" else language_of(accepted)


@contextmanager
def speaking(wanted: Language) -> Iterator[None]:
    token = language.set(wanted)
    try:
        yield
    finally:
        language.reset(token)
