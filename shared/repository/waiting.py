"""A change that waits until a killed process lets go of its documents: people begin imports anew."""

import asyncio
from typing import Any

from shared.repository.backend import Contended
from shared.repository.repository import Repository

WAITS_SECONDS = (0.5, 1, 2, 4)
"""Together longer than the database lets an open transaction live."""


async def change_when_free(repository: Repository, refs: Any, rule: Any, **options: Any) -> Any:
    """Change something, also while the transaction of a killed process still holds it. Raises Contended."""
    for pause in WAITS_SECONDS:
        try:
            return await repository.change(refs, rule, **options)
        except Contended:
            await asyncio.sleep(pause)
    return await repository.change(refs, rule, **options)
