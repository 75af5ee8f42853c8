"""What a device order is judged by: articles, places, tariffs, and what the patient has (Q38, Q52)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.ordering.domain.catalogue import ArticleNotKnownYet
from services.ordering.domain.devices.copies import CareUnit, DeviceArticle, Storeroom
from services.ordering.domain.devices.lines import Line
from shared.domain.device_fees import price_device
from shared.domain.money import NOTHING, Money
from shared.domain.tariff import in_force
from shared.events.fees import DeviceFee, Tariff

FIGURES_OF_A_CLASS = 6
"""Devices whose first six figures of ISO 9999 agree are of one kind (Q48)."""


@dataclass(frozen=True)
class OnLoan:
    """A device that the patient has."""

    article_no: str
    device_no: str
    loan_id: str = ""
    collection_no: str | None = None
    """The open collection order that it is on."""


@dataclass(frozen=True)
class DeviceCatalogue:
    """Our copies of what some lines name, every tariff, and what the patient has on loan."""

    articles: Mapping[str, DeviceArticle]
    storerooms: Mapping[str, Storeroom]
    care_units: Mapping[str, CareUnit]
    tariffs: tuple[Tariff, ...] = ()
    on_loan: tuple[OnLoan, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    """What stands on a device's label now, by its number, where that is another one (Q12)."""

    def article(self, article_no: str) -> DeviceArticle:
        """Find an article; raises ArticleNotKnownYet."""
        found = self.articles.get(article_no)
        if found is None:
            raise ArticleNotKnownYet(article_no=article_no)
        return found

    def name_of(self, article_no: str) -> str:
        found = self.articles.get(article_no)
        return found.name if found else article_no

    def label_of(self, device_no: str) -> str:
        """Give the number that stands on the device's label now (Q12)."""
        return self.labels.get(device_no, device_no)

    def replacement_of(self, article_no: str) -> str | None:
        """Follow what replaces a discontinued article to the last of the chain (S89); None without one."""
        chain = [article_no]
        for _ in self.articles:  # as long as it can be
            other = self._instead_of(chain[-1])
            if other is None or other in chain:
                break
            chain.append(other)
        return chain[-1] if len(chain) > 1 else None

    def _instead_of(self, article_no: str) -> str | None:
        found = self.articles.get(article_no)
        return found.replaced_by if found and found.status == "discontinued" else None

    def place_name(self, storeroom_no: str) -> str:
        found = self.storerooms.get(storeroom_no)
        return found.name if found else storeroom_no

    def unit_name(self, care_unit: str) -> str:
        found = self.care_units.get(care_unit)
        return found.name if found else care_unit

    def serving(self, care_unit: str) -> tuple[Storeroom, ...]:
        """List where the care unit takes devices from, own storerooms and warehouses."""
        found = (each for each in self.storerooms.values() if each.serves(care_unit))
        return tuple(sorted(found, key=lambda each: each.storeroom_no))

    def fee_of(self, line: Line, *, fee_no: int, on: date) -> DeviceFee | None:
        """Price a line that is paid for, by the tariff of the day (Q37); raises NoTariff and NotPriced."""
        article = self.article(line.article_no)
        if not line.fee or article.fee_code is None:
            return None
        return price_device(
            in_force(self.tariffs, on=on),
            fee_code=article.fee_code,
            pieces=line.quantity,
            fee_no=fee_no,
            article_no=article.article_no,
        )

    def cost_of_one(self, line: Line) -> Money:
        """Add up what one device costs with the components on it (Q58); raises ArticleNotKnownYet."""
        costs = [self.article(line.article_no).price]
        costs += [self.article(each.article_no).price * each.quantity for each in line.components]
        return sum(costs, NOTHING)

    def of_the_same_kind(self, article: DeviceArticle, *, but: str | None = None) -> OnLoan | None:
        """Find a main aid of the same class that the patient has on loan, but the one exchanged (Q48)."""
        if article.article_type != "main_aid":
            return None
        kept = (each for each in self.on_loan if each.device_no != but)
        return next((each for each in kept if self._same_class(article, each.article_no)), None)

    def loan_of(self, device_no: str) -> OnLoan | None:
        """Find the loan under which the patient has a device (Q48)."""
        return next((each for each in self.on_loan if each.device_no == device_no), None)

    def _same_class(self, article: DeviceArticle, other_no: str) -> bool:
        other = self.articles.get(other_no)
        if other is None or other.article_type != "main_aid":
            return False
        return other.iso_code[:FIGURES_OF_A_CLASS] == article.iso_code[:FIGURES_OF_A_CLASS]


def named_in(lines: Iterable[Line], articles: Iterable[DeviceArticle] = ()) -> set[str]:
    """Name every article that some lines, and the components and replacements of articles, speak of."""
    listed, known = tuple(lines), tuple(articles)
    named = {each.article_no for each in listed}
    named |= {component.article_no for each in listed for component in each.components}
    named |= {component.article_no for each in known for component in each.components}
    return named | {each.replaced_by for each in known if each.replaced_by}
