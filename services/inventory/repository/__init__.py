"""What inventory keeps: its articles, and in each process an index to search them."""

from services.inventory.repository.articles import ARTICLES, Catalogue
from services.inventory.repository.search import ArticleSearch, Hits, Wanted

__all__ = ["ARTICLES", "ArticleSearch", "Catalogue", "Hits", "Wanted"]
