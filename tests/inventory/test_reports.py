"""Reports about stock and maintenance: a page, a file or a print, for who may see the places (S166, S131)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.inventory.domain.article import DatedPrice
from services.inventory.domain.reports.valuing import StockValue, price_on, turnover, value_of
from shared.domain.money import Money
from tests.inventory.shelves import CPAP, HAND_OUT, HOSE, keep_article, receive_cpaps, stocked
from tests.inventory.upkeep import EVERY_YEAR, post
from tests.support import InMemory

VALUE, TURNOVER, OVERDUE = "/reports/stock-value", "/reports/turnover", "/reports/overdue-maintenance"
PRICES = (
    DatedPrice(date(2026, 1, 1), Money.of(4000)), DatedPrice(date(2026, 7, 1), Money.of(5000)),
)  # fmt: skip
SHELF = {"storeroom_no": "DEMO-S1"}


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    """Three CPAPs and three hoses lie in the own storeroom; one of each was handed out."""
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-S1", ["D100001", "D100002", "D100003"], hoses=3)
    await receive_cpaps(inventory, "DEMO-W1", ["D100009"], hoses=0)
    await keep_article(inventory, replace(CPAP, prices=PRICES, package_price=Money.of(5000)))
    await inventory.hear(HAND_OUT)
    yield inventory
    await inventory.client.aclose()


async def clinic(service: InMemory, path: str, form: dict[str, Any], role: str = "order_placer") -> Any:
    return await post(service, path, form, role=role)


async def test_a_storerooms_value_is_by_the_prices_of_the_day_that_is_asked_for(service: InMemory) -> None:
    now = (await clinic(service, VALUE, SHELF)).json()
    then = (await clinic(service, VALUE, SHELF | {"priced_on": "2026-06-30"})).json()
    before = (await clinic(service, VALUE, SHELF | {"priced_on": "2025-12-31"})).json()
    area = (await clinic(service, VALUE, SHELF | {"product_area": "hearing"})).json()

    rows = (*now, *then, *before, *area)
    assert [(each["pieces"], each["value"], each["without_price"]) for each in rows] == [
        (4, "10180.00", 0), (4, "8180.00", 0), (4, "180.00", 2), (0, "0.00", 0),
    ]  # fmt: skip
    assert (now[0]["storeroom_name"], now[0]["priced_on"]) == ("Förrådet på Sömnmottagningen", "2026-11-23")


async def test_every_linked_storeroom_is_in_the_value_and_no_other(service: InMemory) -> None:
    own = (await clinic(service, VALUE, {})).json()
    everybodys = (await clinic(service, VALUE, {}, role="economist")).json()
    other = await clinic(service, VALUE, {"storeroom_no": "DEMO-S2", "form": "csv"})

    assert [each["storeroom_no"] for each in own] == ["DEMO-S1", "DEMO-W1"]
    assert [each["storeroom_no"] for each in everybodys] == ["DEMO-S1", "DEMO-S2", "DEMO-W1"]
    assert other.status_code == 404
    assert (await clinic(service, VALUE, {}, role="patient")).status_code == 403


async def test_what_left_a_storeroom_in_a_period_is_set_against_what_lies_there(service: InMemory) -> None:
    year = (await clinic(service, TURNOVER, SHELF)).json()
    before = (await clinic(service, TURNOVER, SHELF | {"until": "2026-11-22"})).json()
    reversed_days = SHELF | {"since": "2026-11-23", "until": "2026-11-22"}

    assert [(each["article_no"], each["used"], each["in_stock"], each["times"]) for each in year] == [
        ("910001", 1, 2, "0.5"), ("910100", 1, 2, "0.5"),
    ]  # fmt: skip
    assert [each["used"] for each in before] == [0, 0]
    assert (await clinic(service, TURNOVER, reversed_days)).json()["rule"] == "period-reversed"
    assert (await clinic(service, TURNOVER, SHELF | {"product_area": "hearing"})).json() == []


async def test_reports_are_files_without_formulas_and_accessible_prints(service: InMemory) -> None:
    await keep_article(service, replace(HOSE, name="=Slang; 2 m"))

    for path, form in ((VALUE, {}), (TURNOVER, SHELF), (OVERDUE, {})):
        file = await clinic(service, path, form | {"form": "csv"})
        paper = await clinic(service, path, form | {"form": "pdf"})
        assert file.headers["content-type"] == "text/csv; charset=utf-8", file.text
        assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-"), paper.text
        assert b"pdfuaid" in paper.content
    lines = (await clinic(service, TURNOVER, SHELF | {"form": "csv"})).text.splitlines()
    assert lines[0].startswith("\ufeffArtikelnummer;Benämning;")
    assert lines[2].startswith('910100;"\'=Slang; 2 m";1;2;')


async def test_overdue_devices_are_reported_the_most_overdue_first(service: InMemory) -> None:
    service.clock.move(days=800)
    await post(service, "/device-articles/910001/maintenance-intervals", EVERY_YEAR)
    await service.run_jobs()

    here = (await clinic(service, OVERDUE, SHELF)).json()
    ours = (await clinic(service, OVERDUE, {"care_unit": "DEMO-101", "product_area": "cpap"})).json()
    later = (await clinic(service, OVERDUE, SHELF | {"due_from": "2028-01-01"})).json()
    elsewhere = await clinic(service, OVERDUE, {"storeroom_no": "DEMO-S2", "form": "pdf"})

    assert [(each["label"], each["days_late"]) for each in here] == [("D100002", 435), ("D100003", 435)]
    assert [(each["label"], each["care_unit"]) for each in ours] == [("D100001", "DEMO-101")]
    assert (later, elsewhere.status_code) == ([], 404)
    file = (await clinic(service, OVERDUE, SHELF | {"form": "csv"})).text
    assert file.splitlines()[1].startswith("D100002;910001;Demo-CPAP;2027-11-23;435;")


def test_a_price_holds_from_its_day_and_parts_of_a_package_have_their_share() -> None:
    dated = replace(CPAP, prices=PRICES)
    box = replace(HOSE, pieces_per_package=3)

    assert [str(price_on(dated, on=date(2026, month, 1))) for month in (6, 7)] == ["4000.00", "5000.00"]
    assert (price_on(dated, on=date(2025, 1, 1)), price_on(None, on=date(2026, 1, 1))) == (None, None)
    assert str(value_of(box, Money.of(100), 2)) == "66.67"
    assert str(value_of(None, Money.of(100), 2)) == "200.00"
    assert StockValue().value == Money.of(0)


def test_nothing_on_the_shelf_is_turned_over_no_number_of_times() -> None:
    assert (turnover(3, 0), turnover(3, 2), turnover(0, 4)) == (None, Decimal("1.5"), Decimal("0.0"))
