"""What an import would change: new, changed, unchanged, and what the file does not mention."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from services.inventory.domain.article import Article
from services.inventory.domain.catalogue_file import column_of
from shared.domain.decision import Sentence
from shared.events.inventory import ArticleComponent


@dataclass(frozen=True)
class FieldChange:
    """A field of an article, before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Changed:
    """An article that the import would change."""

    article: Article
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Difference:
    """The file beside the catalogue; articles missing from the file are listed and left alone."""

    new: tuple[Article, ...]
    changed: tuple[Changed, ...]
    unchanged: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def to_write(self) -> tuple[Article, ...]:
        """Give the rows to import, a generic before its variants."""
        rows = (*self.new, *(each.article for each in self.changed))
        return tuple(sorted(rows, key=_variants_last))


def difference(
    rows: Sequence[Article], *, named: Collection[str], catalogue: Mapping[str, Article]
) -> Difference:
    """Compare rows with the catalogue; `named` are all numbers in the file, those of bad rows too."""
    new = tuple(row for row in rows if row.article_no not in catalogue)
    changed: list[Changed] = []
    unchanged: list[str] = []
    for row in rows:
        if row.article_no in catalogue:
            fields_changed = _field_changes(catalogue[row.article_no], row)
            if fields_changed:
                changed.append(Changed(row, fields_changed))
            else:
                unchanged.append(row.article_no)
    missing = tuple(sorted(catalogue.keys() - named))
    return Difference(new, tuple(changed), tuple(unchanged), missing)


def summary(difference: Difference) -> Sentence:
    """Count the difference in one sentence."""
    counts = (
        len(difference.new),
        len(difference.changed),
        len(difference.unchanged),
        len(difference.missing),
    )
    return Sentence(
        "{} nya, {} ändrade, {} oförändrade, {} som inte står i filen (lämnas som de är).".format(*counts),
        "{} new, {} changed, {} unchanged, {} not in the file (left as they are).".format(*counts),
    )


def details(difference: Difference) -> Iterator[Sentence]:
    """Name every article that is new or changed, one to a line; those that stay as they are, are counted."""
    for article in difference.new:
        yield Sentence(f"+ {article.article_no} {article.name}", f"+ {article.article_no} {article.name}")
    for change in difference.changed:
        what = ", ".join(f"{each.field}: {each.before} -> {each.after}" for each in change.fields)
        line = f"~ {change.article.article_no} {change.article.name} ({what})"
        yield Sentence(line, line)


def _variants_last(article: Article) -> bool:
    return article.variant_of is not None


def _field_changes(before: Article, row: Article) -> tuple[FieldChange, ...]:
    after = replace(row, version=before.version)
    if before == after:
        return ()
    was, is_now = _flat(before), _flat(after)
    names = dict.fromkeys((*was, *is_now))
    pairs = [(name, was.get(name), is_now.get(name)) for name in names]
    return tuple(FieldChange(name, _shown(old), _shown(new)) for name, old, new in pairs if old != new)


def _flat(article: Article) -> dict[str, object]:
    """Give an article's fields by name, those of a device beside the others."""
    values = {field.name: getattr(article, field.name) for field in fields(Article)}
    device, listing = values.pop("device"), values.pop("listing")
    return {**values, **vars(listing), **(dict(device) if device else {})}


def _shown(value: object) -> str:
    if isinstance(value, ArticleComponent):
        return f"{value.quantity} x {value.article_no} ({column_of(value)})"
    if isinstance(value, tuple):
        return " + ".join(_shown(each) for each in value) or "-"
    return "-" if value is None else str(value)
