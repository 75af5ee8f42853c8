"""What may be done in ordering, and by whom."""

from shared.auth.rule import Rule

RULES: dict[str, Rule] = {}
