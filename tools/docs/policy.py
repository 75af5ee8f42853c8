"""Writes the permissions of all services: docs/policy.md for reviewers, and the copy that `GET /me` reads."""

import json
from collections.abc import Iterator

from deploy.topology import assembled
from services import SERVICES
from shared.auth.policy import Policy

OPENING = """\
# Who may do what

Made from the code by `./sesam docs`; do not edit by hand.

Every route of every service, and the roles that may use it (S2, S76). Each service's part is in its
`policy.py` and is checked at each route; a service does not start when a route has no line, and roles
that are not named are refused. `area`: people without any product area are refused. `units` says what
else the route checks: `own` that the thing belongs to one of the person's care units, `self` that a
patient reaches only the patient's own data.
"""
HEAD = "| route | roles | area | units |\n|---|---|---|---|"


def whole() -> Policy:
    """Give the tables of all services as one."""
    return {action: rule for service in SERVICES for action, rule in assembled(service).policy.items()}


def policy_page() -> str:
    """Write the whole table for who reviews it."""
    return "\n".join([OPENING, *(part for service in SERVICES for part in _part(service))])


def policy_copy() -> str:
    """Write the whole table as JSON."""
    rows = {
        action: {"roles": sorted(rule.roles), "in_an_area": rule.in_an_area, "units": rule.units}
        for action, rule in sorted(whole().items())
    }
    return json.dumps(rows, indent=1) + "\n"


def _part(service: str) -> Iterator[str]:
    yield f"## {service}\n\n{HEAD}"
    for action, rule in sorted(assembled(service).policy.items()):
        area = "yes" if rule.in_an_area else ""
        yield f"| `{action.partition('.')[2]}` | {', '.join(sorted(rule.roles))} | {area} | {rule.units} |"
    yield ""
