"""What may be done in inventory, and by whom."""

from shared.auth.rule import EVERYBODY, Rule

RULES: dict[str, Rule] = {
    "inventory.search_articles": Rule(roles=EVERYBODY),
    "inventory.get_article": Rule(roles=EVERYBODY),
    "inventory.list_subgroups": Rule(roles=EVERYBODY),
}
"""The catalogue names no patient: everybody who is signed in may read it."""
