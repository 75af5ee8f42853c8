"""The figures of a bench: medians of three turns, as a table and as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from tools.bench.load import Seen


@dataclass
class Figures:
    """What the turns measured."""

    orders_per_second: list[float] = field(default_factory=list)
    floor_per_second: list[float] = field(default_factory=list)
    plain_per_second: list[float] = field(default_factory=list)
    """Bare drivers with a transaction and a message for each order, 64 at once."""
    seen: list[Seen] = field(default_factory=list)
    floor_seen: list[float] = field(default_factory=list)
    """Milliseconds to the message at the same pace, with bare drivers."""
    cpu_ms: list[Mapping[str, float]] = field(default_factory=list)
    paced_cpu_ms: Mapping[str, float] = field(default_factory=dict)
    """Of an order that comes alone: it shares its transactions with few."""
    memory_mb: Mapping[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        pairs = zip(self.orders_per_second, self.floor_per_second, strict=True)
        return median(ours / floor for ours, floor in pairs)

    def by_process(self) -> dict[str, float]:
        names = self.cpu_ms[0]
        return {name: round(median(turn[name] for turn in self.cpu_ms), 2) for name in names}

    def as_json(self) -> str:
        by_process = self.by_process()
        return json.dumps(
            {
                "ratio": round(self.ratio, 3),
                "orders_per_second": round(median(self.orders_per_second), 1),
                "floor_per_second": round(median(self.floor_per_second), 1),
                "one_by_one_per_second": round(median(self.plain_per_second), 1),
                "post_p50_ms": self.quantile("answer", 0.5),
                "post_p99_ms": self.quantile("answer", 0.99),
                "effect_p50_ms": self.quantile("effect", 0.5),
                "effect_p99_ms": self.quantile("effect", 0.99),
                "floor_effect_p50_ms": quantile(self.floor_seen, 0.5),
                "floor_effect_p99_ms": quantile(self.floor_seen, 0.99),
                "order_p50_ms": self.quantile("order", 0.5),
                "fee_p50_ms": self.quantile("fee", 0.5),
                "message_p50_ms": self.quantile("message", 0.5),
                "cpu_ms_per_order": round(sum(by_process.values()), 2),
                "cpu_ms_per_order_by_process": by_process,
                "paced_cpu_ms_per_order": round(sum(self.paced_cpu_ms.values()), 2),
                "memory_mb": {name: round(size) for name, size in self.memory_mb.items()},
                "turns": len(self.orders_per_second),
            },
            indent=1,
        )

    def quantile(self, what: str, share: float) -> float:
        return quantile([getattr(each, what) for each in self.seen], share)

    def lines(self) -> Sequence[str]:
        """Say it for people."""
        seen = {
            "answer to the POST": [each.answer for each in self.seen],
            "order at the distributor": [each.order for each in self.seen],
            "fee at invoicing": [each.fee for each in self.seen],
            "message to the patient": [each.message for each in self.seen],
            "all three": [each.effect for each in self.seen],
            "the floor, one by one": self.floor_seen,
        }
        latencies = [
            f"  {name:<28} p50 {quantile(values, 0.5):>7} ms   p99 {quantile(values, 0.99):>7} ms"
            for name, values in seen.items()
        ]
        cpu = _each(self.by_process())
        return [
            f"orders per second   {median(self.orders_per_second):8.1f}   {_turns(self.orders_per_second)}",
            f"floor per second    {median(self.floor_per_second):8.1f}   {_turns(self.floor_per_second)}",
            f"one by one          {median(self.plain_per_second):8.1f}   {_turns(self.plain_per_second)}",
            f"ratio               {self.ratio:8.2f}",
            "at an even pace:",
            *latencies,
            f"CPU ms per order    {sum(self.by_process().values()):8.2f}   {cpu}",
            f"  at the even pace  {sum(self.paced_cpu_ms.values()):8.2f}   {_each(self.paced_cpu_ms)}",
            f"memory MB           {', '.join(f'{name} {size:.0f}' for name, size in self.memory_mb.items())}",
        ]


def quantile(values: Sequence[float], share: float) -> float:
    """Give the value that so large a share lies below, to a tenth; 0 of none."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1) if ordered else 0.0


def _turns(values: Sequence[float]) -> str:
    return "turns " + " ".join(f"{each:.0f}" for each in values)


def _each(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in values.items())
