"""Finds every place in a module of rules where a wrong rule can be planted, and the ways to do it."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from tools.mutate.wrong import Leaves, wrong_ways

NOT_RULES = frozenset({"annotation", "returns", "decorator_list", "bases", "type_params"})
"""Fields of a piece of code that say something of types only."""
WORDS = frozenset({"Sentence", "Addressed", "TypeVar", "UUID", "cast"})
"""What makes sentences and names; another test compares those."""
BUGS = frozenset({"ValueError", "TypeError", "LookupError", "KeyError", "AssertionError", "RuntimeError"})
"""Raised by a bug in the code, not by a rule."""


@dataclass(frozen=True)
class Site:
    """One wrong rule: in bytes, what stands from `start` to `end` of the file would be `new`."""

    file: str
    function: str
    line: int
    what: str
    start: int
    end: int
    old: str
    new: str

    @property
    def name(self) -> str:
        """Name it by what it is, so that the same one is known after lines were added above it."""
        return f"{self.file}:{self.function}: {self.what}: {self.old} -> {self.new}"

    @property
    def group(self) -> str:
        """Give the service, or `shared`."""
        top, inner, *_ = self.file.split("/")
        return inner if top == "services" else top


def sites_in(root: Path, file: str, leaves: Leaves) -> list[Site]:
    """Find every wrong rule that can be planted in a file and is still Python."""
    source = Source(file, (root / file).read_bytes())
    return [site for site in source.sites(leaves) if source.is_another_program(site)]


class Source:
    """A file's bytes and what they mean."""

    def __init__(self, file: str, raw: bytes) -> None:
        self.file = file
        self.raw = raw
        self.tree = ast.parse(raw)
        self.starts = [0, *accumulate(len(line) for line in raw.splitlines(keepends=True))]

    def sites(self, leaves: Leaves) -> Iterator[Site]:
        for function, node in rules_in(self.tree):
            for what, old, new in wrong_ways(node, leaves):
                yield self._site(function, what, old, new)

    def _site(self, function: str, what: str, old: ast.expr | ast.stmt, new: ast.AST) -> Site:
        start = self.starts[old.lineno - 1] + old.col_offset
        end = self.starts[(old.end_lineno or old.lineno) - 1] + (old.end_col_offset or 0)
        text = ast.unparse(new)
        return Site(
            file=self.file,
            function=function,
            line=old.lineno,
            what=what,
            start=start,
            end=end,
            old=ast.unparse(old),
            new=f"({text})" if isinstance(new, ast.expr) and isinstance(old, ast.expr) else text,
        )

    def is_another_program(self, site: Site) -> bool:
        try:
            changed = ast.parse(with_planted(self.raw, site))
        except SyntaxError:
            return False
        return ast.dump(changed) != ast.dump(self.tree)


def with_planted(raw: bytes, site: Site) -> bytes:
    return raw[: site.start] + site.new.encode() + raw[site.end :]


def rules_in(tree: ast.AST, function: str = "module") -> Iterator[tuple[str, ast.AST]]:
    """Walk through all that decides something, with the outermost function that it stands in."""
    for child in _inner(tree):
        if _is_no_rule(child):
            continue
        is_outermost = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and function == "module"
        name = getattr(child, "name", "") if is_outermost else function
        yield name, child
        yield from rules_in(child, name)


def _inner(node: ast.AST) -> Iterator[ast.AST]:
    for field, value in ast.iter_fields(node):
        if field not in NOT_RULES:
            many: Iterable[object] = value if isinstance(value, list) else [value]
            yield from (each for each in many if isinstance(each, ast.AST))


def _is_no_rule(node: ast.AST) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.JoinedStr():
            return True
        case ast.Expr(value=ast.Constant()):  # a docstring
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in WORDS
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name))):
            return name in BUGS
        case ast.Subscript(value=ast.Name(id=name)):  # Literal["a", "b"], dict[str, int]; not RULES[kind]
            return name in {"dict", "list", "tuple", "frozenset"} or name.istitle()
    return False
