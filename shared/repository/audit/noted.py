"""How far an audit log was verified, stored beside its signed heads, with a signature."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from shared.durable import write_whole
from shared.repository.audit.chain import Seen, digest
from shared.repository.audit.heads import BEGINNING, Heads, Place

VERIFIED = "verified.json"
FROM_THE_START = "from-the-start.json"


@dataclass(frozen=True)
class Noted:
    """What was seen of the log and of the signed heads; an empty one has seen nothing."""

    at: str = ""
    rows: int = 0
    heads_signed: int = 0
    chains: Mapping[str, Seen] = field(default_factory=dict)
    """The newest row of each writer that was seen."""
    place: Place = BEGINNING
    last: tuple[str, int] | None = None
    """The row up to which a verification from the start has come."""
    breaks: tuple[str, ...] = ()


def noted(heads: Heads, name: str) -> Noted | None:
    """Read a note; None when there is none, or not one that our key signed."""
    try:
        read: dict[str, Any] = json.loads((heads.folder / name).read_text())
        if not heads.holds(read):
            return None
    except (FileNotFoundError, ValueError, AttributeError):
        return None
    chains = {writer: Seen(*seen) for writer, seen in read["chains"].items()}
    return Noted(
        read["at"], read["rows"], read["heads_signed"], chains, Place(**read["place"]),
        tuple(read["last"]) if read["last"] else None, tuple(read["breaks"]),
    )  # fmt: skip


def note(heads: Heads, name: str, noted: Noted) -> None:
    """Write a note in one act."""
    chains = {writer: [seen.sequence, seen.hash, seen.at] for writer, seen in noted.chains.items()}
    told = {**asdict(noted), "chains": chains}
    plain = json.loads(json.dumps(told))
    written = json.dumps({**plain, "hash": digest(plain, heads.keys[0])})
    write_whole(heads.folder / name, written.encode())


def forget(heads: Heads, name: str) -> None:
    (heads.folder / name).unlink(missing_ok=True)
