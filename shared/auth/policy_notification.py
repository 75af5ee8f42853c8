"""What may be done in notification, and by whom."""

from shared.auth.rule import Rule

RULES: dict[str, Rule] = {}
