"""Follows what replaces an article to the end of the chain (S89, Q50)."""

from collections.abc import Mapping

from services.inventory.domain.article import Article

LONGEST_CHAIN = 10
"""A replacement may itself be replaced; so many times is followed."""


def last_replacement(article_no: str, articles: Mapping[str, Article]) -> Article | None:
    """Give the article in force at the end of a chain of replacements; None when there is none."""
    article, seen = articles.get(article_no), {article_no}
    while article is not None and article.status != "active" and article.replaced_by not in seen:
        seen.add(article.replaced_by or "")
        article = articles.get(article.replaced_by or "")
    if article is None or article.article_no == article_no or article.status != "active":
        return None
    return article
