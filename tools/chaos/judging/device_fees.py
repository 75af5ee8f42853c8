"""Follows the fee of each line of devices: it stands while a piece of the line does (I14)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from services.billing.domain.fees.account import CORRECTED
from tools.chaos.judging.evidence import Evidence, Row
from tools.chaos.judging.parcels import goods_of


def i14_a_fee_of_devices_stands_when_something_of_its_line_does(evidence: Evidence) -> Iterator[str]:
    """Each line with a fee has one charge that stands while a piece of it is with the patient, else none."""
    stand = _standing(evidence)
    corrected = {
        (order_no, each["line_no"])
        for order_no, order in evidence.of("billing", "device_orders").items()
        for each in order["decided"]
    }
    for order_no, order in evidence.of("inventory", "device_orders").items():
        for line in order["lines"]:
            if line["fee"] is None or (order_no, line["line_no"]) in corrected:
                continue
            due = int(_is_with_patient(order, line, evidence))
            found = stand.pop((order_no, line["fee"]["fee_no"]), 0)
            if found != due:
                yield f"{order_no} line {line['line_no']}: {found} fees stand, {due} is due"


def _standing(evidence: Evidence) -> Counter[tuple[str, int]]:
    fees = evidence.of("billing", "fees").values()
    credited = {fee["entry"]["reverses"] for fee in fees if fee["entry"]["kind"] == "credit"}
    stand = Counter[tuple[str, int]]()
    for fee in fees:
        entry = fee["entry"]
        if entry["kind"] == "charge" and fee["stage"] != "removed" and fee["_id"] not in credited:
            stand[fee["withdrawal_no"], entry["fee_no"] % CORRECTED] += 1
    return stand


def _is_with_patient(order: Row, line: Row, evidence: Evidence) -> bool:
    """Tell whether a piece of the line counts: handed over, and not returned within the fee's days (Q10).

    What was handed over in exchange is on the loan of another order, which has the fee (Q48).
    """
    loans = {
        loan_id: each
        for loan_id, each in evidence.of("inventory", "loans").items()
        if each["order_no"] == order["order_no"]
    }
    counted = [goods for _, goods in goods_of(order) if goods["line_no"] == line["line_no"]]
    handed = [
        each
        for each in counted
        if each["handed_over"]
        and not each["component"]
        and (each["loan_id"] in loans or not each["device_no"])
    ]
    first = [loans[each["loan_id"]]["handed_out_on"] for each in handed if each["loan_id"]]
    for each in handed:
        loan = loans.get(each["loan_id"])
        last = date.fromisoformat(min(first)) + timedelta(days=line["fee"]["deferred_days"]) if loan else None
        if loan is None or loan["returned_on"] is None or loan["returned_on"] > str(last):
            return bool(order["state"] != "taken_back")
    return False
