"""Merges two patients: one transaction, then what was saved under the old reference meanwhile (S65)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from pydantic import BaseModel

from services.prescription.domain.patients.merging import follow_guardian, merge_patients, move_prescriptions
from services.prescription.domain.patients.serving import move_ties
from services.prescription.repository.collections import IDENTITIES, MERGINGS, PATIENTS, PRESCRIPTIONS, TIES
from services.prescription.repository.patients import PatientQueries
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.fault import fault
from shared.repository import Answer, Cause, present

FOLLOWED_FOR = timedelta(days=2)
"""Nothing is saved under a merged reference longer than a request lasts; this is ample."""


class Mergings:
    """Moves all that hangs on a patient to another one, once, and leaves nothing behind."""

    def __init__(self, prescribing: Prescribing, clock: Clock) -> None:
        self._repository = prescribing.repository
        self._clock = clock
        self._patients = PatientQueries(prescribing.repository)

    async def merge(
        self,
        old_ref: str,
        into_ref: str,
        *,
        by: str,
        reason: str,
        same_by_register: bool,
        cause: Cause,
        reply: Callable[..., BaseModel],
    ) -> Answer:
        """Merge, and publish it to the other services; raises what against_merging says (S65, S68)."""
        identities = await self._patients.identities_under(old_ref)
        prescriptions = await self._patients.prescriptions_under(old_ref)
        refs = (
            PATIENTS.many((old_ref, into_ref))
            & IDENTITIES.many([each.number_key for each in identities])
            & PRESCRIPTIONS.many([each.prescription_no for each in prescriptions])
            & MERGINGS.maybe(old_ref)
        )
        rule = partial(
            merge_patients, by=by, on=self._clock.today(), reason=reason, same_by_register=same_by_register
        )
        await fault("merge.before_commit")
        answer = await self._repository.change(refs, rule, cause=cause, reply=reply)
        await fault("merge.after_commit")
        await self._follow(old_ref, into_ref)
        return answer

    async def follow_up(self) -> None:
        """Move what was saved under an old reference in the very moment of its merging."""
        for each in await self._patients.merged_since(self._clock.today() - FOLLOWED_FOR):
            await self._follow(
                each.patient_ref, (await present(self._repository, PATIENTS, each.into_ref))[0]
            )

    async def _follow(self, old_ref: str, into_ref: str) -> None:
        once = Cause(key=None)
        numbers = [each.prescription_no for each in await self._patients.prescriptions_under(old_ref)]
        rule = partial(move_prescriptions, into_ref=into_ref)
        if numbers:
            await self._repository.change(PRESCRIPTIONS.many(numbers), rule, cause=once)
            await fault("follow.with_part")
        for identity in await self._patients.identities_under(old_ref):
            moved = partial(_owned_by, into_ref=into_ref)
            await self._repository.change(IDENTITIES.ref(identity.number_key), moved, cause=once)
            await fault("follow.with_part")
        ties = await self._patients.ties_under(old_ref)
        if ties:
            moving = partial(move_ties, into_ref=into_ref)
            await self._repository.change(TIES.many([each.tie_id for each in ties]), moving, cause=once)
        for child in await self._patients.children_of(old_ref):
            follow = partial(follow_guardian, old_ref=old_ref, into_ref=into_ref)
            await self._repository.change(PATIENTS.ref(child.patient_ref), follow, cause=once)
            await fault("follow.with_part")


def _owned_by(kept: Any, *, into_ref: str) -> tuple[Any, tuple[()]]:
    return replace(kept, patient_ref=into_ref), ()
