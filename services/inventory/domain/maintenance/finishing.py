"""A job is done: the work, the parts, the result, and when the next is due (S130)."""

from dataclasses import dataclass, replace
from datetime import date

from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.devices.upkeep import Upkeep
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import USED, Movement, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.maintenance.job import (
    MaintenanceJob,
    WorkDone,
    demand_no_person,
    demand_open,
    task_ended,
    without_job,
)
from services.inventory.domain.maintenance.planning import MaintenancePlan, planned
from shared.domain.days import DayToCome, local_day
from shared.domain.decision import Decision, Refused, Sentence
from shared.events.fact import Fact

Balances = tuple[Balance | None, ...]


class NextBeforeDone(Refused):
    """The next maintenance is due before this one was done."""

    rule = "next-before-done"
    sentence = Sentence(
        "Nästa underhåll måste vara efter dagen då det här gjordes. Kontrollera dagarna.",
        "The next maintenance must be after the day on which this was done. Check the days.",
    )


class PartsOfNowhere(Refused):
    """Parts come from a storeroom; the device lies in none."""

    rule = "parts-of-nowhere"
    sentence = Sentence(
        "Ange vilket förråd reservdelarna togs ur: hjälpmedlet ligger inte i något förråd.",
        "Say which storeroom the parts were taken from: the device lies in no storeroom.",
    )


@dataclass(frozen=True)
class Work:
    """What a technician registers of a job, and the storeroom whose goods it moves."""

    movement_no: str
    storeroom_no: str
    """Where parts come from, and where the device lies, if it lies anywhere."""
    articles: tuple[str, ...]
    """Those whose balances were read: of the device and of the parts."""
    done: WorkDone
    next_on: date | None
    """An earlier day than the interval says."""


def complete_job(
    job: MaintenanceJob,
    device: Device,
    plan: MaintenancePlan | None,
    balances: Balances,
    movement: Movement | None,
    *,
    work: Work,
) -> Decision[MaintenanceJob, Device, MaintenancePlan | None, Balances, Movement | None]:
    """Register the work; a device that is fit goes on the shelf again, an unfit one is set apart (S130, Q56).

    Raises JobNotOpen, DayToCome, NextBeforeDone, NoteAboutPerson, TooFewInStock and LotNotThere.
    """
    demand_open(job)
    done = work.done
    demand_no_person(device, done.note, *done.activities)
    if done.done_on > local_day(done.registered_at):
        raise DayToCome(day=done.done_on.isoformat())
    if work.next_on is not None and work.next_on <= done.done_on:
        raise NextBeforeDone(day=work.next_on.isoformat())
    stock = Stock.of(work.storeroom_no, work.articles, balances)
    for part in done.parts:
        stock = stock.take_free(part.article_no, part.quantity, target=USED, lot=part.lot)
    after = _maintained(without_job(device, job), job, work)
    stock, after = _placed(stock, after, work)
    after = planned(after, plan)
    ended = replace(job, state="done", is_open=False, work=replace(done, next_due_on=after.upkeep.due_on))
    facts: list[Fact] = task_ended(job, how=done.result)
    if after.state != device.state:
        facts.append(device_changed(after))
    noted = added(movement, _movement(job, work, stock)) if stock.moved else movement
    return ended, after, plan, stock.balances, noted, facts


def _maintained(device: Device, job: MaintenanceJob, work: Work) -> Device:
    """Note whether it may be lent, and from when the next is counted; a recall has an answer of its own."""
    upkeep = device.upkeep
    if work.done.result == "rejected":
        return replace(device, upkeep=replace(upkeep, rejected_by=job.job_no))
    if job.kind == "corrective":
        return replace(device, upkeep=replace(upkeep, rejected_by=None))
    return replace(device, upkeep=_counted_from(upkeep, work))


def _counted_from(upkeep: Upkeep, work: Work) -> Upkeep:
    newest = max(work.done.done_on, upkeep.maintained_on or date.min)
    next_on = work.next_on if newest == work.done.done_on else upkeep.next_on
    return replace(upkeep, maintained_on=newest, next_on=next_on)


def _placed(stock: Stock, device: Device, work: Work) -> tuple[Stock, Device]:
    """Put a fit device on the shelf again, and set an unfit one apart, where it lies in a storeroom."""
    if device.storeroom_no != work.storeroom_no:
        return stock, device
    no, number = device.article_no, device.device_no
    is_fit = work.done.result != "rejected" and not device.is_stopped
    if is_fit and device.state == "quarantined":
        on_shelf = moved(device, state="in_stock", storeroom_no=work.storeroom_no)
        return stock.release(no, 1, device_no=number), on_shelf
    if not is_fit and device.state == "in_stock" and stock.of_article(no).available > 0:
        apart = moved(device, state="quarantined", storeroom_no=work.storeroom_no)
        return stock.quarantine(no, 1, device_no=number), apart
    return stock, device


def _movement(job: MaintenanceJob, work: Work, stock: Stock) -> Movement:
    done = work.done
    return Movement(
        work.movement_no, work.storeroom_no, "maintained", done.registered_at, done.registered_by,
        stock.moved, reason=job.reason,
    )  # fmt: skip
