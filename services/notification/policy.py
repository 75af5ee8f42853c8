"""Which roles may use which route of notification."""

from shared.auth.operations import rules_of_operations
from shared.auth.rule import EVERYBODY, STAFF, WHO_MAY_SEE_THE_LOG, Rule

CLERKS = frozenset({"customer_service"})
HAS_TASKS = STAFF | {"operator"}

RULES: dict[str, Rule] = {
    "notification.search_messages": Rule(CLERKS | {"patient"}, units="self"),
    "notification.get_message": Rule(CLERKS),
    "notification.send_message_again": Rule(CLERKS),
    "notification.tell_shortage": Rule(CLERKS),
    "notification.list_news": Rule(EVERYBODY),
    "notification.write_news_item": Rule(CLERKS | {"operator"}),
    "notification.end_news_item": Rule(CLERKS | {"operator"}),
    "notification.ask_for_support": Rule(HAS_TASKS),
    "notification.list_tasks": Rule(HAS_TASKS, units="own"),
    "notification.count_tasks": Rule(HAS_TASKS, units="own"),
    "notification.get_task": Rule(HAS_TASKS, units="own"),
    "notification.claim_task": Rule(HAS_TASKS, units="own"),
    "notification.release_task": Rule(HAS_TASKS, units="own"),
    "notification.assign_task": Rule(HAS_TASKS, units="own"),
    "notification.comment_on_task": Rule(HAS_TASKS, units="own"),
    "notification.resolve_task": Rule(HAS_TASKS, units="own"),
    "notification.get_access_log": Rule(WHO_MAY_SEE_THE_LOG, units="self"),
    **rules_of_operations("notification"),
}
"""Each person sees the tasks of the own roles, and of the own care units where a task names one.

What gateways report comes to `receipts` without a line here: the sealed address itself is the permission.
"""
