"""Which articles of a file the tariff has no price for; they would be refused when sent (Q3, S58)."""

from collections.abc import Iterator, Sequence
from datetime import date

from services.inventory.domain.article import Article
from shared.domain.decision import Sentence
from shared.domain.subgroups import type_of
from shared.domain.tariff import NoTariff, Payment, Priced, against_price, in_force
from shared.events.fees import Tariff

MOST_NAMED = 20


def unpriced(articles: Sequence[Article], *, tariffs: Sequence[Tariff], on: date) -> tuple[str, ...]:
    """Name the articles that the day's tariff has no amount for (Q3); none while no tariff is known."""
    try:
        tariff = in_force(tariffs, on=on)
    except NoTariff:
        return ()
    lines = [_line(each) for each in articles if each.status != "discontinued" and not each.device]
    refused = against_price(tariff, lines, payment=Payment(born=None), on=on)
    return (*(str(each.facts["article_no"]) for each in refused), *_unpriced_devices(articles, tariff))


def _unpriced_devices(articles: Sequence[Article], tariff: Tariff) -> Iterator[str]:
    """Name the devices whose fee code the tariff has no row for (Q37)."""
    known = {each.fee_code for each in tariff.device_fees}
    for each in articles:
        fee_code = each.device.fee_code if each.device and each.status != "discontinued" else None
        if fee_code is not None and fee_code not in known:
            yield each.article_no


def warning(article_nos: Sequence[str]) -> Sentence:
    """Say which articles cannot be withdrawn yet, and what to do."""
    more = len(article_nos) - MOST_NAMED
    named, count = ", ".join(article_nos[:MOST_NAMED]), len(article_nos)
    rest = (f" och {more} till", f" and {more} more") if more > 0 else ("", "")
    return Sentence(
        f"Obs: utan avgift i taxan, och kan inte tas ut förrän den finns där ({count}):"
        f" {named}{rest[0]}. Kontakta den som förvaltar taxan.",
        f"Note: without a fee in the tariff, and not to be withdrawn until it is there ({count}):"
        f" {named}{rest[1]}. Contact the keeper of the tariff.",
    )


def _line(article: Article) -> Priced:
    return Priced(
        line_id=article.article_no,
        article_no=article.article_no,
        prescription_type=type_of(article.subgroup),
        packages=1,
        cost=article.package_price,
    )
