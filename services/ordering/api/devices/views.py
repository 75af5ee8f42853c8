"""Response bodies about device orders; nothing else of an order is shown."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from services.ordering.api.devices.addresses import WhereView, where_shown
from services.ordering.api.devices.decided_views import (
    HandOverView,
    MistakeView,
    RefusalView,
    hand_overs_shown,
    mistake_shown,
    refusal_shown,
)
from services.ordering.api.devices.part_views import (
    AttachmentView,
    ComponentView,
    DeviceFeeView,
    attachments_shown,
    components_shown,
)
from services.ordering.domain.device_states import STATES
from services.ordering.domain.device_steps import STEPS, steps_of
from services.ordering.domain.devices.annulling import may_annul, may_split
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.order import DeviceOrder, OrderedLine
from services.ordering.domain.devices.other_region import Approval
from shared.http import Language, View
from shared.http.language import said
from shared.sealed import Seals


class DeviceLineView(View):
    """A line of an order: what was ordered, and what has become of it."""

    line_no: int
    article_no: str
    article_name: str
    quantity: int
    device_nos: list[str]
    labels: list[str]
    """What stands on the labels of these devices now; orders and devices are found by either (Q12)."""
    loan_ids: list[str]
    components: list[ComponentView]
    removed: list[str]
    goes_with: int | None
    fee: DeviceFeeView | None
    in_place_of: str | None
    """The device that came back for it: its fee and its day 0 continue (Q48)."""
    collection_no: str | None
    """The collection order that the device which came back waits for."""
    comment: str | None
    """Shown when one order is opened, not in lists."""
    delivered_article_no: str
    """What comes: a replacement article where one took its place (S89)."""
    delivered_article_name: str
    reserved: int
    waiting: int
    expected_on: date | None
    at_unit: int
    """Base units that wait at the care unit for the patient (Q43)."""
    attachments: list[AttachmentView]


class ApprovalView(View):
    """What the home region approved (Q58)."""

    approved_by: str
    approved_on: date
    reference: str | None


class StepView(View):
    """Something that happened to the order: when, by whom, and what (S128)."""

    what: str
    text: str
    at: datetime | None
    on: date | None
    """The true day, where it was registered later."""
    by: str | None
    """null: the warehouse, or the unit's receipt of a parcel."""
    by_name: str | None
    reason: str | None
    parcel_no: str | None


class DeviceOrderKept(View):
    """The answer that is kept: nothing personal stands in it."""

    order_no: str


class DeviceOrderView(View):
    """A device order or a hand-out, with names beside every id (Q38)."""

    order_no: str
    kind: str
    state: str
    state_text: str
    patient_ref: str
    care_unit: str
    care_unit_name: str
    product_area: str
    storeroom_no: str
    storeroom_name: str
    prescriber: str
    prescriber_name: str
    placed_by: str
    placed_by_name: str
    sent_at: datetime
    sent_on: date
    handed_out_on: date | None
    joint: bool
    deliver_to: str
    delivery: WhereView | None
    """Shown when one order is opened, not in lists."""
    contact_name: str | None
    expected_on: date | None
    """The planned delivery of the last of it; null while nobody knows."""
    annulment: str | None
    """asked: inventory has not answered; too_late: the order stands (Q49)."""
    may_annul: bool
    may_split: bool
    pick_list_no: str | None
    parcel_nos: list[str]
    lines: list[DeviceLineView]
    approval: ApprovalView | None
    refusal: RefusalView | None
    mistake: MistakeView | None
    hand_overs: list[HandOverView]
    agreement_signed_on: date | None
    """The day when the patient signed the loan agreement (S105)."""
    agreement_registered_by: str | None
    steps: list[StepView]
    """Shown when one order is opened, not in lists."""

    @classmethod
    def of(
        cls,
        order: DeviceOrder,
        *,
        catalogue: DeviceCatalogue,
        language: Language,
        seals: Seals | None = None,
        people: Mapping[str, str] = MappingProxyType({}),
    ) -> "DeviceOrderView":
        """Show an order; its comments and steps only where somebody opens them, with names of people."""
        return cls(
            order_no=order.order_no,
            kind=order.kind,
            state=order.state,
            state_text=said(STATES[order.state], language),
            patient_ref=order.patient_ref,
            product_area=order.product_area,
            **_people_and_places(order, catalogue),
            sent_at=order.sent_at,
            sent_on=order.sent_on,
            handed_out_on=order.handed_out_on,
            joint=order.joint,
            deliver_to=order.delivery.kind,
            delivery=where_shown(order.delivery, catalogue, order.care_unit, seals) if seals else None,
            contact_name=order.delivery.contact_name,
            expected_on=order.expected_on,
            annulment=_annulment(order),
            may_annul=may_annul(order),
            may_split=may_split(order),
            pick_list_no=order.pick_list_no,
            parcel_nos=[each.parcel_no for each in order.parcels],
            lines=[_line(each, order, catalogue, seals) for each in order.lines],
            approval=approval_shown(order.approval),
            refusal=refusal_shown(order.refusal, language),
            mistake=mistake_shown(order, language),
            hand_overs=hand_overs_shown(order, language),
            agreement_signed_on=order.agreement_signed_on,
            agreement_registered_by=order.agreement.by if order.agreement else None,
            steps=_steps(order, people, language) if seals else [],
        )


def _line(
    ordered: OrderedLine, order: DeviceOrder, catalogue: DeviceCatalogue, seals: Seals | None
) -> DeviceLineView:
    line, progress = ordered.line, order.progress(ordered.line.line_no)
    in_place_of = order.in_place_of(line.line_no)
    delivered = progress.article_no or line.article_no
    device_nos = progress.device_nos or ((line.device_no,) if line.device_no else ())
    return DeviceLineView(
        line_no=line.line_no,
        article_no=line.article_no,
        article_name=catalogue.name_of(line.article_no),
        quantity=line.quantity,
        device_nos=list(device_nos),
        labels=[catalogue.label_of(each) for each in device_nos],
        loan_ids=list(progress.loan_ids),
        components=components_shown(line, catalogue),
        removed=list(line.removed),
        goes_with=line.goes_with,
        fee=None if in_place_of else DeviceFeeView.of(ordered.fee),
        in_place_of=in_place_of,
        collection_no=next((each.collection_no for each in order.exchanges_of(line.line_no)), None),
        comment=seals.open(line.comment) if seals and line.comment else None,
        delivered_article_no=delivered,
        delivered_article_name=catalogue.name_of(delivered),
        reserved=progress.reserved,
        waiting=progress.waiting,
        expected_on=progress.expected_on,
        at_unit=progress.at_unit,
        attachments=attachments_shown(line, seals),
    )


def approval_shown(known: Approval | None) -> ApprovalView | None:
    if known is None:
        return None
    return ApprovalView(
        approved_by=known.approved_by, approved_on=known.approved_on, reference=known.reference
    )


def _people_and_places(order: DeviceOrder, catalogue: DeviceCatalogue) -> dict[str, Any]:
    return {
        "care_unit": order.care_unit,
        "care_unit_name": catalogue.unit_name(order.care_unit),
        "storeroom_no": order.storeroom_no,
        "storeroom_name": catalogue.place_name(order.storeroom_no),
        "prescriber": order.prescriber,
        "prescriber_name": order.prescriber_name,
        "placed_by": order.placed_by,
        "placed_by_name": order.placed_by_name,
    }


def _annulment(order: DeviceOrder) -> str | None:
    if order.too_late is not None:
        return "too_late"
    return "asked" if order.state == "annulment_asked" else None


def _steps(order: DeviceOrder, people: Mapping[str, str], language: Language) -> list[StepView]:
    named = {**people, order.prescriber: order.prescriber_name, order.placed_by: order.placed_by_name}
    return [
        StepView(
            what=each.what,
            text=said(STEPS[each.what], language),
            at=each.at,
            on=each.on,
            by=each.by,
            by_name=named.get(each.by, each.by) if each.by else None,
            reason=each.reason,
            parcel_no=each.parcel_no,
        )
        for each in steps_of(order)
    ]
