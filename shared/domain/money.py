"""Money: Swedish kronor as exact decimals with two places."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import total_ordering

ORE = Decimal("0.01")


@total_ordering
@dataclass(frozen=True)
class Money:
    """An amount in SEK; never a float, always two decimals (formats.md section 3)."""

    amount: Decimal

    def __post_init__(self) -> None:
        if isinstance(self.amount, float):
            raise TypeError("money is never a float")
        object.__setattr__(self, "amount", Decimal(self.amount).quantize(ORE, rounding=ROUND_HALF_UP))

    @classmethod
    def of(cls, kronor: str | int | Decimal) -> "Money":
        return cls(Decimal(kronor))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + other.amount)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - other.amount)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount * times)

    def __neg__(self) -> "Money":
        return Money(-self.amount)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < other.amount

    def __str__(self) -> str:
        return f"{self.amount:.2f}"


NOTHING = Money(Decimal(0))
