"""What a device has cost, and since when (S166)."""

from dataclasses import replace
from datetime import date

import pytest

from services.inventory.domain.article import Article, DatedPrice
from services.inventory.domain.catalogue_file import CatalogueFile, FileRow
from services.inventory.domain.prices import MOST_PRICES, begin_prices, dated
from shared.domain.money import Money
from shared.domain.tables import cells
from shared.domain.tables.cells import BadCell
from shared.events.inventory import ArticleChanged
from tests.inventory.devices import CPAP
from tests.inventory.foods import CHOCOLATE

TODAY = date(2026, 11, 30)
NEW = Money.of("5000.00")
KEPT = replace(CPAP, prices=(DatedPrice(date(2026, 1, 1), CPAP.package_price),))


def row(price: Money = CPAP.package_price, since: date | None = None) -> Article:
    return replace(CPAP, package_price=price, prices=(DatedPrice(since, price),) if since else ())


def prices(article: Article, kept: Article | None) -> list[tuple[date | None, str]]:
    file = dated(
        CatalogueFile((FileRow(2, article),), ()), catalogue={"910001": kept} if kept else {}, on=TODAY
    )
    return [(each.valid_from, str(each.price)) for each in file.rows[0].article.prices]


def test_a_price_holds_from_the_day_that_the_file_says_or_from_the_import() -> None:
    assert prices(row(), None) == [(TODAY, "4800.00")]
    assert prices(row(since=date(2026, 11, 1)), None) == [(date(2026, 11, 1), "4800.00")]


def test_another_price_is_added_and_those_before_stay() -> None:
    assert prices(row(NEW), KEPT) == [(date(2026, 1, 1), "4800.00"), (TODAY, "5000.00")]
    assert prices(row(NEW), CPAP) == [(None, "4800.00"), (TODAY, "5000.00")]


def test_the_same_price_again_changes_nothing() -> None:
    assert prices(row(), KEPT) == [(date(2026, 1, 1), "4800.00")]
    assert prices(row(since=date(2026, 1, 1)), KEPT) == [(date(2026, 1, 1), "4800.00")]
    assert prices(row(), CPAP) == []


def test_a_price_that_was_of_another_day_takes_the_place_of_what_was_thought_since_then() -> None:
    twice = replace(KEPT, package_price=NEW, prices=(*KEPT.prices, DatedPrice(TODAY, NEW)))

    assert prices(row(NEW, date(2026, 10, 1)), twice) == [
        (date(2026, 1, 1), "4800.00"), (date(2026, 10, 1), "5000.00"),
    ]  # fmt: skip


def test_so_many_prices_are_kept() -> None:
    many = replace(CPAP, prices=tuple(DatedPrice(date(2020, 1, 1), NEW) for _ in range(MOST_PRICES)))

    assert len(prices(row(), many)) == MOST_PRICES


def test_a_price_of_tomorrow_is_kept_and_holds_from_tomorrow() -> None:
    tomorrow = date(2026, 12, 1)
    file = dated(CatalogueFile((FileRow(2, row(NEW, tomorrow)),), ()), catalogue={"910001": KEPT}, on=TODAY)
    (article,) = (each.article for each in file.rows)

    (still,), no_facts = begin_prices((article,), on=TODAY)
    (begun,), facts = begin_prices((article,), on=tomorrow)

    assert (article.package_price, article.next_price_on) == (CPAP.package_price, tomorrow)
    assert [str(each) for each in article.coming_prices] == ["5000.00 (2026-12-01)"]
    assert (still, no_facts) == (article, [])
    assert (begun.package_price, begun.next_price_on, begun.version) == (NEW, None, article.version + 1)
    assert [fact.package_price for fact in facts if isinstance(fact, ArticleChanged)] == [NEW.amount]
    assert begun.begun_prices == article.prices


def test_a_price_to_come_stays_whatever_is_said_of_today_and_is_replaced_by_another_of_its_day() -> None:
    later = DatedPrice(date(2026, 12, 15), NEW)
    kept = replace(KEPT, prices=(*KEPT.prices, later), next_price_on=later.valid_from)

    assert prices(row(), kept)[-1] == (date(2026, 12, 15), "5000.00")
    assert prices(row(Money.of("4900.00")), kept) == [
        (date(2026, 1, 1), "4800.00"), (TODAY, "4900.00"), (date(2026, 12, 15), "5000.00"),
    ]  # fmt: skip
    assert prices(row(Money.of("5100.00"), date(2026, 12, 15)), kept) == [
        (date(2026, 1, 1), "4800.00"), (date(2026, 12, 15), "5100.00"),
    ]  # fmt: skip


def test_a_new_article_whose_price_begins_tomorrow_is_refused_with_what_to_do() -> None:
    tomorrow = FileRow(2, row(since=date(2026, 12, 1)))

    file = dated(CatalogueFile((tomorrow, FileRow(3, CHOCOLATE)), ()), catalogue={}, on=TODAY)

    (bad,) = file.bad
    assert (bad.line, bad.column) == (2, "price_from")
    assert "today's price" in bad.reason.en
    assert [each.article for each in file.rows] == [CHOCOLATE]


@pytest.mark.parametrize(
    "cell", ["2026-11-30", "20261130", "2026/11/30", "2026.11.30", "2026-11-30 00:00:00", "2026-11-30 0:00"]
)
def test_a_day_is_read_as_spreadsheets_write_it(cell: str) -> None:
    assert cells.day(cell) == TODAY


@pytest.mark.parametrize("said", [date(2006, 12, 1), date(2024, 1, 1)])
def test_a_slip_in_the_year_does_not_remove_the_prices_that_are_known(said: date) -> None:
    known = tuple(DatedPrice(date(year, 1, 1), Money.of(f"{year}.00")) for year in (2024, 2025, 2026))
    kept = {CPAP.article_no: replace(CPAP, prices=known)}

    file = dated(CatalogueFile((FileRow(2, row(NEW, said)),), ()), catalogue=kept, on=TODAY)

    assert file.rows == ()
    assert [(each.line, each.column) for each in file.bad] == [(2, "price_from")]
    assert "2026-01-01" in file.bad[0].reason.en


@pytest.mark.parametrize("cell", ["1899-12-30", "0206-12-01", "2226-11-30", "9999-12-31", "99991231"])
def test_a_day_that_cannot_be_is_none_and_an_open_end_is_an_empty_cell(cell: str) -> None:
    with pytest.raises(BadCell) as refused:
        cells.day(cell)
    assert "leave the cell empty" in refused.value.said.en


@pytest.mark.parametrize(
    "cell", ["", "30/11/2026", "2026-13-01", "2026-W48-1", "26-11-30", "2026-11/30", "46356"]
)
def test_what_may_be_another_day_is_none(cell: str) -> None:
    with pytest.raises(BadCell):
        cells.day(cell)
