"""Structured log lines by an allow-list: a field that is not on the list is never written."""

import io
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

ALLOWED = frozenset({
    "action", "attempts", "cause", "count", "error", "event", "exchange", "frames", "group", "job",
    "level", "message_id", "milliseconds", "outcome", "path", "port", "queue", "reason", "route", "rule",
    "seconds", "service", "stack", "status", "subject", "timestamp", "topic", "trace_id", "version", "what",
})  # fmt: skip
PERSONAL = re.compile(
    r"(?<![0-9A-Za-z-])(?:(?:18|19|20)?[0-9]{6}[-+]?[0-9]{4}"
    r"|(?:\+46|0)7[0-9][ -]?[0-9]{3}[ 0-9-]{4,6})(?![0-9A-Za-z-])"
)
PROJECT = Path(__file__).resolve().parents[1]
LEVELS = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL)
STANDARD_OUTPUT = 1
MOST_FRAMES = 12


def only_allowed(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list, and what looks like a number or phone of a person."""
    kept = {key: value for key, value in line.items() if key in ALLOWED}
    return {
        key: PERSONAL.sub("[removed]", value) if isinstance(value, str) else value
        for key, value in kept.items()
    }


def set_up(service: str) -> None:
    """Write JSON lines to standard output; whatever a library logs comes as such a line too."""
    structlog.configure(
        processors=[
            _of(service),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=_way_out(),
        cache_logger_on_first_use=True,
    )
    for known in logging.root.manager.loggerDict.values():
        if isinstance(known, logging.Logger):  # uvicorn's among them, with its own way to standard error
            known.handlers.clear()
            known.propagate = True
    logging.basicConfig(level=logging.WARNING, handlers=[_Through()], force=True)


def close_other_ways() -> None:
    """Leave the process no way to its output but our lines: nothing printed, no traceback.

    Only for a process that is a service and nothing else; `set_up` comes after.
    """
    logging.captureWarnings(capture=True)
    sys.excepthook = _crashed
    threading.excepthook = lambda thread: _log_failure("thread failed", thread.exc_value)
    sys.unraisablehook = lambda failure: _log_failure("not raised", failure.exc_value)
    sys.stdout = sys.stderr = _Printed()


def say(text: str) -> None:
    """Print what is wrong with how the process was started."""
    print(text, file=sys.__stderr__, flush=True)


def own_frames(failure: BaseException | None) -> list[str]:
    """Say where in our own code a failure came from: files, lines and names, never its text."""
    if failure is None:
        return []
    frames = [
        (Path(frame.f_code.co_filename), line, frame.f_code.co_name)
        for frame, line in traceback.walk_tb(failure.__traceback__)
    ]
    return [
        f"{file.relative_to(PROJECT)}:{line} {name}"
        for file, line, name in frames
        if file.is_relative_to(PROJECT) and "site-packages" not in file.parts
    ][-MOST_FRAMES:]


def _of(service: str) -> structlog.types.Processor:
    def name_it(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        line["service"] = service
        return line

    return name_it


def _way_out() -> Any:
    if isinstance(sys.stdout, _Printed):  # what structlog prints by default would come back to us
        return lambda *_: _Line()
    return structlog.PrintLoggerFactory()


def _log_failure(event: str, failure: BaseException | None, **more: Any) -> None:
    name = type(failure).__name__ if failure else None
    structlog.get_logger().error(event, error=name, frames=own_frames(failure), **more)


def _crashed(kind: type[BaseException], failure: BaseException, _: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log_failure("crashed", failure)


class _Line:
    """Writes a line at once and without a lock: a warning may come while another line is being written."""

    def msg(self, line: str) -> None:
        os.write(STANDARD_OUTPUT, f"{line}\n".encode(errors="backslashreplace"))

    log = debug = info = warning = error = critical = msg


class _Through(logging.Handler):
    """Takes the libraries' records; their text may hold values, so only place and kind are written."""

    def emit(self, record: logging.LogRecord) -> None:
        failure = record.exc_info[1] if record.exc_info else None
        level = max(each for each in LEVELS if each <= max(record.levelno, logging.DEBUG))
        where = f"{record.module}:{record.lineno}"
        told = {"error": type(failure).__name__, "frames": own_frames(failure)} if failure else {}
        structlog.get_logger().log(level, "library", what=record.name, reason=where, **told)


class _Printed(io.TextIOBase):
    """Takes what is printed past the log: writes that it happened and how much, but no text."""

    def write(self, text: str) -> int:
        if text.strip():
            structlog.get_logger().warning("printed", count=len(text))
        return len(text)

    def fileno(self) -> int:
        return sys.__stderr__.fileno() if sys.__stderr__ else 2
