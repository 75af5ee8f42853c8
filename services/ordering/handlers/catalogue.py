"""Handlers for articles and tariffs: those of foods, and those of devices beside them."""

from datetime import date
from functools import partial

from services.ordering.domain.catalogue import Article
from services.ordering.domain.devices.copies import DeviceArticle, FittingComponent, note_article
from services.ordering.domain.shortage import follow_article, is_still_prescribed
from services.ordering.repository.collections import ARTICLES, DEVICE_ARTICLES, TARIFFS
from services.ordering.repository.withdrawals import Ordering
from shared.clock import Clock
from shared.domain.money import Money
from shared.domain.tariff import note_tariff
from shared.events.billing import TariffPublished
from shared.events.inventory import ArticleChanged, FoodsArticle
from shared.events.inventory import DeviceArticle as DevicePart
from shared.messaging.consuming import Subscriptions
from shared.repository import Cause


def on_catalogue(subscriptions: Subscriptions, ordering: Ordering, clock: Clock) -> None:
    repository = ordering.repository

    @subscriptions.on(ArticleChanged)
    async def on_article_changed(event: ArticleChanged, cause: Cause) -> None:
        if event.device is not None:
            told = _device_article(event, event.device)
            await repository.change(
                DEVICE_ARTICLES.maybe(event.article_no), partial(note_article, told=told), cause=cause
            )
        if event.foods is not None:
            await on_foods(event, event.foods, cause)

    async def on_foods(event: ArticleChanged, foods: FoodsArticle, cause: Cause) -> None:
        gone = event.status == "discontinued"
        prescribed = gone and await _is_prescribed(ordering, event.article_no, on=clock.today())
        rule = partial(follow_article, published=_article(event, foods), is_prescribed=prescribed)
        await repository.change(ARTICLES.maybe(event.article_no), rule, cause=cause)

    @subscriptions.on(TariffPublished)
    async def on_tariff_published(event: TariffPublished, cause: Cause) -> None:
        await repository.change(
            TARIFFS.maybe(event.tariff), partial(note_tariff, published=event), cause=cause
        )


async def _is_prescribed(ordering: Ordering, article_no: str, *, on: date) -> bool:
    """Tell whether anybody may withdraw the article that day (N3, S24)."""
    async for allowance in ordering.all_prescribed(article_no):
        if is_still_prescribed(allowance, article_no, on=on):
            return True
    return False


def _article(event: ArticleChanged, foods: FoodsArticle) -> Article:
    return Article(
        article_no=event.article_no,
        version=event.version,
        name=event.name,
        product_area=event.product_area,
        distributor=foods.distributor,
        supplier_article_no=event.supplier_article_no,
        pieces_per_package=foods.pieces_per_package,
        package_price=Money(event.package_price),
        gtin=event.gtin,
        is_generic=event.is_generic,
        variant_of=event.variant_of,
        variant_name=event.variant_name,
        status=event.status,
        replaced_by=event.replaced_by,
    )


def _device_article(event: ArticleChanged, device: DevicePart) -> DeviceArticle:
    return DeviceArticle(
        article_no=event.article_no,
        version=event.version,
        name=event.name,
        product_area=event.product_area,
        iso_code=device.iso_code,
        price=Money(event.package_price / max(event.pieces_per_package, 1)),
        fee_code=device.fee_code,
        article_type=device.article_type,
        marked=device.marked,
        components=tuple(
            FittingComponent(each.article_no, each.quantity, each.standard, each.removable)
            for each in device.components
        ),
        needs_settings=device.needs_settings,
        advanced=device.advanced,
        bulky=device.bulky,
        assortment=device.assortment,
        sources=device.sources,
        status=event.status,
        replaced_by=event.replaced_by,
    )
