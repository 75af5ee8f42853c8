"""A reported fault becomes the warehouse's task with a promised day; a defect in stock moves (S133, S134)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.inventory.domain.devices.device import Device, device_changed, moved
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import Movement, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.maintenance.job import (
    MaintenanceJob,
    demand_no_person,
    demand_open,
    task_of,
    with_job,
)
from shared.domain.days import begins_at, local_day
from shared.domain.decision import Decision, Refused, Sentence
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised


@dataclass(frozen=True)
class Promise:
    """The warehouse mends or exchanges what is reported within so many days, from this day on."""

    valid_from: date
    within_days: int


PROMISES = (Promise(date(2020, 1, 1), within_days=7),)
"""The newest last."""


class NotInStoreroom(Refused):
    """Only what lies in a storeroom is taken in from it."""

    rule = "not-in-storeroom"
    sentence = Sentence(
        "Hjälpmedlet ligger inte i något annat förråd. Det som en patient har kommer med en retur eller en "
        "hämtorder.",
        "The device lies in no other storeroom. What a patient has comes by a return or a collection order.",
    )


def promised_on(at: datetime) -> date:
    """Give the day by which a fault reported now is mended, or the device exchanged (S133)."""
    on = local_day(at)
    (promise, *_) = [each for each in reversed(PROMISES) if each.valid_from <= on]
    return on + timedelta(days=promise.within_days)


def report_fault(
    kept: MaintenanceJob | None,
    device: Device,
    balance: Balance | None,
    movement: Movement | None,
    *,
    job: MaintenanceJob,
) -> Decision[MaintenanceJob, Device, Balance | None, Movement | None]:
    """Open a corrective job and the warehouse's task; what lies on a shelf is set apart at once (S133, S134).

    A device whose pieces are all reserved stays on the shelf, where nobody can pick it. Raises DeviceGone,
    JobOpen and NoteAboutPerson.
    """
    if kept is not None:
        raise ValueError(f"job {job.job_no} is registered already")
    demand_no_person(device, job.reason)
    faulty = with_job(device, job)
    facts: list[Fact] = [_task(job)]
    if device.state != "in_stock" or device.storeroom_no is None or not balance or balance.available < 1:
        return job, faulty, balance, movement, facts
    stock = Stock.of(device.storeroom_no, (device.article_no,), (balance,))
    stock = stock.quarantine(device.article_no, 1, device_no=device.device_no)
    faulty = moved(faulty, state="quarantined", storeroom_no=device.storeroom_no)
    noted = _movement(job, device.storeroom_no, stock)
    return job, faulty, stock.balances[0], added(movement, noted), [*facts, device_changed(faulty)]


@dataclass(frozen=True)
class TakenIn:
    """A defective device that the warehouse takes in from another storeroom."""

    movement_no: str
    storeroom_no: str
    by: str
    at: datetime


def take_in(
    job: MaintenanceJob,
    device: Device,
    balances: tuple[Balance | None, ...],
    movement: Movement | None,
    *,
    taken: TakenIn,
) -> Decision[MaintenanceJob, Device, tuple[Balance | None, ...], Movement | None]:
    """Move what has a fault from a unit's storeroom to the warehouse, with the fault as the reason (S134).

    `balances`: of where it lies, and of where it comes to. It stays set apart. Raises JobNotOpen,
    NotInStoreroom and TooFewInStock.
    """
    demand_open(job)
    source, number = device.storeroom_no, device.device_no
    if source is None or source == taken.storeroom_no:
        raise NotInStoreroom(device_no=number)
    left = Stock.of(source, (device.article_no,), balances[:1])
    take = left.take_quarantined if device.state == "quarantined" else left.take_free
    left = take(device.article_no, 1, target=taken.storeroom_no, device_no=number)
    come = Stock.of(taken.storeroom_no, (device.article_no,), balances[1:])
    come = come.put(device.article_no, 1, source=source, device_no=number)
    come = come.quarantine(device.article_no, 1, device_no=number)
    there = moved(device, state="quarantined", storeroom_no=taken.storeroom_no)
    noted = Movement(taken.movement_no, source, "taken_in", taken.at, taken.by, come.moved, reason=job.reason)
    return job, there, (*left.balances, *come.balances), added(movement, noted), [device_changed(there)]


def _movement(job: MaintenanceJob, storeroom_no: str, stock: Stock) -> Movement:
    return Movement(
        job.job_no, storeroom_no, "set_apart", job.registered_at, job.registered_by, stock.moved,
        reason=job.reason,
    )  # fmt: skip


def _task(job: MaintenanceJob) -> TaskRaised:
    return TaskRaised(
        task_id=task_of(job.job_no),
        kind="device_fault",
        role="store_keeper",
        subject_no=job.job_no,
        reason="fault-reported",
        details={"device_no": job.device_no, "day": job.promised_on.isoformat()},
        due_at=begins_at(job.promised_on + timedelta(days=1)),
    )
