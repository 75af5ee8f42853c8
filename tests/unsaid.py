"""What the rules of a service take for granted where nobody says it: the defaults of their data."""

import dataclasses
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType


def defaults(domain: ModuleType) -> Iterator[tuple[str, bool | int]]:
    """Give each default that is yes, no or a number, by the name of its class and field."""
    for found in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
        module = import_module(found.name)
        for name, kept in vars(module).items():
            if dataclasses.is_dataclass(kept) and kept.__module__ == module.__name__:
                for field in dataclasses.fields(kept):
                    if isinstance(field.default, int):
                        yield f"{name}.{field.name}", field.default
