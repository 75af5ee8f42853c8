"""Ordering's collections and indexes."""

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.catalogue import Article
from services.ordering.domain.dialogue.crowding import LongReply
from services.ordering.domain.dialogue.stray import StrayReply
from services.ordering.domain.order import Order
from services.ordering.domain.pickup import PickupPoint
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

COLLECTIONS = (ALLOWANCES, WITHDRAWALS, ORDERS, ARTICLES, TARIFFS, LONG_REPLIES, STRAY_REPLIES, PICKUP_POINTS)
