"""The search index: every word a part of the name or a number, in any order, case ignored (S10, S11, S13)."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from services.inventory.domain.article import Article
from services.inventory.domain.gtin import as_14
from services.inventory.repository import statements

COUNTED_TO = 1000
"""More hits than this are not counted: nobody reads them, and counting would cost more than finding."""

SHORTEST_INDEXED = 3
"""The index holds groups of three letters; shorter words are looked for in each text."""

SWEDISH_ORDER = str.maketrans("åäö", "{|}")
PLACES = {"active": 0, "outgoing": 1, "discontinued": 2}
PLACE_BITS = 40

Values = Mapping[str, str | int | None]


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; no subgroups means all of them."""

    text: str = ""
    subgroups: frozenset[str] | None = None
    include_variants: bool = False
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True)
class Hits:
    """A page of article numbers, and how many there are; `at_least` when counting stopped."""

    article_nos: tuple[str, ...]
    count: int
    at_least: bool = False


class ArticleSearch:
    """One process's index in memory; an older version of an article never replaces a newer one."""

    def __init__(self) -> None:
        self._database = sqlite3.connect(":memory:", isolation_level=None)
        self._database.executescript(statements.SCHEMA)
        # Ids grow from the active to the discontinued: the index finds in their order, the best first.
        self._ids = {place: count(1 + (place << PLACE_BITS)) for place in PLACES.values()}

    def put(self, articles: Iterable[Article]) -> None:
        """Take in what is new or newer."""
        self._database.execute("BEGIN")
        for article in articles:
            self._put(article)
        self._database.execute("COMMIT")

    def lacking(self, articles: Iterable[Article]) -> list[Article]:
        """Give those that the index has not, or only in an older version."""
        return [article for article in articles if article.version > self._version(article.article_no)]

    def find(self, wanted: Wanted) -> Hits:
        """Give a page of hits: an exact number first, then active before others, then by name."""
        words = folded(wanted.text).split()
        if not words:
            return self._list(wanted)
        exact = self._numbers(statements.EXACT, {**_filters(wanted), **_number(wanted.text)})
        found = self._numbers(statements.found(*_sizes(words)), {**_filters(wanted), **_words(words)})
        numbers = list(dict.fromkeys((*exact, *found)))[:COUNTED_TO]
        page = numbers[wanted.offset : wanted.offset + wanted.limit]
        return Hits(tuple(page), len(numbers), at_least=len(found) > COUNTED_TO)

    def close(self) -> None:
        self._database.close()

    def _list(self, wanted: Wanted) -> Hits:
        filters = {**_filters(wanted), "limit": wanted.limit, "offset": wanted.offset}
        ((hits,),) = self._database.execute(statements.COUNT, filters)
        return Hits(tuple(self._numbers(statements.LIST, filters)), hits)

    def _numbers(self, statement: str, values: Values) -> list[str]:
        return [article_no for (article_no,) in self._database.execute(statement, values)]

    def _version(self, article_no: str) -> int:
        before = self._database.execute(statements.BEFORE, (article_no,)).fetchone()
        return 0 if before is None else int(before[1])

    def _put(self, article: Article) -> None:
        place = PLACES[article.status]
        before = self._database.execute(statements.BEFORE, (article.article_no,)).fetchone()
        row_id = None
        if before is not None:
            before_id, version, before_place, before_text = before
            if version >= article.version:
                return
            self._database.execute(statements.FORGET_WORDS, (before_id, before_text))
            self._database.execute(statements.FORGET, (before_id,))
            row_id = before_id if before_place == place else None
        row = _row(article, row_id=row_id or next(self._ids[place]), place=place)
        self._database.execute(statements.KEEP, row)
        self._database.execute(statements.KEEP_WORDS, row)


def folded(text: str) -> str:
    """Write a text as the index does: one form of each letter, no case, nothing unprintable."""
    one_form = unicodedata.normalize("NFC", text).casefold()
    return "".join(letter if letter.isprintable() else " " for letter in one_form)


def in_order_of_names(articles: Iterable[Article]) -> list[Article]:
    """Sort for the index: what it takes in first it finds first, when there is more than it counts."""
    return sorted(articles, key=_by_name)


def _by_name(article: Article) -> str:
    return folded(article.name).translate(SWEDISH_ORDER)


def _row(article: Article, *, row_id: int, place: int) -> Values:
    searched = (
        article.name,
        article.article_no,
        article.supplier_article_no,
        article.distributor,
        article.gtin,
    )
    return {
        "id": row_id,
        "article_no": article.article_no,
        "version": article.version,
        "folded_no": folded(article.article_no),
        "supplier_no": folded(article.supplier_article_no),
        "gtin": article.gtin,
        "subgroup": article.subgroup,
        "is_variant": article.variant_of is not None,
        "place": place,
        "by_name": _by_name(article),
        "folded": folded(" ".join(each or "" for each in searched)),
    }


def _filters(wanted: Wanted) -> Values:
    subgroups = None if wanted.subgroups is None else json.dumps(sorted(wanted.subgroups))
    return {"subgroups": subgroups, "variants": wanted.include_variants, "enough": COUNTED_TO + 1}


def _number(text: str) -> Values:
    whole = folded(text).strip()
    return {"whole": whole, "gtin": as_14(whole)}


def _sizes(words: Sequence[str]) -> tuple[int, int]:
    """Count the words that the index knows, and the shorter ones."""
    short = sum(len(word) < SHORTEST_INDEXED for word in words)
    return len(words) - short, short


def _words(words: Sequence[str]) -> Values:
    """Quote the words, so that nothing in them is read as the index's own language."""
    indexed = [word for word in words if len(word) >= SHORTEST_INDEXED]
    short = [word for word in words if len(word) < SHORTEST_INDEXED]
    quoted = " AND ".join('"' + word.replace('"', '""') + '"' for word in indexed)
    return {"match": quoted, **{f"short_{place}": word for place, word in enumerate(short)}}
