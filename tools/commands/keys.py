"""The commands about the keys for sealed fields: make the files, and change a key while the system runs."""

import asyncio
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from shared.sealed import KEYS_OF, PURPOSES, key_file_of, new_key_file
from tools.embedded.refusals import Unknown, one_of

WHOLE = "sealed.json"
WITH_SERVERS = frozenset({"promote", "rewrap", "retire"})
ACTIONS = ("list", "add", "promote", "rewrap", "retire")


def keys(
    what: Annotated[
        str, typer.Argument(help="A folder to make the files in; or list, add, promote, rewrap, retire.")
    ],
    folder: Annotated[
        Path | None, typer.Argument(help="Where the files are, when not those of the run on this machine.")
    ] = None,
    key: Annotated[str | None, typer.Option(help="Which key to retire, as `list` names it.")] = None,
    purpose: Annotated[list[str] | None, typer.Option(help="Add: of which purpose; else of each.")] = None,
    stopped: Annotated[
        bool, typer.Option("--stopped", help="Promote: no process of any service runs.")
    ] = False,
) -> None:
    """Make the key files for sealed fields, or change a key: list, add, promote, rewrap, retire."""
    if what not in ACTIONS:
        near = get_close_matches(what, ACTIONS, n=1, cutoff=0.7)
        if near and not Path(what).exists():
            raise Unknown(f"Is {near[0]} meant? To make a folder of that name, write ./{what}.")
        raise typer.Exit(make(Path(what)))
    raise typer.Exit(change(what, folder, key=key, purposes=purpose or [], stopped=stopped))


def change(what: str, folder: Path | None, *, key: str | None, purposes: Sequence[str], stopped: bool) -> int:
    """Do one of ACTIONS with the keys of a folder, or of the run on this machine."""
    from deploy import keys as changing
    from shared.settings import Settings
    from tools.commands.embedded import use_running_system

    if folder is None or (what in WITH_SERVERS and not stopped):
        use_running_system()
    settings = Settings()
    whole = folder / WHOLE if folder else settings.keys_file
    match what:
        case "list":
            return changing.list_keys(whole)
        case "add":
            return changing.add(whole, [one_of(each, PURPOSES, what="purpose") for each in purposes])
        case "promote":
            return asyncio.run(changing.promote(whole, settings, stopped=stopped))
        case "rewrap":
            return asyncio.run(changing.rewrap(whole, settings))
    if key is None:
        raise Unknown("Name the key: ./sesam keys retire --key <name>. ./sesam keys list names them.")
    return asyncio.run(changing.retire(whole, key, settings))


def make(folder: Path) -> int:
    """Make what is missing; keys that are there stay, for what they sealed lies in the databases."""
    whole = folder / WHOLE
    new_key_file(whole)
    print(f"{whole}  all keys: for the operator's commands, and to be kept safe")
    for service, needed in KEYS_OF.items():
        own = key_file_of(service, whole)
        print(f"{own}  SESAM_KEYS_FILE of {service}: {', '.join(sorted(needed.purposes)) or 'audit only'}")
    return 0
