"""Job that sends renewal notices and ends lines after their last day (S24, N2)."""

from collections.abc import AsyncIterator
from functools import partial

from services.prescription.domain.prescriptions.prescriptions import Prescription
from services.prescription.domain.prescriptions.radar import meet_deadline, renewed_articles
from services.prescription.repository.collections import PATIENTS, PRESCRIPTIONS
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.domain.decision import Decision
from shared.fault import fault
from shared.repository import Cause
from shared.service.apart import each_for_itself


async def meet_deadlines(prescribing: Prescribing, clock: Clock) -> None:
    """Do all that is due, page by page; one that fails does not keep the others waiting."""
    await each_for_itself(
        prescribing.repository, _due(prescribing, clock), partial(_meet, prescribing, clock)
    )


async def _due(prescribing: Prescribing, clock: Clock) -> AsyncIterator[Prescription]:
    now, after = clock.now(), None
    while page := await prescribing.due(now, after=after):
        for each in page:
            yield each
        after = page[-1].prescription_no


async def date_earlier_prescriptions(prescribing: Prescribing) -> None:
    """Give those a deadline that were saved before deadlines were kept."""
    after = None
    while page := await prescribing.undated(after=after):
        for each in page:
            number = each.prescription_no
            cause = Cause.of_job("date", number)
            await prescribing.repository.change(PRESCRIPTIONS.ref(number), _dated, cause=cause)
        after = page[-1].prescription_no


async def _meet(prescribing: Prescribing, clock: Clock, seen: Prescription) -> None:
    """Claim and meet a deadline in one transaction: the state says what is due, so it is met once."""
    number, patient_ref = seen.prescription_no, seen.patient_ref
    others = [each.as_of(clock.today()) for each in await prescribing.active_of([patient_ref])]
    renewed = renewed_articles(others, apart_from=number)
    await fault("deadline.before_commit")
    await prescribing.repository.change(
        PRESCRIPTIONS.ref(number) & PATIENTS.maybe(patient_ref),
        partial(meet_deadline, renewed=renewed, on=clock.today()),
        cause=Cause.of_job("deadline", number, clock.now().isoformat()),
    )
    await fault("deadline.after_commit")


def _dated(prescription: Prescription) -> Decision[Prescription]:
    return prescription.dated(), []
