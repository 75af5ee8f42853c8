"""What is said of a device to who chooses: its status, and why it cannot be ordered (S162, S167, Q50)."""

from dataclasses import dataclass

from services.inventory.domain.article import Article
from shared.domain.decision import Sentence

STATUS_NAMES = {
    "active": Sentence("Aktiv", "Active"),
    "outgoing": Sentence("Utgående", "Outgoing"),
    "discontinued": Sentence("Utgått", "Discontinued"),
}
TYPE_NAMES = {
    "main_aid": Sentence("Huvudhjälpmedel", "Main aid"),
    "accessory": Sentence("Tillbehör", "Accessory"),
    "spare_part": Sentence("Reservdel", "Spare part"),
}
MAY_NOT_FIT = Sentence(
    "Komponenterna nedan kanske inte passar till hjälpmedlet. Fråga en hjälpmedelskonsulent om du är osäker.",
    "The components below may not fit the device. Ask a consultant for assistive devices if you are unsure.",
)
OUTSIDE = Sentence(
    "Artikeln ingår inte i något sortiment. Välj en annan artikel.",
    "The article is in no assortment. Choose another article.",
)
EARLIER = Sentence(
    "Artikeln är ur ett tidigare sortiment och finns inte kvar i ditt förråd. Välj en annan artikel.",
    "The article is of an earlier assortment, and your storeroom has none left. Choose another article.",
)
GONE = Sentence(
    "Artikeln köps inte in längre, och ingen finns kvar där du kan beställa.",
    "The article is not purchased any more, and none is left where you can order.",
)
CHOOSE_ANOTHER = Sentence("Välj en annan artikel.", "Choose another article.")
ONLY_STOREROOM = Sentence(
    "Artikeln lämnas bara ut från eget förråd, och där finns ingen. Fyll på förrådet, eller välj en annan.",
    "The article comes only from an own storeroom, and none is there. Refill it, or choose another.",
)
NOT_HERE = Sentence(
    "Artikeln lämnas varken ut från förråd eller huvudlager. Välj en annan artikel.",
    "The article comes neither from a storeroom nor from a warehouse. Choose another article.",
)


@dataclass(frozen=True)
class Free:
    """Base units that are promised to nobody where somebody can take them or order them."""

    in_storerooms: int = 0
    in_warehouses: int = 0


def why_not_ordered(article: Article, free: Free, *, instead: Article | None) -> Sentence | None:
    """Say why a device cannot be ordered now, and what to do; None when it can (S162, S167).

    Whether a person may order its class is ordering's to say (Q42).
    """
    device = article.device
    if device is None or device.assortment not in {"standard", "other", "earlier"}:
        return OUTSIDE
    sources = {"storeroom"} if device.assortment == "earlier" else set(device.sources)
    if "storeroom" in sources and free.in_storerooms:
        return None
    if "warehouse" in sources and (article.status == "active" or free.in_warehouses):
        return None
    if device.assortment == "earlier":
        return EARLIER
    if article.status != "active":
        return GONE + (_choose(instead) if instead else CHOOSE_ANOTHER)
    return ONLY_STOREROOM if "storeroom" in sources else NOT_HERE


def _choose(article: Article) -> Sentence:
    named = f"{article.name} ({article.article_no})"
    return Sentence(f"Välj {named} i stället.", f"Choose {named} instead.")
