"""How the database answers: what is asked is written down, and explained."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from pymongo.monitoring import CommandListener, CommandStartedEvent

from shared.repository.codec import Document
from shared.repository.mongo.backend import Client, connect

READING = ("find", "aggregate", "count")
OF_THE_DRIVER = ("lsid", "$clusterTime", "$db", "txnNumber", "$readPreference", "readConcern")


class Plans(CommandListener):
    """Hears what a client asks, and tells which questions examine too much."""

    def __init__(self, mongodb_url: str) -> None:
        self._asked: list[tuple[str, Document]] = []
        self.client: Client = connect(mongodb_url, app_name="tests", event_listeners=[self])

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in READING:
            asked = {name: each for name, each in event.command.items() if name not in OF_THE_DRIVER}
            self._asked.append((event.database_name, asked))

    def succeeded(self, event: object) -> None: ...

    def failed(self, event: object) -> None: ...

    async def too_much(self, ask: Callable[[], Awaitable[object]], *, few: Collection[str] = ()) -> list[str]:
        """Ask, and name what examines more than ten times what it answers and a hundred, or scans.

        `few` names the collections that may be scanned.
        """
        self._asked.clear()
        await ask()
        asked = self._asked[:]
        assert asked
        told = [await self._told(database, question, few) for database, question in asked]
        return [each for each in told if each]

    async def _told(self, database: str, question: Document, few: Collection[str]) -> str | None:
        collection = question.get("find") or question["aggregate"]
        if question.get("filter", {}).keys() == {"_id"}:
            return None  # documents that were named one by one
        explained = await self.client[database].command("explain", question, verbosity="executionStats")
        scanned = "COLLSCAN" in str(explained) and collection not in few
        examined, answered = looked_at(explained)
        is_counted = "$group" in str(question)
        if not scanned and (is_counted or examined <= 10 * answered + 100):
            return None
        return f"{collection}: {examined} examined for {answered} of {question.get('filter')}"


def looked_at(explained: Any) -> tuple[int, int]:
    """Give how much was examined at most and answered; an aggregate says it in its first stage."""
    first = explained["stages"][0]["$cursor"] if "stages" in explained else explained
    told = first["executionStats"]
    return max(told["totalDocsExamined"], told["totalKeysExamined"]), told["nReturned"]
