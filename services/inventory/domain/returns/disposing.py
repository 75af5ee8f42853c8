"""What becomes of goods that come back: to another patient, or scrapped (S147, S148, Q44, Q45, Q46)."""

from collections.abc import Mapping

from services.inventory.domain.article import Article
from services.inventory.domain.orders.order import Disposition
from services.inventory.domain.places import Storeroom
from services.inventory.domain.returns.refusals import (
    AnotherUnitsProperty,
    CollectedOnly,
    NotScrappedHere,
    UsedIsScrapped,
)
from shared.domain.decision import Refused

Articles = Mapping[str, Article]


def is_reusable(article: Article | None) -> bool:
    """Tell whether another patient may use a piece: a main aid or a marked one, not a mask or a hose."""
    if article is None or article.device is None:
        return False
    return article.device.marked or article.device.article_type == "main_aid"


def usual(article: Article | None) -> Disposition:
    """Give what becomes of a component unless somebody says otherwise (Q46)."""
    return "return" if is_reusable(article) else "scrap"


def against_disposition(
    article: Article | None, disposition: Disposition, *, owner: str
) -> type[Refused] | None:
    """Say what speaks against it: the centre's is not scrapped, what is used up is not lent again."""
    if disposition == "return":
        return None if is_reusable(article) else UsedIsScrapped
    return NotScrappedHere if owner == "central" and is_reusable(article) else None


def against_taking(
    article: Article | None,
    disposition: Disposition,
    *,
    owner: str,
    unit: str,
    area: str,
    storeroom: Storeroom,
) -> type[Refused] | None:
    """Say what speaks against taking something back here, tracked or counted (Q45).

    `unit`: whose property it is when it is a care unit's. `area`: in which it was lent.
    """
    refused = against_disposition(article, disposition, owner=owner)
    if refused is not None:
        return refused
    is_used_up = article is not None and not is_reusable(article)
    if disposition == "scrap" and not is_used_up and is_of_another_unit(owner, unit, storeroom):
        return AnotherUnitsProperty
    of_device = article.device if article else None
    is_main_aid = of_device is not None and of_device.article_type == "main_aid"
    is_collected = owner == "central" and is_main_aid and area in storeroom.collected_only
    return CollectedOnly if is_collected else None


def is_of_another_unit(owner: str, unit: str, storeroom: Storeroom) -> bool:
    return owner == "care_unit" and unit not in storeroom.care_units


def owner_of(article: Article | None) -> str:
    """Give whose property counted pieces are: no piece says it, so their article does (Q44)."""
    return article.device.owner if article and article.device else "central"
