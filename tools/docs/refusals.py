"""Writes docs/refusals.md from the code: every stable code that an answer may carry, with its sentences."""

import ast
import json
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import services
import shared
from services.prescription.gateways.rule_book import PACKAGED
from shared.domain.decision import Refused, Sentence
from shared.http.problems import SENTENCES
from tools.docs.landscape import SERVICES_FOLDER

HEAD = """\
# Refusals and errors

Made from the code by `./sesam docs`; do not edit by hand.

Every error is `application/problem+json` (RFC 9457). `rule` is one of the codes below and never changes
its meaning; `detail` is a sentence for people in the language of `Accept-Language` (`sv`, else `en`), and
may name the thing that it is about, which the table cannot. When a rule refuses, the answer is 422 with
every reason at once in `reasons`, each with its own code, sentence and `facts`; when fields are wrong, it
is 422 with `rule` `invalid`, and they are listed in `fields`.
"""
GENERAL_STATUS = {
    "not-found": 404, "not-signed-in": 401, "forbidden": 403, "not-your-unit": 403, "version-changed": 412,
    "key-reused": 422, "key-missing": 400, "key-invalid": 400, "etag-invalid": 400, "invalid": 422,
    "malformed": 400, "name-twice": 400, "not-json": 415, "too-often": 429, "too-large": 413, "failed": 500,
    "newer-version": 503, "method-not-allowed": 405,
}  # fmt: skip


@dataclass(frozen=True)
class Code:
    """A code, where it comes from, and what it says when nothing more is known."""

    rule: str
    where: str
    sentence: Sentence


def refusals() -> str:
    """Write the page."""
    general = [
        f"| `{rule}` | {GENERAL_STATUS[rule]} | {each.sv} | {each.en} |"
        for rule, each in sorted(SENTENCES.items())
    ]
    own = [f"| `{each.rule}` | {each.where} | {_sentence(each.sentence)} |" for each in codes()]
    rows = [f"| `{rule}` | {area} |" for rule, area in rule_book_codes()]
    return "\n".join([
        HEAD,
        "## Of every service\n",
        "| code | status | på svenska | in English |", "|---|---|---|---|", *general, "",
        "## Of rules (422, when nothing else is said)\n",
        "| code | where | på svenska | in English |", "|---|---|---|---|", *own, "",
        "## Of rows of the rule book (422)\n",
        "The sentence stands in the row itself, as `GET /rules` shows it.\n",
        "| code | product area |", "|---|---|", *rows, "",
    ])  # fmt: skip


def codes() -> list[Code]:
    """Give every refusal of the services and of what they share, by its code.

    A row of the rule book brings its own code and sentence: those are `rule_book_codes`.
    """
    import_all()
    found = {
        (kind.rule, where_of(kind)): Code(kind.rule, where_of(kind), kind.sentence)
        for kind in kinds_of(Refused)
        if kind.__module__.startswith(("services.", "shared.")) and kind.rule != Refused.rule
    }
    return [found[key] for key in sorted(found)]


def where_of(kind: type) -> str:
    """Name the service, or `shared`."""
    parts = kind.__module__.split(".")
    return parts[1] if parts[0] == "services" else "shared"


def kinds_of(kind: type[Refused]) -> Iterator[type[Refused]]:
    for each in kind.__subclasses__():
        yield each
        yield from kinds_of(each)


def import_all() -> None:
    """Import every module that may hold a refusal, so that none is left out."""
    for package in (services, shared):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(each.name)


def rule_book_codes(folder: Path = PACKAGED) -> list[tuple[str, str]]:
    """Give the codes of the rule book's rows and the area of each."""
    return [
        (row["rule"], file.stem)
        for file in sorted(folder.glob("*.json"))
        for row in _rows(json.loads(file.read_text()))
    ]


def raised_codes() -> set[str]:
    """Name every code that is written where a door raises it: none of them may be missing on the page."""
    named: set[str] = set()
    for folder in (SERVICES_FOLDER, SERVICES_FOLDER.parent / "shared"):
        for file in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    named.update(_code_in(node.func.id, node.args))
    return named


def _code_in(called: str, args: Sequence[ast.expr]) -> Iterator[str]:
    place = {"Problem": 1, "Forbidden": 0}.get(called)
    if place is not None and len(args) > place:
        given = args[place]
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            yield given.value


def _rows(tree: object) -> Iterator[dict[str, str]]:
    if isinstance(tree, dict):
        if isinstance(tree.get("rule"), str):
            yield tree
        for each in tree.values():
            yield from _rows(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from _rows(each)


def _sentence(sentence: Sentence) -> str:
    return f"{sentence.sv} | {sentence.en}".replace("\n", " ")
