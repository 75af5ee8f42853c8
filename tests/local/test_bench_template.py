"""The bench's floor repeats exactly what the database's log says of one order."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from tools.bench.template import CAUSES, STEPS, Document, Reader, Template, Write

pytestmark = pytest.mark.connected
DRAFT = {"_id": "U1", "_v": 1, "state": "new", "lines": [1, 2, 3], "patient_ref": "p"}
OF = {
    "sent": "ordering", "despatched": "ordering", "prescription": "prescription", "billing": "billing",
    "lots kept": "inventory",
}  # fmt: skip


@pytest.fixture
async def client(mongodb_url: str) -> AsyncIterator[AsyncMongoClient[Document]]:
    opened: AsyncMongoClient[Document] = AsyncMongoClient(mongodb_url)
    yield opened
    await opened.close()


async def write(client: AsyncMongoClient[Document], database: str, key: str, *changes: Any) -> None:
    """Write one transaction, with the inbox row that tells its step."""
    place = client[database]
    async with client.start_session() as session, await session.start_transaction():
        await place["inbox"].insert_one({"_id": key}, session=session)
        for each in changes:
            await place["withdrawals"].update_one({"_id": "U1"}, {"$set": each}, session=session)


async def order(client: AsyncMongoClient[Document], prefix: str) -> None:
    for name, begins in STEPS.items():
        changes = [{"_v": 2, "state": "ordered"}, {"lines": [1, 2, 4]}] if name == "sent" else []
        for number in range(1, CAUSES.get(name, 1) + 1):
            await write(client, f"{prefix}_{OF.get(name, 'notification')}", f"{begins}{number}", *changes)


async def read(client: AsyncMongoClient[Document], prefix: str, *, also: str = "") -> Template:
    for service in dict.fromkeys([*OF.values(), "notification"]):
        await client[f"{prefix}_{service}"].create_collection("inbox")
    await client[f"{prefix}_ordering"]["withdrawals"].insert_one(DRAFT)
    reader = Reader(client, prefix)
    since = await reader.rest()
    await order(client, prefix)
    if also:
        await write(client, f"{prefix}_ordering", also)
    return await reader.template(since=since)


async def test_each_step_has_what_its_transaction_wrote(
    client: AsyncMongoClient[Document], database_prefix: str
) -> None:
    template = await read(client, database_prefix)

    assert {name: step.service for name, step in template.steps.items()} == {
        name: OF.get(name, "notification") for name in STEPS
    }
    kept, *changed = template["sent"].writes
    assert kept == Write("made", "inbox", f"{STEPS['sent']}1", {"_id": f"{STEPS['sent']}1"})
    assert [each.fields for each in changed] == [{"_v": 2, "state": "ordered"}, {"lines": [1, 2, 4]}]


async def test_what_was_there_before_lacks_only_what_the_order_gave_it(
    client: AsyncMongoClient[Document], database_prefix: str
) -> None:
    template = await read(client, database_prefix)

    assert template.there == (("ordering", "withdrawals", {"_id": "U1", "patient_ref": "p"}),)


async def test_a_transaction_that_the_floor_does_not_know_is_named(
    client: AsyncMongoClient[Document], database_prefix: str
) -> None:
    with pytest.raises(LookupError, match=r"does not know: ordering\.something_new"):
        await read(client, database_prefix, also="ordering.something_new|1")


async def test_what_another_order_wrote_meanwhile_is_named(
    client: AsyncMongoClient[Document], database_prefix: str
) -> None:
    with pytest.raises(LookupError, match="more than one order's was written at ended"):
        await read(client, database_prefix, also="job:end:another")


async def test_a_step_that_wrote_nothing_is_named(
    client: AsyncMongoClient[Document], database_prefix: str
) -> None:
    reader = Reader(client, database_prefix)
    since = await reader.rest()

    with pytest.raises(LookupError, match="nothing was written at billing, claimed"):
        await reader.template(since=since)
