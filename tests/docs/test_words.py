"""Pages, docstrings and comments use the field's words: what was a private metaphor does not come back."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.docs.vocabulary import PROJECT, files

RETIRED = {
    "ear": "subscription",
    "errand": "operation",
    "hear": "consume",
    "heard": "consumed, received, known",
    "hearer": "consumer",
    "speaker": "publisher",
    "zombie": "process with an ended lease",
    "the house": "the system",
}
"""A word that a reader had to decode, and what to write instead."""
WORD = re.compile(rf"\b({'|'.join(RETIRED)})s?\b", re.IGNORECASE)
CODE = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)", re.DOTALL)
PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")])


def retired_words(text: str) -> list[str]:
    """Name the retired words of a text; what is set as code and the targets of links do not count."""
    return [each.lower() for each in WORD.findall(CODE.sub("", text))]


def prose_of(source: str) -> Iterator[str]:
    """Give the docstrings and comments of a module."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield node.value.value
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def found(file: Path, texts: Iterator[str]) -> Iterator[str]:
    for text in texts:
        for word in retired_words(text):
            yield f"{file.relative_to(PROJECT)}: {word}, write {RETIRED[word]}"


def test_pages_use_the_fields_words() -> None:
    assert [each for page in PAGES for each in found(page, iter([page.read_text()]))] == []


def test_docstrings_and_comments_use_the_fields_words() -> None:
    modules = [
        each for each in files("services", "gateway", "shared", "deploy", "tools") if each.suffix == ".py"
    ]

    assert [each for module in modules for each in found(module, prose_of(module.read_text()))] == []


def test_a_retired_word_is_noticed() -> None:
    source = 'def hear() -> None:\n    """Each ear hears a fact."""\n    # a zombie wakes up\n'

    assert [word for text in prose_of(source) for word in retired_words(text)] == ["ear", "hear", "zombie"]
    assert retired_words("The queue `x.hears.y` is bound to [it](hear.md).") == []
