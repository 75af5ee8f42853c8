"""Which roles may use which route of billing."""

from shared.auth.operations import rules_of_operations
from shared.auth.rule import EVERYBODY, WHO_MAY_SEE_THE_LOG, Rule

ECONOMISTS = frozenset({"economist"})
WHO_MEET_PATIENTS = frozenset({"prescriber", "order_placer", "customer_service"})

RULES: dict[str, Rule] = {
    "billing.draft_tariff": Rule(ECONOMISTS),
    "billing.list_tariff_drafts": Rule(ECONOMISTS),
    "billing.get_tariff_draft": Rule(ECONOMISTS),
    "billing.preview_tariff_draft": Rule(ECONOMISTS),
    "billing.publish_tariff_draft": Rule(ECONOMISTS),
    "billing.withdraw_tariff_draft": Rule(ECONOMISTS),
    "billing.list_tariffs": Rule(EVERYBODY),
    "billing.price_by_tariff": Rule(EVERYBODY),
    "billing.hold_fee": Rule(ECONOMISTS),
    "billing.release_fee": Rule(ECONOMISTS),
    "billing.ask_correction": Rule(ECONOMISTS),
    "billing.approve_correction": Rule(ECONOMISTS),
    "billing.decline_correction": Rule(ECONOMISTS),
    "billing.list_waiting_corrections": Rule(ECONOMISTS),
    "billing.list_compensations": Rule(ECONOMISTS),
    "billing.get_compensation": Rule(ECONOMISTS),
    "billing.propose_compensation": Rule(ECONOMISTS),
    "billing.give_back_compensation": Rule(ECONOMISTS),
    "billing.decide_compensation": Rule(ECONOMISTS),
    "billing.preview_waiver": Rule(ECONOMISTS),
    "billing.propose_waiver": Rule(ECONOMISTS),
    "billing.list_waivers": Rule(ECONOMISTS),
    "billing.get_waiver": Rule(ECONOMISTS),
    "billing.decide_waiver": Rule(ECONOMISTS),
    "billing.decline_waiver": Rule(ECONOMISTS),
    "billing.list_reconciliations": Rule(ECONOMISTS),
    "billing.get_reconciliation": Rule(ECONOMISTS),
    "billing.search_fees": Rule(WHO_MEET_PATIENTS | ECONOMISTS | {"patient"}, in_an_area=True, units="own"),
    "billing.list_stray_acknowledgements": Rule(ECONOMISTS),
    "billing.close_batch": Rule(ECONOMISTS),
    "billing.list_batches": Rule(ECONOMISTS),
    "billing.get_batch": Rule(ECONOMISTS),
    "billing.export_batch": Rule(ECONOMISTS),
    "billing.send_batch_again": Rule(ECONOMISTS),
    "billing.acknowledge_batch": Rule(ECONOMISTS),
    "billing.get_access_log": Rule(WHO_MAY_SEE_THE_LOG, units="self"),
    **rules_of_operations("billing"),
}
"""A patient reaches own fees, a guardian those of a child below 13 too (Q7); who works for care units reaches
what those units' withdrawals cost, in the product areas that the person sees (S73, Q30)."""
