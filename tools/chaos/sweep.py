"""The sweep: kills every process with -9 at every fault point, at the first and the second hit."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

from services import SERVICES
from tools.chaos.clerks.clerk import NoAnswer, Refusal
from tools.chaos.judging.findings import Findings
from tools.chaos.operations.operation import Operation
from tools.chaos.operations.table import OPERATIONS
from tools.chaos.points import Visit
from tools.chaos.processes.system import NotUp
from tools.chaos.trial import REST_SECONDS, Trial

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


def alone(visits: Sequence[Visit]) -> list[Round]:
    """Let each kill stand alone: slow, and the thing to do with what a whole sweep found."""
    return [[visit] for visit in visits]


def together(visits: Sequence[Visit], *, seed: int) -> list[Round]:
    """Kill one process of each lane in a round, with operations that do not meet; the seed orders them."""
    order = random.Random(seed)  # noqa: S311  a plan, no secret
    waiting = list(visits)
    order.shuffle(waiting)
    rounds: list[Round] = []
    while waiting:
        chosen: list[Visit] = []
        for visit in waiting:
            if all(visit.goes_with(other) for other in chosen):
                chosen.append(visit)
        waiting = [visit for visit in waiting if visit not in chosen]
        rounds.append(chosen)
    return rounds


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
        self._operations: list[Operation] = []
        self.outcomes: list[Outcome] = []

    async def run(self, rounds: Sequence[Round]) -> None:
        for visits in rounds:
            outcome = await self._round_or_trouble(visits)
            self.outcomes.append(outcome)
            self._tell(outcome)

    async def _round_or_trouble(self, visits: Round) -> Outcome:
        """Go on with the next round when one could not be played to its end: that is a finding too."""
        try:
            return await self._round(visits)
        except (TimeoutError, NoAnswer, Refusal, NotUp) as trouble:
            outcome = Outcome(list(visits))
            names = ", ".join(visit.name for visit in visits)
            outcome.findings.stuck.append(f"the round of {names}: {type(trouble).__name__} {trouble}")
            await self._make_well()
            return outcome

    async def _make_well(self) -> None:
        self._operations.clear()
        for peer in ("distributor", "invoicing"):
            self._system.tell_peer(peer, mode="normal")
        self._system.restart_all(dict.fromkeys(SERVICES, ()))
        for service in SERVICES:
            await self._system.until_ready(service)

    async def _round(self, visits: Round) -> Outcome:
        outcome, started = Outcome(list(visits)), time.monotonic()
        first, since = len(self._trial.intents.all), await asyncio.to_thread(self._trial.scene.now)
        await self._set_out([visit for visit in visits if visit.is_operation])
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
        await self._come_back()
        rest = await self._trial.rest(
            self._trial.intents.all[first:], since=since, within_seconds=self._rest_seconds
        )
        outcome.findings, outcome.rest_seconds = rest.findings, rest.seconds
        outcome.seconds = time.monotonic() - started
        return outcome

    async def _set_out(self, visits: Round) -> None:
        """Prepare operations; the last step comes while the process is stopped: jobs run at its start."""
        self._operations = [OPERATIONS[visit.drive](self._trial.desk) for visit in visits]
        for operation, visit in zip(self._operations, visits, strict=True):
            await operation.begin(visit.hit)
        for operation, visit in zip(self._operations, visits, strict=True):
            self._system.services[visit.process].stop()
            operation.set_going()

    async def _come_back(self) -> None:
        for operation in self._operations:
            await operation.finish()
        self._trial.operations += self._operations
        self._operations = []

    async def _arm(self, visits: Round) -> None:
        services = [each for each in visits if each.process in self._system.services]
        self._system.restart_all({each.process: [each.order] for each in services}, bug=self._bug)
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
        for operation in self._operations:
            await operation.go()
        for visit in outcome.unmet:
            await self._drive_besides(visit, outcome)

    async def _drive_besides(self, visit: Visit, outcome: Outcome) -> None:
        drives = self._trial.drives
        if visit.drive == "close":
            await asyncio.sleep(0.3)  # the fees of the jobs are being sent
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
