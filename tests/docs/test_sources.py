"""Every rule can be traced: to a row of the guides, a decision, a law or a format."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
DOMAIN = sorted([*PROJECT.glob("services/*/domain/**/*.py"), *PROJECT.glob("shared/domain/**/*.py")])
EVERY_MODULE = sorted(
    file
    for folder in ("services", "gateway", "shared", "deploy", "tools", "tests")
    for file in (PROJECT / folder).rglob("*.py")
    if file.name != "__init__.py" or file.read_text().strip()
)
SOURCE = re.compile(
    r"""\b[SQTN][0-9]+\b                 # a row of the guides, a question that we decided, a capability
      | \blaw\b | \b[0-9]{4}:[0-9]+\b    # a law or a regulation, by its number in the statute book
      | \bformats\b                      # the page of numbers and message forms
      | \bdecisions?\ [0-9]{4}\b         # one of docs/decisions
    """,
    re.VERBOSE,
)
Named = ast.FunctionDef | ast.ClassDef


def relative(file: Path) -> str:
    return str(file.relative_to(PROJECT))


def words_of(node: ast.AST) -> str:
    return (ast.get_docstring(node) or "") if isinstance(node, ast.Module | Named) else ""


def is_rule(node: ast.AST) -> bool:
    """A function that decides, or that lists what speaks against."""
    if not isinstance(node, ast.FunctionDef) or node.returns is None:
        return False
    answers = ast.unparse(node.returns)
    return answers.startswith("Decision[") or answers in {"Iterator[Refused]", "Iterable[Refused]"}


def is_refusal(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Refused" for base in node.bases)


def public_rules(module: ast.Module) -> Iterator[Named]:
    """What decides in this module, by its public names."""
    for node in module.body:
        if isinstance(node, Named) and not node.name.startswith("_") and (is_rule(node) or is_refusal(node)):
            yield node


def without_source(text: str) -> list[str]:
    """The rules and refusals that neither say their source nor stand in a module that does."""
    module = ast.parse(text)
    if SOURCE.search(words_of(module)):
        return []
    return [node.name for node in public_rules(module) if not SOURCE.search(words_of(node))]


@pytest.mark.parametrize("file", DOMAIN, ids=relative)
def test_every_rule_and_refusal_names_its_source(file: Path) -> None:
    assert without_source(file.read_text()) == []


def test_every_module_says_in_one_line_what_it_holds() -> None:
    assert [relative(file) for file in EVERY_MODULE if not words_of(ast.parse(file.read_text()))] == []


def test_a_rule_without_a_source_is_noticed() -> None:
    text = '"""Rules."""\ndef end(line: Line) -> Decision[Line]:\n    """End it."""\n'

    assert without_source(text) == ["end"]


def test_a_refusal_without_a_source_is_noticed() -> None:
    text = '"""Rules."""\nclass TooLate(Refused):\n    """It is too late."""\n'

    assert without_source(text) == ["TooLate"]


@pytest.mark.parametrize(
    "said", ["(S24)", "(Q4)", "law 2002:160", "HSLF-FS 2016:40", "formats.md 3", "decision 0006"]
)
def test_a_source_may_be_a_row_a_decision_a_law_or_a_format(said: str) -> None:
    text = f'"""Rules."""\ndef end(line: Line) -> Decision[Line]:\n    """End it {said}."""\n'

    assert without_source(text) == []
