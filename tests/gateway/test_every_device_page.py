"""Every page about devices: no obstacle that axe finds, nothing too wide, no complaint, a picture of each."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.gateway.clinic import Numbers, furnished
from tests.gateway.driving import browser, sitting
from tests.gateway.site import Site, running
from tests.gateway.test_every_page import OFTEN, WAYS, seen

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with browser() as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clinic(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Site, Numbers]]:
    async with running(tmp_path_factory.mktemp("clinic")) as site:
        yield site, await furnished(site)


def pages(who: str, of: Numbers) -> Iterator[tuple[str, str]]:
    """Give each page of a person with the name of its picture."""
    if who == "sleep_nurse":
        yield "devices", f"/patients/{of.ref}"
        yield "order-devices", f"/patients/{of.ref}/order"
        yield "hand-out", f"/patients/{of.ref}/hand-out?device=D100003"
        yield "return", f"/patients/{of.ref}/return"
        yield "collect", f"/patients/{of.ref}/collect"
        yield "device-orders", "/device-orders"
        yield "device-order", f"/device-orders/{of.order}"
        yield "handed-out", f"/device-orders/{of.hand_out}?sent={of.hand_out}"
        yield "collections", "/collections"
        yield "collection", f"/collections/{of.collection}?sent=1"
        yield "store", "/store"
        yield "stock", "/stock"
        yield "receive", "/store/receive?article=910300"
        yield "deliveries", "/deliveries"
        yield "replenishments", "/replenishments"
        yield "replenishment", f"/replenishments/{of.replenishment}"
        yield "replenish", "/replenishments/new"
        yield "templates", "/templates"
        yield "template", f"/templates/{of.template}"
        yield "stocktakes", "/stocktakes"
        yield "count", "/stocktakes/DEMO-S1/count"
        yield "labels", "/labels"
        yield "maintenance", "/maintenance"
        yield "device", "/devices/D100002"
        yield "to-whom", "/devices/D100003/hand-out"
        yield "catalogue", "/catalogue"
        yield "class", "/catalogue/0403"
        yield "found-articles", "/catalogue?text=cpap&wide=yes"
        yield "article", "/articles/910001"
        yield "columns", "/columns"
        yield "start-devices", "/"
    elif who == "warehouse_keeper":
        yield "picking", "/picking"
        yield "pick-list", f"/picking/{of.order}"
        yield "arriving", "/collections/arriving"
        yield "close", f"/collections/{of.collection}/close"
        yield "recalls", "/recalls"
        yield "recall", f"/recalls/{of.recall}"
    else:
        yield "job", f"/maintenance-jobs/{of.job}"


@pytest.mark.parametrize(
    "way",
    [pytest.param(each, marks=[] if each in OFTEN else pytest.mark.long) for each in WAYS],
    ids=lambda each: "-".join(str(part) for part in each.values()),
)
async def test_no_device_page_has_an_obstacle(
    chromium: Browser, clinic: tuple[Site, Numbers], way: dict[str, Any]
) -> None:
    site, numbers = clinic
    name = f"{way['width']}-{way['locale'][:2]}-{way['color_scheme']}"
    found: dict[str, list[str]] = {}
    async with sitting(chromium, site, **way) as person:
        for who in ("sleep_nurse", "warehouse_keeper", "technician"):
            await person.page.goto(f"{site.gateway_url}/sign-in")
            await person.page.locator(f"button[value={who}]").click()
            for picture, path in pages(who, numbers):
                answer = await person.page.goto(site.gateway_url + path)
                assert answer is not None
                assert answer.status == 200, path
                for each in await seen(person, f"{picture}-{name}"):
                    found.setdefault(each, []).append(path)

        assert found == {}
        assert person.troubles == []
