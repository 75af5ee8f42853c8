"""What inventory takes for granted where nobody says it."""

from services.inventory import domain
from tests.unsaid import defaults

YES = {
    "CareUnit.active",
    "CountWritten.alone",
    "MaintenanceJob.is_open",
    "Purchase.is_open",
    "Recall.is_followed",
    "RecallNotice.is_open",
    "Storeroom.active",
    "Swap.is_open",
}
ONE = {"Device.version", "Pick.quantity"}


def test_what_an_older_document_does_not_say_is_no_or_nothing_except_where_yes_is_usual() -> None:
    said = {name: default for name, default in defaults(domain) if default}

    assert said == dict.fromkeys(YES, True) | dict.fromkeys(ONE, 1)
    assert all(type(said[name]) is bool for name in YES)
