"""One trial: a system, its clerks, and the judgement when all work should be done."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Self

from deploy.topology import all_subscriptions
from services import SERVICES
from shared.sealed import seals_from
from tools.chaos.clerks.clerk import NoAnswer, Office, Refusal
from tools.chaos.clerks.desk import Desk
from tools.chaos.clerks.drives import Drives
from tools.chaos.clerks.intents import Intent, Intents
from tools.chaos.clerks.slots import Slot, Slots, free_slots
from tools.chaos.judging.evidence import Evidence, Scene
from tools.chaos.judging.findings import Findings
from tools.chaos.judging.invariants import POISON, broken
from tools.chaos.judging.oracle import judge
from tools.chaos.operations.operation import Operation
from tools.chaos.processes.proxy import Proxy
from tools.chaos.processes.system import System
from tools.embedded.ports import ADDRESS

PATIENCE_SECONDS = 40.0
REST_SECONDS = 30.0
LOOK_EVERY_SECONDS = 0.2
SETTLED_SECONDS, LOOK_AGAIN_SECONDS = 10.0, 1.0
STRANGER, PEEPS = "dietitian_elsewhere", 5
HURRY_EVERY_SECONDS = 1.0
PAST_EVERY_WAIT = timedelta(seconds=65)
"""Longer than a lost attempt and a first postponement: the clock goes forward when only they are left."""


@dataclass(frozen=True)
class Rest:
    """How it was when everything had come to rest, and how long that took."""

    findings: Findings
    seconds: float


class Trial:
    """Keeps what all trials need; use as an async context."""

    def __init__(self, folder: Path, *, name: str, proxied: bool = False) -> None:
        self.name = name
        self.system = System(folder, proxied=proxied)
        self.intents = Intents(folder / "intents.jsonl")
        self.subscriptions = all_subscriptions()
        self.office: Office
        self.scene: Scene
        self.drives: Drives
        self.slots: Slots
        self.proxy: Proxy
        self.desk: Desk
        self.operations: list[Operation] = []

    async def __aenter__(self) -> Self:
        try:
            if self.system.proxy_port:
                self.proxy = Proxy(self.system.proxy_port, self.system.place.node.port)
                await self.proxy.start()
            await self.system.start()
            await self._open()
        except BaseException:
            self.system.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.office.close()
        self.scene.close()
        self.system.stop()
        if self.system.proxy_port:
            await self.proxy.stop()

    async def _open(self) -> None:
        issuer = f"http://{ADDRESS}:{self.system.place.issuer_port}"
        self.office = Office(self._urls(), issuer, self.intents, patience_seconds=PATIENCE_SECONDS)
        self.scene = Scene(self.system.urls()["MONGODB_URL"], self.system.folder)
        self.drives = Drives(self.system, self.office, self.scene, self.subscriptions)
        self.slots = await free_slots(self.office)
        self.desk = Desk(self.system, self.office, self.scene, intents=self.intents, slots=self.slots)

    def _urls(self) -> dict[str, list[str]]:
        urls: dict[str, list[str]] = {}
        for each in self.system.services.values():
            urls.setdefault(each.birth.service, []).append(f"http://{ADDRESS}:{each.birth.port}")
        return urls

    async def add_replicas(self) -> None:
        """Start a second replica of every service; the clerks ask both in turn from now on."""
        added = [self.system.add_replica(service) for service in SERVICES]
        for each in added:
            self.system.services[each].start()
        await asyncio.gather(*(self.system.until_ready(each) for each in added))
        self.office.ask_at(self._urls())

    async def job(self) -> Intent:
        """Do the main job once, for a patient who is free."""
        slot = await self.slots.get()
        intent = self.begin(slot)
        await self.office.do_the_job(intent)
        self.slots.put_nowait(slot)
        return intent

    def begin(self, slot: Slot, *, impatient: bool = False) -> Intent:
        return self.intents.begin(
            patient_ref=slot.patient_ref,
            article_no=slot.article_no,
            split=slot.split,
            trial=self.name,
            impatient=impatient,
        )

    async def repeat(self, intent: Intent) -> None:
        """Ask for the same sending again: the same key must get the same answer, or none (I26)."""
        with suppress(NoAnswer):
            try:
                await self.office.ask_again(intent)
            except Refusal as trouble:
                intent.answers.append(str(trouble))

    async def rest(
        self, intents: Sequence[Intent], *, since: str, within_seconds: float = REST_SECONDS
    ) -> Rest:
        """Wait until nothing is left to do, and judge what came of these intents."""
        started, hurried = time.monotonic(), time.monotonic()
        while True:
            evidence = await asyncio.to_thread(self.scene.take, since=since)
            findings = self._judged(intents, evidence)
            spent = time.monotonic() - started
            if findings.clean or spent > within_seconds:
                return Rest(findings, spent)
            if time.monotonic() - hurried > HURRY_EVERY_SECONDS and is_waiting_for_time(evidence):
                self.hurry()
                hurried = time.monotonic()
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def hurry(self) -> None:
        self.system.move_clock(PAST_EVERY_WAIT)
        self.office.tokens.forget()

    async def verdict(self) -> Findings:
        """Judge the whole trial; again after a while when a job had just begun something."""
        deadline = time.monotonic() + SETTLED_SECONDS
        found = await self._verdict()
        while not found.clean and time.monotonic() < deadline:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            found = await self._verdict()
        return found

    async def _verdict(self) -> Findings:
        """Judge every intent, what none explains, and every invariant."""
        taken = await asyncio.to_thread(self.scene.take, audit=True)
        evidence = replace(taken, twice=self.system.twice)
        findings = judge(self.intents.all, evidence, whole=True)
        findings.stuck += self._unfinished(evidence)
        seals = seals_from(Path(self.system.environment()["SESAM_KEYS_FILE"]))
        findings.broken += broken(evidence, subscriptions=self.subscriptions, seals=seals)
        findings.broken += await peep(self.office, self.intents.all)
        return findings

    def _judged(self, intents: Sequence[Intent], evidence: Evidence) -> Findings:
        findings = judge(intents, evidence, whole=False)
        findings.stuck += self._unfinished(evidence)
        return findings

    def _unfinished(self, evidence: Evidence) -> list[str]:
        found = [
            f"{service}: {untold} facts are not told"
            for service in SERVICES
            if (untold := self.scene.untold(service))
        ]
        batches = evidence.of("billing", "batches").values()
        found += [
            f"the file of batch {each['_id']} is not written" for each in batches if not each["written"]
        ]
        found += [f"{name} is left in the folder" for name in evidence.files if name.endswith(".tmp")]
        found += self._uneven_catalogue(evidence)
        found += [each for operation in self.operations for each in operation.wrong(evidence)]
        parked = sum(
            row["message_id"].startswith(POISON) for rows in evidence.parked.values() for row in rows
        )
        if parked != self.drives.poisons:
            found.append(f"{parked} of {self.drives.poisons} poisonous messages are parked")
        return found

    def _uneven_catalogue(self, evidence: Evidence) -> list[str]:
        wanted = self.drives.catalogue.names
        found = []
        for service in ("inventory", "prescription", "ordering"):
            kept = {number: row["name"] for number, row in evidence.of(service, "articles").items()}
            wrong = [number for number, name in wanted.items() if kept.get(number) != name]
            if wrong:
                found.append(f"{service}: {len(wrong)} articles are not as the file says")
        return found


async def peep(office: Office, intents: Sequence[Intent]) -> list[str]:
    """Ask as a dietitian of another care unit for what was withdrawn in this trial (I30)."""
    sent = [each.withdrawal_no for each in intents if each.outcome == "ok"]
    return [
        f"I30 {STRANGER} is shown {number}"
        for number in sent[-PEEPS:]
        if await office.is_shown(STRANGER, "ordering", f"/withdrawals/{number}")
    ]


def is_waiting_for_time(evidence: Evidence) -> bool:
    """Tell whether a message waits for a moment to come: a broken attempt, or the next try."""
    states = [each["state"] for each in evidence.of("notification", "messages").values()]
    return any(state in {"due", "attempting"} for state in states)
