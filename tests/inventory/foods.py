"""Articles and a catalogue file that the inventory tests start from."""

from services.inventory.domain.article import Article
from shared.domain.money import Money

CHOCOLATE = Article(
    article_no="900002",
    name="Demodryck choklad 200 ml",
    product_area="foods",
    subgroup="supplement",
    distributor="demo-a",
    supplier_article_no="DX-1002",
    pieces_per_package=4,
    package_price=Money.of("96.00"),
    piece="flaska",
    gtin="09520000000103",
    warn_above_packages=60,
)

GENERIC_ROW = "900001;Demodryck (välj smak vid uttag) 200 ml;supplement;demo-a;DX-1001;4;96,00;;"
VARIANT_ROW = "900002;Demodryck choklad 200 ml;supplement;demo-a;DX-1002;4;96,00;900001;choklad"
HEADER = (
    "article_no;name;subgroup;distributor;supplier_article_no;pieces_per_package;package_price"
    ";variant_of;variant_name"
)


def file_of(*rows: str, header: str = HEADER) -> bytes:
    """Write a catalogue file of these rows."""
    return "\n".join((header, *rows, "")).encode()
