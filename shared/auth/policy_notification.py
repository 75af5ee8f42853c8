"""What may be done in notification, and by whom."""

from shared.auth.rule import STAFF, Rule

RULES: dict[str, Rule] = {
    "notification.search_messages": Rule(frozenset({"customer_service"})),
    "notification.list_tasks": Rule(STAFF | {"operator"}, units="own"),
}
"""Each person sees the tasks of the own roles, and of the own care units where a task names one."""
