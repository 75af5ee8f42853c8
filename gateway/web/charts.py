"""Works out bars of a chart from the figures that the table beneath shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 700, 160
GAP = 6
FEWEST = 14
"""So many bars have room: one alone is no wall."""


@dataclass(frozen=True)
class Bar:
    """One bar, in the units of the drawing; `y` is its upper end."""

    label: str
    value: Decimal
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """Bars above and below a line at zero."""

    bars: tuple[Bar, ...]
    zero: float
    width: int = WIDTH
    height: int = HEIGHT


def bars(values: Sequence[tuple[str, Decimal]]) -> Chart:
    """Lay out a bar for each value; what is negative hangs below the line."""
    amounts = [amount for _label, amount in values]
    top, bottom = max([Decimal(0), *amounts]), min([Decimal(0), *amounts])
    scale = HEIGHT / float(top - bottom) if top > bottom else 0.0
    zero = float(top) * scale
    room = WIDTH / max(len(values), FEWEST)
    laid = tuple(
        Bar(
            label=label,
            value=amount,
            x=round(place * room + GAP / 2, 1),
            y=round(zero - max(float(amount), 0.0) * scale, 1),
            width=round(max(room - GAP, 1.0), 1),
            height=round(abs(float(amount)) * scale, 1),
        )
        for place, (label, amount) in enumerate(values)
    )
    return Chart(laid, round(zero, 1))
