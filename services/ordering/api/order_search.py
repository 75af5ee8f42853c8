"""The route that finds orders of every type in one list, kept apart by type (S124 to S127, S156)."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.ordering.api.devices.forms import PersonCode, PlaceCode
from services.ordering.application.order_search import Criteria, OrderFinder, Shown
from services.ordering.domain.device_states import STATES as DEVICE_STATES
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.domain.goods_order import GoodsOrder, state_in_words, type_of
from services.ordering.domain.order_types import TYPES, OrderType
from services.ordering.domain.withdrawal import STATES, Withdrawal
from services.ordering.repository.order_search import Column, Found
from shared.fields import Day, SingleLine
from shared.http import Ask, Language, Pages, Request, Router, View
from shared.http.ids import ArticleNo, DeviceNo, PatientRef
from shared.http.language import said

NumberPart = Annotated[SingleLine, StringConstraints(max_length=40)]


class OrdersForm(Request):
    """Which orders are asked for; what is left out is not asked about, but for own units and areas."""

    care_unit: PlaceCode | None = None
    since: Day | None = None
    """The first day on which it was registered (S125)."""
    until: Day | None = None
    """The last one."""
    types: Annotated[list[OrderType], Field(max_length=len(TYPES), default_factory=list)]
    """Empty: all of them."""
    placed_by: PersonCode | None = None
    prescriber: PersonCode | None = None
    """Leaves out withdrawals: the lines of one may have several prescribers."""
    patient_ref: PatientRef | None = None
    article_no: ArticleNo | None = None
    """Ordered, or come in place of what was ordered."""
    device_no: DeviceNo | None = None
    """Also a number that the device had before."""
    order_number: NumberPart | None = None
    """Whole, or at least four characters of it, as it was typed or pasted (S124)."""
    mine: bool = False
    """Placed by me or in my name (S156)."""
    sort: Column = "sent_at"
    direction: Literal["descending", "ascending"] = "descending"
    show_recipients: bool = False
    """Name the patients; it stands in the log that they were shown (S156)."""

    def criteria(self) -> Criteria:
        return Criteria(**self.model_dump(exclude={"sort", "direction", "show_recipients"}))


class UnitName(View):
    """A care unit with its name (Q38)."""

    care_unit: str
    name: str


class ArticleOfOrder(View):
    """An article of an order with its name (Q38)."""

    article_no: str
    name: str
    quantity: int
    """Base units of devices, packages of foods."""


class OrderRow(View):
    """An order in the list; its details are at /device-orders/{number} or /withdrawals/{number}.

    Those of replenishments and purchases are at inventory, `/replenishments/{number}`, `/purchases/{number}`.
    """

    number: str
    type: OrderType
    type_text: str
    state: str
    state_text: str
    sent_at: datetime
    care_units: list[UnitName]
    product_area: str
    placed_by: str | None
    """null of replenishments and purchases: who ordered those is asked of inventory (Q35)."""
    placed_by_name: str | None
    prescriber: str | None
    """null of a withdrawal: its lines may have several (S127)."""
    prescriber_name: str | None
    storeroom_no: str | None
    storeroom_name: str | None
    to_storeroom_no: str | None = None
    """Where a replenishment or purchase is to lie."""
    to_storeroom_name: str | None = None
    supplier: str | None = None
    """Of a purchase."""
    expected_on: date | None
    """The planned delivery, where somebody has said it (S128)."""
    articles: list[ArticleOfOrder]
    patient_ref: str | None
    """Shown when recipients are asked for."""
    recipient: str | None
    """The patient's name; null of a protected person."""


def routes(finder: OrderFinder) -> Router:
    router = Router("ordering", prefix="/orders", tags=["orders"])

    @router.post("/search")
    async def search_orders(form: OrdersForm, ask: Ask, pages: Pages) -> list[OrderRow]:
        """Find orders of every type in one list, the latest first unless sorted otherwise (S125, S126)."""
        found = await finder.find(
            form.criteria(),
            ask.actor,
            column=form.sort,
            down=form.direction == "descending",
            after=pages.after,
        )
        shown = await finder.with_names(found, recipients=form.show_recipients)
        asked_about = [form.patient_ref] if form.patient_ref else []
        with_patient = [each for each in found.states if not isinstance(each, GoodsOrder)]
        named = [each.patient_ref for each in with_patient] if form.show_recipients else []
        await finder.repository.note(ask, [*asked_about, *named])
        rows = pages.shown(found)
        return [_row(each, shown, ask.language, recipients=form.show_recipients) for each in rows]

    return router


def _row(found: Found, shown: Shown, language: Language, *, recipients: bool) -> OrderRow:
    if isinstance(found, GoodsOrder):
        return _of_goods_order(found, shown, language)
    row = (
        _of_withdrawal(found, shown, language)
        if isinstance(found, Withdrawal)
        else _of_device_order(found, shown, language)
    )
    if not recipients:
        return row
    name = shown.recipients.get(found.patient_ref)
    # A protected person is not named, not even by reference (Q18).
    return row.model_copy(update={"patient_ref": found.patient_ref if name else None, "recipient": name})


def _of_device_order(order: DeviceOrder, shown: Shown, language: Language) -> OrderRow:
    names = shown.names
    return OrderRow(
        number=order.order_no,
        type=order.kind,
        type_text=said(TYPES[order.kind], language),
        state=order.state,
        state_text=said(DEVICE_STATES[order.state], language),
        sent_at=order.sent_at,
        care_units=[UnitName(care_unit=order.care_unit, name=names.unit_name(order.care_unit))],
        product_area=order.product_area,
        placed_by=order.placed_by,
        placed_by_name=order.placed_by_name or order.placed_by,
        prescriber=order.prescriber,
        prescriber_name=order.prescriber_name,
        storeroom_no=order.storeroom_no,
        storeroom_name=names.place_name(order.storeroom_no),
        expected_on=order.expected_on,
        articles=[
            ArticleOfOrder(
                article_no=each.line.article_no,
                name=names.name_of(each.line.article_no),
                quantity=each.line.quantity,
            )
            for each in order.lines
        ],
        patient_ref=None,
        recipient=None,
    )


def _of_goods_order(order: GoodsOrder, shown: Shown, language: Language) -> OrderRow:
    names, kind = shown.names, type_of(order)
    return OrderRow(
        number=order.order_no,
        type=kind,
        type_text=said(TYPES[kind], language),
        state=order.state,
        state_text=said(state_in_words(order.state), language),
        sent_at=order.sent_at,
        care_units=[UnitName(care_unit=order.care_unit, name=_unit_name(order, names))],
        product_area="",
        placed_by=None,
        placed_by_name=None,
        prescriber=None,
        prescriber_name=None,
        storeroom_no=order.source_no,
        storeroom_name=names.place_name(order.source_no) if order.source_no else None,
        to_storeroom_no=order.storeroom_no,
        to_storeroom_name=names.place_name(order.storeroom_no),
        supplier=order.supplier,
        expected_on=order.expected_on,
        articles=[
            ArticleOfOrder(
                article_no=each.article_no, name=names.name_of(each.article_no), quantity=each.quantity
            )
            for each in order.lines
        ],
        patient_ref=None,
        recipient=None,
    )


def _unit_name(order: GoodsOrder, names: DeviceCatalogue) -> str:
    """Name the unit; who works at a warehouse has its number as a care unit (Q59)."""
    is_warehouse = order.care_unit == order.storeroom_no
    return names.place_name(order.care_unit) if is_warehouse else names.unit_name(order.care_unit)


def _of_withdrawal(withdrawal: Withdrawal, shown: Shown, language: Language) -> OrderRow:
    orders = [shown.orders[no] for no in withdrawal.order_nos if no in shown.orders]
    lines = [line for order in orders for line in order.lines]
    return OrderRow(
        number=withdrawal.withdrawal_no,
        type="withdrawal",
        type_text=said(TYPES["withdrawal"], language),
        state=withdrawal.shown_state,
        state_text=said(STATES[withdrawal.shown_state], language),
        sent_at=withdrawal.made_at,
        care_units=[
            UnitName(care_unit=each, name=shown.names.unit_name(each)) for each in withdrawal.care_units
        ],
        product_area=withdrawal.product_area,
        placed_by=withdrawal.made_by,
        placed_by_name=withdrawal.made_by_name or shown.people.get(withdrawal.made_by, withdrawal.made_by),
        prescriber=None,
        prescriber_name=None,
        storeroom_no=None,
        storeroom_name=None,
        expected_on=max((each.delivery_date for each in lines if each.delivery_date), default=None),
        articles=[
            ArticleOfOrder(article_no=each.article_no, name=each.name, quantity=each.packages)
            for each in lines
        ],
        patient_ref=None,
        recipient=None,
    )
