"""Handler for the answers of the invoicing system."""

from services.billing.application.ledger import Ledger
from services.billing.domain.fees.acknowledgement import Acknowledgement
from shared.messaging.consuming import Subscriptions
from shared.partners import FeeAcknowledged
from shared.repository import Cause


def on_invoicing(subscriptions: Subscriptions, ledger: Ledger) -> None:
    @subscriptions.on_partner("invoicing.acks", FeeAcknowledged)
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
