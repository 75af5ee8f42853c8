"""How devices of the catalogue are shown: a row of a search, and all of one article (S165 to S167)."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from services.inventory.api.articles import ComponentView
from services.inventory.api.catalogue_forms import ArticleType
from services.inventory.application.device_search import Found
from services.inventory.domain.article import Article, DatedPrice, Status
from services.inventory.domain.classes import Classes, above
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.offering import STATUS_NAMES, TYPE_NAMES, why_not_ordered
from services.inventory.domain.places import Storeroom, StoreroomKind
from shared.http import View
from shared.http.language import Language, said


class ClassView(View):
    """A class of ISO 9999."""

    iso_code: str
    title: str | None
    """None: a class of the region's own, or one whose title nobody has written down."""


class AvailableView(View):
    """What is free of an article in one storeroom or warehouse, in base units."""

    storeroom_no: str
    name: str
    kind: StoreroomKind
    available: int
    on_order: int
    expected_on: date | None
    """When the first of what is on order is expected."""


class DeviceRow(View):
    """A device, accessory or spare part as a row of a list."""

    article_no: str
    name: str
    product_area: str
    iso_code: str
    iso_title: str | None
    article_type: ArticleType
    article_type_name: str
    product: str | None
    """The supplier's own grouping."""
    supplier: str | None
    supplier_article_no: str
    gtin: str | None
    uom: Literal["piece", "pair"]
    pieces_per_package: int
    package_price: str
    """SEK."""
    delivery: str | None
    """Working days by the customer agreement, as `3-5`."""
    marked: bool
    assortment: Literal["standard", "other", "earlier", "none"]
    in_assortment: bool
    """In the region's standard assortment; what is discontinued has left it."""
    status: Status
    status_name: str
    replaced_by: str | None
    """What there is instead, at the end of the chain of replacements."""
    replaced_by_name: str | None
    available: int
    """Base units that are free in all places shown."""
    places: list[AvailableView]
    """One for each storeroom and warehouse that the person sees; a list of articles gives none when these are
    more than ten (Q39)."""
    orderable: bool
    why_not: str | None
    """Why it cannot be ordered, and what to do (S162)."""


class DevicesFound(View):
    """A page of devices; `hits` counts them all, or at least so many when `at_least`."""

    hits: int
    at_least: bool
    articles: list[DeviceRow]
    advice: str | None
    """What to try when nothing was found."""
    warning: str | None
    """Said of components that may not fit (S109)."""


class PriceView(View):
    """What a package costs from a day on."""

    valid_from: date | None
    """None: since before days were kept."""
    price: str
    """SEK."""


class DeviceDetails(DeviceRow):
    """All that the catalogue says of a device (S166)."""

    description: str | None
    classes: list[ClassView]
    """The classes that it lies in, the widest first: a breadcrumb."""
    owner: Literal["care_unit", "central"]
    """Whose property a piece becomes at receipt (Q44)."""
    fee_code: str | None
    needs_settings: bool
    advanced: bool
    bulky: bool
    sources: list[Literal["storeroom", "warehouse", "supplier"]]
    standard_components: list[ComponentView]
    """Those that come with it unless they are taken off (S108)."""
    other_components: list[ComponentView]
    """Those that fit, and are chosen or not."""
    prices: list[PriceView]
    """The price of now first, then those before."""
    coming_prices: list[PriceView]
    """Those that begin later, the next one first."""
    version: int


def rows(found: Found, classes: Classes, language: Language) -> list[dict[str, object]]:
    """Show the hits of a page, with what is free of each and where."""
    return [
        {**_row(each, found, classes, language), "places": _places(each, found)} for each in found.articles
    ]


def breadcrumb(code: str, classes: Classes) -> list[ClassView]:
    """Show a class with those above it, the widest first (S168)."""
    return [ClassView(iso_code=each, title=classes.title_of(each)) for each in above(code)]


def components(article: Article, names: Mapping[str, str], *, standard: bool) -> list[ComponentView]:
    """Show the components that come with a device, or the others that fit it (S108)."""
    listed = article.device.components if article.device else ()
    return [
        ComponentView.model_validate({**each.model_dump(), "name": names.get(each.article_no)})
        for each in listed
        if each.standard is standard
    ]


def _row(article: Article, found: Found, classes: Classes, language: Language) -> dict[str, object]:
    device, instead = article.device, found.replacements.get(article.article_no)
    why_not = why_not_ordered(article, found.stock.free(article.article_no), instead=instead)
    return {
        **vars(article),
        **(device.model_dump() if device else {}),
        "iso_title": classes.title_of(device.iso_code) if device else None,
        "article_type_name": said(TYPE_NAMES[device.article_type], language) if device else None,
        "product": article.listing.product,
        "description": article.listing.description,
        "delivery": str(article.listing.delivery) if article.listing.delivery else None,
        "package_price": str(article.package_price),
        "prices": [*map(_price, reversed(article.begun_prices))],
        "coming_prices": [*map(_price, article.coming_prices)],
        "in_assortment": article.in_assortment,
        "status_name": said(STATUS_NAMES[article.status], language),
        "replaced_by": instead.article_no if instead else None,
        "replaced_by_name": instead.name if instead else None,
        "available": found.stock.available(article.article_no),
        "orderable": why_not is None,
        "why_not": said(why_not, language) if why_not else None,
    }


def _price(dated: DatedPrice) -> PriceView:
    return PriceView(valid_from=dated.valid_from, price=str(dated.price))


def _places(article: Article, found: Found) -> list[AvailableView]:
    kept = {each.storeroom_no: each for each in found.stock.of(article.article_no)}
    return [_available(kept.get(each.storeroom_no), each) for each in found.stock.listed]


def _available(balance: Balance | None, place: Storeroom) -> AvailableView:
    expected = [each.expected_on for each in balance.supplies] if balance else []
    return AvailableView(
        storeroom_no=place.storeroom_no,
        name=place.name,
        kind=place.kind,
        available=balance.available if balance else 0,
        on_order=balance.on_order if balance else 0,
        expected_on=min(expected, default=None),
    )
