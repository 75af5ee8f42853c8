"""What may be done in ordering, and by whom."""

from shared.auth.rule import Rule

FOODS = "foods"
CLERKS = frozenset({"customer_service"})
WHO_WITHDRAW = CLERKS | {"order_placer", "prescriber", "patient"}
"""Through which channel, and whose lines, the rule asks (Q7)."""

RULES: dict[str, Rule] = {
    "ordering.preview_withdrawal": Rule(WHO_WITHDRAW, area=FOODS, units="own"),
    "ordering.draft_withdrawal": Rule(WHO_WITHDRAW, area=FOODS, units="own"),
    "ordering.change_withdrawal": Rule(WHO_WITHDRAW, area=FOODS, units="own"),
    "ordering.send_withdrawal": Rule(WHO_WITHDRAW, area=FOODS, units="own"),
    "ordering.annul_withdrawal": Rule(WHO_WITHDRAW, area=FOODS, units="own"),
    "ordering.get_withdrawal": Rule(WHO_WITHDRAW, area=FOODS, units="own"),
    "ordering.search_withdrawals": Rule(WHO_WITHDRAW, area=FOODS, units="own"),
    "ordering.list_drafts": Rule(WHO_WITHDRAW, area=FOODS, units="own"),
    "ordering.get_allowance": Rule(WHO_WITHDRAW, area=FOODS, units="own"),
    "ordering.get_order": Rule(CLERKS | {"order_placer", "prescriber"}, area=FOODS, units="own"),
    "ordering.list_stray_replies": Rule(CLERKS | {"operator"}),
}
