"""Reports of the demo's SMS gateway: a form to the URL that the message names, until it is accepted."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import httpx

from shared.clock import Clock
from tools.demo.control import Control
from tools.demo.journal import Journal

ANSWER_SECONDS = 5.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 60.0
MOST_TRIES = 400
"""With these pauses, more than six hours."""


class Reports:
    """Keeps what was promised on the disk: a gateway that is started again reports the rest."""

    def __init__(
        self, book: Path, control: Control, clock: Clock, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._journal = Journal(book)
        self._control = control
        self._clock = clock
        self.http = httpx.AsyncClient(timeout=ANSWER_SECONDS, transport=transport)
        self._running: set[asyncio.Task[None]] = set()

    def promise(self, provider_id: str, address: str, statuses: Sequence[str]) -> None:
        for place, status in enumerate(statuses):
            key = f"{provider_id}:{place}"
            self._journal.add({"what": "promised", "key": key, "status": status, "to": address})
        if statuses:
            self._start(
                provider_id, [(f"{provider_id}:{n}", each) for n, each in enumerate(statuses)], address
            )

    def resume(self) -> None:
        """Go on with what was promised before the gateway was stopped."""
        entries = self._journal.entries()
        told = {each["key"] for each in entries if each["what"] == "told"}
        for each in entries:
            if each["what"] == "promised" and each["key"] not in told:
                self._start(each["key"].partition(":")[0], [(each["key"], each["status"])], each["to"])

    async def stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.http.aclose()

    async def settled(self) -> None:
        """Wait until everything promised is reported."""
        await asyncio.gather(*self._running)

    def _start(self, provider_id: str, reports: Sequence[tuple[str, str]], address: str) -> None:
        task = asyncio.create_task(self._tell_all(provider_id, reports, address))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _tell_all(self, provider_id: str, reports: Sequence[tuple[str, str]], address: str) -> None:
        for key, status in reports:
            await asyncio.sleep(self._control.now().delay_seconds)
            await self._tell(provider_id, key, status, address)

    async def _tell(self, provider_id: str, key: str, status: str, address: str) -> None:
        form = {"id": provider_id, "status": status, "delivered": self._clock.now().isoformat()}
        pause = FIRST_PAUSE_SECONDS
        for _ in range(MOST_TRIES):
            if await self._taken(address, form):
                self._journal.add({"what": "told", "key": key, "status": status})
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _taken(self, address: str, form: dict[str, str]) -> bool:
        try:
            answer = await self.http.post(address, data=form)
        except httpx.HTTPError:
            return False
        return answer.is_success
