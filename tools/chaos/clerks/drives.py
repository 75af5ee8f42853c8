"""Brings a process to fault points beside the main job: closing a day, bad messages, imports, orphans."""

import asyncio
import csv
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import StringIO
from pathlib import Path

import aio_pika
from pymongo.errors import PyMongoError

from shared.messaging.consuming import Subscription
from shared.partners import Order
from tools.chaos.clerks.clerk import NoAnswer, Office, Refusal, Step
from tools.chaos.judging.evidence import Row, Scene
from tools.chaos.judging.promises import FUTURE
from tools.chaos.points import Visit
from tools.chaos.processes.system import System, orders_as_text
from tools.demo.load import CATALOGUE

ECONOMIST = "economist"
IMPORT_SECONDS = 60.0
CHANGED_ROWS = 7


class Catalogue:
    """A catalogue file that changes with every import, so that there is something to import."""

    def __init__(self, folder: Path) -> None:
        self._rows = list(csv.reader(StringIO(CATALOGUE.read_text("utf-8-sig")), delimiter=";"))
        self._path = folder / "catalogue.csv"
        self._run = 0

    @property
    def names(self) -> dict[str, str]:
        """What the articles are called in the file."""
        head, *rows = self._rows
        number, name = head.index("article_no"), head.index("name")
        return {row[number]: row[name] for row in rows}

    def next(self) -> Path:
        """Rename some articles, and write the file."""
        self._run += 1
        head, *rows = self._rows
        name = head.index("name")
        for row in rows[-CHANGED_ROWS:]:
            row[name] = f"{row[name].split(' (', 1)[0]} ({self._run})"
        with self._path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, delimiter=";").writerows(self._rows)
        return self._path


class Drives:
    """Everything that can be done to a system besides the main job."""

    def __init__(
        self, system: System, office: Office, scene: Scene, subscriptions: Sequence[Subscription]
    ) -> None:
        self._system = system
        self._office = office
        self._scene = scene
        self._ears = subscriptions
        self.catalogue = Catalogue(system.folder)
        self.poisons = 0
        self.closings = 0

    async def close_the_day(self) -> None:
        """Close what waits; there may be nothing when a killed closing had been done."""
        self.closings += 1
        key = f"close-{self._system.place.port_base}-{self.closings:06d}"
        try:
            await self._office.ask(Step(ECONOMIST, "billing", "/batches", key))
        except Refusal:
            return

    async def close_if_answered(self) -> None:
        """Close the day during a failure: without an answer it is closed another time."""
        with suppress(NoAnswer):
            await self.close_the_day()

    async def poison(self, process: str) -> None:
        """Put something on a queue of the process that nobody can read, or a fact from a later version."""
        self.poisons += 1
        subscription = next(
            subscription
            for subscription in self._ears
            if subscription.service == process and not subscription.partner_exchange
        )
        future = self.poisons % 2 == 0
        message = aio_pika.Message(
            f"poison {self.poisons}".encode() if not future else b'{"said": "later"}',
            message_id=f"{FUTURE if future else 'poison-'}{self.poisons}",
            type=f"{subscription.topic.rpartition('.')[0]}.v99" if future else None,
        )
        connection = await aio_pika.connect(self._system.urls()["RABBITMQ_URL"])
        async with connection:
            channel = await connection.channel()
            await channel.default_exchange.publish(message, subscription.queue)

    async def import_catalogue(self, visits: Sequence[Visit]) -> bool:
        """Import a changed catalogue, again when the import was killed; True when it was."""
        path = self.catalogue.next()
        armed = [visit.order for visit in visits if visit.process == "import"]
        code = await self._import(path, orders_as_text(armed))
        if code != 0:
            await self._import(path, "[]")
        return code < 0

    async def _import(self, path: Path, faults: str) -> int:
        command = [sys.executable, "-m", "tools.cli", "import", "articles", str(path)]
        process = self._system.child(
            "import", command, {**self._system.environment(), "SESAM_FAULTS": faults}
        )
        process.start()
        code = await asyncio.to_thread(process.wait, within_seconds=IMPORT_SECONDS)
        if code is None:
            process.kill()
            raise TimeoutError(f"the import hung: see {self._system.place.logs}")
        return code

    async def orphan(self, service: str) -> None:
        """Take the mark off the latest row: what a relay leaves that was killed after the confirmation."""
        await asyncio.to_thread(self._unmark, service, {})

    async def copy_an_order(self) -> None:
        """Let the latest order be published once more, as lost confirms do by chance."""
        with suppress(PyMongoError):
            await asyncio.to_thread(self._unmark, "ordering", {"topic": Order.topic})

    def _unmark(self, service: str, which: Row) -> None:
        outbox = self._scene.database(service)["outbox"]
        latest = outbox.find_one({**which, "published_at": {"$ne": None}}, sort=[("committed_at", -1)])
        if latest:
            outbox.update_one({"_id": latest["_id"]}, {"$set": {"published_at": None}})
