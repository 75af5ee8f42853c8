"""What an earlier version kept is brought up to date, also when that was broken off."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from deploy.migrate import migrate
from deploy.rewriting import rewrite_moments
from services.notification.repository.collections import MESSAGES, TASKS
from shared.repository.codec import moments_of
from shared.repository.moments import moment_text
from shared.repository.mongo.backend import Client, connect

pytestmark = pytest.mark.connected

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EARLIER_FORMS = (
    "2026-11-23T09:00:00Z",
    "2026-11-23T10:00:00+01:00",
    "2026-11-23T04:00:00-05:00",
    moment_text(AT),
)


@pytest.fixture
async def client(mongodb_url: str) -> AsyncIterator[Client]:
    client = connect(mongodb_url, app_name="tests")
    yield client
    await client.close()


async def test_moments_of_every_form_are_found_by_their_time_after_the_migration(
    client: Client, mongodb_url: str, database_prefix: str
) -> None:
    tasks = client[f"{database_prefix}_notification"]["tasks"]
    await tasks.insert_many([
        {"_id": f"t{number}", "due_at": text, "ended_at": None, "later": "2026-11-23T09:00:00Z"}
        for number, text in enumerate(EARLIER_FORMS)
    ])  # fmt: skip

    await migrate(mongodb_url, prefix=database_prefix, accounts=None)

    assert await tasks.count_documents({"due_at": {"$lte": moment_text(AT)}}) == len(EARLIER_FORMS)
    assert {row["due_at"] async for row in tasks.find()} == {"2026-11-23T09:00:00.000000Z"}
    assert await tasks.count_documents({"ended_at": None, "later": "2026-11-23T09:00:00Z"}) == 4


async def test_a_migration_that_was_broken_off_goes_on_and_then_finds_nothing(
    client: Client, database_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = client[f"{database_prefix}_notification"]
    rows: list[dict[str, Any]] = [{"_id": f"m{each}", "due_at": EARLIER_FORMS[1]} for each in range(1200)]
    await database["messages"].insert_many(rows)
    await database["messages"].update_many({"_id": {"$lt": "m5"}}, {"$set": {"due_at": moment_text(AT)}})
    left = await database["messages"].count_documents({"due_at": EARLIER_FORMS[1]})

    assert 500 < left == await rewrite_moments(database, [MESSAGES, TASKS])
    assert await rewrite_moments(database, [MESSAGES, TASKS]) == 0


def test_the_moments_of_a_collection_are_known_by_its_type() -> None:
    assert moments_of(MESSAGES) == ["attempted_at", "due_at", "expires_at", "report_by", "written_at"]
