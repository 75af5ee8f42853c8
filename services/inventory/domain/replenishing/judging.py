"""Whether an article may be ordered to a storeroom, and which warehouse brings it (Q50, S115)."""

from collections.abc import Mapping

from services.inventory.domain.article import Article
from services.inventory.domain.goods.levels import Stopped
from services.inventory.domain.places import Storeroom
from services.inventory.domain.replenishing.refusals import NotReplenished
from shared.domain.decision import Sentence

WHY_STOPPED: Mapping[Stopped, Sentence] = {
    "outgoing": Sentence(
        "Artikeln är utgående och fylls inte på längre. Använd det som finns, eller välj en annan artikel.",
        "The article is going out and is replenished no more. Use what is left, or choose another article.",
    ),
    "discontinued": Sentence(
        "Artikeln har utgått och fylls inte på längre. Välj en annan artikel.",
        "The article is discontinued and is replenished no more. Choose another article.",
    ),
    "earlier": Sentence(
        "Artikeln är ur ett tidigare sortiment och fylls inte på. Välj en annan artikel.",
        "The article is of an earlier assortment and is not replenished. Choose another article.",
    ),
    "outside": Sentence(
        "Artikeln ingår inte i något sortiment och fylls inte på. Välj en annan artikel.",
        "The article is in no assortment and is not replenished. Choose another article.",
    ),
    "not_from_warehouse": Sentence(
        "Artikeln kommer inte från huvudlagret. Beställ den av leverantören, eller välj en annan artikel.",
        "The article does not come from the warehouse. Order it of its supplier, or choose another article.",
    ),
    "no_supplier": Sentence(
        "Artikelns leverantör tar inte emot inköp här. Beställ hos leverantören på annat sätt.",
        "The article's supplier takes no purchases here. Order of the supplier in another way.",
    ),
    "not_in_catalogue": Sentence(
        "Artikeln finns inte bland hjälpmedlen. Kontrollera artikelnumret.",
        "The article is not among the devices. Check the article number.",
    ),
}


def why_not_replenished(article: Article | None) -> Stopped | None:
    """Say why an article is not ordered to a storeroom; None when it may be (Q50)."""
    device = article.device if article else None
    if article is None or device is None:
        return "not_in_catalogue"
    if article.status != "active":
        return article.status
    if device.assortment == "earlier":
        return "earlier"
    if device.assortment not in {"standard", "other"}:
        return "outside"
    return None if "warehouse" in device.sources else "not_from_warehouse"


def supplier_of(storeroom: Storeroom, places: Mapping[str, Storeroom]) -> Storeroom:
    """Give the first open warehouse that supplies an open storeroom. Raises NotReplenished."""
    if storeroom.kind == "storeroom" and storeroom.active and storeroom.care_units:
        for number in storeroom.supplied_by:
            found = places.get(number)
            if found is not None and found.active and found.kind == "warehouse":
                return found
    raise NotReplenished(storeroom_no=storeroom.storeroom_no)
