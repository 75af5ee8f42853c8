"""Which roles may use which route of inventory."""

from shared.auth.rule import EVERYBODY, STAFF, WHO_MAY_SEE_THE_LOG, Rule

WAREHOUSE = frozenset({"store_keeper"})
CLINIC = frozenset({"prescriber", "order_placer"})
KEEPERS = WAREHOUSE | CLINIC
"""Clinics have no store keeper: who prescribes and who orders keep the own storeroom (Q59)."""
WHO_LOOK = frozenset({"customer_service", "technician", "economist"})
WHO_SEE_LOANS = frozenset({"prescriber", "order_placer", "customer_service", "patient"})

RULES: dict[str, Rule] = {
    "inventory.search_articles": Rule(roles=EVERYBODY),
    "inventory.get_article": Rule(roles=EVERYBODY),
    "inventory.list_subgroups": Rule(roles=EVERYBODY),
    "inventory.search_device_articles": Rule(STAFF),
    "inventory.get_device_article": Rule(STAFF),
    "inventory.list_device_classes": Rule(STAFF),
    "inventory.get_device_class": Rule(STAFF),
    "inventory.list_care_units": Rule(STAFF),
    "inventory.list_storerooms": Rule(STAFF),
    "inventory.receive_goods": Rule(KEEPERS),
    "inventory.count_stock": Rule(KEEPERS),
    "inventory.count_devices_of_stock": Rule(KEEPERS),
    "inventory.set_device_of_stock_apart": Rule(KEEPERS),
    "inventory.set_goods_of_stock_apart": Rule(KEEPERS),
    "inventory.register_stocktake_of_storeroom": Rule(KEEPERS),
    "inventory.list_stocktakes": Rule(KEEPERS),
    "inventory.approve_stocktake_of_storeroom": Rule(KEEPERS),
    "inventory.decline_stocktake_of_storeroom": Rule(KEEPERS),
    "inventory.list_stock": Rule(KEEPERS),
    "inventory.search_stock": Rule(KEEPERS),
    "inventory.print_stock": Rule(KEEPERS),
    "inventory.export_stock": Rule(KEEPERS),
    "inventory.register_supply": Rule(WAREHOUSE),
    "inventory.change_supply": Rule(WAREHOUSE),
    "inventory.end_supply": Rule(WAREHOUSE),
    "inventory.ask_planned": Rule(frozenset({"service_ordering"})),
    "inventory.list_devices": Rule(KEEPERS),
    "inventory.search_devices": Rule(KEEPERS | WHO_LOOK),
    "inventory.list_device_movements": Rule(KEEPERS | WHO_LOOK),
    "inventory.identify_scan": Rule(KEEPERS | {"technician"}),
    "inventory.print_labels": Rule(KEEPERS | {"technician"}),
    "inventory.find_holders": Rule(KEEPERS | {"customer_service"}),
    "inventory.write_device_note": Rule(KEEPERS | {"technician"}),
    "inventory.get_device": Rule(KEEPERS | WHO_LOOK),
    "inventory.renumber_device": Rule(KEEPERS | {"technician"}),
    "inventory.replace_device_of_supplier": Rule(WAREHOUSE),
    "inventory.list_loans": Rule(WHO_SEE_LOANS, in_an_area=True, units="self"),
    "inventory.register_return_of_goods": Rule(CLINIC, in_an_area=True),
    "inventory.report_device_loss": Rule(CLINIC | {"customer_service"}, in_an_area=True, units="own"),
    "inventory.end_order_not_fetched": Rule(CLINIC, in_an_area=True),
    "inventory.take_order_sent_back": Rule(WAREHOUSE),
    "inventory.list_pick_lists": Rule(WAREHOUSE),
    "inventory.get_pick_list": Rule(KEEPERS),
    "inventory.take_order_to_pick": Rule(WAREHOUSE),
    "inventory.pick_goods": Rule(WAREHOUSE),
    "inventory.put_goods_back": Rule(WAREHOUSE),
    "inventory.give_up_order_to_pick": Rule(WAREHOUSE),
    "inventory.pack_parcel": Rule(WAREHOUSE),
    "inventory.despatch_parcel": Rule(WAREHOUSE),
    "inventory.receive_parcel": Rule(KEEPERS),
    "inventory.deliver_parcel": Rule(WAREHOUSE),
    "inventory.get_access_log": Rule(WHO_MAY_SEE_THE_LOG, units="self"),
}
"""The catalogue names no patient: everybody who is signed in may read it."""
