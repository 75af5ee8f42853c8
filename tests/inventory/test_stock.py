"""The stock list: over all storerooms of a person, filtered, printed and as a file (S172, S173, Q39)."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, get_args

import pikepdf
import pytest

from services.inventory.api import stock
from services.inventory.domain.goods.balance import Balance, Lot
from services.inventory.domain.goods.levels import Level
from services.inventory.domain.goods.listing import BalanceFilter, StockFilter
from shared.domain.tables.csv_table import written
from tests.inventory.shelves import CPAP, HOSE, MASK, keep_article, receive, receive_cpaps, stocked
from tests.support import A_MONDAY_MORNING, InMemory

CLINIC: dict[str, Any] = {"product_areas": ["cpap"]}
MINIMUM = Level(3, 1, "keeper-1", A_MONDAY_MORNING)
ODD = replace(MASK, article_no="910500", name="=Mask; stl. M, blå")


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await stocked()
    await keep_article(inventory, ODD)
    await receive_cpaps(inventory, "DEMO-S1", ["D100002", "D100001"], hoses=3)
    await receive_cpaps(inventory, "DEMO-S2", ["D200001"], hoses=1)
    await receive_cpaps(inventory, "DEMO-W1", ["D300001"], hoses=2)
    await receive(inventory, article_no="910500", quantity=4, lot="L1", best_before="2027-06-01")
    await inventory.run_jobs()
    yield inventory
    await inventory.client.aclose()


async def searched(service: InMemory, **form: Any) -> Any:
    who = service.token("order_placer", **CLINIC)
    return await service.client.post("/stock/search", json=form, headers=who)


async def rows(service: InMemory, **form: Any) -> list[tuple[str, str]]:
    answer = await searched(service, **form)
    assert answer.status_code == 200, answer.text
    return [(each["storeroom_no"], each["article_no"]) for each in answer.json()]


async def test_an_empty_search_lists_all_that_the_person_is_linked_to(service: InMemory) -> None:
    assert await rows(service) == [
        ("DEMO-S1", "910001"),
        ("DEMO-S1", "910100"),
        ("DEMO-S1", "910500"),
        ("DEMO-W1", "910001"),
        ("DEMO-W1", "910100"),
    ]


async def test_three_signs_find_articles_over_all_storerooms_or_in_one(service: InMemory) -> None:
    assert await rows(service, text="slang") == [("DEMO-S1", "910100"), ("DEMO-W1", "910100")]
    assert await rows(service, text="slang", storeroom_no="DEMO-W1") == [("DEMO-W1", "910100")]
    assert await rows(service, text="DC-2") == [("DEMO-S1", "910100"), ("DEMO-W1", "910100")]
    assert await rows(service, text="finns inte") == []


@pytest.mark.parametrize(
    ("form", "status", "rule"),
    [({"text": "sl"}, 422, "text-too-short"), ({"storeroom_no": "DEMO-S2"}, 404, "not-found")],
)
async def test_too_short_a_text_and_another_units_storeroom_are_refused(
    service: InMemory, form: dict[str, Any], status: int, rule: str | None
) -> None:
    answer = await searched(service, **form)

    assert (answer.status_code, answer.json().get("rule")) == (status, rule)


async def test_the_list_is_filtered_by_type_and_balance(service: InMemory) -> None:
    who = service.once("order_placer", **CLINIC)
    count = {"article_no": "910100", "counted": 0, "reason": "Räknat om hyllan"}
    await service.client.post("/storerooms/DEMO-S1/stocktake", json=count, headers=who)
    own = {"storeroom_no": "DEMO-S1"}

    assert await rows(service, **own, article_type="main_aid") == [("DEMO-S1", "910001")]
    assert await rows(service, **own, balance="none") == [("DEMO-S1", "910100")]
    assert await rows(service, **own, balance="some", article_type="accessory") == [("DEMO-S1", "910500")]


@pytest.mark.parametrize(
    ("balance", "takes"),
    [
        (Balance("S", "A"), {None, "none"}),
        (Balance("S", "A", (Lot("", None, 2),), reserved=1), {None, "some", "reserved"}),
        (Balance("S", "A", (Lot("", None, 0, 1),)), {None, "none", "quarantined"}),
        (Balance("S", "A", (Lot("", None, 3),), level=MINIMUM), {None, "some"}),
        (
            Balance("S", "A", (Lot("", None, 3),), reserved=1, level=MINIMUM),
            {None, "some", "reserved", "below_minimum"},
        ),
    ],
)
def test_a_balance_is_taken_by_the_filters_that_fit_it(balance: Balance, takes: set[Any]) -> None:
    assert {
        each for each in (None, *get_args(BalanceFilter)) if StockFilter(balance=each).takes(balance, HOSE)
    } == takes
    assert StockFilter("main_aid").takes(balance, CPAP)
    assert not StockFilter("main_aid").takes(balance, None)


async def test_the_devices_of_an_article_are_listed_on_demand(service: InMemory) -> None:
    await receive(service, article_no="910200", devices=[{"device_no": "D400001"}])
    who = service.token("order_placer", **CLINIC)

    listed = await service.client.get("/storerooms/DEMO-S1/devices?article_no=910001", headers=who)

    assert [each["device_no"] for each in listed.json()] == ["D100001", "D100002"]


async def test_the_stock_list_is_a_file_that_spreadsheets_in_sweden_open(service: InMemory) -> None:
    who = service.token("order_placer", **CLINIC)

    answer = await service.client.post("/storerooms/DEMO-S1/stock/export", headers=who)

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "lagersaldo-DEMO-S1-2026-11-23.csv" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbfArtikelnummer;")
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert table[1] == [
        "910001", "Demo-CPAP", "Huvudhjälpmedel", "2", "0", "2", "0", "0", "D100001, D100002",
    ]  # fmt: skip
    assert table[3][:2] == ["910500", "'=Mask; stl. M, blå"]
    assert table[3][-1] == "L1 (2027-06-01): 4"


def test_what_a_spreadsheet_would_calculate_is_written_as_text() -> None:
    rows = [["=1+1"], ["-2+3"], ["\uff1d1+1"], ["910001"]]

    assert written(rows).decode().splitlines() == ["'=1+1", "'-2+3", "'\uff1d1+1", "910001"]


async def test_a_long_stock_list_is_read_and_sent_page_by_page(
    service: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = service.token("order_placer", **CLINIC)
    whole = await service.client.post("/storerooms/DEMO-S1/stock/export", headers=who)
    monkeypatch.setattr("services.inventory.repository.stock.READ_AT_ONCE", 1)

    in_pages = await service.client.post("/storerooms/DEMO-S1/stock/export", headers=who)

    assert in_pages.content == whole.content
    assert "content-length" not in in_pages.headers


async def test_the_stock_report_is_an_accessible_pdf_in_the_readers_language(service: InMemory) -> None:
    who = service.token("order_placer", **CLINIC)

    answer = await service.client.post("/storerooms/DEMO-S1/stock/print", headers=who)

    assert answer.headers["content-type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert str(pdf.Root.Lang) == "sv"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "pdfuaid" in bytes(pdf.Root.Metadata.read_bytes()).decode()


async def test_who_works_elsewhere_gets_no_report(service: InMemory) -> None:
    who = service.token("order_placer", **CLINIC)

    answers = [
        await service.client.post(f"/storerooms/DEMO-S2/stock/{kind}", headers=who)
        for kind in ("print", "export")
    ]

    assert [each.status_code for each in answers] == [404, 404]


async def test_a_list_that_is_too_long_to_print_is_fetched_as_a_file(
    service: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock, "MOST_REPORTED", 2)
    who = service.token("order_placer", **CLINIC)

    pdf = await service.client.post("/storerooms/DEMO-S1/stock/print", headers=who)
    file = await service.client.post("/storerooms/DEMO-S1/stock/export", headers=who)

    assert (pdf.status_code, pdf.json()["rule"]) == (422, "too-long-to-print")
    assert len(file.content.splitlines()) == 1 + 3
