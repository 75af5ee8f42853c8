"""Log lines hold what the allow-list names and nothing personal."""

import logging

import pytest
import structlog

from shared import logs


def test_a_key_that_is_not_on_the_list_is_dropped() -> None:
    line = logs.only_allowed(
        None, "info", {"event": "request", "status": 200, "name": "Testsson", "body": "{}"}
    )

    assert line == {"event": "request", "status": 200}


@pytest.mark.parametrize(
    "personal",
    ["189807039814", "19980703-9814", "980703-9814", "+46701740605", "070-1740605", "070 174 06 05"],
)
def test_what_looks_like_a_person_is_removed_from_allowed_fields(personal: str) -> None:
    line = logs.only_allowed(None, "info", {"event": "x", "reason": f"of {personal}, today"})

    assert personal not in line["reason"]


@pytest.mark.parametrize("ours", ["U2026-000123-4", "900001", "2026-11-21T10:15:00.123456Z"])
def test_our_own_numbers_stay_readable(ours: str) -> None:
    assert logs.only_allowed(None, "info", {"event": "x", "subject": ours})["subject"] == ours


def test_a_librarys_words_never_reach_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.reset_defaults()
    logs.set_up("tests")
    try:
        logging.getLogger("some.library").warning("could not send to %s", "Testsson")
    finally:
        logging.basicConfig(level=logging.WARNING, handlers=[], force=True)
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()

    line = capsys.readouterr().out
    assert "some.library" in line
    assert "Testsson" not in line
