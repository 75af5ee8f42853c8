"""Every refusal that the code makes, with the names of the facts that it tells."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
KEPT = PROJECT / "tests" / "docs" / "refusal_facts.txt"


def trees(*folders: str) -> dict[Path, ast.Module]:
    files = sorted(file for folder in folders for file in (PROJECT / folder).rglob("*.py"))
    return {file: ast.parse(file.read_text()) for file in files}


def told(known: dict[Path, ast.Module], refusals: Collection[str]) -> Iterator[str]:
    """Write a line for each making of a refusal with facts: where, which, and their names."""
    for file, tree in known.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in refusals:
                facts = sorted(each.arg or "**" for each in node.keywords)
                if facts:
                    yield f"{file.relative_to(PROJECT)}: {node.func.id} {' '.join(facts)}"


def told_and_kept(service: str) -> tuple[list[str], list[str]]:
    """Give the lines of one service as its code tells them, and as they are kept."""
    kept = [line for line in KEPT.read_text().splitlines() if line.startswith(f"services/{service}/")]
    return sorted(told(trees(f"services/{service}"), {line.split()[1] for line in kept})), kept
