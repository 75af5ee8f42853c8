"""The form of a basket: what was filled in, beside what the basket holds; only what differs is sent (S94)."""

from collections.abc import Mapping
from typing import Any

from gateway.pages.devices.asking import address_in, given
from gateway.web.forms import Form, whole_number

HEAD = ("prescriber", "receiver_name", "contact_name", "contact_phone")
YES, NO = "yes", "no"


def head_in(form: Form) -> dict[str, Any]:
    """Give the head as it was filled in: the unit, in whose name, and the delivery (S85, S101, S102)."""
    approval = given(
        approved_by=form.text("approved_by"),
        approved_on=form.text("approved_on"),
        reference=form.text("reference"),
    )
    whole = {
        "care_unit": form.text("care_unit"),
        "deliver_to": form.text("deliver_to", "unit"),
        "joint": form.text("joint") == YES,
        **{name: form.text(name) or None for name in HEAD},
    }
    return whole | given(address=address_in(form), approval=approval or None)


def head_of(basket: Mapping[str, Any], sub: str) -> dict[str, Any]:
    """Give the head as the basket has it; in the own name no prescriber is chosen."""
    names = ("care_unit", "deliver_to", "joint", *HEAD)
    whole = {name: basket[name] for name in names}
    whole["prescriber"] = None if basket["prescriber"] == sub else basket["prescriber"]
    return whole | given(approval=basket["approval"])


def changes_of(form: Form, basket: Mapping[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Give a request for each line of which something was changed."""
    found = []
    for line in basket["lines"]:
        number = line["line_no"]
        if form.text(f"line:{number}") and (changed := difference(line, line_in(form, line))):
            found.append(("PUT", f"/lines/{number}", changed))
    return found


def line_in(form: Form, line: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields of a line; which components are on the device are ticks (S108)."""
    number = line["line_no"]
    fee, ticked = form.text(f"fee:{number}"), set(form.all(f"fit:{number}"))
    loose = [each for each in line["fitting"] if each["removable"]]
    with_line, place = form.text(f"goes_with:{number}"), form.text(f"place:{number}").partition(":")
    return {
        "quantity": whole_number(form.text(f"quantity:{number}")) or 1,
        "source": place[0] or line["source"],
        "storeroom_no": place[2] or line["storeroom_no"],
        "fee": {YES: True, NO: False}.get(fee),
        "comment": form.text(f"comment:{number}") or None,
        "is_additional": form.text(f"additional:{number}") == YES,
        "goes_with": int(with_line) if with_line.isdecimal() else None,
        "removed": sorted(
            each["article_no"] for each in loose if each["standard"] and each["article_no"] not in ticked
        ),
        "components": sorted(
            each["article_no"] for each in loose if not each["standard"] and each["article_no"] in ticked
        ),
    }


def line_of(line: Mapping[str, Any]) -> dict[str, Any]:
    """Give the same fields as the basket has them."""
    optional = {each["article_no"] for each in line["fitting"] if not each["standard"]}
    names = ("quantity", "source", "storeroom_no", "fee", "comment", "is_additional", "goes_with")
    return {name: line[name] for name in names} | {
        "removed": sorted(line["removed"]),
        "components": sorted(
            each["article_no"] for each in line["components"] if each["article_no"] in optional
        ),
    }


def difference(line: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    before = line_of(line)
    changed = {name: value for name, value in wanted.items() if value != before[name]}
    if "components" in changed:
        changed["components"] = [{"article_no": each} for each in changed["components"]]
    return changed


def line_changes(form: Form, line: Mapping[str, Any]) -> dict[str, Any]:
    """Give a line to show, with what was filled in and could not be kept."""
    is_typed = bool(form.text(f"line:{line['line_no']}"))
    return {**line, "typed": line_in(form, line) if is_typed else line_of(line)}
