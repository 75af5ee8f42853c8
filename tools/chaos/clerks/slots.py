"""Which articles a patient can get at the same moment: one on its way is blocked (S47)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tools.chaos.clerks.clerk import PRESCRIBER, Office, Step
from tools.demo.patients import demo_patients

PATIENTS = ("adult", "adult_2", "adult_3", "adult_4", "old")
"""No asylum seeker: an operation waives all that they pay on a day."""
SPLITS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "900001": {"900002": 2, "900003": 1},
        "900006": {"900007": 1, "900008": 1, "900009": 1},
        "900010": {"900011": 1, "900012": 2},
        "900014": {"900015": 3},
        "900018": {"900019": 2, "900020": 1},
    }
)
"""Generic articles, each with three packages split over its flavours; two distributors."""


@dataclass(frozen=True)
class Slot:
    """A patient and an article that is not on its way to that patient."""

    patient_ref: str
    article_no: str

    @property
    def split(self) -> dict[str, int]:
        return dict(SPLITS[self.article_no])


Slots = asyncio.Queue[Slot]


async def free_slots(office: Office) -> Slots:
    slots: Slots = asyncio.Queue()
    numbers = {each.key: each.number for each in demo_patients()}
    refs = []
    for key in PATIENTS:
        found = await office.ask(
            Step(PRESCRIBER, "prescription", "/patients/find", f"find-{key}-now", {"number": numbers[key]})
        )
        refs.append(str(found.json()["patient_ref"]))
    for patient_ref in refs:
        for article_no in SPLITS:
            slots.put_nowait(Slot(patient_ref, article_no))
    return slots
