"""The search index: parts of words, and numbers whole or from their beginning (S10, S11, S13)."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from services.inventory.domain.article import Article
from services.inventory.domain.gtin import as_14
from services.inventory.repository import statements
from services.inventory.repository.properties import DeviceLimits, Trigrams, properties_of
from services.inventory.repository.wording import (
    Sought,
    compact,
    folded,
    in_numbers,
    in_words,
    sought,
    trigrams,
)

COUNTED_TO = 1000
"""More hits than this are not counted: nobody reads them, and counting would cost more than finding."""

SWEDISH_ORDER = str.maketrans("åäö", "{|}")
IN_ASSORTMENT = 1
"""The last place of what is in an assortment: active articles, then outgoing ones."""
OUTSIDE = 2
"""From this place on stands what is in no standard assortment: active, then outgoing."""
DISCONTINUED = 4
PLACES = range(DISCONTINUED + 1)
PLACE_BITS = 40
INDEXED_AT_ONCE = 500

Values = Mapping[str, str | int | None]


@dataclass(frozen=True)
class SearchCriteria:
    """What somebody looks for; no subgroups means all of them."""

    text: str = ""
    subgroups: frozenset[str] | None = None
    include_variants: bool = False
    offset: int = 0
    limit: int = 50
    devices: DeviceLimits | None = None
    """Only devices, accessories and spare parts, and which; None: whatever the catalogue has."""


@dataclass(frozen=True)
class Hits:
    """A page of article numbers, and how many there are; `at_least` when counting stopped."""

    article_nos: tuple[str, ...]
    count: int
    at_least: bool = False


class ArticleSearch:
    """One process's index in memory; an older version of an article never replaces a newer one.

    Whoever shares it between threads lets one use it at a time.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._database.executescript(statements.SCHEMA)
        # Ids grow from the active to the discontinued: the index finds in their order, the best first.
        self._ids = {place: count(1 + (place << PLACE_BITS)) for place in PLACES}
        self._trigrams = Trigrams()
        self._classes: list[tuple[str, str, int]] | None = None
        """How many articles of an assortment each class has in each area, until an article changes."""

    @property
    def is_empty(self) -> bool:
        ((empty,),) = self._database.execute(statements.IS_EMPTY)
        return bool(empty)

    def put(self, articles: Iterable[Article]) -> None:
        """Take in what is new or newer."""
        self._classes = None
        self._database.execute("BEGIN")
        generics = {generic_no for article in articles for generic_no in self._put(article)}
        for generic_no in sorted(generics):  # once each, however many of its flavours came
            self._flavour_anew(generic_no)
        self._database.execute("COMMIT")

    def wait(self, articles: Iterable[Article]) -> None:
        """Lay some of a whole catalogue aside, in any order, until all of it is there."""
        self._database.executemany(statements.WAIT, map(self._row, articles))

    def take_in_waiting(self) -> Iterator[None]:
        """Take in what waits by name, since what is taken in first is found first; pauses again and again.

        Nothing else may be taken in before the end.
        """
        self._classes = None
        ranges = [self._ordered(place) for place in PLACES]
        self._database.execute(statements.WAITS_NO_MORE)
        self._database.execute(statements.FLAVOURED)
        for first, last in ranges:
            for after in range(first, last, INDEXED_AT_ONCE):
                until = min(after + INDEXED_AT_ONCE, last)
                self._database.execute(statements.KEEP_WORDS_BETWEEN, (after, until))
                yield

    def _ordered(self, place: int) -> tuple[int, int]:
        """Take in all that waits of one place; give after which id, and until which."""
        first = next(self._ids[place])
        taken = self._database.execute(statements.ORDERED, {"first": first, "place": place}).rowcount
        self._ids[place] = count(first + taken + 1)
        return first, first + taken

    def lacking(self, articles: Iterable[Article]) -> list[Article]:
        """Give those that the index has not, or only in an older version."""
        return [article for article in articles if article.version > self._version(article.article_no)]

    def find(self, wanted: SearchCriteria) -> Hits:
        """Give a page of hits: an exact number first, then the best place, then by name."""
        words, limits = sought(wanted.text), self._limits(wanted)
        if not all(limits):
            return Hits((), 0)
        if not words and not limits:
            return self._list(wanted)
        exact = self._exactly(wanted, limits) if words else ()
        match = _match(words, limits)
        asked = statements.found(len(words), is_indexed=bool(match))
        found = self._numbers(asked, {**_filters(wanted), **_words(words), "match": match})
        numbers = list(dict.fromkeys((*exact, *found)))[:COUNTED_TO]
        page = numbers[wanted.offset : wanted.offset + wanted.limit]
        return Hits(tuple(page), len(numbers), at_least=len(found) > COUNTED_TO)

    def classes(self, code: str, *, level: int, areas: frozenset[str]) -> Mapping[str, int]:
        """Count the articles of an assortment in each class of a level below a code, in some areas (S168)."""
        if self._classes is None:
            self._classes = self._database.execute(statements.CLASSES, (IN_ASSORTMENT,)).fetchall()
        found: Counter[str] = Counter()
        for area, iso_code, articles in self._classes:
            if area in areas and iso_code.startswith(code):
                found[iso_code[:level]] += articles
        return found

    def close(self) -> None:
        self._database.close()

    def _list(self, wanted: SearchCriteria) -> Hits:
        filters = {**_filters(wanted), "limit": wanted.limit, "offset": wanted.offset}
        ((hits,),) = self._database.execute(statements.COUNT, filters)
        return Hits(tuple(self._numbers(statements.LIST, filters)), hits)

    def _limits(self, wanted: SearchCriteria) -> list[tuple[str, ...]]:
        """Write what a device must have, of each group one; an empty group is what no article has."""
        groups = wanted.devices.properties() if wanted.devices else ()
        return [self._trigrams.sought(each) for each in groups]

    def _exactly(self, wanted: SearchCriteria, limits: Sequence[Sequence[str]]) -> list[str]:
        numbered = self._database.execute(
            statements.EXACT, {**_filters(wanted), **_number(wanted.text)}
        ).fetchall()
        return [no for no, has in numbered if all(any(each in has for each in group) for group in limits)]

    def _numbers(self, statement: str, values: Values) -> list[str]:
        return [article_no for (article_no,) in self._database.execute(statement, values)]

    def _version(self, article_no: str) -> int:
        before = self._database.execute(statements.BEFORE, (article_no,)).fetchone()
        return 0 if before is None else int(before[1])

    def _put(self, article: Article) -> Iterator[str]:
        """Take one in; give the generic articles that are found by other flavours from now on."""
        row = self._row(article)
        before = self._database.execute(statements.BEFORE, (article.article_no,)).fetchone()
        row_id, generics = None, {article.variant_of}
        if before is not None:
            before_id, version, before_place, before_generic = before
            if version >= article.version:
                return
            self._database.execute(statements.FORGET_WORDS, (article.article_no,))
            self._database.execute(statements.FORGET, (article.article_no,))
            row_id = before_id if before_place == row["place"] else None
            generics.add(before_generic)
        self._database.execute(statements.KEEP, {**row, "id": row_id or next(self._ids[_place(article)])})
        self._database.execute(statements.FLAVOUR_ANEW, (article.article_no,))
        self._database.execute(statements.KEEP_WORDS, (article.article_no,))
        yield from filter(None, generics)

    def _flavour_anew(self, generic_no: str) -> None:
        """Let a generic article be found by the flavours that it has now."""
        self._database.execute(statements.FORGET_WORDS, (generic_no,))
        self._database.execute(statements.FLAVOUR_ANEW, (generic_no,))
        self._database.execute(statements.KEEP_WORDS, (generic_no,))

    def _row(self, article: Article) -> Values:
        device = article.device
        seller = device.supplier if device else article.distributor
        return {
            "article_no": article.article_no,
            "version": article.version,
            "whole_no": compact(article.article_no),
            "whole_supplier_no": compact(article.supplier_article_no),
            "gtin": article.gtin,
            "subgroup": article.subgroup,
            "variant_of": article.variant_of,
            "variant_words": in_words([article.variant_name]),
            "place": _place(article),
            "by_name": _by_name(article),
            "own": in_words([article.name, article.variant_name, seller]),
            "numbered": in_numbers(article),
            "properties": self._trigrams.written(properties_of(article)),
            "product_area": article.product_area,
            "iso_code": device.iso_code if device else None,
        }


def in_order_of_names(articles: Iterable[Article]) -> list[Article]:
    """Sort as people read lists: by name, in the order of the Swedish alphabet."""
    return sorted(articles, key=_by_name)


def _by_name(article: Article) -> str:
    return folded(article.name).translate(SWEDISH_ORDER)


def _place(article: Article) -> int:
    """Give the place among hits: the region's assortment first, and last what is discontinued (S161)."""
    if article.status == "discontinued":
        return DISCONTINUED
    outside = article.device is not None and not article.in_assortment
    return (OUTSIDE if outside else 0) + (article.status == "outgoing")


def _filters(wanted: SearchCriteria) -> Values:
    subgroups = None if wanted.subgroups is None else json.dumps(sorted(wanted.subgroups))
    return {"subgroups": subgroups, "variants": wanted.include_variants, "enough": COUNTED_TO + 1}


def _number(text: str) -> Values:
    whole = compact(text)
    return {"whole": whole, "gtin": as_14(whole.replace("-", ""))}


def _match(words: Sequence[Sought], limits: Sequence[Sequence[str]]) -> str:
    """Write what the index is asked: all trigrams of each word, and of each limit one of its properties."""
    indexed = (_trigrams_of(word) for word in words if word.is_indexed)
    return " AND ".join((*indexed, *(f"({' OR '.join(map(_quoted, each))})" for each in limits)))


def _trigrams_of(word: Sought) -> str:
    """Write the trigrams of a word as it stands in names, or as it begins a number if that has others."""
    either = [word.in_words] if word.in_words in word.in_numbers else [word.in_words, word.in_numbers]
    return f"({' OR '.join(' AND '.join(map(_quoted, trigrams(each))) for each in either)})"


def _words(words: Sequence[Sought]) -> Values:
    return {
        **{f"word_{place}": word.in_words for place, word in enumerate(words)},
        **{f"number_{place}": word.in_numbers for place, word in enumerate(words)},
    }


def _quoted(text: str) -> str:
    """Quote what may hold signs of the index's own language."""
    return '"' + text.replace('"', '""') + '"'
