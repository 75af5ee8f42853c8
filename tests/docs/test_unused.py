"""What nothing in the system uses is not kept for its test alone: a guard that is not run guards nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ("services", "gateway", "shared", "deploy", "tools")
CALLED_BY_LIBRARIES = {"emit", "export", "handle_async_request", "send_400_response"}
UNPUBLISHED = set((Path(__file__).parent / "unpublished_facts.txt").read_text().split())
COME_WITH_DEVICES = UNPUBLISHED
"""Used by nobody until the orders of devices are there; then this line goes."""
DECORATED = ("router", "subscriptions", "validator", "app.", "pages.", "doors.")
"""What is registered where it stands: a door, a handler, a validator."""


EXCUSED = CALLED_BY_LIBRARIES | COME_WITH_DEVICES


def trees(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    for room in rooms:
        for file in sorted((PROJECT / room).rglob("*.py")):
            yield str(file.relative_to(PROJECT)), ast.parse(file.read_text())


def used_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Constant) and re.fullmatch("[A-Za-z_]+", str(node.value)):
            yield str(node.value)  # an annotation, or a name that is looked up


def defined_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            registered = any(word in ast.unparse(each) for each in node.decorator_list for word in DECORATED)
            if not registered and not node.name.startswith("__"):
                yield node.name


def unused(defined: Iterator[tuple[str, str]], used: set[str]) -> list[str]:
    return [f"{file}: {name}" for file, name in defined if name not in used | EXCUSED]


def test_whatever_stands_in_services_the_gateway_and_shared_is_used_by_the_system_itself() -> None:
    used = {name for _, tree in trees(*ROOMS) for name in used_in(tree)}
    defined = (
        (file, name) for file, tree in trees("services", "gateway", "shared") for name in defined_in(tree)
    )

    assert unused(defined, used) == []


def test_a_guard_that_only_its_test_calls_is_noticed() -> None:
    tree = ast.parse("def against_recording(copy):\n    yield RegisterKeepsPerson()\n")
    defined = (("copies.py", name) for name in defined_in(tree))

    assert unused(defined, set(used_in(tree))) == ["copies.py: against_recording"]
