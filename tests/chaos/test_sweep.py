"""The fixed part of the sweep: kill -9 at the points where most is at stake, several processes in a round."""

from collections.abc import Sequence

import pytest

from tools.chaos.points import every_visit
from tools.chaos.sweep import Outcome, Round, Sweep
from tools.chaos.trial import Trial

pytestmark = pytest.mark.connected

ROUNDS = (
    (
        "prescription.commit.after#1", "ordering.hear.before_handler#1", "billing.commit.in_transaction#1",
        "notification.sms.after_claim#1",
    ),
    (
        "prescription.relay.before_publish#1", "ordering.send.after_commit#1", "billing.hear.after_handler#1",
        "notification.hear.after_handler#1", "inventory.despatch.after_commit#1",
    ),
    (
        "prescription.hear.after_ack#1", "ordering.commit.in_transaction#2", "billing.relay.after_confirm#1",
        "notification.sms.after_call#1", "inventory.release.after_commit#1",
    ),
    (
        "prescription.relay.after_confirm#1", "ordering.commit.before_answer#2",
        "billing.export.after_write#1", "notification.sms.before_claim#1", "inventory.hear.before_handler#1",
    ),
    (
        "prescription.commit.in_transaction#1", "ordering.relay.before_mark#2",
        "billing.export.after_rename#1", "notification.outgoing.after_fsync#1",
    ),
    ("ordering.hear.after_ack#2", "billing.correction.after_commit#1", "notification.commit.after#1"),
    (
        "prescription.merge.after_commit#1", "ordering.commit.after#1", "billing.close.after_freeze#1",
        "notification.receipt.after_commit#1",
    ),
    ("ordering.annul.after_commit#1", "billing.relay.before_publish#2"),
)  # fmt: skip
A_PART = slice(1, 4)
"""Every service dies, most of them twice."""
"""As many processes as can die in one round do: a round costs the same, whoever dies in it."""


def rounds(chosen: Sequence[Sequence[str]]) -> list[Round]:
    visits = {f"{visit.name}#{visit.hit}": visit for visit in every_visit()}
    return [[visits[name] for name in names] for names in chosen]


@pytest.mark.parametrize(
    "chosen", [ROUNDS[A_PART], pytest.param(ROUNDS, marks=pytest.mark.long)], ids=["a part", "everything"]
)
async def test_the_kills_lose_double_and_leave_nothing(trial: Trial, chosen: Sequence[Sequence[str]]) -> None:
    outcomes: list[Outcome] = []

    await Sweep(trial, tell=outcomes.append).run(rounds(chosen))
    found = await trial.verdict()

    assert [visit.name for each in outcomes for visit in each.unmet] == []
    assert [line for each in outcomes for line in each.findings.lines()] == []
    assert list(found.lines()) == []
    assert sum(len(each.met) for each in outcomes) == sum(len(names) for names in chosen)
