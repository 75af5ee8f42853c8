"""Which roles may use which route of ordering."""

from shared.auth.operations import rules_of_operations
from shared.auth.rule import WHO_MAY_SEE_THE_LOG, Rule

CLERKS = frozenset({"customer_service"})
WHO_WITHDRAW = CLERKS | {"order_placer", "prescriber", "patient"}
"""Through which channel, and whose lines, the rule asks (Q7)."""

WHO_ORDER_DEVICES = frozenset({"order_placer", "prescriber"})
"""In a clinic; the right to the article is judged on the named prescriber (Q42, Q59)."""
WAREHOUSE = frozenset({"store_keeper"})
"""Who pick see what the lines of an order say in words; no names (Q61)."""

RULES: dict[str, Rule] = {
    "ordering.preview_withdrawal": Rule(WHO_WITHDRAW, in_an_area=True, units="own"),
    "ordering.draft_withdrawal": Rule(WHO_WITHDRAW, in_an_area=True, units="own"),
    "ordering.change_withdrawal": Rule(WHO_WITHDRAW, in_an_area=True, units="own"),
    "ordering.send_withdrawal": Rule(WHO_WITHDRAW, in_an_area=True, units="own"),
    "ordering.order_again": Rule(WHO_WITHDRAW, in_an_area=True, units="own"),
    "ordering.order_rest": Rule(WHO_WITHDRAW, in_an_area=True, units="own"),
    "ordering.annul_withdrawal": Rule(WHO_WITHDRAW, in_an_area=True, units="own"),
    "ordering.get_withdrawal": Rule(WHO_WITHDRAW, in_an_area=True, units="own"),
    "ordering.search_withdrawals": Rule(WHO_WITHDRAW, in_an_area=True, units="own"),
    "ordering.list_drafts": Rule(WHO_WITHDRAW, in_an_area=True, units="own"),
    "ordering.list_my_withdrawals": Rule(WHO_WITHDRAW, in_an_area=True, units="own"),
    "ordering.find_by_prescription": Rule(
        CLERKS | {"order_placer", "prescriber"}, in_an_area=True, units="own"
    ),
    "ordering.search_overrides": Rule(CLERKS, in_an_area=True),
    "ordering.search_shortage": Rule(CLERKS, in_an_area=True),
    "ordering.list_pickup_points": Rule(WHO_WITHDRAW, in_an_area=True),
    "ordering.put_pickup_point": Rule(CLERKS, in_an_area=True),
    "ordering.get_allowance": Rule(WHO_WITHDRAW, in_an_area=True, units="own"),
    "ordering.get_order": Rule(CLERKS | {"order_placer", "prescriber"}, in_an_area=True, units="own"),
    "ordering.list_long_replies": Rule(CLERKS | {"order_placer", "prescriber"}, in_an_area=True, units="own"),
    "ordering.list_stray_replies": Rule(CLERKS | {"operator"}),
    "ordering.preview_hand_out": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.hand_out_device": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.take_back_hand_out": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.ask_for_fee_correction": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.approve_fee_correction_of_line": Rule(CLERKS | WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.decline_fee_correction_of_line": Rule(CLERKS | WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.list_fee_corrections": Rule(CLERKS | WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.put_device_basket": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.empty_device_basket": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.add_device_line": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.preview_device_line": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.change_device_line": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.remove_device_line": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.list_device_baskets": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.get_device_basket": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.send_device_basket": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.annul_device_order": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.split_device_order": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.hand_over_devices": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.print_loan_agreement": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.sign_loan_agreement": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.print_delivery_note": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.get_device_order": Rule(CLERKS | WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.search_device_orders": Rule(CLERKS | WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.search_orders": Rule(CLERKS | WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.offer_collection_of_devices": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.register_collection_order": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.hand_in_collection_order": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.note_collection_order_fetched": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.annul_collection_order": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.get_collection_order": Rule(CLERKS | WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.search_collection_orders": Rule(CLERKS | WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.print_collection_order": Rule(CLERKS | WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.ask_for_article_outside": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.list_assortment_requests": Rule(CLERKS | WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.get_assortment_request": Rule(CLERKS | WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.approve_assortment_request": Rule(CLERKS, in_an_area=True),
    "ordering.decline_assortment_request": Rule(CLERKS, in_an_area=True),
    "ordering.upload_attachment": Rule(WHO_ORDER_DEVICES, in_an_area=True, units="own"),
    "ordering.get_attachment": Rule(CLERKS | WHO_ORDER_DEVICES | WAREHOUSE),
    "ordering.get_aid_list": Rule(WHO_WITHDRAW, in_an_area=True, units="own"),
    "ordering.print_aid_list": Rule(WHO_WITHDRAW, in_an_area=True, units="own"),
    "ordering.get_order_to_pick": Rule(WAREHOUSE),
    "ordering.print_pick_list": Rule(WAREHOUSE),
    "ordering.report_delivery_times": Rule(CLERKS | WHO_ORDER_DEVICES | {"economist"}, in_an_area=True),
    "ordering.report_open_collections": Rule(CLERKS | WHO_ORDER_DEVICES | {"economist"}, in_an_area=True),
    "ordering.list_orders_to_do": Rule(CLERKS | WHO_ORDER_DEVICES, in_an_area=True),
    "ordering.list_orders_to_hand_over": Rule(CLERKS | WHO_ORDER_DEVICES, in_an_area=True),
    "ordering.print_device_swap": Rule(WHO_ORDER_DEVICES | WAREHOUSE | {"technician"}),
    "ordering.get_access_log": Rule(WHO_MAY_SEE_THE_LOG, units="self"),
    **rules_of_operations("ordering"),
}
"""The product area is that of each line and withdrawal: the routes ask for it (S73, Q30)."""
