"""Inventory's collections and their indexes."""

from services.inventory.domain.article import Article
from services.inventory.domain.importing import (
    CatalogueImport,
    StagedArticle,
)
from shared.events.billing import TariffPublished
from shared.repository import Collection

ARTICLES = Collection("articles", Article, indexes=("variant_of",))
IMPORTS = Collection("imports", CatalogueImport)
STAGED = Collection("staged_articles", StagedArticle, indexes=("article_no",))
TARIFFS = Collection("tariffs", TariffPublished)

COLLECTIONS = (ARTICLES, IMPORTS, STAGED, TARIFFS)
