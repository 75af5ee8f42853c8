"""A process says which keys it reads, so that no other seals with a key that this one cannot open."""

import json
from collections.abc import Mapping
from uuid import uuid4

from shared.repository.backend import Backend
from shared.sealed import Seals
from shared.service.definition import Job

KEYS_READ = "keys-read "
EVERY_SECONDS = 60
COUNTS_FOR_SECONDS = 180
"""A process that has said nothing for so long runs no more."""


def keys_read_job(backend: Backend, seals: Seals) -> Job:
    """Make the job that says it again and again, as a lease that only this process holds."""
    process = uuid4().hex[:8]
    name = f"{KEYS_READ}{json.dumps({'process': process, 'reads': seals.fingerprints}, sort_keys=True)}"

    async def tell() -> None:
        await backend.lease(name, process, seconds=COUNTS_FOR_SECONDS)

    return Job("say which keys are read", every_seconds=EVERY_SECONDS, run=tell)


def read_as(name: str) -> tuple[str, Mapping[str, list[str]]]:
    """Give the process and the keys that a lease of this kind names."""
    told = json.loads(name.removeprefix(KEYS_READ))
    return told["process"], told["reads"]
