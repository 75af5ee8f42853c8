"""A recall of articles, a lot, serial numbers or all of a supplier, until nothing of it is left (T17, N4)."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.inventory.domain.devices.device import Device
from services.inventory.domain.goods.lots import piece_number
from shared.domain.decision import Decision, Refused, Sentence

RecallState = Literal["open", "carried_out", "withdrawn"]
Outcome = Literal["carried_out", "withdrawn"]
MOST_ARTICLES = 200
"""Of one recall: a supplier may sell so many."""
_RUNS = re.compile(r"[0-9]+|[^0-9]+")


class RecallEnded(Refused):
    """The recall is carried out or withdrawn."""

    rule = "recall-ended"
    sentence = Sentence(
        "Återkallelsen är redan avslutad. Starta en ny om fler varor berörs.",
        "The recall has ended already. Start a new one if more goods are concerned.",
    )


class RecallNotAtZero(Refused):
    """Pieces are still in use."""

    rule = "recall-not-at-zero"
    sentence = Sentence(
        "Varor som återkallas används fortfarande. Ta in dem först; listan visar var varje exemplar finns.",
        "Goods that are recalled are still in use. Take them in first; the list says where each piece is.",
    )


class TooManyArticles(Refused):
    """The supplier sells more articles than one recall takes."""

    rule = "too-many-articles-recalled"
    sentence = Sentence(
        f"Leverantören har fler än {MOST_ARTICLES} artiklar. Återkalla en artikel i taget.",
        f"The supplier has more than {MOST_ARTICLES} articles. Recall one article at a time.",
    )


class NothingToRecall(Refused):
    """No article of devices is meant."""

    rule = "nothing-to-recall"
    sentence = Sentence(
        "Ingen artikel motsvarar det. Kontrollera artikelnumret, satsen eller leverantörens namn.",
        "No article is like that. Check the article number, the lot or the supplier's name.",
    )


@dataclass(frozen=True)
class WhichPieces:
    """What is recalled: some articles, all of them, or a lot or a range of serial numbers of them."""

    article_nos: tuple[str, ...]
    lot: str | None = None
    first_serial_no: str | None = None
    last_serial_no: str | None = None
    supplier: str | None = None

    @property
    def is_of_devices(self) -> bool:
        return self.lot is None

    def concerns(self, device: Device) -> bool:
        """Tell whether the device is one of them; without a serial number nobody knows: it is (N4)."""
        if device.article_no not in self.article_nos or not self.is_of_devices:
            return False
        if self.first_serial_no is None or self.last_serial_no is None or device.serial_no is None:
            return True
        return place_of(self.first_serial_no) <= place_of(device.serial_no) <= place_of(self.last_serial_no)


@dataclass(frozen=True)
class FoundPieces:
    """Where the pieces were when the recall began."""

    on_shelves: int = 0
    under_way: int = 0
    """Picked, on their way, or at a care unit."""
    with_patients: int = 0
    set_apart: int = 0
    gone: int = 0
    """Missing, scrapped, stolen or lost."""


@dataclass(frozen=True)
class Recall:
    """A recall, which marks every piece that it concerns."""

    recall_no: str
    which: WhichPieces
    reason: str
    incident_no: str | None
    """The number of the incident, as it is reported to the authority."""
    notify_patients: bool
    started_by: str
    started_at: datetime
    found: FoundPieces
    state: RecallState = "open"
    is_marked: bool = False
    """All that it concerned when it began is marked; what came since is found by the day of its receipt."""
    is_followed: bool = True
    """Something may be left to do: it is open, or its marks are being taken off."""
    ended_by: str | None = None
    ended_at: datetime | None = None
    ended_why: str | None = None


def place_of(serial_no: str) -> tuple[tuple[int, int, str], ...]:
    """Give the place of a serial number in the order of a maker: SN-9 stands before SN-10."""
    runs = _RUNS.findall(piece_number(serial_no))
    return tuple((0, int(run), "") if run.isdigit() else (1, 0, run) for run in runs)


def start_recall(kept: Recall | None, *, made: Recall) -> Decision[Recall]:
    """Begin a recall; what it concerns is marked next (N4)."""
    if kept is not None:
        raise ValueError(f"recall {made.recall_no} began already")
    return made, []


def end_recall(
    recall: Recall, *, outcome: Outcome, left: int, reason: str, by: str, at: datetime
) -> Decision[Recall]:
    """End a recall that has come to zero, or withdraw one. Raises RecallEnded and RecallNotAtZero (N4).

    `left`: pieces that are neither set apart nor gone.
    """
    if recall.state != "open":
        raise RecallEnded(recall_no=recall.recall_no)
    if outcome == "carried_out" and left:
        raise RecallNotAtZero(recall_no=recall.recall_no, left=left)
    ended = replace(
        recall, state=outcome, is_followed=outcome == "withdrawn", ended_by=by, ended_at=at, ended_why=reason
    )
    return ended, []


def marked(recall: Recall) -> Decision[Recall]:
    """Note that everything that the recall concerned when it began is marked (N4)."""
    return replace(recall, is_marked=True), []


def rest(recall: Recall) -> Decision[Recall]:
    """Follow a withdrawn recall no more: its marks are taken off (N4)."""
    return replace(recall, is_followed=recall.state == "open"), []
