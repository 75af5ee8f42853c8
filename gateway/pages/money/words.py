"""What amounts, decisions and files are called by people, and who decided: never an id."""

from typing import Any

from gateway.visit import Visit
from gateway.web.words import _, language
from shared.domain.subgroups import PRESCRIPTION_TYPES


def person(visit: Visit, sub: str | None) -> str:
    """Say whether it was the reader or somebody else: economists are known to each other by their work."""
    if not sub:
        return ""
    return _("du") if sub == visit.me["sub"] else _("en annan ekonom")


def type_names() -> dict[str, str]:
    return {each.key: each.name.en if language.get() == "en" else each.name.sv for each in PRESCRIPTION_TYPES}


def rule_name(rule: str) -> str:
    """Name the rule that set a fee."""
    kind, _colon, of_type = rule.partition(":")
    if kind == "type":
        return type_names().get(of_type, _("förskrivningstyp"))
    named = {
        "asylum": _("Asylsökande"),
        "under16": _("Under 16 år"),
        "article": _("Artikelns egen avgift"),
        "device": _("Hjälpmedel"),
    }
    return named.get(kind, _("Annan regel"))


def override_names() -> dict[str, str]:
    return {"asylum": _("Asylsökande"), "under16": _("Under 16 år")}


def states() -> dict[str, str]:
    return {
        "proposed": _("väntar på en andra person"),
        "asked": _("väntar på en andra person"),
        "drafted": _("väntar på en andra person"),
        "decided": _("beslutad"),
        "approved": _("godkänd"),
        "published": _("gäller"),
        "declined": _("avslagen"),
        "withdrawn": _("tillbakadragen"),
    }


def file_state(batch: dict[str, Any]) -> tuple[str, str]:
    """Say where a file is, as a kind of badge and a word."""
    if batch["answer"] == "accepted":
        return "success", _("mottagen")
    if batch["answer"] == "rejected":
        return "error", _("Faktureringen tog inte emot")
    if batch["unanswered_since"]:
        return "warning", _("inget svar")
    return ("info", _("skickad")) if batch["state"] == "written" else ("default", _("skrivs"))
