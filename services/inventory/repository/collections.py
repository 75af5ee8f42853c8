"""Inventory's collections and their indexes."""

from services.inventory.domain.article import Article
from services.inventory.domain.importing import (
    CatalogueImport,
    StagedArticle,
)
from services.inventory.domain.places import CareUnit, Storeroom
from shared.events.billing import TariffPublished
from shared.repository import Collection

ARTICLES = Collection("articles", Article, indexes=("variant_of",))
IMPORTS = Collection("imports", CatalogueImport)
STAGED = Collection("staged_articles", StagedArticle, indexes=("article_no",))
TARIFFS = Collection("tariffs", TariffPublished)
CARE_UNITS = Collection("care_units", CareUnit)
STOREROOMS = Collection("storerooms", Storeroom, indexes=("care_units",))

COLLECTIONS = (ARTICLES, IMPORTS, STAGED, TARIFFS, CARE_UNITS, STOREROOMS)
