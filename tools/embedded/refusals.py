"""Errors for what an operator asked for that cannot be done: one line, without traceback."""

from collections.abc import Sequence
from difflib import get_close_matches


class NotRunning(Exception):
    """No system runs here, and none was named."""


class Unknown(Exception):
    """A name on the command line that nothing has."""


def one_of(wanted: str, known: Sequence[str], *, what: str) -> str:
    """Give the name back; raise Unknown with all that exist, the nearest first."""
    if wanted in known:
        return wanted
    near = get_close_matches(wanted, known, n=1)
    meant = f" Is {near[0]} meant?" if near else ""
    raise Unknown(f"No {what} is called {wanted}.{meant} There are: {', '.join(known)}.")
