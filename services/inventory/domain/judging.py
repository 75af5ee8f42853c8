"""Which rows of a file may be imported, seen together with one another and with the catalogue."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from services.inventory.domain import reasons
from services.inventory.domain.article import Article, unlike
from services.inventory.domain.catalogue_file import BadRow, CatalogueFile, FileRow
from shared.domain.decision import Sentence


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
    fallen = {row.article_no for row in bad}
    standing = {row.article.article_no: row for row in file.rows if row.article.article_no not in fallen}
    kept_variants = _variants(catalogue)
    while True:
        together = _Together(standing, fallen, catalogue, kept_variants)
        found = [reason for row in standing.values() for reason in together.against(row)]
        if not found:
            return Judged(tuple(row.article for row in standing.values()), tuple(sorted(bad, key=_place)))
        bad += found
        for each in found:
            fallen.add(each.article_no)
            standing.pop(each.article_no, None)


def _place(bad: BadRow) -> int:
    return bad.line


def _doubles(file: CatalogueFile) -> Iterator[BadRow]:
    """Find good rows whose number stands on another line too: nobody knows which of them is meant."""
    lines: dict[str, set[int]] = defaultdict(set)
    for bad in file.bad:
        lines[bad.article_no].add(bad.line)
    for row in file.rows:
        lines[row.article.article_no].add(row.line)
    for row in file.rows:
        others = lines[row.article.article_no] - {row.line}
        if others:
            yield BadRow(row.line, row.article.article_no, "article_no", reasons.doubled(sorted(others)))


def _variants(catalogue: Mapping[str, Article]) -> Mapping[str, list[Article]]:
    variants: dict[str, list[Article]] = defaultdict(list)
    for article in catalogue.values():
        if article.variant_of is not None:
            variants[article.variant_of].append(article)
    return variants


@dataclass(frozen=True)
class _Together:
    """The catalogue as it would be after the import of the rows that still stand."""

    standing: Mapping[str, FileRow]
    fallen: AbstractSet[str]
    catalogue: Mapping[str, Article]
    kept_variants: Mapping[str, list[Article]]

    def against(self, row: FileRow) -> Iterator[BadRow]:
        for column, reason in self._reasons(row.article):
            yield BadRow(row.line, row.article.article_no, column, reason)

    def _reasons(self, article: Article) -> Iterator[tuple[str, Sentence]]:
        if article.variant_of is not None:
            yield from self._against_variant(article, article.variant_of)
        for variant in self.kept_variants.get(article.article_no, ()):
            if variant.article_no not in self.standing:
                columns = unlike(variant, article) if article.is_generic else ("name",)
                yield from ((column, reasons.parted_from(variant.article_no)) for column in columns)
        if article.replaced_by is not None and self._article(article.replaced_by) is None:
            yield "replaced_by", reasons.no_successor(article.replaced_by)

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
