"""Rewrites moments that an earlier version stored in another form, so that texts sort as time does."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from pymongo import UpdateOne
from pymongo.asynchronous.database import AsyncDatabase

from shared.repository import Collection
from shared.repository.codec import Document, moments_of
from shared.repository.matching import value_of
from shared.repository.moments import moment_of, moment_text

OTHER_FORM = {"$type": "string", "$not": {"$regex": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"}}
AT_ONCE = 500


async def rewrite_moments(database: AsyncDatabase[Document], collections: Iterable[Collection[Any]]) -> int:
    """Rewrite what is in another form; give how many documents.

    What is rewritten is not found again, so an interrupted run continues where it was. A moment that
    somebody changes meanwhile is left to the one who changes it. The audit log may not be changed, and the
    outbox is forgotten after a month: both are asked for in either form.
    """
    rewritten = 0
    for collection in collections:
        if fields := moments_of(collection):
            async for updates in _updates(database[collection.name], fields):
                done = await database[collection.name].bulk_write(updates, ordered=False)
                rewritten += done.modified_count
    return rewritten


async def _updates(documents: Any, fields: Sequence[str]) -> AsyncIterator[list[UpdateOne]]:
    found: list[UpdateOne] = []
    async for row in documents.find(
        {"$or": [{each: OTHER_FORM} for each in fields]}, dict.fromkeys(fields, 1)
    ):
        found += [_update(row["_id"], each, value_of(row, each)) for each in fields if value_of(row, each)]
        if len(found) >= AT_ONCE:
            yield found
            found = []
    if found:
        yield found


def _update(document_id: str, field: str, text: str) -> UpdateOne:
    return UpdateOne({"_id": document_id, field: text}, {"$set": {field: moment_text(moment_of(text))}})
