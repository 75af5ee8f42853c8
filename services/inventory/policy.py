"""Which roles may use which route of inventory."""

from shared.auth.rule import EVERYBODY, STAFF, WHO_MAY_SEE_THE_LOG, Rule

RULES: dict[str, Rule] = {
    "inventory.search_articles": Rule(roles=EVERYBODY),
    "inventory.get_article": Rule(roles=EVERYBODY),
    "inventory.list_subgroups": Rule(roles=EVERYBODY),
    "inventory.list_care_units": Rule(STAFF),
    "inventory.list_storerooms": Rule(STAFF),
    "inventory.get_access_log": Rule(WHO_MAY_SEE_THE_LOG, units="self"),
}
"""The catalogue names no patient: everybody who is signed in may read it."""
