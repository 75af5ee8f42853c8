"""A maintenance swap as people see it: each device with what is missing; no patient (Q56, Q61)."""

from datetime import date, datetime
from typing import Literal

from services.inventory.application.swaps import Shown
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.orders.swap import CameAs, SwapResult, SwapRow
from services.inventory.domain.orders.swapping import new_device
from services.inventory.domain.swaps.missing import (
    MISSING,
    OUTCOMES,
    Missing,
    Outcome,
    missing_of,
    outcome_of,
)
from services.inventory.domain.swaps.results import swap_of
from shared.http import View
from shared.http.language import Language, said
from shared.http.models import Reason

SwapState = Literal["open", "closed", "annulled"]


class SwapRowView(View):
    """A device on loan and the one that comes for it."""

    device_no: str
    label: str
    """What stands on the old device's label."""
    article_no: str
    article_name: str
    job_no: str
    new_article_no: str
    new_article_name: str
    new_device_no: str | None
    """null until it is picked."""
    new_label: str | None
    result: SwapResult | None
    result_on: date | None
    why: str | None
    came_as: CameAs | None
    came_on: date | None
    outcome: Outcome | None
    """What became of the old device; null until it is registered."""
    outcome_text: str | None
    missing: Missing | None
    """What is to be done next; null: nothing."""
    missing_text: str | None


class SwapView(View):
    """A swap with all its devices."""

    swap_no: str
    state: SwapState
    care_unit: str
    care_unit_name: str
    storeroom_no: str
    arranged_on: date
    arranged_by_name: str
    ready_by: date
    """The day on which the transport takes the new devices to the patient."""
    reason: str
    settings_at: datetime | None
    annulled_at: datetime | None
    annulled_why: str | None
    missing: int
    """Of how many devices something is missing."""
    devices: list[SwapRowView]


class SwapPreview(View):
    """Whether a swap could be arranged, and every reason against it."""

    allowed: bool
    reasons: list[Reason]


def shown(found: Shown, language: Language) -> list[SwapView]:
    """Give swaps as they are shown."""
    return [_swap(each, found, language) for each in found.orders]


def _swap(order: DeviceOrder, found: Shown, language: Language) -> SwapView:
    swap = swap_of(order)
    rows = [_row(order, each, found, language) for each in swap.rows]
    return SwapView(
        swap_no=order.order_no,
        state="annulled" if swap.annulled_at else "open" if swap.is_open else "closed",
        care_unit=order.care_unit,
        care_unit_name=found.care_units.get(order.care_unit, order.care_unit),
        storeroom_no=order.storeroom_no,
        arranged_on=swap.arranged_on,
        arranged_by_name=swap.arranged_by_name or swap.arranged_by,
        ready_by=swap.ready_by,
        reason=swap.reason,
        settings_at=swap.settings_at,
        annulled_at=swap.annulled_at,
        annulled_why=swap.annulled_why,
        missing=sum(each.missing is not None for each in rows),
        devices=rows,
    )


def _row(order: DeviceOrder, row: SwapRow, found: Shown, language: Language) -> SwapRowView:
    old = found.devices.get(row.device_no)
    number = new_device(order, row)
    new = found.devices.get(number or "")
    article_no = order.line(row.line_no).article_no
    missing, outcome = missing_of(order, row), outcome_of(row, old)
    return SwapRowView(
        device_no=row.device_no,
        label=old.number_on_label if old else row.device_no,
        article_no=row.article_no,
        article_name=found.articles.get(row.article_no) or row.article_no,
        job_no=row.job_no,
        new_article_no=article_no,
        new_article_name=found.articles.get(article_no) or article_no,
        new_device_no=number,
        new_label=new.number_on_label if new else None,
        result=row.result,
        result_on=row.result_on,
        why=row.why,
        came_as=row.came_as,
        came_on=row.came_on,
        outcome=outcome,
        outcome_text=said(OUTCOMES[outcome], language) if outcome else None,
        missing=missing,
        missing_text=said(MISSING[missing], language) if missing else None,
    )
