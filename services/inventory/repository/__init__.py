"""What inventory keeps: its articles, and in each process an index to search them."""

from services.inventory.repository.articles import Catalogue
from services.inventory.repository.importing import ARTICLES, IMPORTS, STAGED, Imports
from services.inventory.repository.search import ArticleSearch, Hits, Wanted
from services.inventory.repository.tariffs import TARIFFS

COLLECTIONS = (ARTICLES, IMPORTS, STAGED, TARIFFS)

__all__ = ["ARTICLES", "COLLECTIONS", "TARIFFS", "ArticleSearch", "Catalogue", "Hits", "Imports", "Wanted"]
