"""The figures of rules as they stand in the code: limits, ages, periods, amounts and lengths of texts."""

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
KEPT = Path(__file__).with_name("figures.txt")


def figures(folder: str) -> Iterator[str]:
    """Name every constant of a folder's modules whose value holds a number, as it is written."""
    for file in sorted((PROJECT / folder).rglob("*.py")):
        for node in ast.parse(file.read_text()).body:
            if (
                isinstance(node, ast.Assign | ast.AnnAssign)
                and node.value is not None
                and _counts(node.value)
            ):
                (target,) = node.targets if isinstance(node, ast.Assign) else (node.target,)
                yield f"{file.relative_to(PROJECT)}: {ast.unparse(target)} = {ast.unparse(node.value)}"


def _counts(value: ast.expr) -> bool:
    """Tell whether a value is made of numbers: `50`, `timedelta(days=90)`, `(0.5, 2)`; no table of texts."""
    inside = [each for each in ast.walk(value) if isinstance(each, ast.Constant)]
    numbers = [
        each for each in inside if isinstance(each.value, int | float) and not isinstance(each.value, bool)
    ]
    return bool(numbers) and not any(isinstance(each, ast.Dict | ast.Lambda) for each in ast.walk(value))


def kept(folder: str) -> list[str]:
    """Give the figures that were decided: who changes one in the code changes it in `figures.txt` too."""
    return [row for row in KEPT.read_text().splitlines() if row.startswith(f"{folder}/")]
