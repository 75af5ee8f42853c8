"""The language of an answer: Swedish, or English when it is asked for."""

from contextvars import ContextVar
from typing import Literal

from shared.auth.actor import Actor
from shared.domain.customer_service import PHONE
from shared.domain.decision import Reader, Sentence

Language = Literal["sv", "en"]

_filled: dict[str, str] = {}
_reader: ContextVar[Reader] = ContextVar("reader", default="staff")
"""Of the request that is being answered: each has a context of its own."""


def language_of(accepted: str | None) -> Language:
    """Choose between Swedish and English from an Accept-Language header; Swedish when in doubt."""
    wishes = [_wish(part) for part in (accepted or "").split(",")]
    wanted = sorted(
        ((quality, name) for quality, name in wishes if name in ("sv", "en")), key=lambda each: -each[0]
    )
    return "en" if wanted and wanted[0][1] == "en" else "sv"


def is_read_by(actor: Actor) -> None:
    """Note who reads what is said from here on in this request."""
    is_citizen = actor.has("patient")
    _reader.set("customer_service" if actor.has("customer_service") else "citizen" if is_citizen else "staff")


def call_customer_service_on(phone: str) -> None:
    """Tell this process, when its service is assembled, which number its sentences name."""
    _filled[PHONE] = phone


def said(sentence: Sentence, language: Language) -> str:
    """Give the sentence in the reader's language; raises KeyError when its telephone number is not set."""
    told = sentence.to(_reader.get())
    text = told.en if language == "en" else told.sv
    return text.replace(PHONE, _filled[PHONE]) if PHONE in text else text


def _wish(part: str) -> tuple[float, str]:
    name, _, quality = part.strip().partition(";q=")
    try:
        weight = float(quality) if quality else 1.0
    except ValueError:
        weight = 0.0
    return weight, name.strip().lower().split("-")[0]
