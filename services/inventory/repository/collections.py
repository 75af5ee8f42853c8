"""Inventory's collections and their indexes."""

from services.inventory.domain.article import Article
from services.inventory.domain.devices.device import Device, Label, Serial
from services.inventory.domain.devices.finding import findable
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.goods.balance import Balance, noticed
from services.inventory.domain.goods.movement import Movement
from services.inventory.domain.importing import (
    CatalogueImport,
    StagedArticle,
)
from services.inventory.domain.maintenance.job import MaintenanceJob
from services.inventory.domain.maintenance.planning import MaintenancePlan
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.orders.picking import ParcelLabel
from services.inventory.domain.patients import Patient
from services.inventory.domain.places import CareUnit, Storeroom
from services.inventory.domain.recalls.distributed import DistributedOrder
from services.inventory.domain.recalls.notices import RecallNotice
from services.inventory.domain.recalls.recall import Recall
from services.inventory.domain.replenishing.rights import DeviceRules
from services.inventory.domain.replenishing.templates import OrderTemplate
from services.inventory.domain.returns.losing import LossReport
from services.inventory.domain.stocktakes.stocktake import Stocktake
from services.inventory.repository.collecting import COLLECTION_ORDERS
from services.inventory.repository.purchases import PURCHASES
from shared.events.fees import Tariff
from shared.repository import Collection, Partial

ARTICLES = Collection(
    "articles",
    Article,
    indexes=(
        "variant_of",
        "gtin",
        "next_price_on",
        "device.supplier",
    ),
)
IMPORTS = Collection("imports", CatalogueImport)
STAGED = Collection("staged_articles", StagedArticle, indexes=("article_no",))
TARIFFS = Collection("tariffs", Tariff)
CARE_UNITS = Collection("care_units", CareUnit)
STOREROOMS = Collection("storerooms", Storeroom, indexes=("care_units",))
BALANCES = Collection(
    "balances",
    Balance,
    indexes=(
        "storeroom_no _id",
        "storeroom_no article_no",
        "article_no _id",
        "waiting",
        "lots.lot",
        Partial("storeroom_no _id", field="to_replenish", value=True),
        "level.stopped",
        "coming.order_no",
        "recalls.recall_no _id",
    ),
    derive=noticed,
)
MOVEMENTS = Collection("movements", Movement, indexes=("storeroom_no moved_at", "rows.device_no moved_at"))
DEVICES = Collection(
    "devices",
    Device,
    indexes=(
        "storeroom_no _id",
        "storeroom_no article_no",
        "former_numbers",
        "number_runs _id",
        "serial_no",
        "article_no upkeep.plan_version",
        "upkeep.due_on",
        "care_unit upkeep.due_on",
        "storeroom_no upkeep.due_on",
        "article_no upkeep.due_on",
        "article_no received_on",
        "recalls.recall_no _id",
        "recalls.recall_no state",
        Partial("to_notice _id", field="to_notice", value=True),
    ),
    derive=findable,
)
SERIALS = Collection("serials", Serial)
LABELS = Collection("labels", Label, indexes=("device_no",))
"""Numbers that stand or stood on labels beside the one that a device was received by."""
STOCKTAKES = Collection("stocktakes", Stocktake, indexes=("storeroom_no counted_at",))
MAINTENANCE_PLANS = Collection("maintenance_plans", MaintenancePlan)
"""How often the devices of an article are maintained, by its number."""
MAINTENANCE_JOBS = Collection(
    "maintenance_jobs",
    MaintenanceJob,
    indexes=(
        "device_no registered_at",
        "registered_by registered_at",
        Partial("promised_on", field="is_open", value=True),
    ),
)
RECALLS = Collection(
    "recalls", Recall, indexes=("started_at", Partial("started_at", field="is_followed", value=True))
)
RECALL_NOTICES = Collection(
    "recall_notices",
    RecallNotice,
    indexes=("recall_no _id", Partial("recall_no _id", field="is_open", value=True)),
)
DISTRIBUTED_ORDERS = Collection(
    "distributed_orders", DistributedOrder, indexes=("goods.lot _id", "article_nos first_on")
)
"""What distributors sent to patients, from ordering's facts."""
LOANS = Collection(
    "loans",
    Loan,
    indexes=("patient_ref handed_out_at", "device_no handed_out_at", "exchanged.device_no"),
)
LOSSES = Collection("losses", LossReport)
DEVICE_ORDERS = Collection(
    "device_orders",
    DeviceOrder,
    indexes=(
        "waiting_for sent_at",
        Partial("storeroom_no sent_at", field="to_pick", value=True),
        "parcels.goods.lot _id",
        "parcels.goods.article_no _id",
        "parcels.goods.recalls.recall_no _id",
        Partial("to_notice _id", field="to_notice", value=True),
        "replenishment.storeroom_no sent_at",
        "searched replenishment.storeroom_no",
        Partial("books_on _id", field="to_receive", value=True),
        Partial("sent_at", field="waits_joint", value=True),
        Partial("storeroom_no sent_at", field="swap.is_open", value=True),
        Partial("care_unit sent_at", field="swap.is_open", value=True),
    ),
)
ORDER_TEMPLATES = Collection("order_templates", OrderTemplate, indexes=("storeroom_no name",))
DEVICE_RULES = Collection("device_rules", DeviceRules)
RULES = "devices"
"""The one document of it."""
PARCEL_LABELS = Collection("parcel_labels", ParcelLabel)
PATIENTS = Collection("patients", Patient)
"""Only those that were merged."""

COLLECTIONS = (
    ARTICLES, IMPORTS, STAGED, TARIFFS, CARE_UNITS, STOREROOMS, BALANCES, MOVEMENTS, DEVICES, SERIALS, LABELS,
    STOCKTAKES, LOANS, LOSSES, DEVICE_ORDERS, PARCEL_LABELS, PATIENTS, ORDER_TEMPLATES, DEVICE_RULES,
    COLLECTION_ORDERS,
    MAINTENANCE_PLANS, MAINTENANCE_JOBS, RECALLS, RECALL_NOTICES, DISTRIBUTED_ORDERS,
    PURCHASES,
)  # fmt: skip
