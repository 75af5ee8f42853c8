"""Operations about money: corrections, tariffs, waivers, files sent again, answered and unanswered."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from tools.chaos.clerks.desk import ECONOMIST, ECONOMIST_2
from tools.chaos.clerks.intents import Intent
from tools.chaos.judging.evidence import Evidence, Row
from tools.chaos.operations.operation import Operation, once
from tools.demo.load import HERE

RIGHT = "99.00"
FAR_AHEAD = timedelta(days=2000)
ASYLUM = "asylum"


class Correct(Operation):
    """Two people put fees right (S97)."""

    async def prepare(self, times: int) -> None:
        intents = await self.desk.jobs(times)
        charges = await self.desk.all_at_invoicing(intents)
        for intent in intents:
            intent.net = RIGHT
        self._events = [str(each["_id"]) for each in charges]
        for each in self._events:
            form = {"amount": RIGHT, "reason": "The wrong amount was agreed."}
            await self.desk.ask(ECONOMIST, "billing", f"/fees/{each}/correction", form, key=f"correct-{each}")

    async def go(self) -> None:
        for each in self._events:
            path = f"/fees/{each}/correction/approve"
            await self.desk.ask(ECONOMIST_2, "billing", path, {"amount": RIGHT}, key=f"approve-{each}")


class Publish(Operation):
    """Two people publish a tariff for a day to come (N5)."""

    async def prepare(self, times: int) -> None:
        self._days = []
        self._drafts = []
        for _ in range(times):
            name = self.desk.name()
            day = (date.fromisoformat(self.desk.today()) + FAR_AHEAD + timedelta(days=name)).isoformat()
            tariff = {**json.loads((HERE / "tariff.json").read_text()), "valid_from": day}
            drawn = await self.desk.ask(ECONOMIST, "billing", "/tariffs/drafts", tariff, key=f"draw-{name}")
            self._days.append(day)
            self._drafts.append(str(drawn["draft_id"]))

    async def go(self) -> None:
        for each in self._drafts:
            path = f"/tariffs/drafts/{each}/publish"
            await self.desk.ask(ECONOMIST_2, "billing", path, {}, key=f"publish-{each}")

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        for day in self._days:
            for service in ("billing", "ordering"):
                if day not in evidence.of(service, "tariffs"):
                    yield f"{service} has no tariff of {day}"
            told = [row for row in evidence.outbox["billing"] if row["subject"] == day]
            if len(told) > 1:
                yield f"tariff {day} was told {len(told)} times"


class Waive(Operation):
    """Two people waive the fees of asylum seekers today; a job carries it out (N5)."""

    async def prepare(self, times: int) -> None:
        intents = [await self._job() for _ in range(times)]
        await self.desk.all_at_invoicing(intents)
        name, today = self.desk.name(), self.desk.today()
        form = {
            "sent_from": today,
            "sent_through": today,
            "reasons": [ASYLUM],
            "reason": "A campaign for this day.",
        }
        kept = await self.desk.ask(ECONOMIST, "billing", "/waivers", form, key=f"waive-{name}")
        self._waiver_id = str(kept["waiver_id"])
        for intent in intents:
            intent.net = "0.00"

    async def go(self) -> None:
        """Decide while the process is armed: the waiver is carried out at once."""
        path = f"/waivers/{self._waiver_id}/decide"
        await self.desk.ask(ECONOMIST_2, "billing", path, key=f"decide-{self._waiver_id}")

    async def end(self) -> None:
        """Go on to the next day: until then this waiver takes the fees of the next one too."""
        self.desk.tomorrow()

    async def _job(self) -> Intent:
        return await self.desk.job(patient_ref=await self.desk.new_patient(asylum_seeker=True))


class WithFiles(Operation):
    """Knows the files of its withdrawals, each closed by itself."""

    closes = True

    async def prepare(self, times: int) -> None:
        self.batches: list[Row] = []
        for _ in range(times):
            intent = await self.desk.job()
            await self.desk.seen(partial(self._fees, intent))
            if self.closes:
                await self.desk.close_the_day()
                self.batches.append(await self.desk.seen(lambda intent=intent: self._file(intent)))  # type: ignore[misc]

    def _fees(self, intent: Intent) -> list[Row]:
        where = {"withdrawal_no": intent.withdrawal_no, "told_at": {"$ne": None}}
        return self.desk.rows("billing", "fees", where)

    def _file(self, intent: Intent) -> Row | None:
        names = {each["batch"] for each in self._fees(intent)} - {None}
        written = self.desk.rows("billing", "batches", {"_id": {"$in": list(names)}, "written": True})
        return written[0] if written else None


class SendAgain(WithFiles):
    """A file's unanswered entries are sent again, by their old names (S46)."""

    holds = "invoicing"

    async def go(self) -> None:
        for batch in self.batches:
            path = f"/batches/{batch['_id']}/send-again"
            await self.desk.ask(ECONOMIST, "billing", path, key=f"again-{batch['_id']}")

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        for batch in self.batches:
            kept = evidence.of("billing", "batches")[batch["_id"]]
            yield from once(f"batch {batch['_id']} was sent again", len(kept["sent_again_at"]))


class Answer(WithFiles):
    """Invoicing leaves its answers as files in the folder; a job reads them (S46)."""

    def set_going(self) -> None:
        self._names = [self._put(batch) for batch in self.batches]

    def _put(self, batch: Row) -> str:
        head = {"rec": "head", "batch": batch["_id"], "status": "accepted"}
        rows = [{"rec": "row", "event_id": each, "status": "accepted"} for each in batch["event_ids"]]
        trailer = {"rec": "trailer", "rows": len(rows)}
        name = f"egenavgift_{batch['_id']}.ack.jsonl"
        path = self.desk.system.folder / "invoicing" / name
        unfinished = path.with_suffix(".new")
        unfinished.write_text("".join(json.dumps(each) + "\n" for each in (head, *rows, trailer)))
        unfinished.replace(path)
        return name

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        for name, batch in zip(self._names, self.batches, strict=True):
            if name in evidence.answers["new"]:
                yield f"{name} is not read"
            kept = name.removesuffix(".jsonl")
            yield from once(
                f"{name} was put away", sum(each.startswith(kept) for each in evidence.answers["read"])
            )
            if evidence.of("billing", "batches")[batch["_id"]]["answer"] != "accepted":
                yield f"batch {batch['_id']} has no answer"


class Alarm(WithFiles):
    """Nobody answers a file for a day: a person is told, once (N7)."""

    holds = "invoicing"

    def set_going(self) -> None:
        self.desk.tomorrow()

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        for batch in self.batches:
            if evidence.of("billing", "batches")[batch["_id"]]["alarmed_at"] is None:
                yield f"nobody is told that batch {batch['_id']} is not answered"


class Night(WithFiles):
    """A day goes by: it is closed in the evening and added up in the night (N11)."""

    closes = False

    async def prepare(self, times: int) -> None:
        await super().prepare(times)
        self._day = self.desk.today()

    def set_going(self) -> None:
        self.desk.tomorrow()

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        if self._day not in evidence.of("billing", "reconciliations"):
            yield f"{self._day} was never added up"
        waiting = [
            each for each in evidence.of("billing", "fees").values() if each["told_at"] and not each["batch"]
        ]
        for each in waiting:
            if each["entry"]["due_on"] <= self._day:
                yield f"fee {each['_id']} of {self._day} is in no file"


class Held(Operation):
    """Fees that came before their payer was known are sent when it is (S46)."""

    async def prepare(self, times: int) -> None:
        self._patient_ref = await self.desk.new_patient()
        await self.desk.seen(lambda: self._payers() or None)
        payers = self.desk.scene.database("billing")["payers"]
        payers.delete_one({"_id": self._patient_ref})  # as if billing did not know the patient yet
        intents = await self.desk.jobs(times, patient_ref=self._patient_ref)
        numbers = [each.withdrawal_no for each in intents]
        where = {"withdrawal_no": {"$in": numbers}, "stage": "held"}
        await self.desk.seen(lambda: len(self.desk.rows("billing", "fees", where)) >= times or None)

    def _payers(self) -> list[Row]:
        return self.desk.rows("billing", "payers", {"_id": self._patient_ref})

    async def go(self) -> None:
        path = f"/patients/{self._patient_ref}/contact"
        form = {"phone": "070-1740636", "language": "sv"}
        key = f"known-{self._patient_ref}"
        await self.desk.ask("customer_service", "prescription", path, form, key=key, method="PUT")
