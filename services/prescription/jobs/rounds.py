"""Jobs over all patients: asking the register each night, and indexing names again (Q18, S30)."""

from functools import partial
from uuid import uuid4

from services.prescription.application.residents import LEASE_SECONDS, MOST_SILENCES, Residents
from services.prescription.application.sealing import name_keys
from services.prescription.domain.patients.rounds import Round, go_on, index_names
from services.prescription.domain.patients.search import INDEXED_AS, searchable_texts
from services.prescription.repository.collections import PATIENTS, ROUNDS
from services.prescription.repository.patients import PatientQueries
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import Clock
from shared.domain.days import STOCKHOLM
from shared.domain.decision import NotFound, Refused
from shared.repository import Cause
from shared.sealed import Seals

NIGHT_BEGINS_AT = 1
"""The hour, in Stockholm, from which the day's round is made; a process that was down makes it later."""
PAGE = 50


class Rounds:
    """Goes through many patients page by page, at one replica at a time."""

    def __init__(
        self,
        prescribing: Prescribing,
        residents: Residents,
        clock: Clock,
        seals: Seals,
        *,
        asks_per_minute: int,
    ) -> None:
        self._prescribing = prescribing
        self._repository = prescribing.repository
        self._residents = residents
        self._patients = PatientQueries(prescribing.repository)
        self._clock = clock
        self._seals = seals
        self._per_minute = asks_per_minute
        self._holder = uuid4().hex

    async def ask_register(self) -> None:
        """Ask of everybody with active lines or open orders, once a night, so many in a minute (Q18).

        What it says is kept as when somebody looks the person up, and all follows that follows then.
        """
        if self._clock.now().astimezone(STOCKHOLM).hour < NIGHT_BEGINS_AT:
            return
        left, name = self._per_minute, f"register:{self._clock.today().isoformat()}"
        while left > 0 and await self._is_mine("register-round"):
            known = await self._round(name)
            refs = (
                []
                if known.is_over
                else await self._prescribing.served_after(known.after, limit=min(PAGE, left))
            )
            if not refs:
                await self._keep(Round(name, known.after, is_over=True), before=known)
                return
            if not await self._ask_each(refs):
                return  # the register is silent: the page is tried again at the next run
            await self._keep(Round(name, refs[-1]), before=known)
            left -= len(refs)

    async def index_names(self) -> None:
        """Index those anew whose names were indexed in an earlier way, a page at a time (S30)."""
        name = f"names:{INDEXED_AS}"
        known = await self._round(name)
        if known.is_over or not await self._is_mine("names-round"):
            return
        page = await self._patients.page(after=known.after or None, limit=PAGE)
        for each in page:
            if each.person is not None and each.person.indexed_as != INDEXED_AS:
                keys = name_keys(searchable_texts(self._seals.open(each.person.name)), self._seals)
                rule = partial(index_names, name_keys=keys)
                await self._repository.change(PATIENTS.ref(each.patient_ref), rule, cause=Cause(key=None))
        after = page[-1].patient_ref if page else known.after
        await self._keep(Round(name, after, is_over=len(page) < PAGE), before=known)

    async def _ask_each(self, refs: list[str]) -> bool:
        """Ask of each person; tell whether the register answered."""
        silences = 0
        for each in refs:
            try:
                silences += not await self._residents.refresh_nightly(each)
            except (Refused, NotFound):
                continue  # a number that leads nowhere is looked into when somebody looks the person up
            if silences >= MOST_SILENCES:
                return False
        return True

    async def _round(self, name: str) -> Round:
        return await self._repository.get(ROUNDS.maybe(name)) or Round(name)

    async def _keep(self, to: Round, *, before: Round) -> None:
        if to != before:
            rule = partial(go_on, to=to)
            await self._repository.change(ROUNDS.maybe(to.round_id), rule, cause=Cause(key=None))

    async def _is_mine(self, name: str) -> bool:
        lease = await self._repository.backend.lease(name, self._holder, seconds=LEASE_SECONDS)
        return lease is not None
