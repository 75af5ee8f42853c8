"""What may be done in billing, and by whom."""

from shared.auth.rule import EVERYBODY, Rule

FOODS = "foods"
ECONOMISTS = frozenset({"economist"})
WHO_MEET_PATIENTS = frozenset({"prescriber", "order_placer", "customer_service"})

RULES: dict[str, Rule] = {
    "billing.publish_tariff": Rule(ECONOMISTS),
    "billing.list_tariffs": Rule(EVERYBODY),
    "billing.search_fees": Rule(WHO_MEET_PATIENTS | ECONOMISTS | {"patient"}, area=FOODS, units="own"),
    "billing.list_stray_acknowledgements": Rule(ECONOMISTS),
    "billing.close_batch": Rule(ECONOMISTS),
    "billing.list_batches": Rule(ECONOMISTS),
    "billing.get_batch": Rule(ECONOMISTS),
    "billing.export_batch": Rule(ECONOMISTS),
    "billing.acknowledge_batch": Rule(ECONOMISTS),
}
"""A patient reaches own fees only; who works for care units reaches what those units' withdrawals cost."""
