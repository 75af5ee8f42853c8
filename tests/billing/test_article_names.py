"""A statement names the articles of its fees (S159, Q38)."""

from decimal import Decimal

from shared.events.inventory import ArticleChanged, DeviceArticle
from tests.billing.in_memory import Billing
from tests.billing.test_device_orders_in_memory import ON_LINE_1
from tests.billing.test_devices_in_memory import on_day

CPAP = ArticleChanged(
    article_no="90001",
    version=2,
    name="Demo-CPAP",
    product_area="cpap",
    supplier_article_no="S-1",
    package_price=Decimal(4000),
    device=DeviceArticle(iso_code="040312"),
)


async def names(billing: Billing) -> list[list[str]]:
    statement = await billing.statement(care_units=["DEMO-101"], product_areas=["devices"])
    return [each["article_names"] for each in statement.json()["fees"]]


async def test_a_fee_is_listed_with_the_newest_name_of_its_article(billing: Billing) -> None:
    await on_day(billing, 0, billing.patient(), ON_LINE_1)
    unknown = await names(billing)

    await billing.service.hear(CPAP)
    await billing.service.hear(CPAP.model_copy(update={"version": 1, "name": "Gammalt namn"}))

    assert (unknown, await names(billing)) == ([["90001"]], [["Demo-CPAP"]])
