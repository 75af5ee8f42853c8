"""Which keys the running processes read: each says so once a minute, in its own database."""

from collections.abc import Mapping
from typing import Any

from pymongo import AsyncMongoClient

from services import SERVICES
from shared.service.keys_read import KEYS_READ, read_as


async def readers(client: AsyncMongoClient[Any], *, prefix: str) -> dict[str, Mapping[str, list[str]]]:
    """Give by process, named `<service>.<id>`, the fingerprints of the keys that it reads, by purpose."""
    found: dict[str, Mapping[str, list[str]]] = {}
    for service in SERVICES:
        leases = client[f"{prefix}_{service}"]["leases"]
        told = {"_id": {"$regex": f"^{KEYS_READ}"}}
        await leases.delete_many({**told, "$expr": {"$lt": ["$until", "$$NOW"]}})
        async for row in leases.find(told):
            process, reads = read_as(row["_id"])
            found[f"{service}.{process}"] = reads
    return found
