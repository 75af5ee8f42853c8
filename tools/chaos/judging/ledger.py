"""The report of a trial: seed, plan, what happened, what was found; for people and as JSON."""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tools.chaos.judging.findings import Findings
from tools.chaos.sweep import Outcome

LONG = frozenset({"plan", "findings", "played"})
"""Only in the file."""


class Progress:
    """Prints each round of a sweep as it ends: which of how many, at what time, and what was wrong."""

    def __init__(self, rounds: int) -> None:
        self._rounds = rounds
        self._ended = 0
        self._began = time.monotonic()

    def tell(self, outcome: Outcome) -> None:
        self._ended += 1
        minutes, seconds = divmod(int(time.monotonic() - self._began), 60)
        names = ", ".join(f"{each.name} #{each.hit}" for each in outcome.visits)
        mark = "✓" if outcome.passed else "✗"
        print(f"  {minutes:2d}:{seconds:02d}  {self._ended}/{self._rounds} {mark} {names}")
        print(f"         {outcome.seconds:.1f} s, at rest after {outcome.rest_seconds:.1f} s")
        for visit in outcome.unmet:
            print(f"      NEVER REACHED: {visit.name} #{visit.hit}")
        for line in outcome.findings.lines():
            print(f"      {line}")
        sys.stdout.flush()


def sweep_totals(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    return {
        "rounds": len(outcomes),
        "kills": sum(len(each.met) for each in outcomes),
        "never_reached": [f"{visit.name} #{visit.hit}" for each in outcomes for visit in each.unmet],
        "rest_seconds": spread([each.rest_seconds for each in outcomes]),
    }


def spread(seconds: Sequence[float]) -> Mapping[str, float]:
    if len(seconds) < 2:  # noqa: PLR2004  a spread needs two
        return {"median": sum(seconds), "p95": sum(seconds), "longest": sum(seconds)}
    return {
        "median": round(median(seconds), 2),
        "p95": round(quantiles(seconds, n=20)[-1], 2),
        "longest": round(max(seconds), 2),
    }


def close(findings: Findings, totals: Mapping[str, Any], *, path: Path) -> bool:
    """Print the totals, keep them as a file, and tell whether the trial passed."""
    passed = findings.clean and not totals.get("never_reached")
    whole = {**totals, **findings.counts(), "findings": list(findings.lines()), "passed": passed}
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False))
    for line in findings.lines():
        print(f"  {line}")
    print(
        json.dumps({name: each for name, each in whole.items() if name not in {"plan", "findings", "played"}})
    )
    print(f"{'PASSED' if passed else 'FAILED'}. The whole ledger: {path}", flush=True)
    return passed
