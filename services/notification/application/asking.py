"""Asks prescription whether persons may be sent a message now, many in one request (Q18, Q24)."""

from collections.abc import Sequence
from http import HTTPStatus

import httpx
from pydantic import BaseModel, ConfigDict

from shared.batcher import Batcher
from shared.service.definition import AskService

MOST_ASKED_ABOUT = 64
BATCHES_AT_ONCE = 4
"""A person about whom the register takes its time holds up few others."""
REGISTER_SILENT = "register_silent"
EVERYBODYS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE)
"""Errors that concern no single person: asking about each alone would only make it worse."""

Person = dict[str, str]


class Reachable(BaseModel):
    """Prescription's answer about one person, true at this very moment."""

    model_config = ConfigDict(strict=True)

    may_be_told: bool
    why: str | None = None


class Answers(BaseModel):
    """One for each who was asked about."""

    answers: list[Reachable]


class Reachability:
    """Asks about each person, in one request with others that are asked about at this moment."""

    def __init__(self, ask: AskService) -> None:
        self._ask = ask
        self._batcher = Batcher(self._each, batches_at_once=BATCHES_AT_ONCE, most=MOST_ASKED_ABOUT)

    async def of(self, patient_ref: str, *, purpose: str) -> Reachable:
        """Give the answer; raises httpx.HTTPError and ValueError when there is no answer now."""
        answer = await self._batcher.ask({"patient_ref": patient_ref, "purpose": purpose})
        if isinstance(answer, Exception):
            raise answer
        if answer.why == REGISTER_SILENT:
            raise ValueError(REGISTER_SILENT)
        return answer

    async def _each(self, people: Sequence[Person]) -> Sequence[Reachable | httpx.HTTPError]:
        try:
            return await self._all(people)
        except (httpx.HTTPStatusError, httpx.ReadTimeout) as trouble:
            if len(people) == 1 or _is_everybodys(trouble):
                raise
        return [await self._alone(each) for each in people]  # a failure for one is not the others'

    async def _alone(self, person: Person) -> Reachable | httpx.HTTPError:
        try:
            (answer,) = await self._all([person])
        except httpx.HTTPError as trouble:
            return trouble
        return answer

    async def _all(self, people: Sequence[Person]) -> list[Reachable]:
        said = await self._ask("prescription", "POST", "/reachability", json={"people": list(people)})
        answers = Answers.model_validate(said).answers
        if len(answers) != len(people):
            raise ValueError(f"{len(answers)} answers about {len(people)} people")
        return answers


def _is_everybodys(trouble: httpx.HTTPError) -> bool:
    return isinstance(trouble, httpx.HTTPStatusError) and trouble.response.status_code in EVERYBODYS
