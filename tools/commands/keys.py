"""The command that makes the keys for sealed fields: a file with all of them, and one for each service."""

from pathlib import Path

from shared.sealed import KEYS_OF, key_file_of, new_key_file


def keys(folder: Path) -> int:
    """Make what is missing; keys that are there stay, for what they sealed lies in the databases."""
    whole = folder / "sealed.json"
    new_key_file(whole)
    print(f"{whole}  all keys: for the operator's commands, and to be kept safe")
    for service, needed in KEYS_OF.items():
        own = key_file_of(service, whole)
        print(f"{own}  SESAM_KEYS_FILE of {service}: {', '.join(sorted(needed.purposes)) or 'audit only'}")
    return 0
