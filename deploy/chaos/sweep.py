"""The sweep: every process killed with -9 at every fault point, on the first and the second hit."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

from deploy.chaos.findings import Findings
from deploy.chaos.points import Visit
from deploy.chaos.trial import REST_SECONDS, Trial

JOBS_AT_ONCE = 2
MOST_DRIVES = 4
WATCH_EVERY_SECONDS = 0.02
LINGER_SECONDS = 4.0
KILLED = -9

Round = Sequence[Visit]


@dataclass
class Outcome:
    """What came of one round."""

    visits: list[Visit]
    met: list[str] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    rest_seconds: float = 0.0
    seconds: float = 0.0

    @property
    def unmet(self) -> list[Visit]:
        return [each for each in self.visits if each.name not in self.met]

    @property
    def passed(self) -> bool:
        return not self.unmet and self.findings.clean


def alone(visits: Sequence[Visit], *, seed: int) -> list[Round]:
    """Let each kill stand alone, a process at a time; the seed decides the order within a process."""
    order = random.Random(seed)  # noqa: S311  a plan, no secret
    processes = list(dict.fromkeys(visit.process for visit in visits))
    return [[visit] for process in processes for visit in _shuffled(visits, process, order)]


def _shuffled(visits: Sequence[Visit], process: str, order: random.Random) -> list[Visit]:
    own = [visit for visit in visits if visit.process == process]
    order.shuffle(own)
    return own


def plan_of(rounds: Sequence[Round]) -> list[list[dict[str, object]]]:
    return [[asdict(visit) for visit in each] for each in rounds]


class Sweep:
    """Runs rounds against a trial; several processes may die in one."""

    def __init__(
        self,
        trial: Trial,
        *,
        tell: Callable[[Outcome], None],
        bug: str | None = None,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self._trial = trial
        self._system = trial.system
        self._tell = tell
        self._bug = bug
        self._rest_seconds = rest_seconds
        self.outcomes: list[Outcome] = []

    async def run(self, rounds: Sequence[Round]) -> None:
        for visits in rounds:
            outcome = await self._round(visits)
            self.outcomes.append(outcome)
            self._tell(outcome)

    async def _round(self, visits: Round) -> Outcome:
        outcome, started = Outcome(list(visits)), time.monotonic()
        first, since = len(self._trial.intents.all), await asyncio.to_thread(self._trial.scene.now)
        await self._arm(visits)
        watching = asyncio.create_task(self._restart_the_dead(outcome))
        try:
            for _ in range(MOST_DRIVES):
                await self._drive(outcome)
                if await self._all_met(outcome):
                    break
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        await self._disarm(outcome)
        rest = await self._trial.rest(
            self._trial.intents.all[first:], since=since, within_seconds=self._rest_seconds
        )
        outcome.findings, outcome.rest_seconds = rest.findings, rest.seconds
        outcome.seconds = time.monotonic() - started
        return outcome

    async def _arm(self, visits: Round) -> None:
        services = [each for each in visits if each.process in self._system.services]
        for visit in services:
            self._system.restart(visit.process, [visit.order], bug=self._bug)
        await asyncio.gather(*(self._system.until_ready(each.process) for each in services))

    async def _restart_the_dead(self, outcome: Outcome) -> None:
        while True:
            for visit in outcome.unmet:
                service = self._system.services.get(visit.process)
                if service and not service.alive:
                    if service.exit_code == KILLED:
                        outcome.met.append(visit.name)
                    self._system.restart(visit.process, bug=self._bug)
            await asyncio.sleep(WATCH_EVERY_SECONDS)

    async def _drive(self, outcome: Outcome) -> None:
        if any(visit.drive in {"job", "close"} for visit in outcome.visits):
            await asyncio.gather(*(self._trial.job() for _ in range(JOBS_AT_ONCE)))
        for visit in outcome.unmet:
            await self._drive_besides(visit, outcome)

    async def _drive_besides(self, visit: Visit, outcome: Outcome) -> None:
        drives = self._trial.drives
        if visit.drive == "close":
            await asyncio.sleep(0.3)  # the fees of the jobs are being told
            await drives.close_the_day()
        elif visit.drive == "poison":
            await drives.poison(visit.process)
        elif visit.drive == "orphans":
            await drives.orphan(visit.process)
        elif visit.drive == "import" and await drives.import_catalogue(outcome.visits):
            outcome.met.append(visit.name)

    async def _all_met(self, outcome: Outcome) -> bool:
        """Give what was set going some time to come to its point."""
        deadline = time.monotonic() + LINGER_SECONDS
        while outcome.unmet and time.monotonic() < deadline:  # noqa: ASYNC110  the process dies when it dies
            await asyncio.sleep(WATCH_EVERY_SECONDS)
        return not outcome.unmet

    async def _disarm(self, outcome: Outcome) -> None:
        for visit in outcome.unmet:
            if visit.process in self._system.services:
                self._system.restart(visit.process, bug=self._bug)
        for visit in outcome.visits:
            if visit.process in self._system.services:
                await self._system.until_ready(visit.process)
