"""What may be done in billing, and by whom."""

from shared.auth.rule import Rule

RULES: dict[str, Rule] = {}
