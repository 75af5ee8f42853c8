"""Ordering's collections and indexes."""

from dataclasses import replace

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.assortment_request import AssortmentRequest
from services.ordering.domain.catalogue import Article
from services.ordering.domain.collecting.order import CollectionOrder
from services.ordering.domain.devices.attachments import Attachment, Content
from services.ordering.domain.devices.basket import Basket
from services.ordering.domain.devices.copies import (
    CareUnit,
    Device,
    DeviceArticle,
    DeviceRules,
    Prescriber,
    SourceSetting,
    Storeroom,
)
from services.ordering.domain.devices.fee_correction import FeeCorrection
from services.ordering.domain.devices.loans import Loan
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.domain.dialogue.crowding import LongReply
from services.ordering.domain.dialogue.stray import StrayReply
from services.ordering.domain.goods_order import GoodsOrder
from services.ordering.domain.order import Order
from services.ordering.domain.pickup import PickupPoint
from services.ordering.domain.swaps import DeviceSwap
from services.ordering.domain.withdrawal import Withdrawal
from shared.events.fees import Tariff
from shared.repository import Collection, Partial

ALLOWANCES = Collection("allowances", Allowance, indexes=("lines.prescription_no", "lines.article_no _id"))
WITHDRAWALS = Collection(
    "withdrawals",
    Withdrawal,
    indexes=(
        "patient_ref",
        "made_by made_at",
        "made_by state made_at",
        "state made_at",
        Partial("is_reminded touched_at", "state", "new"),
        Partial("care_units made_at", "state", "new"),
        "care_units made_at",
        "passed_on _id",
        "choice.items.line_id",
    ),
)
ORDERS = Collection(
    "orders",
    Order,
    indexes=(
        "patient_ref",
        "withdrawal_no",
        "state sent_at",
        "is_silent quiet_from",
        "lines.article_no over_at sent_at",
    ),
)
ARTICLES = Collection("articles", Article, indexes=("variant_of",))
TARIFFS = Collection("tariffs", Tariff)
LONG_REPLIES = Collection("long_replies", LongReply, indexes=("order_no",))
STRAY_REPLIES = Collection("stray_replies", StrayReply, indexes=("received_at _id",))
PICKUP_POINTS = Collection("pickup_points", PickupPoint)

ASSORTMENT_REQUESTS = Collection(
    "assortment_requests",
    AssortmentRequest,
    indexes=("patient_ref", "state asked_at", "care_unit state asked_at"),
)
ATTACHMENTS = Collection("device_attachments", Attachment, indexes=("orphan_since", "patient_ref"))
CONTENTS = Collection("device_attachment_files", Content)
COLLECTION_ORDERS = Collection(
    "collection_orders",
    CollectionOrder,
    indexes=(
        "patient_ref",
        "care_unit registered_at",
        "registered_by registered_at",
        "registered_at",
        Partial("registered_at", "state", "registered"),
        Partial("care_unit registered_at", "state", "registered"),
    ),
)
CARE_UNITS = Collection("care_units", CareUnit)
STOREROOMS = Collection("storerooms", Storeroom, indexes=("care_units",))
DEVICES = Collection("devices", Device, indexes=("former_numbers", "label"))
DEVICE_ARTICLES = Collection("device_articles", DeviceArticle)
PRESCRIBERS = Collection("prescribers", Prescriber)
DEVICE_RULES = Collection("device_rules", DeviceRules)
SOURCE_SETTINGS = Collection("source_settings", SourceSetting)
DEVICE_SWAPS = Collection("device_swaps", DeviceSwap)
"""Maintenance swaps, which inventory owns: their paper has the patient's name (Q56, Q61)."""
DEVICE_LOANS = Collection("device_loans", Loan, indexes=("patient_ref",))
FEE_CORRECTIONS = Collection("device_fee_corrections", FeeCorrection, indexes=("care_unit state asked_at",))
BASKETS = Collection("device_baskets", Basket, indexes=("owner touched_at", "patient_ref"))
DEVICE_ORDERS = Collection(
    "device_orders",
    DeviceOrder,
    indexes=(
        "patient_ref sent_at",
        "care_unit sent_at",
        "kind sent_at",
        "waits_since",
        "care_unit waits_since",
        "care_unit placed_by_name",
        "care_unit prescriber_name",
        "placed_by sent_at",
        "prescriber sent_at",
        "article_nos sent_at",
        "device_nos sent_at",
        "is_reminded waits_since",
    ),
    derive=replace,  # it does so wherever it is made
)

GOODS_ORDERS = Collection(
    "goods_orders",
    GoodsOrder,
    indexes=("care_unit sent_at", "lines.article_no sent_at"),
)
"""Replenishments and purchases, as inventory tells of them (Q35)."""

COLLECTIONS = (
    GOODS_ORDERS,
    ALLOWANCES,
    WITHDRAWALS,
    ORDERS,
    ARTICLES,
    TARIFFS,
    LONG_REPLIES,
    STRAY_REPLIES,
    PICKUP_POINTS,
    ASSORTMENT_REQUESTS,
    ATTACHMENTS,
    CONTENTS,
    COLLECTION_ORDERS,
    CARE_UNITS,
    STOREROOMS,
    DEVICES,
    DEVICE_ARTICLES,
    PRESCRIBERS,
    DEVICE_RULES,
    SOURCE_SETTINGS,
    DEVICE_LOANS,
    DEVICE_SWAPS,
    FEE_CORRECTIONS,
    BASKETS,
    DEVICE_ORDERS,
)
