"""Named fault points beside every durable effect: they do nothing unless a trial switched them on."""

import asyncio
import errno
import json
import os
import signal
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

POINTS: Mapping[str, str] = MappingProxyType(
    {
        "commit.before": "a group of changes is chosen, nothing of it is written",
        "commit.in_transaction": "all of the group is written, nothing is committed",
        "commit.after": "the group is committed; neither the relay nor those who asked know",
        "commit.before_answer": "the relay has the rows in hand; those who asked have no answer",
        "numbers.before_block": "no number is left, none is taken",
        "numbers.after_block": "a block of numbers is taken, none is used",
        "relay.before_publish": "a row is committed and not published",
        "relay.after_confirm": "the broker has confirmed a row",
        "relay.before_mark": "a batch is confirmed and not marked",
        "relay.after_mark": "a batch is marked",
        "sweep.before_lease": "the lease of the sweep is not asked for",
        "sweep.after_lease": "the lease of the sweep is held, or is another's",
        "sweep.with_orphans": "orphans are found and not yet in hand",
        "hear.before_handler": "a delivery is parsed, nothing of it is done",
        "hear.after_handler": "what the delivery asks for is committed, it is not acknowledged",
        "hear.after_ack": "the delivery is acknowledged",
        "park.before": "a delivery failed, which is not written down",
        "park.after": "a failure is written down, the delivery is not acknowledged",
        "release.after_commit": "goods are free again; the orders that wait have not got them",
        "goods.after_receipt": "goods are received; the orders that wait have not got them",
        "recall.before_commit": "goods are about to be recalled, nothing is written",
        "recall.after_commit": "a recall is kept, nothing that it concerns is marked",
        "despatch.before_commit": "a parcel is about to leave, nothing is written",
        "despatch.after_commit": "a parcel has left, the store keeper has no answer",
        "replenish.before_commit": "a storeroom is below its minimum, nothing is ordered",
        "replenish.after_commit": "a replenishment is ordered, the next storeroom is not looked at",
        "booking.before_commit": "a replenishment is about to be received, nothing is written",
        "booking.after_commit": "a replenishment is received, the unit has no answer",
        "purchase.before_commit": "a purchase is about to be approved, nothing is written",
        "purchase.after_commit": "a purchase is approved and in the outbox, the store keeper has no answer",
        "collect.before_commit": "what came of a collection order is scanned, nothing is written",
        "collect.after_commit": "a collection order is closed, orders that wait have not got what came",
        "exchange.with_part": "the collection order of an exchange is registered, the exchange is not noted",
        "send.before_commit": "a withdrawal is about to be sent",
        "send.after_commit": "a withdrawal is sent, the clerk has no answer",
        "sms.before_claim": "a message may be sent, no attempt is claimed",
        "sms.after_claim": "an attempt is committed, the gateway is not called",
        "sms.after_call": "the gateway has answered, its answer is not kept",
        "sms.after_record": "the gateway's answer is kept",
        "close.before_freeze": "fees wait for a file, none is frozen",
        "close.after_freeze": "a file's entries are frozen, no file is written",
        "export.before_temporary": "a file is rendered, nothing is on the disk",
        "export.after_write": "the temporary file is written, it may not be on the disk",
        "export.after_fsync": "the temporary file is on the disk, under its temporary name",
        "export.after_rename": "the file has its name, which may not be on the disk",
        "export.before_mark": "the file lies there, the batch does not say so",
        "export.after_mark": "the batch says that the file lies there",
        "close.before_deadline": "all that waited is in files, the next closing is not set",
        "again.before_commit": "a file lies there, its unanswered entries are about to be told again",
        "again.after_commit": "a file's entries are told again, the economist has no answer",
        "watch.before_commit": "a file is looked at that nobody answers, no alarm is raised",
        "watch.after_commit": "the alarm of a file is raised, or there was none to raise",
        "answers.before_rows": "an answer to a file is read, nothing of it is believed",
        "answers.after_row": "a row of an answer is believed, others may not be",
        "answers.before_note": "an answer is believed or not, that it was read is not noted",
        "answers.before_put_away": "an answer is noted, it still lies in the folder",
        "answers.after_rename": "an answer is moved away, its new name may not be on the disk",
        "held.before_commit": "a fee that waited for its payer is about to be told",
        "held.after_commit": "a fee that waited for its payer is told",
        "correction.before_commit": "a correction is about to be approved",
        "correction.after_commit": "a correction is approved, the economist has no answer",
        "tariff.before_commit": "a tariff is about to be published",
        "tariff.after_commit": "a tariff is published, the economist has no answer",
        "waiver.before_fee": "a waiver is decided, one of its fees is about to be taken back",
        "waiver.after_fee": "a fee of a waiver is taken back, others may not be",
        "waiver.before_count": "all fees of a waiver are taken back, they are not counted",
        "reconcile.after_day": "a day is added up, what is settled is not noted",
        "reconcile.before_deadline": "all days are added up, the next night is not set",
        "annul.before_commit": "a withdrawal is about to be annulled",
        "annul.after_commit": "a withdrawal is annulled or asked to be stopped, nobody has an answer",
        "remind.before_commit": "a draft was left, nobody is reminded",
        "remind.after_commit": "somebody is reminded of a draft",
        "silence.before_commit": "an order is silent, nobody is told",
        "silence.after_commit": "somebody is told of a silent order",
        "stop.before_commit": "a patient died or is withheld, one of the withdrawals still goes on",
        "stop.after_commit": "one withdrawal of such a patient is stopped, others may not be",
        "merge.before_commit": "two patients are about to become one",
        "merge.after_commit": "two patients are one, what was saved meanwhile is not moved",
        "merge.with_part": "a part of what hangs on a merged patient is moved, others may not be",
        "follow.with_part": "a part of what was left behind on a merged patient is moved, others may not be",
        "deadline.before_commit": "a prescription's deadline has passed, it is not met",
        "deadline.after_commit": "a deadline is met: lines are ended, or a notice is asked for",
        "exemption.before_commit": "an exemption is about to be kept",
        "exemption.after_commit": "an exemption is kept, customer service has no answer",
        "outgoing.before_temporary": "a letter or an e-mail is claimed, nothing is on the disk",
        "outgoing.after_write": "its temporary file is written, it may not be on the disk",
        "outgoing.after_fsync": "it is on the disk, under its temporary name",
        "outgoing.after_rename": "it has its name, which may not be on the disk",
        "receipt.before_commit": "the gateway reported of a message, nothing is kept",
        "receipt.after_commit": "a report is kept, the gateway does not know",
        "escalate.before_commit": "a task is overdue, nobody else is asked",
        "escalate.after_commit": "an overdue task is on the next list too",
        "task.before_commit": "somebody is about to take or end a task",
        "task.after_commit": "a task is taken or ended, the person has no answer",
        "import.before_stage": "some rows of a catalogue are about to be laid out",
        "import.before_switch": "all rows of a catalogue are laid out, none is in force",
        "import.after_switch": "all rows of a catalogue are in force, none is told",
        "import.before_rows": "some rows of a catalogue are about to be told",
        "import.after_rows": "some rows of a catalogue are told",
    }
)

Action = Literal["kill", "stop", "sleep", "raise"]


class Order(BaseModel):
    """What shall happen, at which point, and from which hit on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    point: str
    hit: int = Field(default=1, ge=1)
    times: int = Field(default=1, ge=1)
    action: Action = "kill"
    seconds: float = 0

    def holds_for(self, hit: int) -> bool:
        return self.hit <= hit < self.hit + self.times


class Disturbed(OSError):
    """Raised by the action `raise`: what a full disk says."""

    def __init__(self, point: str) -> None:
        super().__init__(errno.ENOSPC, f"disturbed at {point}")


class NotForProduction(Exception):
    """Fault points were switched on in a production process."""


class Armed:
    """Counts the hits of the ordered points, notes them in a book, and does what was ordered."""

    def __init__(self, process: str, orders: Sequence[Order], book: Path | None) -> None:
        self._process = process
        self._book = book
        self._hits: Counter[str] = Counter()
        self._orders = [order for order in orders if order.point.startswith(f"{process}.")]
        for order in self._orders:
            if order.point.removeprefix(f"{process}.") not in POINTS:
                raise LookupError(f"no fault point {order.point}")

    def due(self, point: str) -> Order | None:
        """Count a hit; give what is ordered for it."""
        name = f"{self._process}.{point}"
        self._hits[name] += 1
        ordered = [each for each in self._orders if each.point == name]
        found = next((each for each in ordered if each.holds_for(self._hits[name])), None)
        if ordered:
            self._note(name, found)
        return found

    def _note(self, point: str, order: Order | None) -> None:
        if self._book is None:
            return
        line = {
            "point": point, "hit": self._hits[point], "action": order.action if order else None,
            "pid": os.getpid(),
        }  # fmt: skip
        with self._book.open("a") as book:
            book.write(json.dumps(line) + "\n")


_armed: list[Armed] = []


def arm(process: str, orders: Sequence[Order], *, book: Path | None, mode: str) -> None:
    """Arm this process, once, at its start; raises NotForProduction, and LookupError for an unknown point."""
    _armed.clear()
    if not orders:
        return
    if mode == "production":
        raise NotForProduction("SESAM_FAULTS is set")
    _armed.append(Armed(process, orders, book))


async def fault(point: str) -> None:
    """Stand at a point."""
    if _armed and (order := _armed[0].due(point)):
        if order.action == "sleep":
            await asyncio.sleep(order.seconds)
        else:
            _act(order)


def fault_in_thread(point: str) -> None:
    """Stand at a point where nothing can be awaited."""
    if _armed and (order := _armed[0].due(point)):
        if order.action == "sleep":
            time.sleep(order.seconds)
        else:
            _act(order)


def _act(order: Order) -> None:
    if order.action == "raise":
        raise Disturbed(order.point)
    os.kill(os.getpid(), signal.SIGKILL if order.action == "kill" else signal.SIGSTOP)
