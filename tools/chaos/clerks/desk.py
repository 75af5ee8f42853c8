"""What an operation can do: send requests as a person, do the main job, move the clock, hold a partner."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from shared.clock import SystemClock
from tools.chaos.clerks.clerk import CLERK, Office, Refusal, Step
from tools.chaos.clerks.intents import Intent, Intents
from tools.chaos.clerks.slots import SPLITS, Slot, Slots
from tools.chaos.judging.evidence import Row, Scene
from tools.chaos.processes.system import System
from tools.chaos.processes.waiting import until

ECONOMIST, ECONOMIST_2 = "economist", "economist_2"
WITHIN_SECONDS = 40.0
A_DAY = timedelta(days=1)
BIRTHDAY = "19850307"
SKANE = "skane"

Found = TypeVar("Found")


class Desk:
    """Where operations are run from; every name it gives is used once in a trial."""

    def __init__(
        self, system: System, office: Office, scene: Scene, *, intents: Intents, slots: Slots
    ) -> None:
        self.system = system
        self.scene = scene
        self._office = office
        self._intents = intents
        self._slots = slots
        self._names = 0
        self._people = 0

    def name(self) -> int:
        """Give a number that nobody had."""
        self._names += 1
        return self._names

    async def ask(
        self,
        person: str,
        service: str,
        path: str,
        body: Any = None,
        *,
        key: str,
        method: str = "POST",
        wait_while: frozenset[int] = frozenset(),
    ) -> Any:
        """Ask with a key of the operation's own until there is an answer; raises Refusal and NoAnswer."""
        own = f"operation-{self.system.place.port_base}-{key}"
        step = Step(person, service, path, own, body, wait_while=wait_while, method=method)
        return (await self._office.ask(step)).json()

    async def job(self, *, patient_ref: str | None = None, notice: str = "sms") -> Intent:
        """Do the main job once, for a patient who is free or for one patient."""
        slot = await self._slots.get()
        intent = self._intents.begin(
            patient_ref=patient_ref or slot.patient_ref,
            article_no=slot.article_no,
            split=slot.split,
            trial=f"operation-{self.system.place.port_base}",
            notice=notice,
        )
        await self._office.do_the_job(intent)
        self._slots.put_nowait(slot)
        return intent

    async def jobs(self, count: int, *, patient_ref: str | None = None, notice: str = "sms") -> list[Intent]:
        return [await self.job(patient_ref=patient_ref, notice=notice) for _ in range(count)]

    async def draft(self) -> Intent:
        """Begin a withdrawal for a new patient and leave it: no intent, for nothing shall come of it."""
        patient_ref, article_no = await self.new_patient(), next(iter(SPLITS))
        left = Intent(0, f"left-{self.system.place.port_base}-{self.name()}", patient_ref, article_no)
        left.split = Slot(patient_ref, article_no).split
        await self._office.begin(left)
        return left

    async def new_patient(self, *, asylum_seeker: bool = False) -> str:
        """Register somebody by a reserve number, as customer service does (S65)."""
        self._people += 1
        status = {"asylum_seeker": {"valid_from": "2026-01-01"}} if asylum_seeker else {}
        form = {
            "number": f"{BIRTHDAY}T{self._people:03d}",
            "number_type": SKANE,
            "born": "1985-03-07",
            "protected": False,
            "name": "Tora Testsson",
            "phone": "070-1740635",
            "address": {"line1": "Provvägen 9", "postal_code": "21120", "city": "MALMÖ"},
            **status,
        }
        kept = await self.ask(CLERK, "prescription", "/patients", form, key=f"patient-{self._people}")
        return str(kept["patient_ref"])

    async def seen(self, look: Callable[[], Found | None]) -> Found:
        """Wait until something is so; raises TimeoutError."""
        return await until(look, within_seconds=WITHIN_SECONDS)

    def rows(self, service: str, collection: str, where: Row) -> list[Row]:
        return list(self.scene.database(service)[collection].find(where))

    async def all_at_invoicing(self, intents: list[Intent]) -> list[Row]:
        """Wait until every fee of these is on an invoice; give the charges."""
        where = {"withdrawal_no": {"$in": [each.withdrawal_no for each in intents]}, "entry.kind": "charge"}
        expected = sum(len(each.fees) for each in intents)

        def invoiced() -> list[Row] | None:
            found = self.rows("billing", "fees", {**where, "stage": "invoiced"})
            return found if len(found) == expected else None

        return await self.seen(invoiced)

    def tomorrow(self, *, days: int = 1) -> None:
        self.system.move_clock(A_DAY * days)
        self._office.tokens.forget()

    def today(self) -> str:
        return (SystemClock().now() + self.system.offset()).date().isoformat()

    async def close_the_day(self) -> None:
        """Close what waits; there may be nothing when a killed closing had been done."""
        try:
            await self.ask(ECONOMIST, "billing", "/batches", key=f"close-{self.name()}")
        except Refusal:
            return
