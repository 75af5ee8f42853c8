"""Device orders of a patient who died, became protected, or turned out to be another (Q18, S65)."""

from dataclasses import replace
from datetime import datetime

from services.ordering.domain.devices.annulling import annul_order, may_annul
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.domain.person import Person
from services.ordering.domain.tasks import order_task
from shared.domain.decision import Decision

ORDERING = "ordering"


def stop_order(order: DeviceOrder, *, person: Person, at: datetime) -> Decision[DeviceOrder]:
    """Annul what can be annulled; of a protected person forget who gets the goods, and ask a person (Q18)."""
    known = forgetting(order) if person.protected else order
    if not may_annul(known):
        if not person.protected or known is order or known.is_over:
            return known, []
        task = order_task(
            order.order_no, patient_ref=None, kind="protected_with_order", reason="protected-identity"
        )
        return known, [task]
    return annul_order(known, by=ORDERING, at=at)


def forgetting(order: DeviceOrder) -> DeviceOrder:
    """Forget who was to get the goods, and where (Q18)."""
    delivery = replace(order.delivery, recipient=None, co=None, address=None)
    return order if delivery == order.delivery else replace(order, delivery=delivery)


def move_order(order: DeviceOrder, *, into_ref: str) -> Decision[DeviceOrder]:
    """Write an order on the person it belongs to now (S65)."""
    return (order if order.patient_ref == into_ref else replace(order, patient_ref=into_ref)), []
