"""The names that the code has: words, classes, values, settings, commands and alerts, read from the tree."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from typer.main import get_command

from gateway.settings import GatewaySettings
from shared.settings import Settings
from tools.cli import app
from tools.demo.settings import DemoSettings
from tools.docs.landscape import landscape

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = {".py", ".yaml", ".json", ".typ", ".service", ".timer", ".toml"}
WORD = re.compile(r"[A-Za-z_][\w-]*")


def files(*folders: str) -> Iterator[Path]:
    """Every source file of these folders of the project."""
    for folder in folders:
        for file in sorted((PROJECT / folder).rglob("*")):
            if file.suffix in SOURCE and "__pycache__" not in file.parts:
                yield file


@cache
def words() -> frozenset[str]:
    """Every word of the code and of what a region deploys, with and without what a hyphen joins."""
    texts = [file.read_text() for file in files("services", "gateway", "shared", "deploy", "tools")]
    texts += [(PROJECT / name).read_text() for name in ("sesam", "pyproject.toml", "tests/conftest.py")]
    joined = {word for text in texts for word in WORD.findall(text)}
    return frozenset(joined | {part for word in joined for part in word.split("-")})


@cache
def modules() -> tuple[ast.Module, ...]:
    return tuple(ast.parse(each.read_text()) for each in files("services", "shared") if each.suffix == ".py")


@cache
def names() -> frozenset[str]:
    """Every class, function and annotated name of the services and of `shared`."""
    found: set[str] = set()
    for node in (node for module in modules() for node in ast.walk(module)):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.arg(arg=name):
                found.add(name)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                found.add(name)
    return frozenset(found)


@cache
def values() -> frozenset[str]:
    """Every value of every `Literal` of the services and of `shared`: states, stages, roles, kinds."""
    literals = (
        node.slice
        for module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal"
    )
    return frozenset(
        each.value
        for literal in literals
        for each in ast.walk(literal)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    )


@cache
def settings() -> frozenset[str]:
    """Every environment variable that a process, a command or a test reads."""
    own = {
        f"SESAM_{name.upper()}"
        for each in (Settings, DemoSettings, GatewaySettings)
        for name in each.model_fields
    }
    texts = [
        each.read_text()
        for each in (*files("shared", "deploy", "tools", "tests/simulation"), PROJECT / "sesam")
    ]
    return frozenset(own.union(*(re.findall(r"[\"${](SESAM_\w+)", text) for text in texts)))


@cache
def commands() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Each command's subcommands, and its options with theirs."""
    whole: Any = get_command(app)
    return {name: (_under(each), _options(each)) for name, each in whole.commands.items()}


def _under(command: Any) -> frozenset[str]:
    return frozenset(getattr(command, "commands", {}))


def _options(command: Any) -> frozenset[str]:
    own = {option for parameter in command.params for option in parameter.opts}
    return frozenset(own.union(*(_options(each) for each in getattr(command, "commands", {}).values())))


@cache
def alerts() -> frozenset[str]:
    """Every alert that a region loads."""
    rules = yaml.safe_load((PROJECT / "deploy" / "alerts" / "rules.yaml").read_text())
    return frozenset(rule["alert"] for group in rules["groups"] for rule in group["rules"])


@cache
def topics() -> frozenset[str]:
    """Every topic of a fact, and every type of a message to or from a partner."""
    return frozenset(each.fact.topic for each in landscape())


@cache
def names_of_tests() -> frozenset[str]:
    """Every name of a test, and of a test's file."""
    return frozenset(
        word
        for file in files("tests")
        for word in (file.stem, *re.findall(r"def (test_\w+)", file.read_text()))
        if word.startswith("test_")
    )
