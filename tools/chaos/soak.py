"""The soak: clerks work for a while with random failures, then everything is judged."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from pymongo.errors import PyMongoError

from tools.chaos.clerks.aids import lives_of_devices
from tools.chaos.clerks.intents import Intent
from tools.chaos.clerks.slots import Slot
from tools.chaos.judging.findings import Findings
from tools.chaos.nemesis import Nemesis
from tools.chaos.plan import Trouble
from tools.chaos.processes.waiting import until
from tools.chaos.trial import Trial

CLERKS = 4
CLOSE_EVERY_SECONDS = 10.0
LOOK_SECONDS = 0.3
LATE_SECONDS = 2.0
IMPATIENT_IN_A_HUNDRED = 15
REPEATING_IN_A_HUNDRED = 20
DRAIN_SECONDS = 90.0
DRAINED_WITHIN_SECONDS = 30.0
"""Seconds, at the most, from the last repair until no work is left."""
A_DAY = 86_400.0


@dataclass
class Soaked:
    """What came of it."""

    findings: Findings = field(default_factory=Findings)
    drained_seconds: float = 0.0
    seconds: float = 0.0


class Soak:
    """Works until all failures of the plan are over, and at least so many withdrawals are sent."""

    def __init__(self, trial: Trial, nemesis: Nemesis, *, seed: int, at_least: int) -> None:
        self._trial = trial
        self._nemesis = nemesis
        self._chance = random.Random(seed)  # noqa: S311  a plan, no secret
        self._at_least = at_least
        self._over = asyncio.Event()

    async def run(self, plan: Sequence[Trouble]) -> Soaked:
        started, soaked = time.monotonic(), Soaked()
        clerks = [asyncio.create_task(self._work()) for _ in range(CLERKS)]
        clerks.append(asyncio.create_task(lives_of_devices(self._trial.desk, self._chance, self._over)))
        closing = asyncio.create_task(self._close_again_and_again())
        await self._nemesis.play(plan)
        while len(self._trial.intents.all) < self._at_least:  # noqa: ASYNC110  the clerks go on
            await asyncio.sleep(LOOK_SECONDS)
        self._over.set()
        await asyncio.gather(*clerks)
        closing.cancel()
        await asyncio.gather(closing, return_exceptions=True)
        rest = await self._trial.rest(self._trial.intents.all, since="", within_seconds=DRAIN_SECONDS)
        soaked.drained_seconds = rest.seconds
        soaked.findings = await self._trial.verdict()
        soaked.findings.stuck += late(rest.seconds)
        soaked.seconds = time.monotonic() - started
        return soaked

    async def _work(self) -> None:
        while not self._over.is_set():
            slot = await self._trial.slots.get()
            impatient = self._chance.randrange(100) < IMPATIENT_IN_A_HUNDRED
            intent = self._trial.begin(slot, impatient=impatient)
            await self._trial.office.do_the_job(intent)
            if intent.outcome == "ok" and self._chance.randrange(100) < REPEATING_IN_A_HUNDRED:
                await self._trial.repeat(intent)
            await self._free_when_delivered(slot, intent)

    async def _free_when_delivered(self, slot: Slot, intent: Intent) -> None:
        """Keep the article blocked for this patient until nothing of it is on its way."""
        if intent.outcome == "unknown":
            await asyncio.sleep(LATE_SECONDS)
        await until(lambda: self._over.is_set() or self._is_over(intent), within_seconds=A_DAY)
        self._trial.slots.put_nowait(slot)

    def _is_over(self, intent: Intent) -> bool:
        withdrawals = self._trial.scene.database("ordering")["withdrawals"]
        try:
            found = withdrawals.find_one({"_id": intent.withdrawal_no}) or {"order_nos": [], "state": "new"}
        except PyMongoError:
            return False
        return not found["order_nos"] or found["state"] != "ordered"

    async def _close_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(CLOSE_EVERY_SECONDS)
            await self._trial.drives.close_if_answered()


def late(seconds: float) -> list[str]:
    """Complain of a system that took longer to come to rest than is promised."""
    if seconds <= DRAINED_WITHIN_SECONDS:
        return []
    return [f"at rest {seconds:.1f} s after healing: {DRAINED_WITHIN_SECONDS:.0f} s are promised"]
