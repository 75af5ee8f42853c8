"""The one policy table: every route of every service, deny by default."""

from shared.auth import (
    policy_billing,
    policy_inventory,
    policy_notification,
    policy_ordering,
    policy_prescription,
)
from shared.auth.actor import Actor
from shared.auth.rule import EVERY_UNIT, Rule

POLICY: dict[str, Rule] = {
    **policy_prescription.RULES,
    **policy_ordering.RULES,
    **policy_inventory.RULES,
    **policy_billing.RULES,
    **policy_notification.RULES,
}


def allows(actor: Actor, action: str) -> bool:
    """Tell whether the actor may try the action at all; whose thing it is, the route asks."""
    rule = POLICY.get(action)
    if rule is None or not actor.has(*rule.roles):
        return False
    return not rule.in_an_area or actor.has("patient", *EVERY_UNIT) or bool(actor.product_areas)
