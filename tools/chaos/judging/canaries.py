"""Checks that the trial's names and numbers are found only where they belong, not in logs or on the bus."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from services import SERVICES
from shared.phone import phone_number
from tools.demo.patients import DemoPatient, demo_patients

NEW_PATIENTS = re.compile(rb"19850307T[0-9]{3}|Tora Testsson|\+?46701740635|070-?1740635")


def canaries(patients: Iterable[DemoPatient]) -> re.Pattern[bytes]:
    """Make one pattern of every number, name, phone and street of these."""
    values = {value for each in patients for value in _values(each)}
    known = "|".join(re.escape(value) for value in sorted(values))
    return re.compile(known.encode() + b"|" + NEW_PATIENTS.pattern)


def _values(patient: DemoPatient) -> Iterator[str]:
    form = patient.form
    yield patient.number
    yield f"{patient.number[2:8]}-{patient.number[8:]}"
    if form.get("name"):
        yield str(form["name"])
    if form.get("phone"):
        yield from (str(form["phone"]), phone_number(str(form["phone"])))
    if form.get("address"):
        yield str(form["address"]["line1"])


def leaks(folder: Path, outbox: Iterable[Mapping[str, Any]]) -> list[str]:
    """Look for them in the services' logs and traces, and in all that was published."""
    pattern = canaries(demo_patients())
    found = [where for where, said in _said(folder) if pattern.search(said)]
    return found + [
        f"outbox {row['_id']} ({row['topic']})" for row in outbox if pattern.search(row["body"].encode())
    ]


def _said(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in _files(folder):
        yield str(path.relative_to(folder)), path.read_bytes()


def _files(folder: Path) -> Sequence[Path]:
    logs = [path for path in (folder / "logs").glob("*.log") if path.name.startswith(SERVICES)]
    return sorted([*logs, *(path for path in (folder / "traces").glob("**/*") if path.is_file())])
