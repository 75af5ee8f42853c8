"""What billing does when it hears a fact."""

from services.billing.domain.account import Account, Reversal
from services.billing.domain.acknowledgement import Acknowledgement
from services.billing.domain.ledger import Entry, event_id_of
from services.billing.domain.payer import Identity, Payer
from services.billing.repository import Ledger
from shared.domain.money import Money
from shared.domain.person_id import OIDS
from shared.events.ordering import FeePriced, WithdrawalAnnulled, WithdrawalSent
from shared.events.partners import FeeAcknowledged
from shared.events.prescription import PatientChanged
from shared.hearing import Ears
from shared.repository import Cause

OID_OF = {str(number_type): oid for number_type, oid in OIDS.items()}


def handlers(ledger: Ledger, *, cost_centre: str) -> Ears:
    ears = Ears("billing")

    @ears.on(PatientChanged)
    async def on_patient_changed(event: PatientChanged, cause: Cause) -> None:
        identity = Identity(OID_OF[event.number_type], event.number) if event.number else None
        await ledger.know(Payer(event.patient_ref, event.version, identity), cause=cause)

    @ears.on(WithdrawalSent)
    async def on_withdrawal_sent(event: WithdrawalSent, cause: Cause) -> None:
        entries = [_entry(event, fee, cost_centre) for fee in event.fees]
        await ledger.charge(Account(event.withdrawal_no, event.patient_ref), entries, cause=cause)

    @ears.on(WithdrawalAnnulled)
    async def on_withdrawal_annulled(event: WithdrawalAnnulled, cause: Cause) -> None:
        reversals = tuple(Reversal(fee_no, event.annulled_on) for fee_no in dict.fromkeys(event.fee_nos))
        account = Account(event.withdrawal_no, event.patient_ref, reversals=reversals)
        await ledger.reverse(account, cause=cause)

    @ears.on_partner("invoicing.acks", FeeAcknowledged)
    async def on_fee_acknowledged(event: FeeAcknowledged, cause: Cause) -> None:
        heard = Acknowledgement(
            event_id=event.event_id,
            status=event.status,
            at=event.at,
            code=event.code,
            invoice_no=event.invoice_no,
            invoice_date=event.invoice_date,
        )
        await ledger.acknowledge(heard, cause=cause)

    return ears


def _entry(event: WithdrawalSent, fee: FeePriced, cost_centre: str) -> Entry:
    return Entry(
        event_id=event_id_of(event.withdrawal_no, fee.fee_no, kind="charge"),
        kind="charge",
        reverses=None,
        withdrawal_no=event.withdrawal_no,
        fee_no=fee.fee_no,
        patient_ref=event.patient_ref,
        fee_code=fee.fee_code,
        text=fee.text,
        amount=Money(fee.amount),
        reason=fee.reason,
        tariff=fee.tariff,
        occurred_at=event.sent_at,
        due_on=event.sent_on,
        cost_centre=cost_centre,
        product_area=event.product_area,
        care_unit=event.care_unit,
    )
