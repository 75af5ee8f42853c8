"""The plans of the demo's distributor: which steps it takes in each mode."""

from collections.abc import Mapping
from types import MappingProxyType

from shared.partners import Order

DELIVERED = ("ack", "response", "despatched", "delivered")
IN_PARTS = ("part-despatched", "part-delivered")
THE_REST = ("rest-despatched", "rest-delivered")
PLANS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "normal": DELIVERED,
        "slow": DELIVERED,
        "hold": DELIVERED,
        "refuse": ("refused",),
        "reject-lines": ("ack", "rejected"),
        "cancel": ("ack", "cancelled"),
        "undeliverable": ("ack", "response", "despatched", "undeliverable"),
        "duplicate": tuple(step for step in DELIVERED for _ in range(2)),
        "contradict": (*DELIVERED, "undeliverable"),
        "short": ("ack", "shortened", *IN_PARTS),
        "partial": ("ack", "response", *IN_PARTS, *THE_REST),
        "back-order": ("ack", "back-ordered", *IN_PARTS, "later", *THE_REST),
        "substitute": ("ack", "substituted", "despatched", "delivered"),
        "too-late": DELIVERED,
        "silent": (),
        "unknown-line": ("ack", "unknown-line", "response", "despatched", "delivered"),
        "unreadable": ("ack", "unreadable", "response", "despatched", "delivered"),
        "counts-anew": ("ack", "counted-anew", "response", "despatched", "delivered"),
        "unknown-order": ("ack", "response", "despatched", "unknown", "delivered"),
    }
)
FEWEST_TO_PART = 2
LEFT: frozenset[str] = frozenset(
    {"despatched", "delivered", "undeliverable", "unknown", *IN_PARTS, *THE_REST}
)
"""Steps after which nothing can be stopped any more."""


def plan(mode: str) -> tuple[str, ...]:
    """Name the steps in order; raises KeyError with the modes there are when there is no such mode."""
    if mode not in PLANS:
        raise KeyError(f"no mode {mode!r}; there are: {', '.join(PLANS)}")
    return PLANS[mode]


def steps_for(order: Order, mode: str) -> tuple[str, ...]:
    """Name the steps for this order: a single package does not come in parts."""
    steps = plan(mode)
    packages = sum(line.quantity for line in order.lines)
    return DELIVERED if packages < FEWEST_TO_PART and "part-despatched" in steps else steps


def cancel_steps(mode: str) -> tuple[str, ...]:
    """Name the answer to a cancel request that comes in time."""
    return {"silent": (), "too-late": ("too-late",)}.get(mode, ("called-off",))
