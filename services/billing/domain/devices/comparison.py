"""Compares an order of devices with what the patient got, its fees and the files (N11)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.billing.domain.devices.deferral import OURS
from services.billing.domain.devices.loan import Loan
from services.billing.domain.devices.order import DeviceOrder, Made, Wanted, wanted_fees
from services.billing.domain.fees.account import CORRECTED
from services.billing.domain.fees.ledger import Fee, net
from services.billing.domain.reconciling.comparison import FINAL, Difference, Moment, of_files, tariff_of
from shared.domain.differences import Kind
from shared.domain.money import NOTHING, Money
from shared.events.fees import DeviceFee


@dataclass(frozen=True)
class DeviceCase:
    """An order of devices, its loans, and all of the ledger that is about it."""

    order: DeviceOrder
    loans: Mapping[str, Loan]
    fees: tuple[Fee, ...]

    def of_fee(self, fee_no: int) -> list[Fee]:
        """Give a fee with its credit, and what corrected them."""
        return [fee for fee in self.fees if fee.entry.fee_no % CORRECTED == fee_no]

    @property
    def due(self) -> dict[int, DeviceFee]:
        """Give what each line costs by now, by line: as it was sent, or as two people decided since."""
        sent = {each.line_no: each.fee for each in (self.order.sent.lines if self.order.sent else ())}
        decided = {each.line_no: each.fee for each in self.order.decided}
        return {line_no: fee for line_no, fee in {**sent, **decided}.items() if fee}

    @property
    def wanted(self) -> dict[int, Wanted]:
        return wanted_fees(self.order, self.loans, patient_ref=self.order.patient_ref)


def device_differences(case: DeviceCase, *, moment: Moment) -> list[Difference]:
    """Give all that does not agree: order = hand-outs = fees = files (N11, Q10, Q37)."""
    found = (*_of_order(case, moment), *_of_hand_outs(case), *_of_ledger(case, moment))
    files = of_files(case.fees, moment)
    return [Difference(case.order.order_no, kind, subject) for kind, subject in (*found, *files)]


def is_settled(case: DeviceCase) -> bool:
    """Tell whether nothing of it is awaited any more (N11)."""
    awaited = set() if case.order.over else case.due.keys() - {each.line_no for each in case.order.made}
    return (
        case.order.sent is not None
        and not awaited
        and all(fee.stage in FINAL for fee in case.fees)
        and all(fee.batch or fee.told_at is None for fee in case.fees)
    )


def _of_order(case: DeviceCase, moment: Moment) -> Iterator[tuple[Kind, str]]:
    for each in case.order.sent.lines if case.order.sent else ():
        if each.fee and case.order.day and each.fee.tariff != tariff_of(case.order.day, moment.tariffs):
            yield "device-fee-by-another-tariff", str(each.fee.fee_no)


def _of_hand_outs(case: DeviceCase) -> Iterator[tuple[Kind, str]]:
    """Name the lines that the patient has and pays for, of which billing never got the fee.

    What came in exchange has the fee of the loan that continues (Q48).
    """
    paid = (each for each in case.order.made if not each.exchanged)
    with_patient = {each.line_no for each in paid if not _is_taken_back(each, case)}
    for line_no, fee in case.due.items():
        if line_no in with_patient and not case.of_fee(fee.fee_no):
            yield "device-fee-missing", str(fee.fee_no)


def _of_ledger(case: DeviceCase, moment: Moment) -> Iterator[tuple[Kind, str]]:
    wanted = case.wanted
    for fee_no in sorted({fee.entry.fee_no % CORRECTED for fee in case.fees}):
        fees, want = case.of_fee(fee_no), wanted.get(fee_no)
        if want is None or want.verdict == "removed":
            if net(fees) != NOTHING:
                yield "device-credit-missing", str(fee_no)
            continue
        if _is_left_to_people(fees):
            continue
        standing = [fee for fee in fees if fee.entry.kind == "charge" and fee.signed != NOTHING]
        before_cap = sum((each.entry.before_cap or each.entry.amount for each in standing), NOTHING)
        credited = sum((each.entry.amount for each in fees if each.entry.kind == "credit"), NOTHING)
        if before_cap - credited != Money(want.fee.amount):
            yield "device-fee-differs", str(fee_no)
        late = [fee for fee in standing if fee.stage == "deferred" and fee.entry.due_on < moment.today]
        if late and want.verdict == "runs":
            yield "device-fee-not-due", str(fee_no)


def _is_left_to_people(fees: list[Fee]) -> bool:
    """Tell whether economists corrected or waived it: then it is what they decided (S97)."""
    entries = (fee.entry for fee in fees)
    corrected = any(each.why in ("corrected", "waived") and each.because for each in entries)
    return corrected or any(fee.stage == "removed" and fee.progress[-1].note not in OURS for fee in fees)


def _is_taken_back(made: Made, case: DeviceCase) -> bool:
    if made.loan_ids:
        return all(each in case.loans and case.loans[each].mistaken for each in made.loan_ids)
    return case.order.taken_back_at is not None and made.at <= case.order.taken_back_at
