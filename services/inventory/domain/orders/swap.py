"""What only a maintenance swap has: which device it is for, and how each went (S132, Q56)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

SwapResult = Literal["swapped", "not_swapped"]
CameAs = Literal["shelf", "quarantine", "scrap", "missing"]
"""What became of the old device at the warehouse; `missing`: the transport did not bring it."""


@dataclass(frozen=True)
class SwapRow:
    """A device on loan, and the line of the order that brings another for it."""

    loan_id: str
    device_no: str
    article_no: str
    line_no: int
    job_no: str
    """The job by which the old device is maintained or mended."""
    result: SwapResult | None = None
    result_on: date | None = None
    result_by: str | None = None
    registered_at: datetime | None = None
    """When it was registered last which of the two devices the patient has; None: never."""
    why: str | None = None
    """Why it was not swapped, or why what was registered was corrected."""
    new_device_no: str | None = None
    """What the patient got."""
    came_as: CameAs | None = None
    came_on: date | None = None
    components: tuple[tuple[str, int], ...] = ()
    """Article and quantity of what was on the old device."""


@dataclass(frozen=True)
class Swap:
    """Devices of one patient that are swapped together."""

    arranged_on: date
    ready_by: date
    """The day on which the transport takes the new devices from the unit to the patient."""
    reason: str
    arranged_by: str
    arranged_by_name: str
    rows: tuple[SwapRow, ...]
    settings_by: str | None = None
    """Who registered at the unit that the new devices are set for the patient."""
    settings_at: datetime | None = None
    annulled_by: str | None = None
    annulled_at: datetime | None = None
    annulled_why: str | None = None
    is_open: bool = True
    """Something of it is missing still."""

    def row(self, device_no: str) -> SwapRow | None:
        """Give the row of a device on loan."""
        return next((each for each in self.rows if each.device_no == device_no), None)


def with_row(swap: Swap, row: SwapRow) -> Swap:
    rows = tuple(row if each.device_no == row.device_no else each for each in swap.rows)
    return replace(swap, rows=rows)


def is_ended(row: SwapRow) -> bool:
    """Tell whether nobody has anything left to do with the old device."""
    return row.result == "not_swapped" or row.came_as is not None
