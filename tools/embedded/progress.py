"""Prints each step with its time to standard error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(what: str) -> Iterator[None]:
    """Show a step while it runs, and its time when it is done."""
    started = time.monotonic()
    live = sys.stderr.isatty()
    if live:
        say(f"  … {what}", end="\r")
    try:
        yield
    except BaseException:
        say(f"  ✗ {what}")
        raise
    say(f"  ✓ {what}  {time.monotonic() - started:.1f} s")


def say(text: str, *, end: str = "\n") -> None:
    print(text, file=sys.stderr, end=end, flush=True)
