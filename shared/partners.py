"""The outside contracts: orders to distributors and their replies, fees to invoicing and its answers.

Built by the service with sealed personal fields; the relay decrypts them when it publishes
(formats.md sections 3 and 4).
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.distributors import ORDERS_EXCHANGE, orders_queue
from shared.events.fact import Fact, Part
from shared.fields import IsoDay, IsoMoment

MOST_LINES = 1000
MOST_PACKAGES = 100_000
LONGEST_NAME = 255
"""Of a message or an order, in characters: as long as the broker lets a property be."""


class Partner(Fact):
    """A message to a partner: published in the vhost `partners`, with its sealed fields decrypted."""

    exchange: ClassVar[str]

    @property
    def routing_key(self) -> str:
        raise NotImplementedError  # each contract says where it goes


class Deliver(Part):
    """Where and how the goods are handed over."""

    kind: Literal["home", "pickup", "unit"]
    recipient: str
    """Sealed until the door."""
    co: str | None = None
    street: str
    street2: str | None = None
    postal_code: str
    city: str
    country: str = "SE"
    door_code: str | None = None
    instructions: str | None = None
    pickup_point: str | None = None
    rule: Literal["leave_outside", "signature", "pickup"]
    together: bool = False
    earliest: date | None = None
    latest: date | None = None


class PartnerNotify(Part):
    """Whom the distributor may tell, and how."""

    channel: Literal["sms", "email", "letter", "phone", "none"]
    to: str | None = None
    language: str = "sv"


class OrderLine(Part):
    """One article to deliver."""

    line: int
    article_no: str
    gtin: str | None
    supplier_article_no: str
    name: str
    quantity: int
    unit: Literal["PK"] = "PK"
    pieces_per_package: int
    substitution_allowed: bool = False
    unit_price: Decimal


class Order(Partner):
    """An order to a distributor: a full snapshot, no personal number, no prescriber, no diagnosis."""

    topic: ClassVar[str] = "order.v1"
    about: ClassVar[str] = "order_no"
    exchange: ClassVar[str] = ORDERS_EXCHANGE

    type: Literal["order.v1"] = "order.v1"
    order_no: str
    version: int = 1
    created_at: datetime
    distributor: str
    buyer_gln: str
    seller_gln: str | None = None
    deliver: Deliver
    notify: PartnerNotify
    lines: tuple[OrderLine, ...]

    @property
    def routing_key(self) -> str:
        return orders_queue(self.distributor)


class OrderCancelRequest(Partner):
    """Asks a distributor to stop an order; it answers cancelled or too late (Q22)."""

    topic: ClassVar[str] = "order.cancel_request.v1"
    about: ClassVar[str] = "order_no"
    exchange: ClassVar[str] = ORDERS_EXCHANGE

    type: Literal["order.cancel_request.v1"] = "order.cancel_request.v1"
    order_no: str
    created_at: datetime
    distributor: str

    @property
    def routing_key(self) -> str:
        return orders_queue(self.distributor)


Packages = Annotated[int, Field(ge=1, le=MOST_PACKAGES)]
Lines = Field(max_length=MOST_LINES)


class ReplyBase(Part):
    """What every reply carries: the same message_id twice is the same reply."""

    message_id: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    order_no: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    at: IsoMoment


class OrderAcknowledged(ReplyBase):
    """Received; may be refused as a whole."""

    type: Literal["order.ack.v1"]
    accepted: bool = True
    code: str | None = None
    text: str | None = None


class LineResponse(Part):
    """What the distributor makes of one line."""

    line: Annotated[int, Field(ge=1)]
    status: Literal["accepted", "changed", "rejected"]
    quantity: Annotated[int, Field(ge=0, le=MOST_PACKAGES)] | None = None
    delivery_date: IsoDay | None = None
    replacement_article_no: str | None = None
    code: str | None = None
    back_order: Annotated[int, Field(ge=0, le=MOST_PACKAGES)] = 0
    """Packages that come besides `quantity`, later, on `back_order_date` (T10)."""
    back_order_date: IsoDay | None = None


class OrderResponse(ReplyBase):
    """Line by line: accepted, changed or rejected."""

    type: Literal["order.response.v1"]
    lines: Annotated[tuple[LineResponse, ...], Lines]


class DespatchedLine(Part):
    """What of a line is in the despatch."""

    line: Annotated[int, Field(ge=1)]
    quantity: Packages
    batch: str | None = None
    best_before: IsoDay | None = None


class OrderDespatchedReply(ReplyBase):
    """The goods left."""

    type: Literal["order.despatched.v1"]
    packages: Annotated[tuple[str, ...], Lines] = ()
    """SSCC numbers."""
    lines: Annotated[tuple[DespatchedLine, ...], Lines] = ()


class OrderDeliveredReply(ReplyBase):
    """The goods were handed over."""

    type: Literal["order.delivered.v1"]
    lines: Annotated[tuple[DespatchedLine, ...], Lines] = ()
    signed: bool = False
    proof: str | None = None


class OrderUndeliverableReply(ReplyBase):
    """The goods could not be handed over."""

    type: Literal["order.undeliverable.v1"]
    reason: str = "unknown"


class OrderCancelledReply(ReplyBase):
    """The distributor cancelled the order, or answers a cancel request (Q22)."""

    type: Literal["order.cancelled.v1"]
    reason: str = "unknown"


class OrderTooLateReply(ReplyBase):
    """The answer to a cancel request: the goods cannot be stopped any more (Q22)."""

    type: Literal["order.too_late.v1"]
    reason: str = "unknown"


DistributorReply = Annotated[
    OrderAcknowledged
    | OrderResponse
    | OrderDespatchedReply
    | OrderDeliveredReply
    | OrderUndeliverableReply
    | OrderCancelledReply
    | OrderTooLateReply,
    Field(discriminator="type"),
]


class Reply(Fact):
    """A distributor's reply, as it arrives on `distributors.replies`."""

    topic: ClassVar[str] = "distributors.reply.v1"
    about: ClassVar[str] = "order_no"

    reply: DistributorReply
    sender: str | None = None
    """Never in the body: the routing key says whose account wrote it; None for an operator's replay."""

    @property
    def order_no(self) -> str:
        return self.reply.order_no


class FeePatient(Part):
    """Who pays: the identity's type as an OID, and the number (sealed until the door)."""

    id_type: str
    id: str


class FeeSource(Part):
    """Where the fee comes from."""

    system: Literal["lmn", "devices"] = "lmn"
    """Special foods and the other prescribed areas, or devices (Q37)."""
    uttag: str
    """The withdrawal's number; of a device's fee its order's, of a compensation its report's (Q16, Q57)."""


class FeeEvent(Partner):
    """One entry of the fee ledger, sent once; recognised by its event_id (formats.md section 3)."""

    topic: ClassVar[str] = "egenavgift.v1"
    about: ClassVar[str] = "event_id"
    exchange: ClassVar[str] = "invoicing"

    type: Literal["egenavgift.v1"] = "egenavgift.v1"
    event_id: str
    kind: Literal["charge", "credit"]
    reverses: str | None = None
    occurred_at: datetime
    bill_not_before: date
    patient: FeePatient
    source: FeeSource
    fee_code: str
    text: str
    amount: Decimal
    currency: Literal["SEK"] = "SEK"
    vat_code: str = "0"
    cost_centre: str
    tariff: str
    reason: str

    @property
    def routing_key(self) -> str:
        return "invoicing.fees"


class FeeAcknowledged(Fact):
    """Invoicing's answer about one entry, on `invoicing.acks`; `message_id` repeats when it repeats."""

    topic: ClassVar[str] = "invoicing.fee_acknowledged.v1"
    about: ClassVar[str] = "event_id"

    event_id: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    status: Literal["accepted", "rejected", "invoiced", "credited"]
    code: str | None = None
    invoice_no: str | None = None
    invoice_date: IsoDay | None = None
    at: IsoMoment
