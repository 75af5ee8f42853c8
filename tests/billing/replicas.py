"""Several processes of billing on one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.billing.domain.fees.ledger import Fee
from services.billing.repository.collections import COLLECTIONS, FEES
from shared.clock import FixedClock
from shared.repository import Repository
from shared.repository.mongo.backend import Mongo, connect
from shared.service.process import repository_of
from tests.billing.examples import AT
from tests.support import test_seals as seals_of_tests


@asynccontextmanager
async def replica(url: str, prefix: str) -> AsyncIterator[Repository]:
    client = connect(url, app_name="billing")
    backend = Mongo(client[f"{prefix}_billing"])
    await backend.prepare(COLLECTIONS)
    repository = repository_of(backend, service="billing", clock=FixedClock(AT), seals=seals_of_tests())
    try:
        yield repository
    finally:
        await repository.close()
        await client.close()


async def fees_of(repository: Repository) -> list[Fee]:
    return await repository.find(FEES, {})
