"""The command that measures the system against its floor."""

import sys

from deploy.bench.bench import Size, measure
from deploy.local.processes import end_as_by_ctrl_c


def bench(*, as_json: bool, turns: int, orders: int, per_second: float) -> int:
    end_as_by_ctrl_c()
    size = Size(turns=turns, orders=orders, per_second=per_second)
    figures = measure(size, lambda line: print(line, file=sys.stderr))
    print(figures.as_json() if as_json else "\n".join(figures.lines()))
    return 0
