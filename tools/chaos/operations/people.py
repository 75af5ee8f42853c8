"""Operations about goods and people: annulments, deaths, merges, exemptions, letters, tasks, silence."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tools.chaos.clerks.clerk import CLERK
from tools.chaos.clerks.intents import Intent
from tools.chaos.judging.evidence import Evidence, Row
from tools.chaos.operations.operation import Operation, once, steps
from tools.demo.journal import read
from tools.demo.patients import demo_patient

NOBODY_PAYS = "0.00"
A_WEEKEND, SILENT_DAYS = 2, 3
FOLLOWS = (
    ("prescription", "prescriptions"),
    ("ordering", "withdrawals"),
    ("ordering", "orders"),
    ("billing", "fees"),
    ("billing", "accounts"),
    ("billing", "withdrawals"),
)
"""What hangs on a patient, and follows it when it is merged."""
LEFT = tuple(each for each in FOLLOWS if each[0] != "ordering")
"""What may be saved unseen by a merging; ordering finds the present patient whenever it saves."""
PHYSICIAN = "TSTNMT2321000156-1001"


class Stopped(Operation):
    """Withdrawals that the distributor is asked to stop before it continues."""

    holds = "distributor"
    intents: list[Intent]

    async def finish(self) -> None:
        wanted = {number for each in self.intents for number in each.order_nos}
        book = self.desk.system.folder / "peers" / "distributor.jsonl"
        await self.desk.seen(lambda: wanted <= called_off(book))
        await super().finish()


def called_off(book: Path) -> set[str]:
    return {entry["key"] for entry in read(book) if entry["what"] == "called-off"}


class Annul(Stopped):
    """A withdrawal is stopped while the distributor has not begun (Q22)."""

    async def prepare(self, times: int) -> None:
        self.intents = await self.desk.jobs(times)
        for each in self.intents:
            each.ends, each.net = "annulled", NOBODY_PAYS

    async def go(self) -> None:
        for each in self.intents:
            path = f"/withdrawals/{each.withdrawal_no}/annul"
            await self.desk.ask(CLERK, "ordering", path, key=f"annul-{each.withdrawal_no}")


class Die(Stopped):
    """A patient dies with orders on their way: each is stopped (Q18, Q24)."""

    async def prepare(self, times: int) -> None:
        self._patient_ref = await self.desk.new_patient()
        self.intents = await self.desk.jobs(times, patient_ref=self._patient_ref)
        for each in self.intents:
            each.ends, each.net = "annulled", NOBODY_PAYS

    async def go(self) -> None:
        form = {"protected": False, "deceased_on": self.desk.today()}
        path = f"/patients/{self._patient_ref}/status"
        await self.desk.ask(CLERK, "prescription", path, form, key=f"died-{self._patient_ref}")


class Merge(Operation):
    """A reserve number turns out to be somebody's: everything of both is that person's (S65)."""

    async def prepare(self, times: int) -> None:
        self._old = [await self.desk.new_patient() for _ in range(times)]
        for each in self._old:
            await self.desk.all_at_invoicing(await self.desk.jobs(2, patient_ref=each))

    async def go(self) -> None:
        form = {"number": demo_patient("old").number, "reason": "The same person."}
        for each in self._old:
            path = f"/patients/{each}/number"
            await self.desk.ask(CLERK, "prescription", path, form, key=f"merge-{each}")

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        for service, collection in FOLLOWS:
            left = [
                row["_id"]
                for row in evidence.of(service, collection).values()
                if row["patient_ref"] in self._old
            ]
            if left:
                yield f"{service}: {collection} {', '.join(left)} did not follow a merged patient"


class Follow(Merge):
    """Something was saved on a patient at the very moment of its merging: a job finds and moves it (S65)."""

    async def prepare(self, times: int) -> None:
        await super().prepare(times)
        self._left = [
            (each, old, row["_id"]) for each in LEFT for old in self._old for row in self._of(each, old)
        ]
        await super().go()
        await self.desk.seen(lambda: not any(self._of(each, old) for each, old, _ in self._left) or None)

    def set_going(self) -> None:
        """Put everything back under the old name, as if it had been saved unseen by the merging."""
        for (service, collection), old, row_id in self._left:
            rows = self.desk.scene.database(service)[collection]
            rows.update_one({"_id": row_id}, {"$set": {"patient_ref": old}})

    async def go(self) -> None:
        """The job begins at its process's start."""

    def _of(self, kept: tuple[str, str], old: str) -> list[Row]:
        return self.desk.rows(*kept, {"patient_ref": old})


class Exempt(Operation):
    """Customer service keeps a dietitian's exemptions (S21)."""

    async def prepare(self, times: int) -> None:
        self._who = [f"TSTNMT2321000156-{9000 + self.desk.name()}" for _ in range(times)]

    async def go(self) -> None:
        for who in self._who:
            form = {
                "dietitian": who,
                "care_units": ["DEMO-101"],
                "valid_from": self.desk.today(),
                "valid_through": self.desk.today(),
                "responsible_physician": PHYSICIAN,
                "responsible_physician_name": "Lova Testsson",
                "authorised_by": PHYSICIAN,
            }
            await self.desk.ask(CLERK, "prescription", "/exemptions", form, key=f"exempt-{who}")

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        kept = evidence.of("prescription", "exemptions")
        for who in self._who:
            yield from once(f"the exemption of {who}", len(kept[who]["granted"]) if who in kept else 0)


class Write(Operation):
    """Patients are told by letter and by e-mail (S38); the files are counted with the intents' notices."""

    async def prepare(self, times: int) -> None:
        self._times = times

    async def go(self) -> None:
        for number in range(self._times):
            await self.desk.job(notice="letter" if number % 2 == 0 else "email")


class Deadline(Operation):
    """Lines are used up, so their patients are told that a new prescription is needed (N2)."""

    async def prepare(self, times: int) -> None:
        patients = [await self.desk.new_patient() for _ in range(times)]
        intents = [await self.desk.job(patient_ref=each) for each in patients]
        self._numbers = [str(each.line_id).rpartition("-")[0] for each in intents]
        where = {"_id": {"$in": self._numbers}, "lines.state": "used_up"}
        await self.desk.seen(
            lambda: len(self.desk.rows("prescription", "prescriptions", where)) == times or None
        )

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        for number in self._numbers:
            told = [
                each
                for each in evidence.of("notification", "messages")
                if each.startswith(f"renewal:{number}:")
            ]
            yield from once(f"the renewal notice of {number}", len(told))


class Remind(Operation):
    """A draft is left for a day: somebody is reminded, once (S50)."""

    async def prepare(self, times: int) -> None:
        self._drafts = [await self.desk.draft() for _ in range(times)]

    def set_going(self) -> None:
        self.desk.tomorrow(days=A_WEEKEND)

    async def be_reminded(self) -> None:
        """Let ordering find the drafts at its start."""
        Remind.set_going(self)
        self.desk.system.restart_all({"ordering": ()})
        await self.desk.system.until_ready("ordering")
        for each in self._drafts:
            await self.desk.seen(partial(self._task, each))

    async def end(self) -> None:
        for each in self._drafts:
            await self.desk.seen(partial(self._task, each))
            path = f"/withdrawals/{each.withdrawal_no}/annul"
            await self.desk.ask(CLERK, "ordering", path, key=f"tidy-{each.withdrawal_no}")

    def _task(self, left: Intent) -> list[Row]:
        return self.desk.rows("notification", "tasks", {"_id": f"unsent-draft:{left.withdrawal_no}"})

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        for each in self._drafts:
            task = evidence.of("notification", "tasks").get(f"unsent-draft:{each.withdrawal_no}")
            yield from once(f"the reminder of {each.withdrawal_no}", steps(task, "raised"))
            if task and task["is_open"]:
                yield f"the reminder of {each.withdrawal_no} goes on"


class Escalate(Remind):
    """A reminder that nobody solved is escalated (N7)."""

    async def prepare(self, times: int) -> None:
        await super().prepare(times)
        await self.be_reminded()

    async def end(self) -> None:
        where = {"_id": {"$in": [f"unsent-draft:{each.withdrawal_no}" for each in self._drafts]}}
        overdue = {**where, "is_overdue": True}
        wanted = len(self._drafts)
        await self.desk.seen(lambda: len(self.desk.rows("notification", "tasks", overdue)) == wanted or None)
        await super().end()

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        yield from super().wrong(evidence)
        for each in self._drafts:
            task = evidence.of("notification", "tasks").get(f"unsent-draft:{each.withdrawal_no}")
            yield from once(f"{each.withdrawal_no} became overdue", steps(task, "overdue"))


class EndTask(Remind):
    """A person ends tasks by hand (N7)."""

    async def prepare(self, times: int) -> None:
        await super().prepare(times)
        await self.be_reminded()

    def set_going(self) -> None:
        """The tasks are there."""

    async def go(self) -> None:
        for each in self._drafts:
            path = f"/tasks/unsent-draft:{each.withdrawal_no}/resolve"
            key = f"resolve-{each.withdrawal_no}"
            await self.desk.ask(CLERK, "notification", path, {"how": "done"}, key=key)

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        yield from super().wrong(evidence)
        for each in self._drafts:
            task = evidence.of("notification", "tasks").get(f"unsent-draft:{each.withdrawal_no}")
            yield from once(f"the task of {each.withdrawal_no} was ended", steps(task, "resolved"))


class BeSilent(Operation):
    """A distributor says nothing for two days: somebody is told, until it answers (N7)."""

    holds = "distributor"

    async def prepare(self, times: int) -> None:
        self._intents = await self.desk.jobs(times)

    def set_going(self) -> None:
        self.desk.tomorrow(days=SILENT_DAYS)

    async def finish(self) -> None:
        """Let the distributor answer when the silence was noticed, and no sooner."""
        numbers = [each for intent in self._intents for each in intent.order_nos]
        where = {"_id": {"$in": [f"order-silent:{each}" for each in numbers]}}
        await self.desk.seen(
            lambda: len(self.desk.rows("notification", "tasks", where)) == len(numbers) or None
        )
        await super().finish()

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        for number in (each for intent in self._intents for each in intent.order_nos):
            task = evidence.of("notification", "tasks").get(f"order-silent:{number}")
            yield from once(f"the silence of {number}", steps(task, "raised"))
            if task and task["is_open"]:
                yield f"the task about the silence of {number} goes on"
