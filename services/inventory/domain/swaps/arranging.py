"""The warehouse arranges that a patient's devices are swapped, together where possible (S132, Q56)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.inventory.domain.article import Article
from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.devices.receiving import NotMarked
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.maintenance.job import MaintenanceJob, demand_no_person, with_job
from services.inventory.domain.orders.order import DeviceOrder, OrderLine
from services.inventory.domain.orders.reserving import take_order
from services.inventory.domain.orders.swap import Swap, SwapRow
from services.inventory.domain.orders.swapping import swap_told
from services.inventory.domain.places import Storeroom
from services.inventory.domain.swaps.refusals import (
    DeviceNotLent,
    InSwapAlready,
    NotCentralProperty,
    ReadyDayPassed,
    SwapFromWarehouse,
    SwapOfOnePatient,
)
from shared.domain.days import local_day
from shared.domain.decision import Decision, Refused, refuse_any

Devices = tuple[Device, ...]
Loans = tuple[Loan | None, ...]
Jobs = tuple[MaintenanceJob | None, ...]
Balances = tuple[Balance | None, ...]


@dataclass(frozen=True)
class RowAsked:
    """A device on loan, and the article of which the patient gets another."""

    device_no: str
    article_no: str
    components: tuple[tuple[str, int], ...] = ()
    """Article and quantity of what is put on the new device."""


@dataclass(frozen=True)
class SwapAsked:
    """What is swapped, from which warehouse, by when."""

    swap_no: str
    storeroom: Storeroom
    ready_by: date
    reason: str
    by: str
    by_name: str
    at: datetime
    patient_refs: tuple[str, ...]
    """Every reference of the patient who has the first device; the one of now stands first (S65)."""
    rows: tuple[RowAsked, ...]
    articles: Mapping[str, Article]
    job_nos: tuple[str, ...]
    """A number for each row, of the job that is opened where the device has none."""

    @property
    def article_nos(self) -> tuple[str, ...]:
        """Name every article that is taken from the warehouse, in the order of its balances."""
        found = (no for each in self.rows for no in (each.article_no, *(part for part, _ in each.components)))
        return tuple(dict.fromkeys(found))


def arrange_swap(
    kept: DeviceOrder | None,
    devices: Devices,
    loans: Loans,
    jobs: Jobs,
    balances: Balances,
    *,
    asked: SwapAsked,
) -> Decision[DeviceOrder, Devices, Loans, Jobs, Balances]:
    """Reserve a new device for each, for the patient; each old one has a job from now on.

    `devices`, and `loans` in their order, are those on loan. Raises every reason against it.
    """
    if kept is not None:
        raise ValueError(f"swap {asked.swap_no} is arranged already")
    refuse_any(against_swap(devices, loans, asked=asked))
    demand_no_person(devices[0], asked.reason)
    opened = tuple(map(_job, devices, asked.job_nos, [asked] * len(devices)))
    marked = tuple(
        replace(with_job(each, job) if job else each, swap_no=asked.swap_no)
        for each, job in zip(devices, opened, strict=True)
    )
    lent = [each for each in loans if each]
    sent = _order(devices, lent, opened, asked)
    taken, balances, _ = take_order(None, balances, sent=sent, at=asked.at)
    order, facts = swap_told(taken or sent)
    return order, marked, loans, tuple(map(_either, opened, jobs)), balances, facts


def against_swap(devices: Sequence[Device], loans: Loans, *, asked: SwapAsked) -> Iterator[Refused]:
    """Say all that speaks against a swap."""
    if asked.storeroom.kind != "warehouse" or not asked.storeroom.active:
        yield SwapFromWarehouse(storeroom_no=asked.storeroom.storeroom_no)
    if asked.ready_by < local_day(asked.at):
        yield ReadyDayPassed(day=asked.ready_by.isoformat())
    first = next((each for each in loans if each), None)
    for row, device, loan in zip(asked.rows, devices, loans, strict=True):
        yield from _against_row(row, device, loan, first, asked)


def _against_row(
    row: RowAsked, device: Device, loan: Loan | None, first: Loan | None, asked: SwapAsked
) -> Iterator[Refused]:
    number = device.device_no
    if device.state != "on_loan" or loan is None or first is None or loan.device_no != number:
        yield DeviceNotLent(device_no=number)
        return
    same = (loan.care_unit, loan.product_area) == (first.care_unit, first.product_area)
    if loan.patient_ref not in asked.patient_refs or not same:
        yield SwapOfOnePatient(device_no=number)
    if loan.care_unit not in asked.storeroom.care_units:
        yield SwapFromWarehouse(storeroom_no=asked.storeroom.storeroom_no)
    if device.owner != "central":
        yield NotCentralProperty(device_no=number)
    if device.swap_no is not None:
        yield InSwapAlready(device_no=number, swap_no=device.swap_no)
    article = asked.articles.get(row.article_no)
    if article is None or article.device is None or not article.device.marked:
        yield NotMarked(article_no=row.article_no)


def _job(device: Device, job_no: str, asked: SwapAsked) -> MaintenanceJob | None:
    """Open a job of preventive maintenance, unless the device has one of any kind."""
    if device.upkeep.corrective_job or device.upkeep.preventive_job:
        return None
    return MaintenanceJob(
        job_no=job_no,
        device_no=device.device_no,
        article_no=device.article_no,
        kind="preventive",
        reason=asked.reason,
        registered_by=asked.by,
        registered_at=asked.at,
        promised_on=asked.ready_by,
    )


def _order(
    devices: Devices, lent: Sequence[Loan], opened: Sequence[MaintenanceJob | None], asked: SwapAsked
) -> DeviceOrder:
    lines = tuple(
        OrderLine(place, each.article_no, 1, components=each.components)
        for place, each in enumerate(asked.rows, start=1)
    )
    rows = tuple(
        SwapRow(
            loan.loan_id,
            device.device_no,
            device.article_no,
            place,
            _job_no(device, job),
            components=tuple((each.article_no, each.quantity) for each in device.components),
        )
        for place, (device, loan, job) in enumerate(zip(devices, lent, opened, strict=True), start=1)
    )
    return DeviceOrder(
        order_no=asked.swap_no,
        patient_ref=asked.patient_refs[0],
        kind="swap",
        care_unit=lent[0].care_unit,
        product_area=lent[0].product_area,
        storeroom_no=asked.storeroom.storeroom_no,
        sent_on=local_day(asked.at),
        sent_at=asked.at,
        lines=lines,
        swap=Swap(local_day(asked.at), asked.ready_by, asked.reason, asked.by, asked.by_name, rows),
    )


def _job_no(device: Device, opened: MaintenanceJob | None) -> str:
    known = device.upkeep.corrective_job or device.upkeep.preventive_job
    return opened.job_no if opened else known or ""


def _either(opened: MaintenanceJob | None, kept: MaintenanceJob | None) -> MaintenanceJob | None:
    return opened or kept
