"""What the services answer about devices in tests of pages: the examples of their own documents."""

import json
from typing import Any

from tests.gateway.answers import PATIENT, answers, example

REF = PATIENT["patient_ref"]
ORDER = "B2026-000002-3"
COLLECTION = "H2026-000001-3"
REPLENISHMENT = "P2026-000001-8"
JOB = "A2026-000001-6"
DEVICE, ARTICLE, PLACE = "D100001", "910001", "DEMO-S1"
RECALL, TEMPLATE = "recall-1", "template-1"

SHOWN: dict[tuple[str, str, str], str] = {
    ("prescription", "GET", "/care-units/DEMO-101/prescribers"): "list_prescribers",
    ("prescription", "GET", "/me/article-columns"): "get_own_columns",
    ("prescription", "PUT", "/me/article-columns"): "choose_own_columns",
    ("prescription", "GET", "/me/settings"): "get_own_settings",
    ("prescription", "PUT", "/me/settings"): "choose_own_settings",
    ("ordering", "GET", f"/patients/{REF}/aids"): "get_aid_list",
    ("ordering", "GET", f"/device-baskets/{REF}"): "get_device_basket",
    ("ordering", "PUT", f"/device-baskets/{REF}"): "put_device_basket",
    ("ordering", "POST", f"/device-baskets/{REF}/lines"): "add_device_line",
    ("ordering", "PUT", f"/device-baskets/{REF}/lines/1"): "change_device_line",
    ("ordering", "PUT", f"/device-baskets/{REF}/lines/2"): "change_device_line",
    ("ordering", "POST", f"/device-baskets/{REF}/lines/2/remove"): "remove_device_line",
    ("ordering", "POST", f"/device-baskets/{REF}/send"): "send_device_basket",
    ("ordering", "POST", "/orders/search"): "search_orders",
    ("ordering", "GET", "/device-baskets"): "list_device_baskets",
    ("ordering", "GET", f"/device-orders/{ORDER}"): "get_device_order",
    ("ordering", "GET", "/device-orders/B2026-000001-5"): "get_device_order",
    ("ordering", "POST", f"/device-orders/{ORDER}/annul"): "annul_device_order",
    ("ordering", "POST", f"/device-orders/{ORDER}/hand-overs"): "hand_over_devices",
    ("ordering", "POST", "/hand-outs/preview"): "preview_hand_out",
    ("ordering", "POST", "/hand-outs"): "hand_out_device",
    ("ordering", "POST", "/collection-orders/offered"): "offer_collection_of_devices",
    ("ordering", "POST", "/collection-orders"): "register_collection_order",
    ("ordering", "POST", "/collection-orders/search"): "search_collection_orders",
    ("ordering", "GET", f"/collection-orders/{COLLECTION}"): "get_collection_order",
    ("inventory", "POST", "/device-articles/search"): "search_device_articles",
    ("inventory", "GET", f"/device-articles/{ARTICLE}"): "get_device_article",
    ("inventory", "GET", "/device-classes"): "list_device_classes",
    ("inventory", "GET", "/device-classes/0403"): "get_device_class",
    ("inventory", "GET", "/storerooms"): "list_storerooms",
    ("inventory", "GET", f"/patients/{REF}/loans"): "list_loans",
    ("inventory", "POST", "/returns"): "register_return_of_goods",
    ("inventory", "POST", "/scans"): "identify_scan",
    ("inventory", "POST", "/stock/search"): "search_stock",
    ("inventory", "GET", "/deliveries"): "list_deliveries",
    ("inventory", "POST", "/goods/receive"): "receive_goods",
    ("inventory", "GET", f"/storerooms/{PLACE}/replenishments"): "list_replenishments",
    ("inventory", "GET", f"/replenishments/{REPLENISHMENT}"): "get_replenishment",
    ("inventory", "POST", "/replenishments/preview"): "preview_replenishment",
    ("inventory", "POST", "/replenishments"): "order_goods_to_storeroom",
    ("inventory", "GET", "/order-templates"): "list_order_templates",
    ("inventory", "GET", f"/order-templates/{TEMPLATE}"): "get_order_template",
    ("inventory", "GET", f"/storerooms/{PLACE}/stocktakes"): "list_stocktakes",
    ("inventory", "POST", f"/storerooms/{PLACE}/stocktakes"): "register_stocktake_of_storeroom",
    ("inventory", "GET", f"/storerooms/{PLACE}/pick-lists"): "list_pick_lists",
    ("inventory", "GET", f"/device-orders/{ORDER}/pick-list"): "get_pick_list",
    ("inventory", "GET", "/collection-orders"): "list_collections_to_receive",
    ("inventory", "GET", f"/collection-orders/{COLLECTION}"): "get_collection_to_receive",
    ("inventory", "POST", f"/collection-orders/{COLLECTION}/close"): "close_collection_of_devices",
    ("inventory", "POST", "/devices/search"): "search_devices",
    ("inventory", "GET", f"/devices/{DEVICE}"): "get_device",
    ("inventory", "GET", f"/devices/{DEVICE}/movements"): "list_device_movements",
    ("inventory", "GET", f"/devices/{DEVICE}/maintenance-jobs"): "list_device_jobs",
    ("inventory", "POST", f"/devices/{DEVICE}/faults"): "report_device_fault",
    ("inventory", "POST", "/maintenance-due/search"): "search_maintenance_due",
    ("inventory", "GET", "/maintenance-jobs"): "list_maintenance_jobs",
    ("inventory", "GET", f"/maintenance-jobs/{JOB}"): "get_maintenance_job",
    ("inventory", "GET", "/recalls"): "list_recalls",
    ("inventory", "GET", f"/recalls/{RECALL}"): "get_recall",
    ("inventory", "GET", f"/recalls/{RECALL}/pieces"): "list_recalled_pieces",
    ("inventory", "GET", f"/recalls/{RECALL}/notices"): "list_recall_notices",
    ("billing", "POST", "/fees/search"): "search_fees",
}
PAGES = (
    f"/patients/{REF}/devices",
    f"/patients/{REF}/order",
    f"/patients/{REF}/hand-out",
    f"/patients/{REF}/return",
    f"/patients/{REF}/collect",
    "/device-orders",
    f"/device-orders/{ORDER}",
    "/collections",
    f"/collections/{COLLECTION}",
    "/collections/arriving",
    f"/collections/{COLLECTION}/close",
    "/store",
    "/stock",
    "/store/receive",
    "/deliveries",
    "/replenishments",
    "/replenishments/new",
    f"/replenishments/{REPLENISHMENT}",
    "/templates",
    f"/templates/{TEMPLATE}",
    "/stocktakes",
    f"/stocktakes/{PLACE}/count",
    "/picking",
    f"/picking/{ORDER}",
    "/labels",
    "/maintenance",
    f"/maintenance-jobs/{JOB}",
    f"/devices/{DEVICE}",
    f"/devices/{DEVICE}/hand-out",
    "/recalls",
    f"/recalls/{RECALL}",
    "/catalogue",
    "/catalogue/0403",
    f"/articles/{ARTICLE}",
    "/columns",
    "/drafts",
    "/baskets",
    "/maintenance-jobs",
)
"""Every page about devices and stores."""


def device_answers() -> dict[tuple[str, str, str], Any]:
    """Give an answer to every question of the pages about devices, beside those about foods."""
    found = {at: json.loads(json.dumps(example(at[0], name))) for at, name in SHOWN.items()}
    return answers() | found


def emptied(said: Any) -> Any:
    """Give the same answer of a system in which nothing was done yet: every list without anything."""
    if isinstance(said, list):
        return []
    return {name: [] if isinstance(value, list) else value for name, value in said.items()}
