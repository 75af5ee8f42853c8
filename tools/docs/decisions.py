"""Writes the index of the decision records, from each record's title and last three lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEAD = """# Decisions

Why the system is as it is. Each record says what the situation was, what was decided, what follows from it
and what enforces it; it ends with its date, its status and when to look at it again. Where the guides are
silent or disagree, see [questions](questions.md). `./sesam docs` makes this page from the records.

| number | decision | date | status | revisit when |
|---|---|---|---|---|
"""
HEADING = re.compile(r"^#{1,2} ([0-9]{4}) (.+)$", re.MULTILINE)
ENDING = re.compile(
    r"\n\nDate: (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"\nStatus: (?P<status>accepted|accepted, changed by [0-9]{4}|superseded by [0-9]{4})"
    r"\nRevisit when: (?P<revisit>\S[^\n]+)\s*\Z"
)


@dataclass(frozen=True)
class Record:
    """One decision: a file, or a section of a file that gathers several."""

    number: str
    title: str
    link: str
    text: str
    date: str
    status: str
    revisit: str


def records(folder: Path) -> list[Record]:
    """Read every record, by number. Raises ValueError for one that lacks its last three lines."""
    found = (each for file in folder.glob("[0-9]*.md") for each in _records_of(file))
    return sorted(found, key=lambda each: each.number)


def decisions(folder: Path) -> str:
    """Write the index page."""
    rows = (
        f"| [{each.number}]({each.link}) | {each.title} | {each.date} | {each.status} | {each.revisit} |\n"
        for each in records(folder)
    )
    return HEAD + "".join(rows)


def _records_of(file: Path) -> Iterator[Record]:
    text = file.read_text()
    headings = [*HEADING.finditer(text)]
    ends = [*(each.start() for each in headings[1:]), len(text)]
    for heading, end in zip(headings, ends, strict=True):
        part = text[heading.start() : end]
        ending = ENDING.search(part)
        if ending is None:
            lines = "'Date: 2026-11-30', 'Status: accepted', 'Revisit when: ...'"
            raise ValueError(f"{file.name}: decision {heading[1]} must end with the lines {lines}")
        link = file.name if heading is headings[0] else file.name + _anchor(heading[0])
        yield Record(heading[1], heading[2], link, part, ending["date"], ending["status"], ending["revisit"])


def _anchor(heading: str) -> str:
    """The anchor that viewers of Markdown make of a heading."""
    return "#" + re.sub(r"[^\w -]", "", heading.lstrip("# ").lower()).replace(" ", "-")
