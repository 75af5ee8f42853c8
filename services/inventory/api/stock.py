"""Routes of the stock list: over all storerooms of a person, as a page, a PDF and a file (S172, S173)."""

import re
from codecs import BOM_UTF8
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from services.inventory.api.forms import StoreroomNo
from services.inventory.api.goods import BalanceView
from services.inventory.application.stock import StockList, StockRow
from services.inventory.domain.article import Article
from services.inventory.domain.goods.listing import (
    MOST_REPORTED,
    ArticleType,
    BalanceFilter,
    StockFilter,
    TooLongToPrint,
)
from services.inventory.domain.places import Storeroom
from shared.domain.tables.csv_table import written
from shared.domain.text import single_line
from shared.events.fact import Unknown
from shared.fields import of_text
from shared.http import Ask, Pages, Request, Router
from shared.http.language import Language
from shared.http.prints import a_pdf, printed

LAYOUT = Path(__file__).with_name("stock_report.typ")
COLUMNS: dict[Language, list[str]] = {
    "sv": [
        "Artikelnummer", "Benämning", "Typ", "På hyllan", "Reserverat", "Tillgängligt", "I karantän",
        "I beställning", "Individer och satser",
    ],
    "en": [
        "Article number", "Name", "Type", "On the shelf", "Reserved", "Available", "In quarantine",
        "On order", "Devices and lots",
    ],
}  # fmt: skip
TYPES: dict[Language, dict[ArticleType, str]] = {
    "sv": {"main_aid": "Huvudhjälpmedel", "accessory": "Tillbehör", "spare_part": "Reservdel"},
    "en": {"main_aid": "Main aid", "accessory": "Accessory", "spare_part": "Spare part"},
}
WORDS: dict[Language, dict[str, str]] = {
    "sv": {
        "title": "Lagersaldo",
        "storeroom": "Förråd",
        "nothing": "Inget ligger här.",
        "printed": "Utskrivet",
        "page": "Sida",
        "of": "av",
    },
    "en": {
        "title": "Stock",
        "storeroom": "Storeroom",
        "nothing": "Nothing lies here.",
        "printed": "Printed",
        "page": "Page",
        "of": "of",
    },
}
A_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {}}, "description": "The stock list: UTF-8 with a mark, semicolons"}
}


class StockSearched(Request):
    """Which balances: a text of three signs or none, one storeroom or all, and filters."""

    text: Annotated[str, Field(max_length=100), of_text(single_line)] = ""
    """Part of the name or a number of the article; left out: every article."""
    storeroom_no: StoreroomNo | None = None
    """Left out: every storeroom and warehouse that the person is linked to (Q39)."""
    article_type: ArticleType | None = None
    balance: BalanceFilter | None = None


class StockView(BalanceView):
    """A balance with the name of its storeroom and the type of its article."""

    storeroom_name: str
    article_type: ArticleType | None
    marked: bool
    """Its pieces are devices with numbers, which `list_devices` lists."""
    minimum: int | None
    """Base units below which it is replenished by itself; null: never (Q19)."""


def routes(stock: StockList) -> Router:
    router = Router("inventory", tags=["goods"])
    warehouse = stock.warehouse

    @router.post("/stock/search")
    async def search_stock(form: StockSearched, ask: Ask, pages: Pages) -> list[StockView]:
        """List balances by storeroom and article number, of one storeroom or of all."""
        wanted = StockFilter(form.article_type, form.balance)
        page = await stock.search(
            form.text, wanted, storeroom_no=form.storeroom_no, actor=ask.actor, after=pages.after
        )
        return [_shown(each) for each in pages.shown(page)]

    @router.post(
        "/storerooms/{storeroom_no}/stock/print",
        response_class=Response,
        responses=a_pdf("The stock list, printed"),
    )
    async def print_stock(storeroom_no: StoreroomNo, ask: Ask) -> Response:
        """Print all that lies in a storeroom as an accessible PDF (S173)."""
        storeroom = await warehouse.storeroom_for(storeroom_no, ask.actor)
        if await stock.is_longer_than(storeroom, MOST_REPORTED):
            raise TooLongToPrint(most=MOST_REPORTED)
        rows = [each async for page in stock.report(storeroom) for each in page]
        page = _page(storeroom, _table(rows, ask.language), ask.language)
        page["printed"] = warehouse.clock.today().isoformat()
        return await printed(LAYOUT, page, ask.language, at=warehouse.clock.now())

    @router.post("/storerooms/{storeroom_no}/stock/export", response_class=Response, responses=A_CSV)
    async def export_stock(storeroom_no: StoreroomNo, ask: Ask) -> Response:
        """Give all that lies in a storeroom as a file that spreadsheets open, page by page as it is read."""
        storeroom = await warehouse.storeroom_for(storeroom_no, ask.actor)
        name = re.sub(r"[^A-Za-z0-9-]", "-", f"lagersaldo-{storeroom_no}-{warehouse.clock.today()}")
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}.csv"'}
        file = _file(stock.report(storeroom), ask.language)
        return StreamingResponse(file, media_type="text/csv; charset=utf-8", headers=headers)

    return router


def _shown(row: StockRow) -> StockView:
    article = row.article
    device = article.device if article else None
    shown = BalanceView.of(row.balance, article.name if article else "")
    return StockView(
        **dict(shown),
        storeroom_name=row.storeroom.name,
        article_type=_type_of(article),
        marked=bool(device and device.marked),
        minimum=row.balance.level.minimum if row.balance.level else None,
    )


def _type_of(article: Article | None) -> ArticleType | None:
    """Give the type; of one that a newer version named, None."""
    if article is None or article.device is None or isinstance(article.device.article_type, Unknown):
        return None
    return article.device.article_type


def _page(storeroom: Storeroom, rows: Iterator[list[str]], language: Language) -> dict[str, Any]:
    return {
        "language": language,
        "words": WORDS[language],
        "storeroom": storeroom.name,
        "storeroom_no": storeroom.storeroom_no,
        "header": COLUMNS[language],
        "rows": list(rows),
    }


async def _file(pages: AsyncIterator[Sequence[StockRow]], language: Language) -> AsyncIterator[bytes]:
    yield BOM_UTF8 + written([COLUMNS[language]])
    async for page in pages:
        yield written(_table(page, language))


def _table(rows: Sequence[StockRow], language: Language) -> Iterator[list[str]]:
    for row in rows:
        balance, article = row.balance, row.article
        kind = _type_of(article)
        yield [
            balance.article_no,
            article.name if article else "",
            TYPES[language][kind] if kind else "",
            *map(str, (balance.on_hand, balance.reserved, balance.available)),
            *map(str, (balance.quarantined, balance.on_order)),
            ", ".join(_pieces(row)),
        ]


def _pieces(row: StockRow) -> Iterator[str]:
    """Name the devices, or the lots with their last days and pieces."""
    yield from (each.number_on_label for each in row.devices)
    for lot in row.balance.lots:
        if lot.lot:
            day = f" ({lot.best_before})" if lot.best_before else ""
            yield f"{lot.lot}{day}: {lot.on_hand + lot.quarantined}"
