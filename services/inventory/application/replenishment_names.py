"""Gathers the names of places and articles, and the recalls, that replenishments are shown with (Q38)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.inventory.application.replenishing import Replenishing
from services.inventory.domain.orders.order import DeviceOrder, Parcel
from services.inventory.repository.collections import RECALLS
from services.inventory.repository.places import PlaceQueries


@dataclass(frozen=True)
class Named:
    """Names by their numbers; a place that nobody imported is shown by its number."""

    articles: Mapping[str, str] = field(default_factory=dict)
    storerooms: Mapping[str, str] = field(default_factory=dict)
    care_units: Mapping[str, str] = field(default_factory=dict)
    recalls: Mapping[str, str] = field(default_factory=dict)
    """Why goods are recalled, by the number of the recall."""

    def article(self, article_no: str) -> str:
        return self.articles.get(article_no, "")

    def storeroom(self, storeroom_no: str) -> str:
        return self.storerooms.get(storeroom_no, storeroom_no)

    def care_unit(self, care_unit: str) -> str:
        return self.care_units.get(care_unit, care_unit)


async def named_for(
    replenishing: Replenishing, orders: Sequence[DeviceOrder], *, article_nos: Sequence[str] = ()
) -> Named:
    """Gather what these replenishments are shown with; `article_nos`: what else will be in them."""
    parcels = [parcel for order in orders for parcel in order.parcels]
    numbers = [
        *(no for order in orders for no in order.articles),
        *(each.article_no for parcel in parcels for each in parcel.goods),
        *(each.article_no for parcel in parcels for each in parcel.deviations),
        *article_nos,
    ]
    places = {order.storeroom_no for order in orders}
    places |= {order.replenishment.storeroom_no for order in orders if order.replenishment}
    rooms, units = await places_named(replenishing, places, {order.care_unit for order in orders})
    return Named(
        articles=await replenishing.warehouse.names(numbers),
        storerooms=rooms,
        care_units=units,
        recalls=await _reasons(replenishing, parcels),
    )


async def _reasons(replenishing: Replenishing, parcels: Sequence[Parcel]) -> Mapping[str, str]:
    marks = (mark for parcel in parcels for goods in parcel.goods for mark in goods.recalls)
    numbers = list(dict.fromkeys(each.recall_no for each in marks))
    found = await replenishing.repository.get(RECALLS.maybe_many(numbers))
    return {each.recall_no: each.reason for each in found if each}


async def places_named(
    replenishing: Replenishing, storerooms: set[str], care_units: set[str]
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Give the names of storerooms, and of care units."""
    queries = PlaceQueries(replenishing.repository)
    rooms = await queries.storerooms_named(storerooms)
    units = await queries.care_units_named(care_units)
    return {each.storeroom_no: each.name for each in rooms}, {each.id: each.name for each in units}
