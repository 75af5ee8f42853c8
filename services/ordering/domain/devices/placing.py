"""Who orders, for whom, in whose name and at which care unit (S82 to S84)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.copies import DeviceRules, Prescriber
from services.ordering.domain.devices.lines import Line
from services.ordering.domain.devices.rights import against_right
from shared.domain.days import local_day
from shared.domain.decision import Refused


@dataclass(frozen=True)
class Placing:
    """Who orders, for whom, in whose name and at which care unit (S82 to S84)."""

    patient_ref: str
    care_unit: str
    placed_by: str
    placed_by_name: str
    prescriber_id: str
    prescriber: Prescriber | None
    """As the register has it; None when it has not."""
    at: datetime

    @property
    def on(self) -> date:
        return local_day(self.at)

    @property
    def prescriber_name(self) -> str:
        return self.prescriber.name if self.prescriber else ""


def against_prescribing(
    placing: Placing,
    lines: Iterable[Line],
    *,
    catalogue: DeviceCatalogue,
    rules: DeviceRules | None,
    on: date,
) -> Iterator[Refused]:
    """Judge the named prescriber's right to every article that is known (Q42)."""
    for line in lines:
        if article := catalogue.articles.get(line.article_no):
            yield from against_right(
                article, prescriber=placing.prescriber, care_unit=placing.care_unit, rules=rules, on=on
            )
