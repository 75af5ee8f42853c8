"""Job that moves what was booked on a merged patient's old reference."""

from datetime import timedelta

from services.billing.application.corrections import Corrections
from services.billing.application.ledger import Ledger
from services.billing.application.withdrawals import Withdrawals
from services.billing.domain.fees.payer import Payer
from shared.clock import Clock
from shared.fault import fault
from shared.repository import Cause, Repository
from shared.service.apart import each_for_itself

WATCHED = timedelta(days=1)


async def follow_merged(
    repository: Repository, ledger: Ledger, corrections: Corrections, withdrawals: Withdrawals, clock: Clock
) -> None:
    """Move what was booked on a patient at the very moment when it was merged into another (S65, S68).

    Two processes may book and merge at once without either seeing the other: whatever was left behind
    is found here.
    """

    async def move_all(payer: Payer) -> None:
        into = await ledger.queries.patient(payer.patient_ref)
        cause = Cause.of_job("merged", payer.patient_ref, clock.now().isoformat())
        for move in (ledger.move, corrections.merge, withdrawals.merge):
            if await move(payer.patient_ref, into_ref=into, cause=cause):
                await fault("follow.with_part")

    merged = await ledger.queries.merged_since(clock.now() - WATCHED)
    await each_for_itself(repository, merged, move_all)
