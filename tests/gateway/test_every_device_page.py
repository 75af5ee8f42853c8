"""Every page about devices: no obstacle that axe finds, nothing too wide, no complaint, a picture of each."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.gateway.clinic import Numbers, furnished
from tests.gateway.driving import browser, sitting
from tests.gateway.site import Site, running
from tests.gateway.test_every_page import OFTEN, WAYS, seen

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

PAGES: dict[str, dict[str, str]] = {
    "sleep_nurse": {
        "devices": "/patients/{ref}",
        "order-devices": "/patients/{ref}/order",
        "hand-out": "/patients/{ref}/hand-out?device=D100003",
        "return": "/patients/{ref}/return",
        "collect": "/patients/{ref}/collect",
        "device-orders": "/device-orders",
        "device-order": "/device-orders/{order}",
        "handed-out": "/device-orders/{hand_out}?sent={hand_out}",
        "collections": "/collections",
        "collection": "/collections/{collection}?sent=1",
        "store": "/store",
        "stock": "/stock",
        "receive": "/store/receive?article=910300",
        "deliveries": "/deliveries",
        "replenishments": "/replenishments",
        "replenishment": "/replenishments/{replenishment}",
        "replenish": "/replenishments/new",
        "templates": "/templates",
        "template": "/templates/{template}",
        "stocktakes": "/stocktakes",
        "count": "/stocktakes/DEMO-S1/count",
        "labels": "/labels",
        "maintenance": "/maintenance",
        "device": "/devices/D100002",
        "to-whom": "/devices/D100003/hand-out",
        "catalogue": "/catalogue",
        "class": "/catalogue/0403",
        "found-articles": "/catalogue?text=cpap&wide=yes",
        "article": "/articles/910001",
        "columns": "/columns",
        "start-devices": "/",
        "baskets": "/baskets",
        "jobs": "/maintenance-jobs",
    },
    "warehouse_keeper": {
        "picking": "/picking",
        "pick-list": "/picking/{order}",
        "arriving": "/collections/arriving",
        "close": "/collections/{collection}/close",
        "recalls": "/recalls",
        "recall": "/recalls/{recall}",
    },
    "technician": {
        "job": "/maintenance-jobs/{job}",
    },
}
"""Of each person the pages, by the names of their pictures."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with browser() as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clinic(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Site, Numbers]]:
    async with running(tmp_path_factory.mktemp("clinic")) as site:
        yield site, await furnished(site)


@pytest.mark.parametrize(
    "way",
    [pytest.param(each, marks=[] if each in OFTEN else pytest.mark.full) for each in WAYS],
    ids=lambda each: "-".join(str(part) for part in each.values()),
)
async def test_no_device_page_has_an_obstacle(
    chromium: Browser, clinic: tuple[Site, Numbers], way: dict[str, Any]
) -> None:
    site, numbers = clinic
    name = f"{way['width']}-{way['locale'][:2]}-{way['color_scheme']}"
    found: dict[str, list[str]] = {}
    async with sitting(chromium, site, **way) as person:
        for who, pages in PAGES.items():
            await person.page.goto(f"{site.gateway_url}/sign-in")
            await person.page.locator(f"button[value={who}]").click()
            for picture, address in pages.items():
                path = address.format(**asdict(numbers))
                answer = await person.page.goto(site.gateway_url + path)
                assert answer is not None
                assert answer.status == 200, path
                for each in await seen(person, f"{picture}-{name}"):
                    found.setdefault(each, []).append(path)

        assert found == {}
        assert person.troubles == []
