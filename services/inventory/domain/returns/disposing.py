"""What becomes of goods that come back: to another patient, or scrapped (S147, S148, Q44, Q45, Q46)."""

from collections.abc import Mapping

from services.inventory.domain.article import Article
from services.inventory.domain.orders.order import Disposition
from services.inventory.domain.returns.refusals import NotScrappedHere, UsedIsScrapped
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
