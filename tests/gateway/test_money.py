"""An economist's pages over the real services: what takes two people, and charts with their figures."""

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from gateway.web.charts import bars
from tests.gateway.site import Site
from tests.gateway.surfing import prescribed, surfing, withdrawn
from tests.gateway.visiting import Surfer
from tools.demo.load import TARIFF

Surfing = tuple[Site, Surfer]
PERIOD = {"sent_from": "261101", "sent_through": "2026-11-30", "reason": "Leveranskris"}


@pytest.fixture
async def surf(tmp_path: Path) -> AsyncIterator[Surfing]:
    async with surfing(tmp_path) as (site, browser):
        await browser.signed_in("economist")
        yield site, browser


async def charged(site: Site) -> str:
    """Make a withdrawal with a fee of 120 kr; give its number."""
    ref = await site.registered()
    await prescribed(site, ref)
    return await withdrawn(site, ref)


def value_after(page: str, start: str) -> str:
    return page.split(start)[1].split('"', maxsplit=1)[0]


async def test_a_waiver_is_counted_and_proposed_by_one_and_decided_by_another(surf: Surfing) -> None:
    site, browser = surf
    await charged(site)

    counted = await browser.send("/money/waivers", **PERIOD, key="a" * 32, do="count")
    proposed = await browser.send("/money/waivers", **PERIOD, key="b" * 32, do="propose")
    waiver = value_after((await browser.http.get("/money/waivers")).text, 'value="decline:')
    own = await browser.send("/money/waivers", key="c" * 32, do=f"decide:{waiver}")
    await browser.signed_in("economist_2")
    others = (await browser.http.get("/money/waivers")).text
    decided = await browser.send("/money/waivers", key="d" * 32, do=f"decide:{waiver}")

    assert "1 avgift" in counted.text
    assert "120 kr" in counted.text
    assert f'value="decide:{waiver}"' not in proposed.text
    assert own.status_code == 422
    assert "Föreslogs av en annan ekonom" in others.replace("\n", " ")
    assert f'value="decide:{waiver}"' in others
    assert "Beslutat." in decided.text


async def test_a_fee_is_corrected_by_two_and_paused_by_one(surf: Surfing) -> None:
    site, browser = surf
    number = await charged(site)
    page = (await browser.http.get("/money/fees", params={"number": number.lower()})).text
    fee = value_after(page, 'name="reason:')
    right = {f"reason:{fee}": "LMA-kortet saknades", f"amount:{fee}": "50,00", "number": number}

    silent = await browser.send("/money/fees", number=number, key="a" * 32, do=f"correct:{fee}")
    asked = await browser.send("/money/fees", **right, key="b" * 32, do=f"correct:{fee}")
    mine = (await browser.http.get("/money/corrections")).text
    await browser.signed_in("economist_2")
    approved = await browser.send(
        "/money/corrections", **{f"amount:{fee}": "50.00"}, key="c" * 32, do=f"approve:{fee}"
    )
    after = (await browser.http.get("/money/fees", params={"number": number})).text

    assert silent.status_code == 422
    assert "En annan ekonom godkänner den." in asked.text
    assert f'value="approve:{fee}"' not in mine
    assert "Rättelsen är godkänd" in approved.text
    assert "50 kr" in after


async def test_a_tariff_is_drafted_tried_and_published_by_another(surf: Surfing) -> None:
    site, browser = surf
    await charged(site)
    form = {"valid_from": "2027-01-01", "types:specific_content": "250", "key": "a" * 32}
    await tariff_in_billing(site)

    drafted = await browser.send("/money/tariffs", **form)
    own = await browser.send(drafted.url.path, key="b" * 32, do="publish")
    await browser.signed_in("economist_2")
    published = await browser.send(drafted.url.path, key="c" * 32, do="publish")

    assert "250 kr" in drafted.text
    assert "ändras" in drafted.text
    assert 'value="publish"' not in drafted.text
    assert own.status_code == 422
    assert published.url.path == "/money/tariffs"
    assert "1 jan. 2027" in published.text


async def tariff_in_billing(site: Site) -> None:
    """Publish the demo's first tariff as two economists do."""
    billing = site.bus.services["billing"]
    draft = await billing.client.post(
        "/tariffs/drafts", json=json.loads(TARIFF.read_text()), headers=billing.once("economist")
    )
    path = f"/tariffs/drafts/{draft.json()['draft_id']}/publish"
    published = await billing.client.post(path, headers=billing.once("economist", sub="economist-2"))
    assert published.is_success, published.text


async def test_a_file_is_written_now_and_says_that_it_waits_for_an_answer(surf: Surfing) -> None:
    site, browser = surf
    empty = (await browser.http.get("/money/files")).text
    await charged(site)

    closed = await browser.send("/money/files", key="a" * 32, do="close")
    page = (await browser.http.get("/money/files")).text

    assert "Inga filer än." in empty
    assert "En ny fil skrivs" in closed.text
    assert "egenavgift_20261123-0001" in page
    assert "120 kr" in page


async def test_each_day_is_a_bar_and_a_row_with_the_same_figures(surf: Surfing) -> None:
    site, browser = surf
    billing = site.bus.services["billing"]
    await charged(site)
    await billing.run_jobs()
    site.bus.clock.move(hours=24)
    for _ in range(3):
        await billing.run_jobs()
    await browser.signed_in("economist")

    page = (await browser.http.get("/money")).text
    day = (await browser.http.get("/money/days/2026-11-23")).text

    assert page.count('class="chart__bar"') == 1
    assert "120 kr" in page
    assert "23 nov. 2026" in day


def test_bars_share_one_scale_and_hang_below_zero_for_what_is_paid_back() -> None:
    chart = bars([("a", Decimal(300)), ("b", Decimal(-100)), ("c", Decimal(0))])

    high, low, none = chart.bars
    assert (high.y, high.height, low.y, none.height) == (0.0, 120.0, 120.0, 0.0)
    assert low.height == 40.0
    assert bars([]).bars == ()


async def test_money_that_does_not_answer_leaves_words(surf: Surfing) -> None:
    site, browser = surf
    site.down.add("billing")

    for path in ("/money", "/money/files", "/money/waivers", "/money/corrections", "/money/tariffs"):
        page = await browser.http.get(path)
        assert page.status_code == 200
        assert "svarar inte just nu" in page.text
