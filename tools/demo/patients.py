"""The demo's patients: official test numbers and one reserve number; everything else is invented."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.demo.test_numbers import demand_test_number

FILE = Path(__file__).with_name("patients.json")


@dataclass(frozen=True)
class DemoPatient:
    """One patient of the demo: `key` names it in the flows, `form` is what customer service fills in."""

    key: str
    says: str
    form: dict[str, Any]

    @property
    def number(self) -> str:
        return str(self.form["number"])

    @property
    def served(self) -> bool:
        """Whether the person may be shown and prescribed to (S66, S67)."""
        return not (self.form.get("protected") or self.form.get("no_fixed_address"))


def demo_patients(file: Path = FILE) -> list[DemoPatient]:
    """Read the file; raises NotATestPerson for a number that is not on the official list."""
    return [_patient(each) for each in json.loads(file.read_text())]


def demo_patient(key: str) -> DemoPatient:
    """Give the patient that the flows know by the key."""
    return next(each for each in demo_patients() if each.key == key)


def is_reserve(form: dict[str, Any]) -> bool:
    """Tell a region's own number, which names no living person, from a national one."""
    return form.get("number_type") == "skane"


def _patient(entry: dict[str, Any]) -> DemoPatient:
    form = {name: value for name, value in entry.items() if name not in {"key", "is"}}
    if not is_reserve(form):
        demand_test_number(form["number"])
    return DemoPatient(entry["key"], entry["is"], form)
