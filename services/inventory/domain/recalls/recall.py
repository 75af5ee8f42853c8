"""A recall of articles, a lot, serial numbers or all of a supplier, until nothing of it is left (T17, N4)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.inventory.domain.devices.device import Device
from services.inventory.domain.goods.lots import piece_number, same_piece_number
from services.inventory.domain.goods.marks import RecalledLot, RecallMark, with_mark
from shared.domain.code import is_persons
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
        "Varor som återkallas används fortfarande. Ta in dem först, och skrota det som är avställt av en "
        "artikel utan individnummer; listan visar var allt finns.",
        "Goods that are recalled are still in use. Take them in first, and scrap what is set apart of an "
        "article without device numbers; the list says where everything is.",
    )


class TooManyArticles(Refused):
    """The supplier sells more articles than one recall takes."""

    rule = "too-many-articles-recalled"
    sentence = Sentence(
        f"Leverantören har fler än {MOST_ARTICLES} artiklar. Återkalla en artikel i taget.",
        f"The supplier has more than {MOST_ARTICLES} articles. Recall one article at a time.",
    )


class NothingToRecall(Refused):
    """No piece is meant, wherever it may be."""

    rule = "nothing-to-recall"
    sentence = Sentence(
        "Inga varor motsvarar det. Kontrollera artikelnumret, satsen, serienumren eller leverantörens namn.",
        "No goods are like that. Check the article number, the lot, the serial numbers or the supplier.",
    )


class RecallNamesPerson(Refused):
    """Every unit reads why goods are recalled: nobody is named there (Q61)."""

    rule = "recall-names-person"
    sentence = Sentence(
        "Skriv inget personnummer på en återkallelse: alla enheter läser den. Ta bort numret.",
        "Write no personal number on a recall: every unit reads it. Take the number out.",
    )


def demand_nobody_named(*texts: str | None) -> None:
    """Refuse a personal number in what is written about a recall; raises RecallNamesPerson."""
    if any(text is not None and is_persons(text) for text in texts):
        raise RecallNamesPerson


@dataclass(frozen=True)
class WhichPieces:
    """What is recalled: some articles, all of them, or a lot or a range of serial numbers of them."""

    article_nos: tuple[str, ...]
    lot: str | None = None
    first_serial_no: str | None = None
    last_serial_no: str | None = None
    supplier: str | None = None
    counted: tuple[str, ...] = ()
    """Those of the articles whose pieces have no number of their own, and are all or by lot recalled."""
    foods: tuple[str, ...] = ()
    """Those of the articles that distributors send to patients."""
    first_day: date | None = None
    """Of foods: of which nobody named the lot, those that were sent in this period are meant (Q60)."""
    last_day: date | None = None

    @property
    def is_of_devices(self) -> bool:
        return self.lot is None

    def means(self, article_no: str, lot: str) -> bool:
        """Tell whether it concerns counted goods of a lot; of every lot where it names none (Q60)."""
        return article_no in self.counted and (self.lot is None or same_piece_number(self.lot, lot))

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

    def plus(
        self, *, on_shelves: int = 0, under_way: int = 0, with_patients: int = 0, set_apart: int = 0
    ) -> "FoundPieces":
        return replace(
            self,
            on_shelves=self.on_shelves + on_shelves,
            under_way=self.under_way + under_way,
            with_patients=self.with_patients + with_patients,
            set_apart=self.set_apart + set_apart,
        )


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
    rounds: int = 0
    """Changes that marked something: none is made after the recall ended (0134)."""
    is_marked: bool = False
    """All that it concerned when it began is marked; what came since is found by the day of its receipt."""
    is_followed: bool = True
    """Something may be left to do: it is open, or its marks are being taken off."""
    ended_by: str | None = None
    ended_at: datetime | None = None
    ended_why: str | None = None

    def concerns(self, device: Device) -> bool:
        """Tell whether it concerns the device, and its measure was not carried out on it."""
        is_answered = any(each.recall_no == self.recall_no for each in device.answered)
        return self.which.concerns(device) and not is_answered

    @property
    def mark(self) -> RecallMark:
        return RecallMark(self.recall_no, self.started_at)

    @property
    def recalled_lot(self) -> RecalledLot:
        """Give the mark of a balance of an article that it concerns."""
        return RecalledLot(self.recall_no, self.started_at, self.which.lot)

    @property
    def stays_with_goods(self) -> bool:
        """Tell whether the marks stay when it was carried out: of a lot or of devices, bad for ever.

        Of all of a counted article nothing is left then, and what comes later is new.
        """
        return self.which.lot is not None or not self.which.counted


def marked_by(device: Device, recalls: Iterable[Recall]) -> Device:
    """Give the device with the marks of those recalls that concern it, and were not answered for it."""
    marks = device.recalls
    for each in recalls:
        if each.concerns(device):
            marks = with_mark(marks, each.mark)
    return device if marks == device.recalls else replace(device, recalls=marks)


def lots_of(article_no: str, recalls: Iterable[Recall]) -> tuple[RecalledLot, ...]:
    """Give the marks that a balance of the article has while these recalls are open."""
    return tuple(each.recalled_lot for each in recalls if article_no in each.which.counted)


def mark_made(recall: Recall) -> Recall:
    """Note that a change marked something: none is made when the recall ends at the same moment (0134).

    Raises RecallEnded.
    """
    demand_open(recall)
    return replace(recall, rounds=recall.rounds + 1)


def demand_open(recall: Recall) -> None:
    """Raise RecallEnded unless the recall is open."""
    if recall.state != "open":
        raise RecallEnded(recall_no=recall.recall_no)


def place_of(serial_no: str) -> tuple[tuple[int, int, str], ...]:
    """Give the place of a serial number in the order of a maker: SN-9 stands before SN-10."""
    runs = _RUNS.findall(piece_number(serial_no))
    return tuple((0, int(run), "") if run.isdigit() else (1, 0, run) for run in runs)


def start_recall(kept: Recall | None, *, made: Recall) -> Decision[Recall]:
    """Begin a recall; what it concerns is marked next. Raises RecallNamesPerson (N4)."""
    demand_nobody_named(made.reason, made.which.supplier)
    if kept is not None:
        raise ValueError(f"recall {made.recall_no} began already")
    return made, []


def end_recall(
    recall: Recall, *, outcome: Outcome, left: int, reason: str, by: str, at: datetime
) -> Decision[Recall]:
    """End a recall that has come to zero, or withdraw one. Raises RecallEnded and RecallNotAtZero (N4).

    `left`: pieces that are in use, and what is to be got rid of before (`stays_with_goods`).
    """
    demand_open(recall)
    demand_nobody_named(reason)
    if outcome == "carried_out" and left:
        raise RecallNotAtZero(recall_no=recall.recall_no, left=left)
    is_followed = outcome == "withdrawn" or not recall.stays_with_goods
    ended = replace(
        recall, state=outcome, is_followed=is_followed, ended_by=by, ended_at=at, ended_why=reason
    )
    return ended, []


def marked(recall: Recall) -> Decision[Recall]:
    """Note that everything that the recall concerned when it began is marked (N4)."""
    return replace(recall, is_marked=True), []


def rest(recall: Recall) -> Decision[Recall]:
    """Follow a withdrawn recall no more: its marks are taken off (N4)."""
    return replace(recall, is_followed=recall.state == "open"), []
