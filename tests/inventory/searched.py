"""A search index, and what is found in it."""

from dataclasses import replace

from tests.inventory.foods import CHOCOLATE

KEPT = replace(CHOCOLATE, version=1)


KRAFT = replace(
    KEPT, article_no="900010", name="Demo Kraft 2 kcal fiber DRICK", supplier_article_no="K-77", gtin=None
)
