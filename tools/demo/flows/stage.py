"""The running system as a flow meets it: people who ask its services, and outcomes that are waited for."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from tools.demo.control import Control
from tools.demo.flows.timeline import StepFailed, Timeline
from tools.demo.journal import read
from tools.demo.settings import DemoSettings
from tools.demo.tokens import Tokens

FIRST_LOOK_SECONDS, LONGEST_PAUSE_SECONDS = 0.03, 0.3
"""Most outcomes come within some hundredths; to look too often for the others takes processor time."""
WITHIN_SECONDS = 60.0
"""Longer than an SMS waits when no service answered about its patient: a busy machine fails no flow."""
NOTICED_WITHIN_SECONDS = 0.1
"""Every process of the run looks at the clock's file again within that time."""
REFUSED = 422

Found = TypeVar("Found")
Body = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One question to one service."""

    service: str
    path: str
    body: Body | None = None
    method: str = "POST"
    language: str = "en"


class Stage:
    """Asks as people do, over HTTP with their tokens, and looks at what the partners got."""

    def __init__(self, settings: DemoSettings, http: httpx.AsyncClient, timeline: Timeline) -> None:
        self._http = http
        self.tokens = Tokens(http, settings.issuer_url)
        self.timeline = timeline
        self.clock = settings.clock
        self.clock_file = settings.clock_file
        self.register_url = settings.register_url
        self.settings = settings

    async def ask(self, person: str, call: Call) -> Any:
        """Ask and get the answer's JSON; raises StepFailed with the service's own words when it says no."""
        answer = await self.answer(person, call)
        if answer.is_error:
            raise StepFailed(
                f"{call.service} answered {answer.status_code} to {call.path}: {answer.text[:600]}",
                look_at=f"the log of {call.service}",
            )
        return answer.json()

    async def refusal(self, person: str, call: Call) -> set[str]:
        """Ask for what shall be refused, and get the rules that say no; raises StepFailed when none does."""
        answer = await self.answer(person, call)
        if answer.status_code != REFUSED:
            said = f"{call.service} answered {answer.status_code} to {call.path}: {answer.text[:300]}"
            raise StepFailed(f"a refusal was due, but {said}", look_at=f"the rules of {call.service}")
        problem = answer.json()
        return {problem["rule"], *(reason["rule"] for reason in problem.get("reasons", []))}

    async def answer(self, person: str, call: Call) -> httpx.Response:
        """Ask and get whatever is answered; raises StepFailed when nobody answers."""
        url = f"{self.settings.url_of(call.service)}{call.path}"
        try:
            headers = {
                "Authorization": f"Bearer {await self.tokens.of(person)}",
                "Accept-Language": call.language,
            }
            if call.method != "GET":
                headers["Idempotency-Key"] = str(uuid4())
            return await self._http.request(call.method, url, json=call.body, headers=headers)
        except httpx.HTTPError as trouble:
            raise StepFailed(
                f"{call.service} or the issuer does not answer ({url}): {trouble!r}",
                look_at="whether ./sesam run is running, and on which ports",
            ) from trouble

    async def eventually(
        self,
        says: str,
        look: Callable[[], Awaitable[Found | None]],
        *,
        look_at: str,
        noting: Callable[[Found], str] | None = None,
    ) -> Found:
        """Wait for an outcome as one step of the timeline; raises StepFailed when it does not come."""
        with self.timeline.step(says) as step:
            deadline, pause = monotonic() + WITHIN_SECONDS, FIRST_LOOK_SECONDS
            while (found := await look()) is None:
                if monotonic() > deadline:
                    raise StepFailed(f"{says}: not within {WITHIN_SECONDS:.0f} s", look_at=look_at)
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
            if noting is not None:
                step.note(noting(found))
        return found

    def book(self, peer: str) -> list[Body]:
        """Read what an outside peer got and answered."""
        return read(self.settings.peer_log_dir / f"{peer}.jsonl")

    def control(self, peer: str) -> Control:
        return Control(peer, self.settings)

    @contextmanager
    def behaving(self, peer: str, mode: str, *, about: str = "") -> Iterator[None]:
        """Let an outside peer behave otherwise until the block ends, or only with what is about something."""
        control = self.control(peer)
        control.tell({"mode": mode, "about": about})
        try:
            yield
        finally:
            control.forget()

    async def pass_time(self, by: timedelta) -> None:
        """Move the run's clock forward, and sign in anew as people do after a while."""
        if self.clock_file is None:
            raise StepFailed("the run's clock cannot be moved", look_at="SESAM_CLOCK_FILE")
        move_clock(self.clock_file, by=by)
        await asyncio.sleep(NOTICED_WITHIN_SECONDS)
        self.tokens.forget()


def demand(condition: bool, what: str, *, look_at: str) -> None:
    """Fail the step when what it shows is not so."""
    if not condition:
        raise StepFailed(what, look_at=look_at)


def move_clock(path: Path, *, by: timedelta) -> None:
    """Move the run's clock forward; every process of the run reads the file again within a moment."""
    told = json.loads(path.read_text()) if path.exists() else {}
    offset = float(told.get("offset_seconds", 0)) + by.total_seconds()
    new = path.with_suffix(".new")
    new.write_text(json.dumps({**told, "offset_seconds": offset}))
    os.replace(new, path)  # noqa: PTH105 - the one call that says it is atomic
