"""Inventory owns the catalogue of articles.

It tells ArticleChanged, a snapshot for each article that changed; it hears TariffPublished.
"""
