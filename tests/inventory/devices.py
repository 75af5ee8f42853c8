"""Device articles and places that the inventory tests start from; the demo has the same."""

from services.inventory.domain.article import Article
from services.inventory.domain.places import CareUnit, Storeroom
from shared.domain.address import Address
from shared.domain.money import Money
from shared.events.inventory import ArticleComponent, DeviceArticle

CPAP = Article(
    article_no="910001",
    name="Demoluft CPAP",
    product_area="cpap",
    subgroup="",
    distributor="",
    supplier_article_no="AV-1001",
    pieces_per_package=1,
    package_price=Money.of("4800.00"),
    device=DeviceArticle(
        iso_code="040312",
        fee_code="HJM-CPAP",
        marked=True,
        needs_settings=True,
        components=(
            ArticleComponent(article_no="910100", standard=True, removable=False),
            ArticleComponent(article_no="910101", quantity=2, standard=True),
        ),
    ),
)

CLINIC = CareUnit(
    "DEMO-101", "Sömnmottagningen Demostad", Address("Demogatan 1", postal_code="12345", city="Demostad")
)
OWN_STOREROOM = Storeroom(
    "DEMO-S1", "Sömnmottagningens förråd", "storeroom", care_units=("DEMO-101",), supplied_by=("DEMO-W1",)
)
WAREHOUSE = Storeroom("DEMO-W1", "Centrallagret Demostad", "warehouse", care_units=("DEMO-101", "DEMO-102"))
