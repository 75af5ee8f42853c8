"""Prepares the servers as the operator: collections, indexes and accounts; queues of earlier versions go.

`python -m deploy.migrate` does both; `databases` or `queues` behind it does the one.
"""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure

from deploy.accounts import GATEWAY, accounts_in
from deploy.retired import remove_never_told, retire
from deploy.rewriting import rewrite_moments
from deploy.topology import assembled, definitions
from gateway.sessions.documents import COLLECTION, prepare
from services import SERVICES
from shared.messaging.consuming import PARKED
from shared.repository import Collection
from shared.repository.mongo.backend import OWN, Mongo, connect
from shared.settings import Settings

AUDIT = "audit"
EVERYTHING = ("find", "insert", "update", "remove", "changeStream")
ONLY_ADDED = ("find", "insert")
NOT_THERE = (11, 31)
"""MongoDB's codes for an unknown user and an unknown role."""


def privileges_of(database: str, collections: Sequence[str]) -> list[dict[str, Any]]:
    """List what a service may do in its database; the audit log takes rows and shows them, nothing else."""
    own = [
        _privilege(database, name, ONLY_ADDED if name == AUDIT else EVERYTHING)
        for name in dict.fromkeys((*OWN, *collections))
    ]
    return [*own, _privilege(database, "", ("listCollections", "listIndexes"))]


async def migrate(url: str, *, prefix: str, accounts: Mapping[str, str] | None) -> None:
    """Make what is missing and rewrite what an earlier version wrote; with accounts also roles and users."""
    kept = {each: [*assembled(each).collections, PARKED] for each in SERVICES}  # takes seconds, so first
    client = connect(url, app_name="migrate")
    try:
        await asyncio.gather(
            *(_of_service(client, each, kept[each], prefix, accounts) for each in SERVICES),
            _of_gateway(client, prefix, accounts),
        )
    finally:
        await client.close()


async def _of_service(
    client: AsyncMongoClient[Any],
    service: str,
    kept: Sequence[Collection[Any]],
    prefix: str,
    accounts: Mapping[str, str] | None,
) -> None:
    database = client[f"{prefix}_{service}"]
    await Mongo(database).prepare(kept)
    await rewrite_moments(database, kept)
    if not accounts:
        return
    privileges = privileges_of(database.name, [each.name for each in kept])
    await _put_account(client, service, f"{prefix}_{service}", privileges, accounts)


async def _of_gateway(client: AsyncMongoClient[Any], prefix: str, accounts: Mapping[str, str] | None) -> None:
    """Make the gateway's sessions and its account, which reaches them and nothing else."""
    database = client[f"{prefix}_{GATEWAY}"]
    await prepare(database[COLLECTION])
    if accounts:
        privileges = [_privilege(database.name, COLLECTION, ("find", "insert", "update", "remove"))]
        await _put_account(client, GATEWAY, database.name, privileges, accounts)


async def _put_account(
    client: AsyncMongoClient[Any],
    name: str,
    role: str,
    privileges: Sequence[Mapping[str, Any]],
    accounts: Mapping[str, str],
) -> None:
    await _put(client.admin, "Role", role, {"privileges": list(privileges), "roles": []})
    user = {"pwd": accounts[name], "roles": [{"role": role, "db": "admin"}]}
    await _put(client.admin, "User", name, user)


async def _put(admin: AsyncDatabase[Any], kind: str, name: str, options: Mapping[str, Any]) -> None:
    try:
        await admin.command(f"update{kind}", name, **options)
    except OperationFailure as failure:
        if failure.code not in NOT_THERE:
            raise
        await admin.command(f"create{kind}", name, **options)


def _privilege(database: str, collection: str, actions: Sequence[str]) -> dict[str, Any]:
    return {"resource": {"db": database, "collection": collection}, "actions": list(actions)}


def main() -> None:
    settings = Settings()
    file = os.environ.get("SESAM_ACCOUNTS_FILE")
    accounts = accounts_in(Path(file), settings.distributors, tuple(settings.suppliers)) if file else None
    wanted = sys.argv[1:] or ["databases", "queues"]
    if "databases" in wanted:
        asyncio.run(migrate(settings.mongodb_url, prefix=settings.database_prefix, accounts=accounts))
    if "queues" in wanted:
        for line in asyncio.run(_queues(settings)):
            print(line)


async def _queues(settings: Settings) -> list[str]:
    moved = await retire(
        settings.rabbitmq_partners_url,
        definitions(settings.distributors, suppliers=tuple(settings.suppliers)),
    )
    return [*moved, *await remove_never_told(settings.rabbitmq_url)]


if __name__ == "__main__":
    main()
