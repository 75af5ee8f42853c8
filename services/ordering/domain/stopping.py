"""What happens to withdrawals when the patient dies or becomes protected (Q18, Q24, formats.md 2)."""

from dataclasses import replace
from datetime import datetime

from services.ordering.domain.order import Order
from services.ordering.domain.person import Person
from services.ordering.domain.reply_context import demand_all
from services.ordering.domain.tasks import order_task
from services.ordering.domain.withdrawal import Step, Withdrawal, annul_draft, forgetting_whereto
from services.ordering.domain.withdrawing.annulling import ask_to_stop
from shared.domain.decision import Decision
from shared.events.ordering import Notify

ORDERING = "ordering"


def must_stop(person: Person | None) -> bool:
    """Tell whether withdrawals of this person are to be stopped (Q18, formats.md 2)."""
    return person is not None and (person.protected or person.deceased_on is not None)


def stop_for(
    withdrawal: Withdrawal, orders: tuple[Order, ...], *, person: Person, at: datetime
) -> Decision[Withdrawal, tuple[Order, ...]]:
    """Annul the draft; stop or hand to a person what is on its way (Q18, Q22, formats.md 2).

    Of a protected person nothing is stored or published, and customer service follows its own routine; for
    somebody who died the distributor is asked to stop.
    """
    demand_all(withdrawal, orders)
    note = "protected-identity" if person.protected else "deceased"
    if withdrawal.state == "new":
        annulled, told = annul_draft(withdrawal, by=ORDERING, at=at, note=note)
        return annulled, orders, told
    if person.protected:
        return _protect(withdrawal, orders, at=at, note=note)
    return ask_to_stop(withdrawal, orders, by=ORDERING, at=at, note=note)


def _protect(
    withdrawal: Withdrawal, orders: tuple[Order, ...], *, at: datetime, note: str
) -> Decision[Withdrawal, tuple[Order, ...]]:
    if any(step.what == "protected" for step in withdrawal.history):
        return withdrawal, orders, []
    quiet = tuple(replace(order, notify=Notify(channel="none")) for order in orders)
    tasks = [
        # The person is not named, not even by reference: who has the right looks the order up.
        order_task(order.order_no, patient_ref=None, kind="protected_with_order", reason=note)
        for order in orders
        if not order.is_over
    ]
    protected = forgetting_whereto(withdrawal).noting(Step(at, ORDERING, "protected", note))
    return protected, quiet, tasks
