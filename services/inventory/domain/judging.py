"""Decides which rows of a file may be imported, compared with each other and with the catalogue."""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from services.inventory.domain import device_reasons, reasons
from services.inventory.domain.article import Article, unlike
from services.inventory.domain.catalogue_file import BadRow, CatalogueFile, FileRow
from services.inventory.domain.judging_devices import (
    against_components,
    against_kind,
    against_replacement,
    does_as_component,
)
from shared.domain.decision import Sentence
from shared.domain.tables import table_reasons


@dataclass(frozen=True)
class Judged:
    """The rows that may be imported, and all that may not with every reason."""

    good: tuple[Article, ...]
    bad: tuple[BadRow, ...]


def judge(file: CatalogueFile, *, catalogue: Mapping[str, Article]) -> Judged:
    """Tell good rows from bad: numbers stand once, and articles that belong together agree (S53, S54).

    A variant of a bad generic is bad too, and so on until nothing more falls.
    """
    bad = [*file.bad, *_doubles(file)]
    fallen = {row.number for row in bad}
    standing = {row.article.article_no: row for row in file.rows if row.article.article_no not in fallen}
    kept_variants, kept_wholes = _variants(catalogue), _wholes(catalogue)
    while True:
        together = _Together(
            standing, fallen, catalogue, kept_variants, kept_wholes, _by_gtin(standing, catalogue)
        )
        found = [reason for row in standing.values() for reason in together.against(row)]
        if not found:
            return Judged(tuple(row.article for row in standing.values()), tuple(sorted(bad, key=_place)))
        bad += found
        for each in found:
            fallen.add(each.number)
            standing.pop(each.number, None)


def deliverable(file: CatalogueFile, distributors: Container[str]) -> CatalogueFile:
    """Refuse rows whose distributor is unknown: their orders could not be sent (S45, S53)."""
    if file.of_devices:
        return file
    bad = [_undeliverable(row) for row in file.rows if row.article.distributor not in distributors]
    rows = tuple(row for row in file.rows if row.article.distributor in distributors)
    return replace(file, rows=rows, bad=(*file.bad, *bad))


def _undeliverable(row: FileRow) -> BadRow:
    why = reasons.no_distributor(row.article.distributor)
    return BadRow(row.line, row.article.article_no, "distributor", why)


def _place(bad: BadRow) -> int:
    return bad.line


def _doubles(file: CatalogueFile) -> Iterator[BadRow]:
    """Find good rows whose number is on another line too: it is not known which of them is meant."""
    lines: dict[str, set[int]] = defaultdict(set)
    for bad in file.bad:
        lines[bad.number].add(bad.line)
    for row in file.rows:
        lines[row.article.article_no].add(row.line)
    for row in file.rows:
        others = lines[row.article.article_no] - {row.line}
        if others:
            yield BadRow(
                row.line, row.article.article_no, "article_no", table_reasons.doubled(sorted(others))
            )


def _variants(catalogue: Mapping[str, Article]) -> Mapping[str, list[Article]]:
    variants: dict[str, list[Article]] = defaultdict(list)
    for article in catalogue.values():
        if article.variant_of is not None:
            variants[article.variant_of].append(article)
    return variants


def _wholes(catalogue: Mapping[str, Article]) -> Mapping[str, list[Article]]:
    """List the devices that each article is a component of."""
    wholes: dict[str, list[Article]] = defaultdict(list)
    for article in catalogue.values():
        for each in article.device.components if article.device else ():
            wholes[each.article_no].append(article)
    return wholes


def _by_gtin(standing: Mapping[str, FileRow], catalogue: Mapping[str, Article]) -> Mapping[str, list[str]]:
    """List the articles of each GTIN as they would be after the import."""
    found: dict[str, list[str]] = defaultdict(list)
    kept = (article for article in catalogue.values() if article.article_no not in standing)
    for article in (*(row.article for row in standing.values()), *kept):
        if article.gtin is not None:
            found[article.gtin].append(article.article_no)
    return found


@dataclass(frozen=True)
class _Together:
    """The catalogue as it would be after the import of the rows that still stand."""

    standing: Mapping[str, FileRow]
    fallen: AbstractSet[str]
    catalogue: Mapping[str, Article]
    kept_variants: Mapping[str, list[Article]]
    kept_wholes: Mapping[str, list[Article]]
    by_gtin: Mapping[str, list[str]]

    def against(self, row: FileRow) -> Iterator[BadRow]:
        for column, reason in self._reasons(row.article):
            yield BadRow(row.line, row.article.article_no, column, reason)

    def _reasons(self, article: Article) -> Iterator[tuple[str, Sentence]]:
        yield from against_kind(article, self.catalogue.get(article.article_no))
        if article.device is not None:
            yield from against_components(article.device, self._article)
            yield from self._against_wholes(article)
        if article.variant_of is not None:
            yield from self._against_variant(article, article.variant_of)
        for variant in self.kept_variants.get(article.article_no, ()):
            if variant.article_no not in self.standing:
                columns = unlike(variant, article) if article.is_generic else ("name",)
                yield from ((column, reasons.parted_from(variant.article_no)) for column in columns)
        if article.replaced_by is not None:
            yield from self._against_successor(article, article.replaced_by)
        if article.gtin is not None and len(self.by_gtin[article.gtin]) > 1:
            others = [each for each in self.by_gtin[article.gtin] if each != article.article_no]
            yield "gtin", reasons.gtin_of_another(others)

    def _against_successor(self, article: Article, successor_no: str) -> Iterator[tuple[str, Sentence]]:
        successor = self._article(successor_no)
        ring = self._ring(article.article_no)
        if successor is None:
            yield "replaced_by", reasons.no_successor(successor_no)
        elif ring:
            yield "replaced_by", reasons.replaced_in_a_ring(ring)
        elif successor.status == "discontinued":
            yield "replaced_by", reasons.gone_successor(successor_no)
        else:
            yield from against_replacement(article, successor)

    def _against_wholes(self, article: Article) -> Iterator[tuple[str, Sentence]]:
        """Find kept devices whose component the article could not be any more."""
        for whole in self.kept_wholes.get(article.article_no, ()):
            components = whole.device.components if whole.device else ()
            own = [each for each in components if each.article_no == article.article_no]
            stays = whole.article_no not in self.standing
            if stays and not all(does_as_component(each, article) for each in own):
                yield "article_no", device_reasons.still_a_component(whole.article_no)

    def _ring(self, article_no: str) -> list[str]:
        """Follow the replacements; give the way when it comes back to where it began."""
        way = [article_no]
        while (article := self._article(way[-1])) is not None and article.replaced_by is not None:
            if article.replaced_by in way:
                return [*way, article.replaced_by] if article.replaced_by == article_no else []
            way.append(article.replaced_by)
        return []

    def _against_variant(self, variant: Article, generic_no: str) -> Iterator[tuple[str, Sentence]]:
        generic = self._article(generic_no)
        if generic_no in self.fallen:
            yield "variant_of", reasons.generic_is_bad(generic_no)
        elif generic is None or not generic.is_generic:
            yield "variant_of", reasons.no_generic(generic_no)
        else:
            yield from ((column, reasons.differs(generic_no)) for column in unlike(variant, generic))

    def _article(self, article_no: str) -> Article | None:
        row = self.standing.get(article_no)
        return row.article if row else self.catalogue.get(article_no)
