"""What is delivered instead of an article that is going out of the assortment (S89, Q50)."""

from collections.abc import Mapping
from dataclasses import replace

from services.inventory.domain.article import Article
from services.inventory.domain.orders.order import OrderLine
from services.inventory.domain.replacements import last_replacement
from shared.events.inventory import ArticleComponent


def replacement_of(article_no: str, articles: Mapping[str, Article]) -> Article | None:
    """Follow what replaces an article until one that the warehouse delivers now; None when there is none."""
    article = last_replacement(article_no, articles)
    fits = article is not None and article.device is not None and "warehouse" in article.device.sources
    return article if fits else None


def instead(line: OrderLine, article: Article) -> OrderLine:
    """Give the line with another article: its standard components, and those chosen that fit it (Q46)."""
    fitting = {each.article_no: each for each in (article.device.components if article.device else ())}
    chosen = {no: quantity for no, quantity in line.components if no in fitting}
    standard = {
        no: each.quantity for no, each in fitting.items() if _comes_with_it(each, removed=line.removed)
    }
    return replace(line, article_no=article.article_no, components=tuple((standard | chosen).items()))


def _comes_with_it(component: ArticleComponent, *, removed: tuple[str, ...]) -> bool:
    return component.standard and (component.article_no not in removed or not component.removable)
