"""The command that measures the system against its floor."""

import sys

from tools.bench.bench import Size, measure
from tools.bench.catalogue import measure as measure_catalogue
from tools.bench.devices import measure as measure_devices
from tools.bench.growth import NOTE, TIMES
from tools.bench.growth import measure as measure_growth
from tools.embedded.processes import end_as_by_ctrl_c


def bench(*, as_json: bool, turns: int, orders: int, per_second: float) -> int:
    end_as_by_ctrl_c()
    size = Size(turns=turns, orders=orders, per_second=per_second)
    figures = measure(size, lambda line: print(line, file=sys.stderr))
    print(figures.as_json() if as_json else "\n".join(figures.lines()))
    return 0


def devices(*, turns: int, orders: int) -> int:
    """Print how many orders of devices are reserved in a second, and what part of the floor that is."""
    end_as_by_ctrl_c()
    print("\n".join(measure_devices(turns, orders, lambda line: print(line, file=sys.stderr)).lines()))
    return 0


def catalogue(*, articles: int) -> int:
    """Print how long a search among a region's devices takes, and a page with what is free of its hits."""
    end_as_by_ctrl_c()
    print(f"{f'milliseconds, {articles:,} articles':48}{'p50':>10}{'p95':>10}")
    print(
        "\n".join(
            each.line() for each in measure_catalogue(articles, lambda line: print(line, file=sys.stderr))
        )
    )
    return 0


def growth(size: int) -> int:
    """Print how long each door and job takes in a database ten times as large; 1 when one grows too much."""
    end_as_by_ctrl_c()
    found = measure_growth(size, lambda line: print(line, file=sys.stderr))
    print(f"{'milliseconds, with so many withdrawals':46}{size // TIMES:10}{size:10}{'ratio':>8}")
    print("\n".join(each.line() for each in found))
    print(NOTE)
    return int(any(each.is_too_much for each in found))
