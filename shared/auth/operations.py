"""The lines of the policy table for operators' routes, the same in every service."""

from shared.auth.rule import Rule

OPERATORS = frozenset({"operator"})
ACTIONS = ("get_operations", "list_parked", "replay_parked", "discard_parked")


def rules_of_operations(service: str) -> dict[str, Rule]:
    """Give the lines of one service."""
    return {f"{service}.{action}": Rule(OPERATORS) for action in ACTIONS}
