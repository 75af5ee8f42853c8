"""Where devices may be collected from, by product area and article, as the region's data say (S139, Q54)."""

from dataclasses import dataclass
from datetime import date

from services.ordering.domain.collecting.order import Place
from services.ordering.domain.devices.copies import DeviceArticle
from shared.domain.days import Period
from shared.domain.decision import Sentence


@dataclass(frozen=True)
class PlaceRow:
    """A place for some product areas, or for all that no other row of the place names, on some days."""

    place: Place
    period: Period
    text: Sentence
    """Explains the place to who chooses it."""
    product_areas: tuple[str, ...] = ()
    is_used: bool = True
    bulky_or_advanced_only: bool = False


@dataclass(frozen=True)
class CollectionPlaces:
    """Every row."""

    rows: tuple[PlaceRow, ...]

    def row(self, place: Place, *, area: str, on: date) -> PlaceRow | None:
        """Find the row for an area that day; None where no row says the place is used."""
        rows = [each for each in self.rows if each.place == place and each.period.covers(on)]
        named = [each for each in rows if area in each.product_areas]
        fitting = named or [each for each in rows if not each.product_areas]
        return fitting[0] if fitting else None

    def allows(self, place: Place, article: DeviceArticle, *, on: date) -> bool:
        """Tell whether a device of the article is collected there that day.

        What is not known to be small is treated as bulky: it can be collected, and nobody has to carry it.
        """
        row = self.row(place, area=article.product_area, on=on)
        if row is None or not row.is_used:
            return False
        return not row.bulky_or_advanced_only or article.bulky is not False or article.advanced
