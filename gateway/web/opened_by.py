"""Which permission opens each page: the action of the service that a page cannot do without."""

from collections.abc import Mapping

EVERYBODY = "prescription.get_myself"
OPENED_BY: Mapping[str, str] = {
    "/": EVERYBODY,
    "/me": EVERYBODY,
    "/support": EVERYBODY,
    "/news": "notification.list_news",
    "/patients/{patient_ref}": "prescription.get_patient",
    "/patients/{patient_ref}/prescribe": "prescription.register_prescription",
    "/patients/{patient_ref}/withdraw": "ordering.get_allowance",
    "/patients/{patient_ref}/contact": "prescription.get_patient",
    "/patients/{patient_ref}/fees": "billing.search_fees",
    "/patients/{patient_ref}/messages": "notification.search_messages",
    "/patients/{patient_ref}/log": "prescription.get_access_log",
    "/withdrawals/{withdrawal_no}": "ordering.get_withdrawal",
    "/withdrawals/{withdrawal_no}/continue": "ordering.get_withdrawal",
    "/orders/{order_no}": "ordering.get_order",
    "/tasks": "notification.list_tasks",
    "/tasks/{task_id}": "notification.get_task",
    "/messages/{message_id}": "notification.get_message",
    "/register-patient": "prescription.register_patient",
    "/shortages": "ordering.search_shortage",
    "/overrides": "ordering.search_overrides",
    "/money": "billing.list_reconciliations",
    "/money/days/{day}": "billing.get_reconciliation",
    "/money/fees": "billing.hold_fee",
    "/money/corrections": "billing.list_waiting_corrections",
    "/money/waivers": "billing.list_waivers",
    "/money/files": "billing.list_batches",
    "/money/tariffs": "billing.list_tariff_drafts",
    "/money/tariffs/{draft_id}": "billing.get_tariff_draft",
    "/operations": "notification.get_operations",
}
