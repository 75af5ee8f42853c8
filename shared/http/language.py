"""Swedish unless English is wished for."""

from typing import Literal

from shared.domain.decision import Sentence

Language = Literal["sv", "en"]


def language_of(accepted: str | None) -> Language:
    """Choose between Swedish and English from an Accept-Language header; Swedish when in doubt."""
    wishes = [_wish(part) for part in (accepted or "").split(",")]
    wanted = sorted(
        ((quality, name) for quality, name in wishes if name in ("sv", "en")), key=lambda each: -each[0]
    )
    return "en" if wanted and wanted[0][1] == "en" else "sv"


def said(sentence: Sentence, language: Language) -> str:
    return sentence.en if language == "en" else sentence.sv


def _wish(part: str) -> tuple[float, str]:
    name, _, quality = part.strip().partition(";q=")
    try:
        weight = float(quality) if quality else 1.0
    except ValueError:
        weight = 0.0
    return weight, name.strip().lower().split("-")[0]
