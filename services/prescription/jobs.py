"""What happens because time passes: lines end after their last day (S16, S24)."""

from functools import partial

from services.prescription.domain.lines import expire_lines
from services.prescription.repository import PRESCRIPTIONS, Prescribing
from shared.clock import Clock
from shared.repository import Cause


async def end_expired_lines(prescribing: Prescribing, clock: Clock) -> None:
    """End every line whose time ran out, page by page; what is ended is not found again."""
    now, today = clock.now(), clock.today()
    while found := await prescribing.past_their_last_day(today):
        for each in found:
            await prescribing.repository.change(
                PRESCRIPTIONS.ref(each.prescription_no),
                partial(expire_lines, on=today),
                # The state itself says what has expired: a run is never a repetition of an earlier one.
                cause=Cause.of_job("expire", each.prescription_no, now.isoformat()),
            )
