"""The rules of parked messages: replayed once, given back when that failed, or discarded for good (N7)."""

import hashlib
from dataclasses import replace
from datetime import datetime

from shared.domain.decision import Refused, Sentence
from shared.messaging.consuming import Parked

MOST_REMEMBERED = 20
"""So many acts of operators stand with a message; the newest stay."""
HANDLE_LENGTH = 8


class NotParked(Refused):
    """Only a message that is parked can be replayed or discarded: so a replay happens once."""

    rule = "not-parked"
    sentence = Sentence("Meddelandet är inte parkerat.", "The message is not parked.")


def handle_of(parked: Parked) -> str:
    """Give a short name, to be typed by people."""
    return hashlib.sha256(parked.parked_id.encode()).hexdigest()[:HANDLE_LENGTH]


def replayed(parked: Parked, *, at: datetime, by: str) -> tuple[Parked, tuple[()]]:
    demand_parked(parked)
    history = (*parked.history, f"{at:%Y-%m-%dT%H:%MZ} replayed by {by}")[-MOST_REMEMBERED:]
    return replace(parked, state="replayed", history=history), ()


def back_to_parked(parked: Parked) -> tuple[Parked, tuple[()]]:
    """Take back a replay that went nowhere."""
    return replace(parked, state="parked" if parked.state == "replayed" else parked.state), ()


def discarded(parked: Parked, *, at: datetime, by: str, because: str) -> tuple[Parked, tuple[()]]:
    demand_parked(parked)
    history = (*parked.history, f"{at:%Y-%m-%dT%H:%MZ} discarded by {by}")[-MOST_REMEMBERED:]
    return replace(parked, state="discarded", discarded_because=because, history=history), ()


def demand_parked(parked: Parked) -> None:
    if parked.state != "parked":
        raise NotParked(state=parked.state)
