"""Builds the facts about a withdrawal that was sent (S42, S45, N5)."""

from datetime import date, datetime

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.flavours import total
from services.ordering.domain.order import Order
from services.ordering.domain.withdrawal import Item, Withdrawal
from services.ordering.domain.withdrawing.pricing import cost_of
from shared.domain.days import local_day
from shared.events.ordering import AddressKept, LineWithdrawn, OrderSent, WithdrawalSent


def withdrawal_sent(
    sent: Withdrawal, allowance: Allowance, *, catalogue: Catalogue, at: datetime
) -> WithdrawalSent:
    """Tell the whole withdrawal, with what a tariff needs to price it again (S45, N5)."""
    on = local_day(at)
    return WithdrawalSent(
        withdrawal_no=sent.withdrawal_no,
        patient_ref=sent.patient_ref,
        sent_on=on,
        sent_at=at,
        payer=sent.payer,
        product_area=sent.product_area,
        # Lines of several units share one withdrawal; the first one names its cost centre.
        care_unit=sent.care_units[0],
        lines=tuple(_line(item, allowance, catalogue) for item in sent.choice.items),
        fees=sent.fees,
        order_nos=sent.order_nos,
        conditions=allowance.known_person.payment.conditions(on),
    )


def order_sent(order: Order, published: WithdrawalSent, *, is_rest: bool) -> OrderSent:
    """Tell one order: of each line only what this distributor delivers (Q23)."""
    packages = {
        line_id: sum(line.packages for line in order.lines if line.line_id == line_id)
        for line_id in order.line_ids
    }
    return OrderSent(
        order_no=order.order_no,
        withdrawal_no=order.withdrawal_no,
        patient_ref=order.patient_ref,
        distributor=order.distributor,
        sent_on=published.sent_on,
        lines=tuple(
            LineWithdrawn(
                line_id=line.line_id,
                prescription_no=line.prescription_no,
                article_no=line.article_no,
                packages=packages[line.line_id],
            )
            for line in published.lines
            if line.line_id in packages
        ),
        notify=order.notify,
        is_rest=is_rest,
    )


def kept_address(sent: Withdrawal, *, by: str, on: date) -> list[AddressKept]:
    """Tell an address that the patient wants to use again, where one was chosen to be kept (S42)."""
    delivery = sent.choice.delivery
    if not delivery.keep_address or delivery.kept_address is None:
        return []
    told = AddressKept(
        withdrawal_no=sent.withdrawal_no,
        patient_ref=sent.patient_ref,
        address=delivery.kept_address,
        label=delivery.kept_label,
        kept_by=by,
        kept_on=on,
    )
    return [told]


def _line(item: Item, allowance: Allowance, catalogue: Catalogue) -> LineWithdrawn:
    line = allowance.line(item.line_id)
    return LineWithdrawn(
        line_id=item.line_id,
        prescription_no=line.prescription_no,
        article_no=line.article_no,
        packages=total(item.split),
        prescription_type=line.prescription_type,
        cost=cost_of(item.split, catalogue).amount,
    )
