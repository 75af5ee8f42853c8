"""Chooses the wrong rules: a random sample of places, the same for the same seed."""

import ast
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.mutate.sites import Site, sites_in
from tools.mutate.wrong import Leaves

RULES = ("shared/domain", "services/*/domain")
MOST_OF_A_LINE = 2


def rule_files(root: Path, wanted: Sequence[str]) -> list[str]:
    """Name the modules of rules below the wanted folders and files; all of them when none is wanted."""
    below = [path for each in wanted or RULES for path in root.glob(each.rstrip("/"))]
    files = {file for path in below for file in (path.rglob("*.py") if path.is_dir() else [path])}
    return sorted(str(file.relative_to(root)) for file in files if file.name != "__init__.py")


def chosen(root: Path, files: Iterable[str], *, rules: int, seed: int) -> list[Site]:
    """Draw places, and for each one of the ways to get it wrong; a line is drawn at most twice."""
    leaves = what_may_be_left_out(root)
    places: dict[tuple[str, int, int], list[Site]] = defaultdict(list)
    for file in files:
        for site in sites_in(root, file, leaves):
            places[site.file, site.start, site.end].append(site)
    chance = random.Random(seed)  # noqa: S311  a sample, not a secret
    order = sorted(places)
    chance.shuffle(order)
    drawn: list[Site] = []
    of_line: Counter[tuple[str, int]] = Counter()
    for place in order:
        site = chance.choice(places[place])
        if of_line[site.file, site.line] < MOST_OF_A_LINE:
            of_line[site.file, site.line] += 1
            drawn.append(site)
    return drawn[:rules]


def what_may_be_left_out(root: Path) -> Leaves:
    """Learn which keywords have a default; a refusal and `replace` work without any."""
    defaults: set[tuple[str, str]] = set()
    bases: dict[str, set[str]] = {}
    for folder in ("services", "shared"):
        for file in (root / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_bytes())):
                if isinstance(node, ast.ClassDef):
                    bases[node.name] = {each.id for each in node.bases if isinstance(each, ast.Name)}
                    defaults |= {(node.name, name) for name in _fields_with_default(node)}
                elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    defaults |= {(node.name, name) for name in _arguments_with_default(node.args)}

    def is_refusal(name: str) -> bool:
        return name == "Refused" or any(is_refusal(each) for each in bases.get(name, ()) if each != name)

    def leaves(name: str, keyword: str) -> bool:
        return name == "replace" or (name, keyword) in defaults or is_refusal(name)

    return leaves


def _fields_with_default(node: ast.ClassDef) -> set[str]:
    fields = (each for each in node.body if isinstance(each, ast.AnnAssign) and each.value is not None)
    return {each.target.id for each in fields if isinstance(each.target, ast.Name)}


def _arguments_with_default(arguments: ast.arguments) -> set[str]:
    keywords = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    last = arguments.args[len(arguments.args) - len(arguments.defaults) :]
    return {each.arg for each, default in keywords if default is not None} | {each.arg for each in last}
