"""The keys that seal, a list for each purpose: the first seals, each opens; an added one waits."""

from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.fernet import Fernet

from shared.sealed import KEYS_OF, fingerprint

Keys = dict[str, Any]
"""The content of the file with all keys; `waiting` names the keys that are added and do not seal yet."""
Reading = Mapping[str, Iterable[str]]
"""Which keys, by their fingerprints, a running process reads, by purpose."""


NOBODY: Mapping[str, Reading] = {}


class KeysRefused(Exception):
    """A key may not be added, promoted or retired now; says why, and what to do first."""


def add(keys: Keys, purposes: Iterable[str]) -> Keys:
    """Add a fresh key to each purpose, which opens and does not seal yet; raises KeysRefused."""
    waiting = set(keys.get("waiting", ()))
    seal = {purpose: [*known] for purpose, known in keys["seal"].items()}
    added: list[str] = []
    for purpose in purposes:
        if any(fingerprint(each) in waiting for each in seal[purpose]):
            raise KeysRefused(f"{purpose} has a key that waits: promote or retire it first.")
        key = Fernet.generate_key().decode()
        seal[purpose].append(key)
        added.append(fingerprint(key))
    return {**keys, "seal": seal, "waiting": sorted(waiting | set(added))}


def promote(keys: Keys, *, readers: Mapping[str, Reading], stopped: bool = False) -> Keys:
    """Let the keys that wait seal from now on, once every process reads them; raises KeysRefused.

    `readers` says by process, named `<service>.<id>`, which keys it reads. `stopped` says that no process
    runs, and each starts with the new files.
    """
    waiting = set(keys.get("waiting", ()))
    if not waiting:
        raise KeysRefused("No key waits. Add one first: ./sesam keys add.")
    if not stopped:
        _demand_read(keys, waiting, readers)
    seal = {
        purpose: sorted(known, key=lambda each: fingerprint(each) not in waiting)
        for purpose, known in keys["seal"].items()
    }
    return {**keys, "seal": seal, "waiting": []}


def retire(
    keys: Keys,
    name: str,
    *,
    wrapped: int,
    holding: Iterable[str] = (),
    readers: Mapping[str, Reading] = NOBODY,
) -> Keys:
    """Remove a key that seals nothing any more; raises KeysRefused.

    `wrapped` is how many texts are sealed with it still, `holding` the queues whose messages may be;
    `readers` says by process which keys it reads, the one that it seals with first.
    """
    purpose = next((each for each, known in keys["seal"].items() if name in map(fingerprint, known)), None)
    if purpose is None:
        raise KeysRefused(f"There is no key {name}. ./sesam keys list names them.")
    if fingerprint(keys["seal"][purpose][0]) == name:
        raise KeysRefused(f"{name} is the key that seals {purpose}. Add another, and promote it first.")
    if behind := sorted(each for each, reads in readers.items() if name in [*reads.get(purpose, ())][:1]):
        raise KeysRefused(f"{', '.join(behind)} seals with {name} still: restart it with its new file.")
    if wrapped:
        raise KeysRefused(
            f"{wrapped} texts are sealed with {name} still. Seal them anew: ./sesam keys rewrap."
        )
    if queues := sorted(holding):
        raise KeysRefused(
            f"Messages lie in {', '.join(queues)}, and may be sealed with {name}. Wait until they are "
            "consumed, or look at them and remove them; then run this again."
        )
    left = [each for each in keys["seal"][purpose] if fingerprint(each) != name]
    waiting = [each for each in keys.get("waiting", ()) if each != name]
    return {**keys, "seal": {**keys["seal"], purpose: left}, "waiting": waiting}


def listed(keys: Keys) -> list[str]:
    """Say of each key, by its fingerprint, what it does."""
    waiting = set(keys.get("waiting", ()))
    return [
        f"{purpose:<10} {name}  {_does(place, name in waiting)}"
        for purpose, known in keys["seal"].items()
        for place, name in enumerate(map(fingerprint, known))
    ]


def _does(place: int, waits: bool) -> str:
    if place == 0:
        return "seals and opens"
    return "opens; waits to be promoted" if waits else "opens; may be retired when nothing is sealed with it"


def _demand_read(keys: Keys, waiting: set[str], readers: Mapping[str, Reading]) -> None:
    purposes = {purpose: waiting & set(map(fingerprint, known)) for purpose, known in keys["seal"].items()}
    for service, needed in KEYS_OF.items():
        wanted = {purpose: purposes[purpose] for purpose in needed.purposes if purposes.get(purpose)}
        running = {name: reads for name, reads in readers.items() if name.partition(".")[0] == service}
        if wanted and not running:
            raise KeysRefused(
                f"No process of {service} says which keys it reads. Start it with its new file, or "
                "give --stopped when no process of any service runs."
            )
        for name, reads in running.items():
            if any(not names <= set(reads.get(purpose, ())) for purpose, names in wanted.items()):
                raise KeysRefused(
                    f"The process {name} does not read the new key. Give {service} its new file, restart it, "
                    "and run this again three minutes later."
                )
