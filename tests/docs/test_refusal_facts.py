"""What a refusal tells machines beside its sentence: the names are kept, so that none is lost unseen."""

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).with_name("refusal_facts.txt")
FILES = sorted(file for folder in ("services", "shared") for file in (PROJECT / folder).rglob("*.py"))
TREES = {file: ast.parse(file.read_text()) for file in FILES}


def names(nodes: list[ast.expr]) -> set[str]:
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def refusals() -> set[str]:
    """Name every class that is a refusal, whatever stands between."""
    classes = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found, before = {"Refused"}, set[str]()
    while found != before:
        before = set(found)
        found |= {each.name for each in classes if names(each.bases) & found}
    return found


def told() -> Iterator[str]:
    known = refusals()
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known:
                facts = sorted(each.arg or "**" for each in node.keywords)
                if facts:
                    yield f"{file.relative_to(PROJECT)}: {node.func.id} {' '.join(facts)}"


def test_a_refusal_tells_the_facts_that_it_is_known_to_tell() -> None:
    """Callers read these names. Lost one? Give it back. A new one is a new line in the kept file."""
    assert sorted(told()) == KEPT.read_text().splitlines()


def test_a_refusal_of_a_refusal_is_found_as_well() -> None:
    assert {"UsedUpLine", "AgainstTheBook", "NotAPersonId"} <= refusals()
