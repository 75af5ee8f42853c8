"""Whether an article may be purchased, and of whom (Q50, Q60)."""

from collections.abc import Callable, Mapping
from typing import Literal

from services.inventory.domain.article import Article
from services.inventory.domain.goods.levels import Stopped
from services.inventory.domain.replenishing.judging import WHY_STOPPED, why_not_replenished
from shared.domain.decision import Sentence

SupplierOf = Callable[[str | None], str | None]
"""Gives the id of the supplier that the catalogue calls so."""
Unit = Literal["PK", "EA", "PR"]
WHY_NOT_PURCHASED: Mapping[Stopped, Sentence] = {
    **WHY_STOPPED,
    "outgoing": Sentence(
        "Artikeln är utgående och köps inte in längre. Välj en annan artikel.",
        "The article is going out and is purchased no more. Choose another article.",
    ),
    "discontinued": Sentence(
        "Artikeln har utgått och köps inte in längre. Välj en annan artikel.",
        "The article is discontinued and is purchased no more. Choose another article.",
    ),
}


def why_not_purchased(article: Article | None, *, supplier_of: SupplierOf) -> Stopped | None:
    """Say why an article is not purchased for a warehouse; None when it may be (Q50)."""
    why = why_not_replenished(article)
    if why not in {None, "not_from_warehouse"}:
        return why
    device = article.device if article else None
    return None if device and supplier_of(device.supplier) else "no_supplier"


def unit_of(article: Article) -> Unit:
    """Name the unit that partners count it in: a package of several, or one base unit (Q60)."""
    if article.pieces_per_package > 1:
        return "PK"
    return "PR" if article.device is not None and article.device.uom == "pair" else "EA"
