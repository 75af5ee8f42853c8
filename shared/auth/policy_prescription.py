"""What may be done in prescription, and by whom."""

from shared.auth.rule import Rule

RULES: dict[str, Rule] = {}
