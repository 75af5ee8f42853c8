"""Keeps the register of prescribers: learns from tokens, and lists those of a care unit (S82, S83, Q42)."""

from datetime import date
from functools import partial

from services.prescription.domain.rules.device_rules import DeviceRules, publish_rules
from services.prescription.domain.rules.prescribers import Registered, SignedIn, learn_prescriber
from services.prescription.repository.collections import DEVICE_RULES, PRESCRIBERS, RULES_ID
from services.prescription.repository.patients import PatientQueries
from services.prescription.repository.prescriptions import Prescribing
from shared.auth.actor import Actor
from shared.clock import Clock
from shared.repository import Cause


class Prescribers:
    """Reads and writes the register."""

    def __init__(self, prescribing: Prescribing, clock: Clock) -> None:
        self._repository = prescribing.repository
        self._clock = clock
        self._patients = PatientQueries(prescribing.repository)

    async def learn(self, actor: Actor) -> None:
        """Learn from who signed in; nothing is written when the register says it already."""
        if actor.profession is None or actor.has("patient"):
            return
        is_prescriber = actor.has("prescriber")
        signed_in = SignedIn(
            actor.sub,
            actor.name or actor.sub,
            actor.profession,
            actor.care_units if is_prescriber else (),
            actor.product_areas if is_prescriber else (),
        )
        rule = partial(learn_prescriber, signed_in=signed_in, on=self._clock.today())
        known = await self._repository.get(PRESCRIBERS.maybe(actor.sub))
        if rule(known)[0] != known:
            await self._repository.change(PRESCRIBERS.maybe(actor.sub), rule, cause=Cause(key=None))

    async def of_unit(self, care_unit: str, *, on: date) -> list[Registered]:
        """List who prescribes at a care unit that day, by name."""
        found = await self._patients.prescribers_at(care_unit)
        here = [each for each in found if each.areas_at(care_unit, on=on)]
        return sorted(here, key=lambda each: (each.name, each.prescriber))


async def publish_device_rules(prescribing: Prescribing, rules: DeviceRules) -> None:
    """Publish the rule book's part about devices when it changed since the last start (Q42)."""
    rule = partial(publish_rules, rules=rules)
    repository = prescribing.repository
    known = await repository.get(DEVICE_RULES.maybe(RULES_ID))
    if rule(known)[0] != known:
        await repository.change(DEVICE_RULES.maybe(RULES_ID), rule, cause=Cause(key=None))
