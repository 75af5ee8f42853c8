"""Tracked devices as people see them: in lists, on a card, and what happened to one (S174 to S176)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal, Self

from services.inventory.application.register import KnownDevice
from services.inventory.domain.devices.device import Device, DeviceState, Label, Owner
from services.inventory.domain.devices.finding import Found
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.devices.states import STOCK_STATUSES, StockStatus, state_of
from services.inventory.domain.goods.movement import COUNTED, LOST, OUTSIDE, SCRAPPED, USED, Movement, Why
from shared.http import View
from shared.http.language import Language, said

PlaceKind = Literal["storeroom", "order", "outside", "counted", "scrapped", "lost", "used"]
CONSTANT_PLACES: Mapping[str, PlaceKind] = {
    OUTSIDE: "outside", COUNTED: "counted", SCRAPPED: "scrapped", LOST: "lost", USED: "used",
}  # fmt: skip


class CoupledView(View):
    """A counted component that is on the device."""

    article_no: str
    article_name: str
    quantity: int
    lot: str


class DeviceView(View):
    """A device as a list shows it."""

    device_no: str
    label: str
    """What stands on its label; others of its numbers are found too (Q12)."""
    article_no: str
    article_name: str
    state: DeviceState
    state_text: str
    """The state in words, in the reader's language (S175)."""
    stock_status: StockStatus
    stock_status_text: str
    storeroom_no: str | None
    storeroom_name: str | None
    owner: Owner
    serial_no: str | None

    @classmethod
    def of(cls, known: KnownDevice, language: Language) -> Self:
        return cls.model_validate(shown(known, language))


class DeviceFound(DeviceView):
    """A device that was searched for, and in which of its numbers the part stands."""

    found_in: Found


class NumberView(View):
    """A number that was put on the device instead of a worn one."""

    number: str
    since: datetime
    reason: str
    by: str


class DeviceCard(DeviceView):
    """Everything about one device (S176); order and patient only for who works at that care unit."""

    supplier_article_no: str
    purchased_on: date | None
    purchase_price: str | None
    """SEK, at the purchase."""
    components: list[CoupledView]
    former_numbers: list[str]
    numbers: list[NumberView]
    """When each number was put on it, and why."""
    replaces: str | None
    """The device that the supplier took back for this one (Q12)."""
    udi_di: str | None
    """The GTIN of its article: the device identifier of UDI."""
    udi_pi: str | None
    """The production identifier of UDI as it was scanned at the receipt, else the serial number."""
    note: str | None
    maintained_on: date | None
    """The newest preventive maintenance (S176)."""
    due_on: date | None
    """The day by which the next is done (S131)."""
    overdue_reason: str | None
    """Why it may be handed out though that day has passed."""
    open_jobs: list[str]
    order_no: str | None
    loan_id: str | None
    patient_ref: str | None


class DeviceMovementView(View):
    """What moved a device: from where, to where, when, by whom and why."""

    at: datetime
    why: Why
    source: PlaceKind
    source_storeroom: str | None
    target: PlaceKind
    target_storeroom: str | None
    by: str
    reason: str | None


def shown(known: KnownDevice, language: Language) -> dict[str, object]:
    """Give what a list shows of a device."""
    device = known.device
    return {
        "device_no": device.device_no,
        "label": device.number_on_label,
        "article_no": device.article_no,
        "article_name": known.article.name if known.article else "",
        "state": device.state,
        "state_text": said(state_of(device), language),
        "stock_status": known.stock_status,
        "stock_status_text": said(STOCK_STATUSES[known.stock_status], language),
        "storeroom_no": device.storeroom_no,
        "storeroom_name": known.storeroom.name if known.storeroom else None,
        "owner": device.owner,
        "serial_no": device.serial_no,
    }


def card(
    known: KnownDevice,
    language: Language,
    *,
    labels: Sequence[Label],
    names: Mapping[str, str],
    loan: Loan | None,
    patient_ref: str | None,
) -> DeviceCard:
    """Give the card; `loan` and `patient_ref` only to who works at the unit that lent the device."""
    device, article = known.device, known.article
    gtin = article.gtin if article else None
    return DeviceCard.model_validate(
        {
            **shown(known, language),
            "supplier_article_no": article.supplier_article_no if article else "",
            "purchased_on": device.purchased_on,
            "purchase_price": str(device.purchase_price) if device.purchase_price else None,
            "components": _components(device, names),
            "former_numbers": device.former_numbers,
            "numbers": _numbers(labels),
            "replaces": device.replaces,
            "udi_di": gtin,
            "udi_pi": device.udi_pi or (f"(21){device.serial_no}" if gtin and device.serial_no else None),
            "note": device.note,
            **_upkeep(device),
            "order_no": loan.order_no if loan else None,
            "loan_id": loan.loan_id if loan else None,
            "patient_ref": patient_ref,
        }
    )


def _upkeep(device: Device) -> dict[str, object]:
    upkeep = device.upkeep
    jobs = (upkeep.preventive_job, upkeep.corrective_job)
    return {
        "maintained_on": upkeep.maintained_on,
        "due_on": upkeep.due_on,
        "overdue_reason": upkeep.exemption.reason if upkeep.exemption else None,
        "open_jobs": [each for each in jobs if each],
    }


def _components(device: Device, names: Mapping[str, str]) -> list[CoupledView]:
    return [
        CoupledView(
            article_no=each.article_no,
            article_name=names[each.article_no],
            quantity=each.quantity,
            lot=each.lot,
        )
        for each in device.components
    ]


def _numbers(labels: Sequence[Label]) -> list[NumberView]:
    return [
        NumberView(number=each.number, since=each.at, reason=each.reason, by=each.by)
        for each in sorted(labels, key=lambda label: label.at)
    ]


def movement_shown(movement: Movement, device_no: str, names: Mapping[str, str]) -> DeviceMovementView:
    """Say what a movement did with the device; orders are not named, since they lead to a patient."""
    row = next(each for each in movement.rows if each.device_no == device_no)
    return DeviceMovementView(
        at=movement.moved_at,
        why=movement.why,
        source=_kind(row.source),
        source_storeroom=names.get(row.source),
        target=_kind(row.target),
        target_storeroom=names.get(row.target),
        by=movement.moved_by,
        reason=movement.reason,
    )


def _kind(place: str) -> PlaceKind:
    return "order" if place.startswith("order:") else CONSTANT_PLACES.get(place, "storeroom")
