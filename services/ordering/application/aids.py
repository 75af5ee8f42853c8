"""Finds a patient's aids for those who may see them (S104, S158, Q7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.ordering.application.desk import Desk
from services.ordering.application.devices import DeviceDesk
from services.ordering.application.personal import register_of
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.copies import DeviceArticle
from services.ordering.domain.devices.loans import Loan, newest_first
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.repository.collections import ALLOWANCES
from shared.auth.actor import Actor
from shared.domain.address import Address
from shared.http.asking import Asking

PATIENTS = "patient"


@dataclass(frozen=True)
class AidsOfPatient:
    """What a patient has, had and has ordered, as far as the reader may see it."""

    patient_ref: str
    name: str
    address: tuple[str, ...]
    loans: tuple[Loan, ...]
    ordered: tuple[DeviceOrder, ...]
    names: DeviceCatalogue


class Aids:
    """The lists of aids."""

    def __init__(self, desk: Desk, devices: DeviceDesk) -> None:
        self.clock = desk.clock
        self._desk = desk
        self._devices = devices

    async def of_patient(self, patient_ref: str, ask: Asking) -> AidsOfPatient:
        """Read the list, audited. Raises NotFound and Forbidden; a guardian of a child from 13 calls (Q7)."""
        actor, queries = ask.actor, self._devices.devices
        present = await self._desk.ordering.present_ref(patient_ref)
        if actor.has(PATIENTS):
            await self._desk.allowance_for(present, actor)
        known = await self._desk.repository.show(ALLOWANCES.ref(present), asked=ask)
        loans, orders = await queries.loans_of(present), await queries.open_orders(present)
        seen = [each for each in orders if _sees(actor, each.product_area, each.care_unit)]
        names = await queries.names_of(
            {*(each.article_no for each in loans if each.article_no), *_articles_of(seen)},
            {*(each.care_unit for each in loans if each.care_unit), *(each.care_unit for each in seen)},
            {each.device_no for each in loans if each.device_no},
        )
        register = register_of(known.person, self._desk.seals, on=self.clock.today())
        return AidsOfPatient(
            patient_ref=present,
            name=register.name or "",
            address=_lines_of(register.address),
            loans=tuple(each for each in newest_first(loans) if _sees_loan(actor, each, names.articles)),
            ordered=tuple(sorted(seen, key=lambda each: each.sent_at, reverse=True)),
            names=names,
        )


def _sees(actor: Actor, area: str, unit: str | None) -> bool:
    """Other areas and units are not shown to staff (S73, S158); who is here as the patient sees all."""
    return actor.has(PATIENTS) or actor.covers(area=area, unit=unit)


def _sees_loan(actor: Actor, loan: Loan, articles: Mapping[str, DeviceArticle]) -> bool:
    """Show staff the loans of their areas, whichever unit handed out; one of an unknown area to nobody."""
    article = articles.get(loan.article_no or "")
    area = loan.product_area or (article.product_area if article else "")
    return loan.article_no is not None and _sees(actor, area, None)


def _articles_of(orders: Iterable[DeviceOrder]) -> set[str]:
    return {
        order.progress(each.line.line_no).article_no or each.line.article_no
        for order in orders
        for each in order.lines
    }


def _lines_of(address: Address | None) -> tuple[str, ...]:
    if address is None:
        return ()
    lines = (address.line1, address.line2, f"{address.postal_code} {address.city}")
    return tuple(each for each in lines if each)
