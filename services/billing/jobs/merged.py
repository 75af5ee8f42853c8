"""Job that moves what was booked on a merged patient's old reference."""

from datetime import timedelta

from services.billing.application.corrections import Corrections
from services.billing.application.ledger import Ledger
from services.billing.application.withdrawals import Withdrawals
from shared.clock import Clock
from shared.fault import fault
from shared.repository import Cause

WATCHED = timedelta(days=1)


async def follow_merged(
    ledger: Ledger, corrections: Corrections, withdrawals: Withdrawals, clock: Clock
) -> None:
    """Move what was booked on a patient at the very moment when it was merged into another (S65, S68).

    Two processes may book and merge at once without either seeing the other: whatever was left behind
    is found here.
    """
    for payer in await ledger.merged_since(clock.now() - WATCHED):
        into = await ledger.patient(payer.patient_ref)
        cause = Cause.of_job("merged", payer.patient_ref, clock.now().isoformat())
        for move in (ledger.move, corrections.merge, withdrawals.merge):
            if await move(payer.patient_ref, into_ref=into, cause=cause):
                await fault("follow.with_part")
