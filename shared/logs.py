"""Structured logs by allow-list: what is not on the list never reaches a line."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset({
    "action", "attempts", "cause", "count", "ear", "error", "event", "exchange", "group", "job", "level",
    "message_id", "milliseconds", "outcome", "path", "port", "reason", "route", "rule", "seconds", "service",
    "stack", "status", "subject", "timestamp", "topic", "trace_id", "version", "what",
})  # fmt: skip
PERSONAL = re.compile(
    r"(?<![0-9A-Za-z-])(?:(?:18|19|20)?[0-9]{6}[-+]?[0-9]{4}"
    r"|(?:\+46|0)7[0-9][ -]?[0-9]{3}[ 0-9-]{4,6})(?![0-9A-Za-z-])"
)


def only_allowed(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list, and what looks like a number or phone of a person."""
    kept = {key: value for key, value in line.items() if key in ALLOWED}
    return {
        key: PERSONAL.sub("[removed]", value) if isinstance(value, str) else value
        for key, value in kept.items()
    }


def set_up(service: str) -> None:
    """Write JSON lines to standard output, and the libraries' warnings through the same gate."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(level=logging.WARNING, handlers=[_Through()], force=True)


class _Through(logging.Handler):
    """Takes the libraries' records; their text may hold values, so only where and what kind is told."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        structlog.get_logger().warning(
            "library", what=record.name, reason=f"{record.module}:{record.lineno}", error=kind
        )
