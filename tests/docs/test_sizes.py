"""Files and functions are as short as CONTRIBUTING says, and folders can be read at a glance."""

import ast
from collections import Counter
from collections.abc import Iterator

from tests.docs.vocabulary import files

LONGEST_FILE = 300
LONGEST_BODY = 30
FULLEST_FOLDER = 25
"""Modules of a folder of what runs in production, or of the tools."""
CODE = [each for each in files("services", "gateway", "shared", "deploy", "tools") if each.suffix == ".py"]
TESTS = [each for each in files("tests") if each.suffix == ".py"]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def bodies_of(source: str) -> Iterator[tuple[str, int]]:
    """Name each function with the lines of its body: without its docstring, and without functions inside."""
    for function in (each for each in ast.walk(ast.parse(source)) if isinstance(each, Function)):
        body = function.body[1:] if ast.get_docstring(function) else function.body
        lines = {line for each in body for line in range(each.lineno, (each.end_lineno or 0) + 1)}
        for inner in (each for each in ast.walk(function) if isinstance(each, Function)):
            if inner is not function:
                first = min([inner.lineno, *(each.lineno for each in inner.decorator_list)])
                lines -= set(range(first, (inner.end_lineno or 0) + 1))
        yield function.name, len(lines)


def test_no_file_has_more_than_300_lines() -> None:
    long = {str(file): len(file.read_text().splitlines()) for file in (*CODE, *TESTS)}

    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE} == {}


def test_no_function_has_a_body_of_more_than_30_lines() -> None:
    found = [(file.name, *each) for file in (*CODE, *TESTS) for each in bodies_of(file.read_text())]

    assert [each for each in found if each[2] > LONGEST_BODY] == []


def test_a_module_says_what_it_does_in_one_line() -> None:
    first = {
        str(file): (ast.get_docstring(ast.parse(file.read_text())) or "").split("\n\n")[0] for file in CODE
    }

    assert [name for name, said in first.items() if "\n" in said] == []


def test_no_folder_has_more_modules_than_can_be_read_at_a_glance() -> None:
    modules = Counter(each.parent for each in CODE if each.stem != "__init__")

    assert {str(folder): count for folder, count in modules.items() if count > FULLEST_FOLDER} == {}


def test_a_long_body_is_measured_without_its_docstring_and_the_functions_inside() -> None:
    source = (
        'def a():\n    """One.\n\n    Two.\n    """\n    b = 1\n\n    @c\n    def d():\n        return 1\n'
    )
    source += "\n    return d\n"

    assert dict(bodies_of(source)) == {"a": 2, "d": 1}
