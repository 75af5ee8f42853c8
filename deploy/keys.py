"""Changing the keys that seal (decision 0085): add, promote, seal everything anew, retire."""

import json
from collections.abc import Iterable
from pathlib import Path

from deploy import key_ring
from deploy.key_readers import readers
from deploy.key_ring import Keys
from deploy.rewrapping import Progress, rewrap_all, wrapped_by
from deploy.topology import definitions
from shared.messaging.publisher import Publisher
from shared.messaging.topology import UNHEARD
from shared.repository.mongo.backend import connect
from shared.sealed import KEYS_OF, PURPOSES, key_file_of, seals_of, write_keys
from shared.settings import Settings

GIVE_FILES = "Give each service its new file and restart it"


def list_keys(whole: Path) -> int:
    """Print every key by its fingerprint, and what it does."""
    print("\n".join(key_ring.listed(_read(whole))))
    return 0


def add(whole: Path, purposes: Iterable[str] = ()) -> int:
    """Add a key to each purpose, which is read and not written with; raises KeysRefused."""
    _write(whole, key_ring.add(_read(whole), tuple(purposes) or PURPOSES))
    print(f"Added. {GIVE_FILES}; then ./sesam keys promote.")
    return list_keys(whole)


async def promote(whole: Path, settings: Settings, *, stopped: bool = False) -> int:
    """Let the added keys seal, when every running process reads them; raises KeysRefused."""
    client = connect(settings.mongodb_url, app_name="keys")
    try:
        reading = {} if stopped else await readers(client, prefix=settings.database_prefix)
    finally:
        await client.close()
    _write(whole, key_ring.promote(_read(whole), readers=reading, stopped=stopped))
    print(f"Promoted. {GIVE_FILES}; then ./sesam keys rewrap.")
    return list_keys(whole)


async def rewrap(whole: Path, settings: Settings) -> int:
    """Seal all that is kept with the newest keys; a run that was broken off goes on where it was."""
    seals = seals_of(_read(whole))
    client = connect(settings.mongodb_url, app_name="keys")
    progress = Progress.of(whole.with_name("rewrap.json"), seals)
    try:
        left = await rewrap_all(client, seals, prefix=settings.database_prefix, progress=progress, say=print)
    finally:
        await client.close()
    print(
        f"{left} documents changed while they were sealed anew: run this again."
        if left
        else "All is sealed anew."
    )
    return 1 if left else 0


async def retire(whole: Path, name: str, settings: Settings) -> int:
    """Remove a key that nothing is sealed with any more; raises KeysRefused."""
    keys = _read(whole)
    key_ring.retire(keys, name, wrapped=0)  # whether it may go at all, before anything is read
    client = connect(settings.mongodb_url, app_name="keys")
    try:
        reading = await readers(client, prefix=settings.database_prefix)
        key_ring.retire(keys, name, wrapped=0, readers=reading)
        counts = await wrapped_by(client, seals_of(keys), prefix=settings.database_prefix)
    finally:
        await client.close()
    holding = await queues_that_hold(settings)
    _write(whole, key_ring.retire(keys, name, wrapped=counts[name], holding=holding))
    print(f"Retired. {GIVE_FILES}.")
    return list_keys(whole)


async def queues_that_hold(settings: Settings) -> list[str]:
    """Name the queues of our own facts that hold messages: their sealed fields are as they were published.

    Nobody reads the queue of facts without a consumer: earlier facts come from the outbox.
    """
    publisher = Publisher(settings.rabbitmq_url)
    known = definitions(
        settings.distributors,
        suppliers=tuple(settings.suppliers),
        events_vhost="events",
        partners_vhost="partners",
    )["queues"]
    names = [each["name"] for each in known if each["vhost"] == "events" and each["name"] != UNHEARD]
    try:
        return [name for name in names if await publisher.depth_of(name)]
    finally:
        await publisher.close()


def _read(whole: Path) -> Keys:
    keys: Keys = json.loads(whole.read_text())
    return keys


def _write(whole: Path, keys: Keys) -> None:
    write_keys(whole, keys)
    for service in KEYS_OF:
        print(f"{key_file_of(service, whole)}  SESAM_KEYS_FILE of {service}")
