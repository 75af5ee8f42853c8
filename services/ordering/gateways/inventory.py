"""Asks inventory what an order would get, and when (S89, S103)."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from services.ordering.domain.devices.lines import Line
from services.ordering.domain.devices.planned import Planned
from shared.service.definition import AskService

log = structlog.get_logger()

ANSWERED_WITHIN_SECONDS = 1.0
"""A preview is shown without the planned delivery rather than late."""


class Answer(BaseModel):
    """Inventory's answer about the lines of one warehouse."""

    lines: list[Planned]


class PlannedDeliveries:
    """What would come of lines from warehouses if they were ordered now."""

    def __init__(self, ask: AskService) -> None:
        self._ask = ask

    async def of(self, lines: Iterable[Line]) -> Mapping[int, Planned]:
        """Give what would come by the line's number; nothing of a warehouse about which nobody answers."""
        places: dict[str, list[Line]] = {}
        for each in lines:
            if each.source == "warehouse" and each.storeroom_no:
                places.setdefault(each.storeroom_no, []).append(each)
        answers = await asyncio.gather(*(self._from(place, part) for place, part in places.items()))
        return {each.line_no: each for answer in answers for each in answer}

    async def _from(self, storeroom_no: str, lines: list[Line]) -> list[Planned]:
        body = {"storeroom_no": storeroom_no, "lines": [_asked(each) for each in lines]}
        try:
            async with asyncio.timeout(ANSWERED_WITHIN_SECONDS):
                said = await self._ask("inventory", "POST", "/stock/planned", json=body)
                return Answer.model_validate(said).lines
        except (httpx.HTTPError, TimeoutError, ValidationError):
            log.warning("inventory did not say what is planned")
            return []


def _asked(line: Line) -> dict[str, Any]:
    return {
        "line_no": line.line_no,
        "article_no": line.article_no,
        "quantity": line.quantity,
        "components": [
            {"article_no": each.article_no, "quantity": each.quantity} for each in line.components
        ],
        "removed": list(line.removed),
    }
