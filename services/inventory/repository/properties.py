"""The properties by which a search of devices is limited: each is one trigram of the search index (S161).

A property is found as a word is, so that a class of a few articles among a hundred thousand is not looked for
one article at a time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.inventory.domain.article import Article
from services.inventory.domain.classes import above
from services.inventory.repository.wording import folded

DEVICE, STANDARD, COMPONENT = "device", "standard", "component"
BEGINS = "\ue003"
DIGITS = 0xF0000
BASE = 4096


@dataclass(frozen=True)
class DeviceLimits:
    """Which devices, accessories and spare parts are looked for; what is left out limits nothing."""

    only_standard: bool = False
    only_components: bool = False
    article_type: str | None = None
    iso_code: str | None = None
    areas: frozenset[str] | None = None
    fitting: Article | None = None
    """Only its components, and what the same supplier groups with it (S109)."""

    def properties(self) -> Iterator[Sequence[str]]:
        """Give what an article must have: of each group one. Only devices have any of these properties."""
        limits = list(self._limits())
        yield from limits or [(DEVICE,)]

    def _limits(self) -> Iterator[Sequence[str]]:
        if self.only_standard:
            yield (STANDARD,)
        if self.only_components:
            yield (COMPONENT,)
        if self.article_type is not None:
            yield (_of_type(self.article_type),)
        if self.iso_code is not None:
            yield (_of_class(self.iso_code),)
        if self.areas is not None:
            yield tuple(map(_of_area, sorted(self.areas)))
        if self.fitting is not None:
            yield (*_of_product(self.fitting), *map(_numbered, self.fitting.components))


def properties_of(article: Article) -> Iterator[str]:
    """Give every property of an article; what a distributor sends has none."""
    if article.device is None:
        return
    yield DEVICE
    if article.in_assortment:
        yield STANDARD
    if article.is_component:
        yield COMPONENT
        yield _numbered(article.article_no)
    yield _of_type(article.device.article_type)
    yield from map(_of_class, above(article.device.iso_code))
    yield _of_area(article.product_area)
    yield from _of_product(article)


class Trigrams:
    """Gives each property three characters that nobody types, the same for as long as the index lives."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def written(self, properties: Iterable[str]) -> str:
        """Write properties as the index keeps them."""
        return " ".join(self._known.setdefault(each, _trigram(len(self._known))) for each in properties)

    def sought(self, properties: Sequence[str]) -> tuple[str, ...]:
        """Write those that some article has."""
        return tuple(self._known[each] for each in properties if each in self._known)


def _trigram(running: int) -> str:
    return f"{BEGINS}{chr(DIGITS + running // BASE)}{chr(DIGITS + running % BASE)}"


def _of_type(article_type: str) -> str:
    return f"type {article_type}"


def _of_class(code: str) -> str:
    return f"class {code}"


def _of_area(area: str) -> str:
    return f"area {area}"


def _numbered(article_no: str) -> str:
    return f"number {article_no}"


def _of_product(article: Article) -> Iterator[str]:
    if article.listing.product and article.device:
        yield f"product {folded(article.device.supplier or '')} / {folded(article.listing.product)}"
