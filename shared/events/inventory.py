"""What inventory tells: the catalogue, article by article."""

from decimal import Decimal
from typing import ClassVar, Literal

from shared.events.fact import Fact


class ArticleChanged(Fact):
    """A snapshot of an article: newest version wins."""

    topic: ClassVar[str] = "inventory.article_changed.v1"
    about: ClassVar[str] = "article_no"

    article_no: str
    version: int
    name: str
    product_area: str
    subgroup: str
    """One of the guide's thirteen subgroups, as a key (S57 to S60)."""
    distributor: str
    """The distributor's id; its queue is `distributor.<id>.orders`."""
    supplier_article_no: str
    gtin: str | None = None
    pieces_per_package: int
    piece: str = "st"
    """What one piece is called: st, flaska, portion ..."""
    package_price: Decimal
    """SEK per package."""
    warn_above_packages: int | None = None
    """Packages per 30 days above which a prescriber is warned of a likely mis-click (S19)."""
    is_generic: bool = False
    """Prescribed without flavour: the patient chooses among its variants (S53, S54)."""
    variant_of: str | None = None
    """The generic article that this one is a flavour or shape of."""
    variant_name: str | None = None
    status: Literal["active", "outgoing", "discontinued"] = "active"
    replaced_by: str | None = None
