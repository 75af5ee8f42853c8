"""The policy tables: which roles may use which route; what no table names is refused."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from shared.auth.actor import Actor
from shared.auth.rule import EVERY_UNIT, Rule

Policy = Mapping[str, Rule]
"""The lines of a table, by service and route: `billing.hold_fee`."""

WHOLE = Path(__file__).with_name("policy.json")


def allows(policy: Policy, actor: Actor, action: str) -> bool:
    """Tell whether the actor may try the action at all; whose thing it is, the route asks."""
    rule = policy.get(action)
    if rule is None or not actor.has(*rule.roles):
        return False
    return not rule.in_an_area or actor.has("patient", *EVERY_UNIT) or bool(actor.product_areas)


@cache
def whole_policy() -> Policy:
    """Read all services' tables, as `./sesam docs` wrote them: to tell somebody which doors open elsewhere.

    A door asks its own service's table, never this copy.
    """
    rows = json.loads(WHOLE.read_text())
    return {action: Rule(frozenset(row.pop("roles")), **row) for action, row in rows.items()}
