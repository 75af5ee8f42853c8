"""Starts a service's HTTP server; log output and limits are set before anything else is imported."""

import argparse
from collections.abc import Callable
from typing import Any

import uvicorn

from shared import logs
from shared.http.connections import KEPT_SECONDS, BoundedConnection


def answer(app: str | Callable[..., Any], *, host: str, port: int, factory: bool = False) -> None:
    """Answer requests until stopped; nothing of uvicorn's own is logged or trusted."""
    uvicorn.run(
        app,
        factory=factory,
        host=host,
        port=port,
        loop="uvloop",
        http=BoundedConnection,
        ws="none",
        timeout_keep_alive=KEPT_SECONDS,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )


def main() -> None:
    """Run the service of the named module, such as `services.ordering.app`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", help="The module with create_app, such as services.ordering.app.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    wanted = parser.parse_args()
    logs.close_other_ways()
    logs.set_up(wanted.module.removesuffix(".app").rpartition(".")[2])
    answer(f"{wanted.module}:create_app", factory=True, host=wanted.host, port=wanted.port)


if __name__ == "__main__":
    main()
