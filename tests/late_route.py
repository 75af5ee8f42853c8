"""A route made when it is first asked: a service has forty, and most tests ask two or three of them."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.routing import compile_path

from shared.http import router
from shared.http.witness import WitnessedRoute
from shared.service.definition import Assemble, Dependencies, ServiceDefinition


class LateRoute(WitnessedRoute):
    """Knows its path and its methods; all else FastAPI makes of the function when it is needed."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.path, self.endpoint = path, endpoint
        self.name = options["name"] or endpoint.__name__
        self.methods = {method.upper() for method in options["methods"] or ("GET",)}
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self.later = (path, endpoint, options)

    def __getattr__(self, name: str) -> Any:
        if "later" not in vars(self):
            raise AttributeError(name)
        path, endpoint, options = vars(self).pop("later")
        super().__init__(path, endpoint, **options)
        return getattr(self, name)


def assembled_late(assemble: Assemble, dependencies: Dependencies) -> ServiceDefinition:
    """Assemble a service of such routes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(router, "WitnessedRoute", LateRoute)
        return assemble(dependencies)
