"""Who may try what, written by hand from the decisions: the table that the doors must keep to."""

from tests.doors.operations import (
    CHANGES_CONTACT,
    FOLLOWS_RECALLS,
    HAS_TASKS,
    KEEPS_GOODS,
    KNOWS_PLACES,
    MAINTAINS,
    OPENS_FILES,
    OPERATES,
    ORDERS_DEVICES,
    PURCHASES,
    READS_THE_CATALOGUE,
    READS_THE_LOG,
    REPLENISHES,
    SEES_DEVICE_ORDERS,
    SEES_PATIENTS,
    WITHDRAWS,
    WRITES_NEWS,
)

MAY: dict[str, frozenset[str]] = {
    "customer_service": SEES_PATIENTS
    | CHANGES_CONTACT
    | WITHDRAWS
    | SEES_DEVICE_ORDERS
    | FOLLOWS_RECALLS
    | OPENS_FILES
    | READS_THE_CATALOGUE
    | HAS_TASKS
    | KNOWS_PLACES
    | READS_THE_LOG
    | WRITES_NEWS
    | {
        "prescription.register_patient",
        "prescription.record_patient",
        "prescription.change_status",
        "prescription.give_patient_number",
        "prescription.give_patient_guardian",
        "prescription.end_patient_guardian",
        "prescription.register_exemption",
        "prescription.end_exemption",
        "prescription.list_exemptions",
        "prescription.search_renewals",
        "inventory.get_device",
        "inventory.search_devices",
        "inventory.list_device_movements",
        "inventory.find_holders",
        "inventory.list_loans",
        "inventory.get_maintenance_job",
        "inventory.list_device_jobs",
        "inventory.list_maintenance_jobs",
        "inventory.report_device_fault",
        "inventory.export_recalled_pieces",
        "inventory.list_recall_notices",
        "inventory.end_recall_notice",
        "ordering.get_order",
        "ordering.list_long_replies",
        "ordering.find_by_prescription",
        "ordering.search_overrides",
        "ordering.approve_assortment_request",
        "ordering.decline_assortment_request",
        "ordering.search_shortage",
        "ordering.put_pickup_point",
        "ordering.list_stray_replies",
        "billing.search_fees",
        "notification.search_messages",
        "notification.get_message",
        "notification.send_message_again",
        "notification.tell_shortage",
    },
    "prescriber": SEES_PATIENTS
    | CHANGES_CONTACT
    | WITHDRAWS
    | ORDERS_DEVICES
    | OPENS_FILES
    | READS_THE_CATALOGUE
    | HAS_TASKS
    | KNOWS_PLACES
    | KEEPS_GOODS
    | REPLENISHES
    | {
        "inventory.list_loans",
        "prescription.list_prescription_drafts",
        "prescription.get_prescription_draft",
        "prescription.keep_prescription_draft",
        "prescription.forget_prescription_draft",
        "prescription.preview_prescription",
        "prescription.register_prescription",
        "prescription.annul_line",
        "prescription.copy_lines_of_patient",
        "prescription.fill_attachment",
        "prescription.search_renewals",
        "ordering.get_order",
        "ordering.list_long_replies",
        "ordering.find_by_prescription",
        "billing.search_fees",
    },
    "order_placer": SEES_PATIENTS
    | CHANGES_CONTACT
    | WITHDRAWS
    | ORDERS_DEVICES
    | OPENS_FILES
    | READS_THE_CATALOGUE
    | HAS_TASKS
    | KNOWS_PLACES
    | KEEPS_GOODS
    | REPLENISHES
    | {
        "inventory.list_loans",
        "ordering.get_order",
        "ordering.list_long_replies",
        "ordering.find_by_prescription",
        "billing.search_fees",
    },
    "patient": WITHDRAWS
    | CHANGES_CONTACT
    | READS_THE_CATALOGUE
    | READS_THE_LOG
    | {
        "prescription.get_patient",
        "prescription.get_patient_prescriptions",
        "prescription.get_prescription",
        "prescription.list_lines",
        "prescription.list_patient_functions",
        "prescription.print_prescriptions",
        "inventory.list_loans",
        "billing.search_fees",
        "notification.search_messages",
    },
    "economist": READS_THE_CATALOGUE
    | FOLLOWS_RECALLS
    | HAS_TASKS
    | KNOWS_PLACES
    | {
        "inventory.get_maintenance_job",
        "inventory.list_device_jobs",
        "inventory.get_device",
        "inventory.search_devices",
        "inventory.list_device_movements",
        "inventory.report_stock_value",
        "inventory.report_turnover",
        "ordering.report_delivery_times",
        "ordering.report_open_collections",
        "billing.draft_tariff",
        "billing.list_tariff_drafts",
        "billing.get_tariff_draft",
        "billing.preview_tariff_draft",
        "billing.publish_tariff_draft",
        "billing.withdraw_tariff_draft",
        "billing.hold_fee",
        "billing.release_fee",
        "billing.ask_correction",
        "billing.approve_correction",
        "billing.decline_correction",
        "billing.list_waiting_corrections",
        "billing.list_compensations",
        "billing.get_compensation",
        "billing.propose_compensation",
        "billing.give_back_compensation",
        "billing.decide_compensation",
        "billing.preview_waiver",
        "billing.propose_waiver",
        "billing.list_waivers",
        "billing.get_waiver",
        "billing.decide_waiver",
        "billing.decline_waiver",
        "billing.list_reconciliations",
        "billing.get_reconciliation",
        "billing.send_batch_again",
        "billing.search_fees",
        "billing.list_stray_acknowledgements",
        "billing.close_batch",
        "billing.list_batches",
        "billing.get_batch",
        "billing.export_batch",
        "billing.acknowledge_batch",
    },
    "store_keeper": READS_THE_CATALOGUE
    | OPENS_FILES
    | HAS_TASKS
    | KNOWS_PLACES
    | KEEPS_GOODS
    | MAINTAINS
    | PURCHASES
    | {
        "inventory.take_in_defective_device",
        "inventory.start_recall_of_goods",
        "inventory.end_recall_of_goods",
        "inventory.export_recalled_pieces",
        "inventory.list_pick_lists",
        "inventory.list_collections_to_receive",
        "inventory.get_collection_to_receive",
        "inventory.close_collection_of_devices",
        "inventory.register_supply",
        "inventory.change_supply",
        "inventory.end_supply",
        "inventory.take_order_to_pick",
        "inventory.pick_goods",
        "inventory.put_goods_back",
        "inventory.give_up_order_to_pick",
        "inventory.pack_parcel",
        "inventory.take_order_sent_back",
        "inventory.replace_device_of_supplier",
        "inventory.despatch_parcel",
        "inventory.deliver_parcel",
        "ordering.get_order_to_pick",
        "ordering.print_pick_list",
    },
    "technician": READS_THE_CATALOGUE
    | HAS_TASKS
    | KNOWS_PLACES
    | MAINTAINS
    | FOLLOWS_RECALLS
    | {
        "inventory.list_device_swaps",
        "inventory.get_device_swap",
        "inventory.list_goods_to_do",
        "inventory.report_overdue_maintenance",
        "inventory.export_recalled_pieces",
        "inventory.search_maintenance_due",
        "inventory.record_overdue_reason",
        "inventory.get_maintenance_job",
        "inventory.list_device_jobs",
        "inventory.list_maintenance_jobs",
        "inventory.report_device_fault",
        "inventory.get_device",
        "inventory.search_devices",
        "inventory.list_device_movements",
        "inventory.list_collections_to_receive",
        "inventory.get_collection_to_receive",
        "inventory.write_device_note",
        "inventory.identify_scan",
        "inventory.print_labels",
        "inventory.renumber_device",
    },
    "operator": READS_THE_CATALOGUE
    | OPERATES
    | HAS_TASKS
    | READS_THE_LOG
    | WRITES_NEWS
    | {"ordering.list_stray_replies", "prescription.change_guidance_text"},
    "service_notification": frozenset({"prescription.ask_reachability"}),
    "physician": frozenset(),
    "dietitian": frozenset(),
    "service_prescription": frozenset(),
    "service_ordering": frozenset({"inventory.ask_planned"}),
    "service_inventory": frozenset(),
    "service_billing": frozenset(),
}
"""A profession alone opens nothing: it is the role of a prescriber that does (S20)."""

OF_A_CHILD = (
    frozenset(
        {
            "prescription.get_patient",
            "prescription.get_patient_prescriptions",
            "prescription.get_prescription",
            "prescription.list_lines",
            "prescription.list_patient_functions",
            "prescription.print_prescriptions",
        }
    )
    | CHANGES_CONTACT
    | WITHDRAWS - {"ordering.list_my_withdrawals", "ordering.list_pickup_points"}
    | {"billing.search_fees", "notification.search_messages"}
)
"""Q7: open to a guardian until the child is 13; until 18 each of them tells to call customer service."""
OWN_ONLY = READS_THE_LOG | {"ordering.list_my_withdrawals", "inventory.list_loans"}
"""A guardian reaches nothing of a child's here, but what he or she made for a child that is below 13."""

IN_AN_AREA = (
    WITHDRAWS
    | ORDERS_DEVICES - {"ordering.print_device_swap"}  # the route asks: those at the warehouse have no area
    | {
        "ordering.put_pickup_point",
        "ordering.search_overrides",
        "ordering.get_order",
        "ordering.list_long_replies",
        "ordering.find_by_prescription",
        "billing.search_fees",
        "inventory.list_loans",
    }
)
"""Closed to staff of care units who work in no product area; in which one, the route asks (S73, Q30)."""
EVERY_AREA = frozenset({"customer_service", "economist", "operator", "patient"})

NOBODY = (
    "", "Customer_Service", "customer_service ", "customer", "admin", "root", "*", "service", "superuser",
)  # fmt: skip
"""No roles at all, whatever they sound like."""

OPEN = frozenset({"live", "ready", "metrics", "take_receipt"})
"""Routes that ask nobody's name: they tell nothing about anybody; a report must know its sealed address."""
