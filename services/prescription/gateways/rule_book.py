"""Reads the rule book's files when the service starts, and stops at an unknown word."""

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from services.prescription.domain.prescriptions.attachments import Form
from services.prescription.domain.rules.device_rules import ISO_CODE, DeviceRules
from services.prescription.domain.rules.rule_book import AreaRules, RuleBook
from shared.domain.device_areas import DEVICE_AREA_KEYS
from shared.domain.subgroups import PRODUCT_AREAS

PACKAGED = Path(__file__).resolve().parents[1] / "rulebook"
DEVICES: TypeAdapter[DeviceRules] = TypeAdapter(DeviceRules)
AREA: TypeAdapter[AreaRules] = TypeAdapter(AreaRules)
FORM: TypeAdapter[Form] = TypeAdapter(Form)


def read_rule_book(folder: Path) -> RuleBook:
    """Read one file for each product area (Q30); raises ValueError for a missing area or an unknown word."""
    return RuleBook(tuple(_read(folder / f"{area.key}.json", AREA) for area in PRODUCT_AREAS))


def read_device_rules(folder: Path) -> DeviceRules:
    """Read the rows about devices (S86, Q42); a rule book from before devices has none: nobody may prescribe.

    Raises ValueError for an unknown word, an area that is none of devices, or a code that is none.
    """
    file = folder / "devices.json"
    rules: DeviceRules = _read(file, DEVICES) if file.is_file() else DeviceRules()
    wrong = [row.rule for row in rules.rows if not ISO_CODE.fullmatch(row.iso_code)]
    wrong += [row.rule for row in rules.rows if row.product_area not in DEVICE_AREA_KEYS]
    wrong += [row.rule for row in rules.offered if row.product_area not in DEVICE_AREA_KEYS]
    if wrong:
        raise ValueError(f"{file.name}, {wrong[0]}: no area of devices, or no code of 2, 4 or 6 digits")
    return rules


def read_forms(folder: Path) -> dict[str, Form]:
    """Read the forms that belong to prescriptions (S72)."""
    forms = [_read(file, FORM) for file in sorted((folder / "forms").glob("*.json"))]
    return {form.form: form for form in forms}


def _read(file: Path, adapter: TypeAdapter[Any]) -> Any:
    if not file.is_file():
        raise ValueError(f"the rule book has no {file.name}")
    said = json.loads(file.read_text())
    read = adapter.validate_python(said)
    unknown = sorted(_unknown(said, adapter.dump_python(read, mode="json")))
    if unknown:
        # a misspelt word would leave a rule without its limit
        raise ValueError(f"{file.name} says {', '.join(unknown)}, which means nothing in a rule book")
    return read


def _unknown(said: Any, read: Any) -> set[str]:
    if isinstance(said, dict) and isinstance(read, dict):
        below = (_unknown(said[name], read[name]) for name in said.keys() & read.keys())
        return (said.keys() - read.keys()).union(*below)
    if isinstance(said, list) and isinstance(read, list):
        return set().union(*(_unknown(one, other) for one, other in zip(said, read, strict=True)))
    return set()
