"""Which query of the growth bench stands for which route and job; a test checks that none is missing."""

from collections.abc import Mapping
from types import MappingProxyType

OF_DOORS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "get_patient_prescriptions": ("a patient's prescriptions",),
    "list_lines": ("a patient's prescriptions",),
    "search_patients": (
        "patients by prescriber", "patients by type", "own patients by type", "own active patients",
        "patients whose lines end soon", "own patients by name",
    ),
    "search_renewals": ("renewals of own units", "renewals of a prescriber", "renewals of everybody"),
    "list_attachments": ("a prescription's attachments",),
    "list_exemptions": ("a dietitian's exemptions",),
    "search_withdrawals": ("a patient's withdrawals",),
    "find_by_prescription": ("a prescription's withdrawals",),
    "list_drafts": ("drafts of a unit",),
    "list_my_withdrawals": ("my withdrawals", "my annulled withdrawals", "my drafts"),
    "search_overrides": ("blocks passed in a month",),
    "preview_withdrawal": ("what a patient waits for",),
    "search_shortage": ("whom an article is prescribed to", "open orders of an article"),
    "list_long_replies": ("an order's long replies",),
    "search_device_orders": (
        "a patient's device orders", "a care unit's device orders", "a care unit's open device orders",
    ),
    "search_orders": (
        "orders of own units", "a unit's orders of a month", "orders of mine", "a patient's orders",
        "orders by a part of their number", "orders of a device",
    ),
    "search_collection_orders": ("a unit's collection orders of a month",),
    "list_assortment_requests": ("assortment requests that wait",),
    "list_stock": ("a storeroom's stock",),
    "search_stock": ("the stock of own storerooms", "the stock of some articles"),
    "list_devices": ("a storeroom's devices",),
    "list_stocktakes": ("a storeroom's stocktakes",),
    "search_devices": ("devices by a part of their number",),
    "list_device_movements": ("a device's movements",),
    "find_holders": ("who has a device", "who has a lot", "where a lot lies"),
    "list_loans": ("a patient's loans",),
    "list_pick_lists": ("what can be picked",),
    "list_fee_corrections": ("fee corrections of a care unit",),
    "list_device_baskets": ("my baskets of devices",),
    "list_stray_replies": ("replies that are nobody's",),
    "list_tariff_drafts": ("drafts of tariffs",),
    "preview_tariff_draft": ("trying a tariff on last month",),
    "search_fees": ("a patient's fees",),
    "list_stray_acknowledgements": ("answers about no fee",),
    "list_waiting_corrections": ("corrections that wait",),
    "preview_waiver": ("an answer of a waiver's preview", "a waiver's preview over two years"),
    "list_waivers": ("waivers",),
    "list_compensations": ("compensations that wait",),
    "list_batches": ("the newest files",),
    "list_reconciliations": ("days added up",),
    "search_messages": ("a patient's messages",),
    "list_tasks": (
        "tasks of own units", "tasks of customer service", "my tasks", "tasks of a kind",
        "tasks that are done",
    ),
    "count_tasks": ("counts of tasks",),
})  # fmt: skip

OF_JOBS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "prescription: deadlines": ("end prescriptions", "date prescriptions"),
        "prescription: night": ("ask the register",),
        "prescription: merged": ("follow merged patients",),
        "ordering: remind": ("remind of drafts",),
        "ordering: remind of devices": ("remind of devices",),
        "ordering: watch": ("look for silent orders",),
        "inventory: give to waiting orders": ("give to waiting orders",),
        "billing: tell what waited for its payer or its day": ("tell what waits",),
        "billing: let deferred fees fall due": ("tell what waits",),
        "billing: close the day": ("close the day",),
        "billing: write the day's files": ("write the day's files",),
        "billing: watch for files that nobody answers": ("watch for unanswered files",),
        "billing: follow merged patients": ("follow merged payers",),
        "billing: carry out waivers": ("carry out waivers", "what a waiver took back"),
        "billing: add up the days": ("adding up a day",),
        "notification: tidy up": ("expire messages", "look for lost attempts"),
        "notification: send what is due": ("send what is due",),
        "notification: look for reports": ("look for reports",),
        "notification: escalate": ("escalate tasks",),
    }
)

OF_FIGURES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ordering": ("counting orders",),
        "billing": ("counting fees",),
        "notification": ("counting messages",),
    }
)

NOT_ASKED: Mapping[str, str] = MappingProxyType(
    {
        "preview_hand_out": "one device and one patient",
        "preview_device_line": "one line of one basket",
        "find_patient": "one person, by the key of a number",
        "list_saved_searches": "one document of the person's own, bounded",
        "list_forms": "written in the code",
        "list_rules": "written in the code",
        "list_product_areas": "written in the code",
        "list_prescribers": "of one care unit, by index: some hundreds at most",
        "list_functions": "written in the code",
        "list_patient_functions": "written in the code, for one patient",
        "preview_prescription": "one patient and the articles of one form",
        "list_pickup_points": "kept by hand",
        "list_care_units": "kept by file, some thousands at most; of one person by their ids",
        "list_storerooms": "kept by file, some thousands at most; of one person by index",
        "list_subgroups": "counted in memory, over the articles of the assortment",
        "search_articles": "searched in memory, over the articles of the assortment",
        "search_device_articles": "searched in memory; balances of a page by id, or by the article's index",
        "list_device_classes": "counted in memory, over the articles of the assortment",
        "list_tariffs": "kept by hand, some in a year",
        "prescription: names": "a round by id, 50 patients at a time, after the index changed",
        "prescription: refresh": "the oldest that is due, by its index, so many at a time",
        "inventory: refresh search": "the articles of the assortment, 500 at a time by id",
        "inventory: finish imports": "one document that says which import runs",
        "count_stock": "one balance of one storeroom",
        "count_devices_of_stock": "the devices of one article in one storeroom, by index",
        "inventory: make devices findable": "a round by id, 500 devices at a time",
        "ordering: make orders findable": "a round by id, 500 orders at a time",
        "inventory: make balances findable": "a round by id, 500 balances at a time",
        "inventory: replenish storerooms": "the balances below their minimum, by an index of no others",
        "inventory: book what has arrived": "the orders whose planned day has come, by an index of no others",
        "inventory: look at joint deliveries": "the joint deliveries that wait, by an index of no others",
        "list_levels": "of one storeroom, 100 at a time by index",
        "suggest_levels": "a year's movements of one storeroom, by index",
        "list_replenishments": "of one storeroom by index, the newest first",
        "list_deliveries": "what is on its way to the person's storerooms, by index",
        "preview_replenishment": "the rows of one replenishment, by id",
        "list_order_templates": "of the person's storerooms, by index, some hundreds at most",
        "list_collections_to_receive": "those that are open, 100 at a time by index, the oldest first",
        "ordering: remove orphaned attachments": "those that no line names, by index, fifty at a time",
        "billing: read invoicing's answers": "the files of a folder, and documents by id",
    }
)
"""Doors and jobs that no question stands for, and why."""
