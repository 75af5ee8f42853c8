"""Counts entries and amounts by stage, and batches by state, for the metrics."""

from collections import Counter
from collections.abc import Sequence
from typing import get_args

from services.billing.domain.fees.ledger import Kind, Stage
from services.billing.repository.collections import BATCHES, FEES, RECONCILIATIONS
from shared.domain import differences
from shared.repository import Repository
from shared.service.counting import counted
from shared.service.metrics import Figure, Figures, by_state

BATCH_STATES = {
    (False, None): "frozen",
    (True, None): "written",
    (True, "accepted"): "accepted",
    (True, "rejected"): "rejected",
}


LOOKED_AT_DAYS = 400
ON_HOLD = "on_hold"
STAGES = (*get_args(Stage), ON_HOLD)
OVER = {"accepted", "invoiced", "credited", "nothing_due", "removed"}
"""Stages at which nothing is awaited: of them there are ever more."""


def figures(repository: Repository) -> Figures:
    async def counted() -> Sequence[Figure]:
        return [*await _fees(repository), await _batches(repository), await _differences(repository)]

    return counted


async def _fees(repository: Repository) -> list[Figure]:
    by = ("stage", "entry.kind", "hold.by")
    moving = set(STAGES) - OVER
    found = await counted(repository, FEES, by, moving=moving, amount="entry.amount.amount")
    stages = STAGES if found.is_whole else sorted(moving)
    every: list[tuple[str, ...]] = [(stage, kind) for stage in stages for kind in get_args(Kind)]
    counts, kronor = dict.fromkeys(every, 0.0), dict.fromkeys(every, 0.0)
    for (stage, kind, by_hand), (count, amount) in found.rows.items():
        # what an economist holds does not wait for anything that an operator could see to
        key = (ON_HOLD if stage == "held" and by_hand != "None" else stage, kind)
        counts[key] += float(count)
        kronor[key] += float(amount)
    labels = ("stage", "kind")
    return [
        Figure("sesam_fees", "Entries of the fee ledger", labels, counts),
        Figure(
            "sesam_fees_kronor", "What they come to, never negative: the kind says which way", labels, kronor
        ),
    ]


async def _batches(repository: Repository) -> Figure:
    found = await repository.backend.tally(BATCHES, ("written", "answer"), where={})
    counts: dict[str, float] = {}
    for (written, answer), (count, _) in found.items():
        state = BATCH_STATES[written == "True", None if answer == "None" else answer]
        counts[state] = counts.get(state, 0) + count
    return Figure("sesam_batches", "Files for invoicing", ("state",), by_state(BATCH_STATES.values(), counts))


async def _differences(repository: Repository) -> Figure:
    made = await repository.find(RECONCILIATIONS, {}, sort="-_id", limit=LOOKED_AT_DAYS)
    counts = Counter((each.kind,) for day in made for each in day.differences)
    every: dict[tuple[str, ...], float] = {
        (kind,): float(counts[(kind,)]) for kind in get_args(differences.Kind)
    }
    return Figure(
        "sesam_reconciliation_differences", "What does not agree: zero when all is well", ("kind",), every
    )
