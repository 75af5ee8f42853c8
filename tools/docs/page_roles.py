"""Writes docs/pages.md: which roles open each page of the gateway."""

from gateway.web.opened_by import OPENED_BY
from tools.docs.policy import whole

OPENING = """\
# Who sees which page

Made from the code by `./sesam docs`; do not edit by hand.

Each page of the gateway that needs more than a sign-in, the permission that opens it, and the roles that
have that permission ([the whole table](policy.md)). A page that a role does not open is in no menu and
answers 403. What a page shows of a patient, a withdrawal or a task is decided by the service that is asked.

| page | permission | roles |
|---|---|---|"""


def page_roles() -> str:
    """Write a row for each page, in the order of their addresses."""
    policy = whole()
    rows = [
        f"| `{path}` | `{action}` | {', '.join(sorted(policy[action].roles))} |"
        for path, action in sorted(OPENED_BY.items())
    ]
    return "\n".join([OPENING, *rows, ""])
