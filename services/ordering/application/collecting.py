"""Reads what the rules of collection orders decide about, and finds them for those who may (S135 to S150)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.ordering.application.devices import DeviceDesk
from services.ordering.application.personal import register_of
from services.ordering.domain.collecting.order import CollectionOrder, Pickup, Place, State
from services.ordering.domain.collecting.places import CollectionPlaces
from services.ordering.domain.collecting.registering import CollectionRequest, DeviceWanted
from services.ordering.domain.delivery import Register
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.copies import DeviceArticle
from services.ordering.domain.devices.loans import Loan, newest_first
from services.ordering.domain.person import Person
from services.ordering.repository.collecting import CollectionsWanted, collections_found, collections_of
from services.ordering.repository.collections import ALLOWANCES, DEVICE_ARTICLES
from shared.auth.actor import Actor
from shared.auth.rule import EVERY_UNIT
from shared.domain.days import begins_at
from shared.domain.decision import NotFound
from shared.http import Forbidden
from shared.http.asking import Asking
from shared.repository import Page
from shared.repository import Place as Cursor


@dataclass(frozen=True)
class CollectionCriteria:
    """What a person searches for; days are both included."""

    care_unit: str | None = None
    since: date | None = None
    until: date | None = None
    state: State | None = None
    patient_ref: str | None = None
    mine: bool = False


@dataclass(frozen=True)
class Offered:
    """What of a patient may be collected, the open orders, and what is known to fill a form with."""

    patient_ref: str
    loans: tuple[Loan, ...]
    open_orders: tuple[CollectionOrder, ...]
    register: Register
    articles: dict[str, DeviceArticle]
    names: DeviceCatalogue


@dataclass(frozen=True)
class Wish:
    """A collection order as it was asked for; personal texts are sealed already."""

    patient_ref: str
    care_unit: str
    place: Place
    devices: tuple[DeviceWanted, ...]
    pickup: Pickup


class Collecting:
    """Where every request about collection orders comes in."""

    def __init__(self, desk: DeviceDesk, places: CollectionPlaces) -> None:
        self.desk = desk
        self.places = places

    async def offered(self, patient_ref: str, care_unit: str, ask: Asking) -> Offered:
        """Give what may be collected: not what is on an open order, nor the unit's own (S137, Q44).

        Raises Forbidden and NotFound; what others' areas have lent is not shown (S73).
        """
        desk, actor = self.desk, ask.actor
        present = await desk.ordering.present_ref(patient_ref)
        _demand_unit(actor, care_unit, present)
        known = await desk.repository.show(ALLOWANCES.ref(present), asked=ask)
        lent = [each for each in await desk.devices.loans_of(present) if not each.is_over and each.article_no]
        articles = await self._articles(each.article_no or "" for each in lent)
        owners = await desk.devices.owners_of(each.device_no or "" for each in lent)
        free = [
            each
            for each in newest_first(lent)
            if each.collection_no is None
            and owners.get(each.device_no or "") == "central"
            and (article := articles.get(each.article_no or ""))
            and actor.covers(area=article.product_area)
        ]
        orders = await collections_of(desk.repository, present)
        seen = tuple(each for each in orders if each.is_open and may_see(actor, each, anywhere=True))
        return Offered(
            patient_ref=present,
            loans=tuple(free),
            open_orders=seen,
            register=register_of(known.person, desk.seals, on=desk.clock.today()),
            articles=articles,
            names=await self.names(seen, free),
        )

    async def read(
        self, wish: Wish, actor: Actor, *, collection_no: str
    ) -> tuple[CollectionRequest, tuple[str, ...]]:
        """Give what the rule decides about, and the ids of the loans; raises Forbidden and NotFound."""
        desk = self.desk
        present = await desk.ordering.present_ref(wish.patient_ref)
        _demand_unit(actor, wish.care_unit, present)
        wanted = tuple([replace(each, device_no=await self._number(each.device_no)) for each in wish.devices])
        loans = {each.device_no: each for each in await desk.devices.loans_of(present) if not each.is_over}
        articles = await self._articles(
            found.article_no or "" for each in wanted if (found := loans.get(each.device_no))
        )
        if not all(actor.covers(area=each.product_area) for each in articles.values()):
            raise Forbidden(patient_refs=(present,))
        request = CollectionRequest(
            collection_no=collection_no,
            patient_ref=present,
            care_unit=wish.care_unit,
            place=wish.place,
            devices=wanted,
            pickup=wish.pickup,
            by=actor.sub,
            by_name=actor.name,
            at=desk.clock.now(),
            person=await self._person(present),
            articles=articles,
            owners=await desk.devices.owners_of(each.device_no for each in wanted),
            places=self.places,
        )
        ids = (found.loan_id if (found := loans.get(each.device_no)) else each.device_no for each in wanted)
        return request, tuple(ids)

    async def find(
        self, criteria: CollectionCriteria, actor: Actor, *, after: Cursor | None
    ) -> Page[CollectionOrder]:
        """Give a page of what the person may see, the latest first (S150); raises Forbidden."""
        if criteria.care_unit is not None and not actor.covers(unit=criteria.care_unit):
            raise Forbidden("not-your-unit")
        everywhere = actor.has(*EVERY_UNIT)
        own = None if everywhere else actor.care_units
        until, ref = criteria.until, criteria.patient_ref
        wanted = CollectionsWanted(
            care_units=own if criteria.care_unit is None else frozenset({criteria.care_unit}),
            product_areas=None if everywhere else actor.product_areas,
            since=begins_at(criteria.since) if criteria.since else None,
            before=begins_at(until + timedelta(days=1)) if until else None,
            state=criteria.state,
            patient_ref=await self.desk.ordering.present_ref(ref) if ref else None,
            registered_by=actor.sub if criteria.mine else None,
        )
        return await collections_found(self.desk.repository, wanted, after=after)

    async def names(self, orders: Iterable[CollectionOrder], loans: Iterable[Loan] = ()) -> DeviceCatalogue:
        """Give our copies of what collection orders and loans are shown with (Q12, Q38)."""
        listed, lent = tuple(orders), tuple(loans)
        devices = [row for each in listed for row in each.devices]
        articles = {each.article_no for each in devices} | {each.article_no or "" for each in lent}
        components = [part for row in devices for part in row.components]
        components += [part for each in lent for part in each.components]
        return await self.desk.devices.names_of(
            articles | {each.article_no for each in components},
            {each.care_unit for each in listed},
            {each.device_no for each in devices} | {each.device_no or "" for each in lent},
        )

    async def _articles(self, numbers: Iterable[str]) -> dict[str, DeviceArticle]:
        wanted = sorted(set(numbers))
        found = await self.desk.repository.get(DEVICE_ARTICLES.maybe_many(wanted))
        return {each.article_no: each for each in found if each}

    async def _number(self, device_no: str) -> str:
        try:
            return (await self.desk.devices.device(device_no)).device_no
        except NotFound:
            return device_no

    async def _person(self, patient_ref: str) -> Person | None:
        known = await self.desk.repository.get(ALLOWANCES.maybe(patient_ref))
        return known.person if known else None


def may_see(actor: Actor, order: CollectionOrder, *, anywhere: bool = False) -> bool:
    """Tell whether somebody works in all areas of the order, and at its care unit unless `anywhere`."""
    unit = None if anywhere else order.care_unit
    return all(actor.covers(area=each, unit=unit) for each in order.product_areas)


def demand_collection(actor: Actor, order: CollectionOrder) -> None:
    """Let those of the order's care unit and product areas in (S73); raises Forbidden."""
    if not may_see(actor, order):
        raise Forbidden("not-your-unit", patient_refs=(order.patient_ref,))


def seen_of(actor: Actor, orders: Sequence[CollectionOrder]) -> list[CollectionOrder]:
    """Keep of a page what the person may see."""
    return [each for each in orders if may_see(actor, each)]


def _demand_unit(actor: Actor, care_unit: str, patient_ref: str) -> None:
    if not actor.covers(unit=care_unit):
        raise Forbidden("not-your-unit", patient_refs=(patient_ref,))
