"""An audit log with rows of every service, and what reads it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy import audit
from shared.clock import FixedClock
from shared.repository import Repository
from shared.repository.audit.signing import Signing, heads_of
from shared.repository.mongo.backend import Mongo, connect
from shared.sealed import new_key_file, seals_from
from shared.service.process import repository_of
from tests.watch.audit_log import AN_ENTRY, NOW, PATIENT, Rows


@pytest.fixture
def keys(mongodb_url: str, database_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    keys = tmp_path / "keys.json"
    new_key_file(keys)
    told = {
        "MONGODB_URL": mongodb_url,
        "SESAM_DATABASE_PREFIX": database_prefix,
        "SESAM_KEYS_FILE": str(keys),
        "SESAM_AUDIT_DIR": str(tmp_path / "audit"),
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return keys


@pytest.fixture
async def written(
    keys: Path, mongodb_url: str, database_prefix: str, tmp_path: Path
) -> AsyncIterator[Repository]:
    """Four readings of one patient in billing, signed when the process ended well."""
    client, clock, seals = connect(mongodb_url, app_name="tests"), FixedClock(NOW), seals_from(keys)
    backend = Mongo(client[f"{database_prefix}_billing"])
    await backend.prepare([])
    repository = repository_of(backend, service="billing", clock=clock, seals=seals)
    for number in range(4):
        await repository.note(audit.Asking(AN_ENTRY), [PATIENT, f"p-{number}"])
        clock.move(minutes=1)
    heads = heads_of("billing", tmp_path / "audit", seals)
    await Signing(repository, heads, clock).sign()
    yield repository
    await repository.close()
    await client.close()


@pytest.fixture
def rows(mongodb_url: str, database_prefix: str) -> Iterator[Rows]:
    """The log's rows, as somebody with every right reaches them."""
    with MongoClient[dict[str, Any]](mongodb_url) as client:
        yield client[f"{database_prefix}_billing"]["audit"]
