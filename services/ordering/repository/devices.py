"""Ordering's queries about devices."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from services.ordering.domain.devices.attachments import Attachment
from services.ordering.domain.devices.basket import Basket
from services.ordering.domain.devices.catalogue import DeviceCatalogue, OnLoan, named_in
from services.ordering.domain.devices.copies import (
    Device,
    DeviceArticle,
    DeviceRules,
    Prescriber,
)
from services.ordering.domain.devices.fee_correction import FeeCorrection
from services.ordering.domain.devices.lines import Line
from services.ordering.domain.devices.loans import Loan
from services.ordering.domain.devices.order import DeviceOrder
from services.ordering.repository.collections import (
    ATTACHMENTS,
    BASKETS,
    CARE_UNITS,
    DEVICE_ARTICLES,
    DEVICE_LOANS,
    DEVICE_ORDERS,
    DEVICE_RULES,
    DEVICES,
    FEE_CORRECTIONS,
    PRESCRIBERS,
    STOREROOMS,
    TARIFFS,
)
from services.ordering.repository.withdrawals import PAGE
from shared.domain.decision import NotFound
from shared.repository import Page, Place, Repository, moment_text

RULES = "devices"
"""The rule book about devices is one document."""
LONGEST_LIST = 200
LONGEST_CHAIN = 10
"""A replacement may itself be replaced; so many times is followed."""


class DeviceOrdering:
    """The questions that ordering asks of what it keeps about devices."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._tariffs = repository.remembered(TARIFFS)
        self._storerooms = repository.remembered(STOREROOMS)
        self._care_units = repository.remembered(CARE_UNITS)
        self._known_articles = repository.remembered(DEVICE_ARTICLES)
        self._prescribers = repository.remembered(PRESCRIBERS)
        self._rules = repository.remembered(DEVICE_RULES)

    async def rules(self) -> DeviceRules | None:
        """Give the rule book about devices, at most a second old; None when it was never published."""
        return next(iter(await self._rules.find({})), None)

    async def prescriber(self, prescriber_id: str) -> Prescriber | None:
        """Find a prescriber in the register, at most a second old (Q42)."""
        return next(iter(await self._prescribers.some((prescriber_id,))), None)

    async def device(self, device_no: str) -> Device:
        """Find a device by its number, also by one that it had (Q12); raises NotFound."""
        known = await self.repository.get(DEVICES.maybe(device_no))
        if known is not None:
            return known
        for field in ("label", "former_numbers"):
            for found in await self.repository.find(DEVICES, {field: device_no}, limit=1):
                return found
        raise NotFound("device", device_no)

    async def of_the_unit(self, device_nos: Iterable[str]) -> frozenset[str]:
        """Name those devices that are the property of a care unit (Q44)."""
        owners = await self.owners_of(device_nos)
        return frozenset(number for number, owner in owners.items() if owner == "care_unit")

    async def owners_of(self, device_nos: Iterable[str]) -> dict[str, str]:
        """Say whose property each device is, by number; one that is not published yet is left out."""
        wanted = sorted(set(device_nos))
        found = await self.repository.get(DEVICES.maybe_many(wanted)) if wanted else ()
        return {each.device_no: str(each.owner) for each in found if each}

    async def catalogue_for(
        self, lines: Iterable[Line], *, care_unit: str, patient_ref: str
    ) -> DeviceCatalogue:
        """Give our copies of all that some lines name, and what the patient has on loan (Q38, Q48)."""
        listed = tuple(lines)
        # What is asked for at the same moment is one query.
        lent, serving, units = await asyncio.gather(
            self._on_loan(patient_ref),
            self._storerooms.find({"care_units": care_unit}, limit=LONGEST_LIST),
            self._care_units.some({care_unit}),
        )
        others = {each.storeroom_no for each in listed if each.storeroom_no}
        articles, elsewhere, labels = await asyncio.gather(
            self._articles(named_in(listed) | {each.article_no for each in lent}),
            self._storerooms.some(others),
            self._labels(each.device_no for each in listed if each.device_no),
        )
        places = (*serving, *elsewhere)
        return DeviceCatalogue(
            articles={each.article_no: each for each in articles},
            storerooms={each.storeroom_no: each for each in places},
            care_units={each.care_unit: each for each in units},
            tariffs=tuple(await self._tariffs.find({}, sort="-valid_from")),
            on_loan=lent,
            labels=labels,
        )

    async def names_for(
        self,
        orders: Iterable[DeviceOrder],
        *,
        care_units: Iterable[str] = (),
        storerooms: Iterable[str] = (),
        articles: Iterable[str] = (),
    ) -> DeviceCatalogue:
        """Give our copies of the articles, places and units that orders are shown with (Q38).

        Others that are shown beside them are named as they are.
        """
        listed = tuple(orders)
        named = named_in(each.line for order in listed for each in order.lines)
        named |= {goods.article_no for order in listed for each in order.parcels for goods in each.lines}
        named |= {each.article_no for order in listed if order.reserved for each in order.reserved.lines}
        found, places, units, labels = await asyncio.gather(
            self._known_articles.some(named | set(articles)),
            self._storerooms.some({each.storeroom_no for each in listed} | set(storerooms)),
            self._care_units.some({each.care_unit for each in listed} | set(care_units)),
            self._labels(no for each in listed for no in each.device_nos),
        )
        return DeviceCatalogue(
            articles={each.article_no: each for each in found},
            storerooms={each.storeroom_no: each for each in places},
            care_units={each.care_unit: each for each in units},
            labels=labels,
        )

    async def names_of(
        self, articles: Iterable[str], care_units: Iterable[str], device_nos: Iterable[str] = ()
    ) -> DeviceCatalogue:
        """Give our copies of some articles, care units and devices, to show names and labels (Q12, Q38)."""
        found = await self._known_articles.some(set(articles))
        units = await self._care_units.some(set(care_units))
        return DeviceCatalogue(
            articles={each.article_no: each for each in found},
            storerooms={},
            care_units={each.care_unit: each for each in units},
            labels=await self._labels(device_nos),
        )

    async def people_named(self, people: Iterable[str | None]) -> dict[str, str]:
        """Give the names of those who are in the register of prescribers (Q38, Q42)."""
        found = await self._prescribers.some({each for each in people if each})
        return {each.prescriber: each.name for each in found}

    async def orders_of_patient(
        self, patient_ref: str, *, only_open: bool = False, after: Place | None = None
    ) -> Page[DeviceOrder]:
        """List a patient's device orders, the latest first (S158)."""
        return await self._orders({"patient_ref": patient_ref}, only_open=only_open, after=after)

    async def orders_of_unit(
        self, care_unit: str, *, only_open: bool = False, after: Place | None = None
    ) -> Page[DeviceOrder]:
        """List a care unit's device orders, the latest first."""
        return await self._orders({"care_unit": care_unit}, only_open=only_open, after=after)

    async def fee_corrections_waiting(
        self, care_unit: str, *, after: Place | None = None
    ) -> Page[FeeCorrection]:
        """List what waits for a second person at a care unit, the oldest first (S97)."""
        where = {"care_unit": care_unit, "state": "asked"}
        return await self.repository.page(
            FEE_CORRECTIONS, where, sort="asked_at", limit=LONGEST_LIST, after=after
        )

    async def baskets_of(self, owner: str, *, after: Place | None = None) -> Page[Basket]:
        """List what a person has begun, the latest first (S85)."""
        return await self.repository.page(
            BASKETS, {"owner": owner}, sort="-touched_at", limit=LONGEST_LIST, after=after
        )

    async def baskets_for(self, patient_ref: str) -> list[Basket]:
        """List every basket for a patient, whoever has begun it."""
        return await self.repository.about(BASKETS, "patient_ref", patient_ref)

    async def open_orders(self, patient_ref: str) -> list[DeviceOrder]:
        """List a patient's orders that something may still come of."""
        where = {"patient_ref": patient_ref, "is_over": {"$ne": True}}
        orders = await self.repository.whole(DEVICE_ORDERS, where)
        return [each for each in orders if not each.is_over]

    async def waiting_at_unit(self, *, before: datetime) -> list[DeviceOrder]:
        """Give a page of orders whose goods wait at the unit since then, and nobody was reminded (Q43)."""
        where = {"is_reminded": False, "waits_since": {"$lte": moment_text(before)}}
        return await self.repository.find(DEVICE_ORDERS, where, sort="waits_since", limit=PAGE)

    async def some_of(self, patient_ref: str) -> list[DeviceOrder]:
        """Give a page of a patient's device orders, to be moved to another reference (S65)."""
        return await self.repository.find(DEVICE_ORDERS, {"patient_ref": patient_ref}, limit=PAGE)

    async def some_attachments_of(self, patient_ref: str) -> list[Attachment]:
        """Give a page of what is attached for a patient, to be moved to another reference (S65)."""
        return await self.repository.find(ATTACHMENTS, {"patient_ref": patient_ref}, limit=PAGE)

    async def loans_of(self, patient_ref: str) -> list[Loan]:
        """List what a patient has, and had, as far as ordering knows."""
        return await self.repository.about(DEVICE_LOANS, "patient_ref", patient_ref)

    async def _orders(
        self, where: dict[str, str], *, only_open: bool, after: Place | None
    ) -> Page[DeviceOrder]:
        # Not `False`: documents of the version before do not say it.
        condition = {**where, "is_over": {"$ne": True}} if only_open else where
        return await self.repository.page(
            DEVICE_ORDERS, condition, sort="-sent_at", limit=LONGEST_LIST, after=after
        )

    async def _labels(self, device_nos: Iterable[str]) -> dict[str, str]:
        """Give what stands on the labels of those devices that got another number (Q12)."""
        wanted = sorted(set(device_nos))
        found = await self.repository.get(DEVICES.maybe_many(wanted)) if wanted else ()
        return {each.device_no: each.label for each in found if each and each.label}

    async def _on_loan(self, patient_ref: str) -> tuple[OnLoan, ...]:
        loans = await self.loans_of(patient_ref)
        return tuple(
            OnLoan(each.article_no, each.device_no or "", each.loan_id, each.collection_no)
            for each in loans
            if each.article_no and not each.is_over
        )

    async def _articles(self, numbers: set[str]) -> tuple[DeviceArticle, ...]:
        """Give articles with their components, and all that replaces them, one after the other (S89)."""
        found: tuple[DeviceArticle, ...] = ()
        asked: set[str] = set()
        for _ in range(LONGEST_CHAIN):
            more = numbers - asked
            if not more:
                break
            asked |= more
            new = await self._known_articles.some(more)
            found = (*found, *new)
            numbers = named_in((), new)
        return found
