"""What may be done in ordering, and by whom."""

from shared.auth.rule import WHO_MAY_SEE_THE_LOG, Rule

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
    "ordering.list_my_withdrawals": Rule(WHO_WITHDRAW, area=FOODS, units="own"),
    "ordering.find_by_prescription": Rule(CLERKS | {"order_placer", "prescriber"}, area=FOODS, units="own"),
    "ordering.search_overrides": Rule(CLERKS, area=FOODS),
    "ordering.list_pickup_points": Rule(WHO_WITHDRAW, area=FOODS),
    "ordering.put_pickup_point": Rule(CLERKS, area=FOODS),
    "ordering.get_allowance": Rule(WHO_WITHDRAW, area=FOODS, units="own"),
    "ordering.get_order": Rule(CLERKS | {"order_placer", "prescriber"}, area=FOODS, units="own"),
    "ordering.list_stray_replies": Rule(CLERKS | {"operator"}),
    "ordering.get_access_log": Rule(WHO_MAY_SEE_THE_LOG, units="self"),
}
