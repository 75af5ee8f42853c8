"""Finds free ports, and says clearly when a wanted port is taken."""

import socket
from collections.abc import Iterable
from contextlib import ExitStack

ADDRESS = "127.0.0.1"


class PortTaken(Exception):
    """A port that the embedded run needs is used by another program."""


def free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((ADDRESS, 0))
        return [each.getsockname()[1] for each in sockets]


def is_free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((ADDRESS, port))
        except OSError:
            return False
        return True


def require_free(wanted: Iterable[tuple[str, int]], *, change_with: str) -> None:
    """Raise `PortTaken` naming every taken port, who needs it, and how to choose others."""
    taken = [f"port {port}, which {name} needs" for name, port in wanted if not is_free(port)]
    if taken:
        raise PortTaken(
            f"Another program uses {'; '.join(taken)}.\n"
            f"Stop that program (`ss -ltnp` shows it) or choose other ports: {change_with}"
        )


def answers(port: int) -> bool:
    with socket.socket() as trial:
        trial.settimeout(0.5)
        return trial.connect_ex((ADDRESS, port)) == 0
