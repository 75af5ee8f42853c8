"""Operations that are permitted together, by what they are for."""

from services import SERVICES

SEES_PATIENTS = frozenset(
    {
        "prescription.find_patient",
        "prescription.name_patients",
        "prescription.get_patient",
        "prescription.get_patient_prescriptions",
        "prescription.get_prescription",
        "prescription.list_lines",
        "prescription.list_patient_functions",
        "prescription.print_prescriptions",
        "prescription.list_forms",
        "prescription.list_attachments",
        "prescription.get_own_prescribing",
        "prescription.list_prescribers",
        "prescription.search_patients",
        "prescription.list_saved_searches",
        "prescription.save_patient_search",
        "prescription.forget_patient_search",
        "prescription.launch_patient",
    }
)
PURCHASES = frozenset(
    {
        "inventory.list_purchases",
        "inventory.get_purchase",
        "inventory.propose_purchase",
        "inventory.approve_proposed_purchase",
        "inventory.annul_purchase_of_goods",
        "inventory.close_purchase_of_goods",
        "inventory.report_deviations_of_purchase",
    }
)
"""Q59, Q60: who works at the warehouse."""
CHANGES_CONTACT = frozenset(
    {
        "prescription.change_patient_contact",
        "prescription.save_patient_address",
        "prescription.forget_patient_address",
    }
)
"""S42, S70: whoever meets the patient, and the patient."""
SEES_DEVICE_ORDERS = frozenset(
    {
        "ordering.get_device_order",
        "ordering.search_device_orders",
        "ordering.search_orders",
        "ordering.list_assortment_requests",
        "ordering.get_assortment_request",
        "inventory.report_device_loss",
        "ordering.get_collection_order",
        "ordering.search_collection_orders",
        "ordering.print_collection_order",
        "ordering.list_fee_corrections",
        "ordering.list_orders_to_do",
        "ordering.list_orders_to_hand_over",
        "ordering.report_delivery_times",
        "ordering.report_open_collections",
        "ordering.approve_fee_correction_of_line",
        "ordering.decline_fee_correction_of_line",
    }
)
ORDERS_DEVICES = SEES_DEVICE_ORDERS | {
    "ordering.preview_hand_out",
    "ordering.print_device_swap",
    "ordering.ask_for_article_outside",
    "ordering.hand_out_device",
    "ordering.offer_collection_of_devices",
    "ordering.register_collection_order",
    "ordering.hand_in_collection_order",
    "ordering.note_collection_order_fetched",
    "ordering.annul_collection_order",
    "ordering.take_back_hand_out",
    "ordering.ask_for_fee_correction",
    "ordering.put_device_basket",
    "ordering.empty_device_basket",
    "ordering.add_device_line",
    "ordering.preview_device_line",
    "ordering.change_device_line",
    "ordering.remove_device_line",
    "ordering.list_device_baskets",
    "ordering.get_device_basket",
    "ordering.send_device_basket",
    "ordering.annul_device_order",
    "ordering.split_device_order",
    "ordering.hand_over_devices",
    "ordering.print_loan_agreement",
    "ordering.sign_loan_agreement",
    "ordering.print_delivery_note",
    "ordering.upload_attachment",
    "inventory.register_return_of_goods",
    "inventory.end_recall_notice",
    "inventory.end_order_not_fetched",
}
OPENS_FILES = frozenset({"ordering.get_attachment"})
"""S88: of which orders, the route asks; a store keeper has no product area."""
WITHDRAWS = frozenset(
    {
        "ordering.get_aid_list",
        "ordering.print_aid_list",
        "ordering.preview_withdrawal",
        "ordering.draft_withdrawal",
        "ordering.change_withdrawal",
        "ordering.send_withdrawal",
        "ordering.order_again",
        "ordering.order_rest",
        "ordering.annul_withdrawal",
        "ordering.get_withdrawal",
        "ordering.search_withdrawals",
        "ordering.list_drafts",
        "ordering.list_my_withdrawals",
        "ordering.list_pickup_points",
        "ordering.get_allowance",
    }
)
"""Q7: customer service, order placers and prescribers, and patients for themselves."""
READS_THE_CATALOGUE = frozenset(
    {
        "inventory.search_articles",
        "inventory.get_article",
        "inventory.list_subgroups",
        "inventory.list_unit_names",
        "notification.list_news",
        "billing.list_tariffs",
        "billing.price_by_tariff",
        "prescription.list_rules",
        "prescription.list_product_areas",
        "prescription.explain_device_rules",
        "prescription.explain_rules",
        "prescription.get_myself",
        "prescription.list_functions",
        "prescription.list_guidance",
    }
)
OPERATES = frozenset(
    f"{service}.{action}"
    for service in SERVICES
    for action in ("get_operations", "list_parked", "replay_parked", "discard_parked")
)
READS_THE_LOG = frozenset(f"{service}.get_access_log" for service in SERVICES)
"""A patient's extract of the audit log: for the patient, and for who answers the patient's questions."""
KNOWS_PLACES = frozenset(
    {
        "inventory.list_care_units",
        "inventory.list_storerooms",
        "inventory.search_device_articles",
        "inventory.get_device_article",
        "inventory.list_device_classes",
        "inventory.get_device_class",
        "prescription.get_own_settings",
        "prescription.choose_own_settings",
        "prescription.get_own_columns",
        "prescription.choose_own_columns",
    }
)
"""All staff, at a clinic or at the warehouse: each sees the own places (Q59)."""
REPLENISHES = frozenset(
    {
        "inventory.register_swap_settings",
        "inventory.list_deliveries",
        "inventory.receive_replenishment",
        "inventory.report_deviations_of_replenishment",
        "inventory.list_order_templates",
        "inventory.get_order_template",
        "inventory.create_order_template",
        "inventory.change_order_template",
        "inventory.archive_order_template",
        "inventory.order_from_template",
    }
)
"""A storeroom is received into, and its templates are kept, by the clinic whose it is (Q13, Q59)."""
FOLLOWS_RECALLS = frozenset(
    {
        "inventory.list_recalls",
        "inventory.get_recall",
        "inventory.list_recalled_pieces",
        "inventory.list_recalled_goods",
    }
)
KEEPS_GOODS = FOLLOWS_RECALLS | frozenset(
    {
        "inventory.receive_goods",
        "inventory.report_device_brought",
        "inventory.count_stock",
        "inventory.renumber_device",
        "inventory.count_devices_of_stock",
        "inventory.set_device_of_stock_apart",
        "inventory.set_goods_of_stock_apart",
        "inventory.list_stock",
        "inventory.register_stocktake_of_storeroom",
        "inventory.list_stocktakes",
        "inventory.set_level_of_article",
        "inventory.end_level_of_article",
        "inventory.list_levels",
        "inventory.suggest_levels",
        "inventory.list_replenishments",
        "inventory.get_replenishment",
        "inventory.preview_replenishment",
        "inventory.order_goods_to_storeroom",
        "inventory.annul_replenishment_order",
        "inventory.split_replenishment_order",
        "inventory.approve_stocktake_of_storeroom",
        "inventory.decline_stocktake_of_storeroom",
        "inventory.search_stock",
        "inventory.print_stock",
        "inventory.export_stock",
        "inventory.list_devices",
        "inventory.get_device",
        "inventory.search_devices",
        "inventory.list_device_movements",
        "inventory.write_device_note",
        "inventory.find_holders",
        "inventory.identify_scan",
        "inventory.print_labels",
        "inventory.get_pick_list",
        "inventory.receive_parcel",
        "inventory.search_maintenance_due",
        "inventory.list_goods_to_do",
        "inventory.report_stock_value",
        "inventory.report_turnover",
        "inventory.report_overdue_maintenance",
        "inventory.record_overdue_reason",
        "inventory.get_maintenance_job",
        "inventory.list_device_jobs",
        "inventory.list_maintenance_jobs",
        "inventory.list_device_swaps",
        "inventory.get_device_swap",
        "inventory.report_device_fault",
        "inventory.list_recall_notices",
    }
)
"""At the warehouse store keepers; in a clinic, which has none, who prescribes and who orders (Q59)."""
MAINTAINS = frozenset(
    {
        "inventory.set_maintenance_interval",
        "inventory.set_device_interval",
        "inventory.list_maintenance_intervals",
        "inventory.register_maintenance_job",
        "inventory.complete_maintenance_job",
        "inventory.annul_maintenance_job",
        "inventory.preview_device_swap",
        "inventory.arrange_device_swap",
        "inventory.register_swap_results",
        "inventory.receive_swapped_devices",
        "inventory.correct_swap_result",
        "inventory.annul_device_swap",
        "ordering.print_device_swap",
        "inventory.correct_recalled_device",
    }
)
"""Unit users never register jobs (Q56)."""
WRITES_NEWS = frozenset({"notification.write_news_item", "notification.end_news_item"})
HAS_TASKS = frozenset(
    f"notification.{action}"
    for action in (
        "list_tasks",
        "count_tasks",
        "get_task",
        "claim_task",
        "release_task",
        "assign_task",
        "comment_on_task",
        "resolve_task",
        "ask_for_support",
    )
)
