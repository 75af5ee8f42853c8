"""Stores an import: the pointer, and the rows beside the articles (decision 0051)."""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from services.inventory.domain.article import Article
from services.inventory.domain.importing import (
    ABANDONED_AFTER,
    CatalogueImport,
    begin_import,
    give_up_import,
    publish_articles,
    stage_articles,
    switch_import,
)
from services.inventory.repository.collections import ARTICLES, IMPORTS, STAGED
from shared.clock import Clock
from shared.fault import fault
from shared.repository import Cause, Entry, Repository
from shared.repository.waiting import change_when_free

POINTER = "catalogue"
STAGED_AT_ONCE = 500
TOLD_AT_ONCE = 200
CHANGES_IN_FLIGHT = 4
"""So many changes of so many articles share one transaction: well inside the database's time limit for it."""
LOOKS_AGAIN_SECONDS = 0.5

Progress = Callable[[int], None]


class Imports:
    """Stores rows, switches the pointer, then publishes every article; another process may finish it."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock

    async def begin(self, *, entry: Entry) -> str:
        """Begin when no other is at work; finishes one first that was killed. Raises ImportRunning."""
        await self._until_abandoned_or_moving()
        await self.finish_abandoned()
        seen = await self._pointer()
        import_id = str(uuid.uuid4())
        kept = None if seen and seen.is_busy and not seen.is_abandoned(at=self._clock.now()) else seen
        rule = partial(begin_import, seen=kept, import_id=import_id, by=entry.actor, at=self._clock.now())
        entry = replace(entry, action="inventory.begin_import")
        await self._change(IMPORTS.maybe(POINTER), rule, cause=Cause(key=None, entry=entry))
        return import_id

    async def stage(self, import_id: str, rows: Sequence[Article], *, progress: Progress) -> None:
        """Lay all rows out beside the catalogue; raises ImportTakenOver."""
        for first in range(0, len(rows), STAGED_AT_ONCE):
            some = rows[first : first + STAGED_AT_ONCE]
            until = first + len(some)
            rule = partial(stage_articles, import_id=import_id, rows=some, until=until, at=self._clock.now())
            await fault("import.before_stage")
            refs = IMPORTS.ref(POINTER) & STAGED.maybe_many(slots(first, until))
            await self._change(refs, rule, cause=Cause(key=None))
            progress(len(some))

    async def switch(self, import_id: str, *, articles: int, entry: Entry) -> None:
        """Put what lies there in force, with its row in the audit log; raises ImportTakenOver."""
        rule = partial(switch_import, import_id=import_id, articles=articles, at=self._clock.now())
        await fault("import.before_switch")
        await self._change(IMPORTS.ref(POINTER), rule, cause=Cause(key=None, entry=entry))
        await fault("import.after_switch")

    async def publish(self, import_id: str, *, articles: int, progress: Progress) -> None:
        """Make the articles what the rows say, and publish them; what was done before is not done again."""
        free = asyncio.Semaphore(CHANGES_IN_FLIGHT)

        async def publish_some(first: int) -> None:
            until = min(first + TOLD_AT_ONCE, articles)
            async with free:
                staged = await self._repository.get(STAGED.many(slots(first, until)))
                rows = [each.article for each in staged]
                await fault("import.before_rows")
                refs = IMPORTS.ref(POINTER) & ARTICLES.maybe_many([row.article_no for row in rows])
                rule = partial(publish_articles, rows=rows, at=self._clock.now())
                await self._change(refs, rule, cause=Cause.of_job("import-articles", import_id, str(first)))
                await fault("import.after_rows")
            progress(len(rows))

        await asyncio.gather(*(publish_some(first) for first in range(0, articles, TOLD_AT_ONCE)))

    async def give_up(self, import_id: str) -> CatalogueImport:
        """End the import unless it is in force; give what became of it."""
        rule = partial(give_up_import, import_id=import_id, at=self._clock.now())
        answer = await self._change(IMPORTS.ref(POINTER), rule, cause=Cause(key=None))
        state: CatalogueImport = answer.states[0]
        return state

    async def finish_abandoned(self) -> None:
        """Tell the rest of an import that is in force and was killed; a running one is left alone."""
        pointer = await self._pointer()
        if pointer and pointer.state == "switched" and pointer.is_abandoned(at=self._clock.now()):
            await self.publish(pointer.import_id, articles=pointer.articles, progress=lambda _: None)

    async def _until_abandoned_or_moving(self) -> None:
        """Look at a busy import until it moves, so that it is at work, or has stood still too long."""
        first = await self._pointer()
        for _ in range(int(ABANDONED_AFTER.total_seconds() / LOOKS_AGAIN_SECONDS) + 2):
            seen = await self._pointer()
            if seen is None or seen != first or not seen.is_busy or seen.is_abandoned(at=self._clock.now()):
                return
            await asyncio.sleep(LOOKS_AGAIN_SECONDS)

    async def _pointer(self) -> CatalogueImport | None:
        return await self._repository.get(IMPORTS.maybe(POINTER))

    async def _change(self, refs: Any, rule: Any, *, cause: Cause) -> Any:
        return await change_when_free(self._repository, refs, rule, cause=cause)


def slots(first: int, until: int) -> list[str]:
    """Name the places of rows: the same for every import, so that the next one writes over the last."""
    return [f"{place:07d}" for place in range(first, until)]
