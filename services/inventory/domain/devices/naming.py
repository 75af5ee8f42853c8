"""Devices and articles by name, as tasks say them (Q38)."""

from collections.abc import Mapping

from services.inventory.domain.article import Article
from services.inventory.domain.devices.device import Device


def device_named(device: Device, articles: Mapping[str, Article]) -> str:
    """Name a device: its article, and what stands on its label (Q12)."""
    return f"{article_named(device.article_no, articles)}, {device.number_on_label}"


def article_named(article_no: str, articles: Mapping[str, Article]) -> str:
    """Name an article; one that nobody knows by its number."""
    article = articles.get(article_no)
    return article.name if article else article_no
