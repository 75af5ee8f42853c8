"""Normalises texts for the search index: names, numbers, and the words of a search (S10, S11)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from services.inventory.domain.article import Article
from shared.domain.text import typed

SHORTEST_INDEXED = 3
"""The index holds groups of three letters; shorter words are looked for in each text."""
SHORTEST_BEGINNING = 3
"""A number is found from its beginning by so many characters; fewer are found as a whole number only."""

BEGINS, ENDS, AROUND = "\ue000", "\ue001", "\ue002"
"""Marks that nobody can type: before and after a number of the article, and around a number in a name."""

OWN_LETTERS = str.maketrans("åäö", "\ue010\ue011\ue012")
OWN_LETTERS_BACK = str.maketrans("\ue010\ue011\ue012", "åäö")
ALIKE = str.maketrans({"ø": "ö", "æ": "ä", "œ": "oe", "ł": "l", "đ": "d", "\u00d7": "x"})
ACCENTS = re.compile("[\u0300-\u036f]")
DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")
BEFORE_UNIT = re.compile(r"(?<=[0-9]) (?=[a-z]{1,4}\b)")


def folded(text: str) -> str:
    """Write a text as the index does: no case, no accents but those of å, ä and ö, nothing unprintable."""
    one_form = unicodedata.normalize("NFKC", typed(text)).casefold().translate(ALIKE).translate(OWN_LETTERS)
    bare = ACCENTS.sub("", unicodedata.normalize("NFD", one_form))
    letters = unicodedata.normalize("NFC", bare).translate(OWN_LETTERS_BACK)
    printable = "".join(letter if letter.isprintable() else " " for letter in letters)
    return DECIMAL_COMMA.sub(".", printable)


def compact(text: str) -> str:
    """Write a number without the blanks that people put in it."""
    return "".join(folded(text).split())


def in_words(texts: Iterable[str | None]) -> str:
    """Write names for finding by parts of words, and by a number only as a whole (`2` is not in `1,2`)."""
    words = [folded(each) for each in texts if each]
    joined = [BEFORE_UNIT.sub("", each) for each in words]
    return " ".join(_numbers_marked(each) for each in dict.fromkeys((*words, *joined)))


def in_numbers(article: Article) -> str:
    """Write an article's own numbers, to be found from the beginning; a GTIN without its zeros too."""
    gtin = (article.gtin, article.gtin.lstrip("0")) if article.gtin else ()
    numbers = map(compact, (article.article_no, article.supplier_article_no, *gtin))
    return "".join(f"{BEGINS}{each}{ENDS}" for each in dict.fromkeys(numbers))


@dataclass(frozen=True)
class Sought:
    """One word of a question: how it stands among words, and how among numbers."""

    in_words: str
    in_numbers: str

    @property
    def is_indexed(self) -> bool:
        return len(self.in_words) >= SHORTEST_INDEXED


def sought(text: str) -> list[Sought]:
    """Split a question into its words."""
    return [Sought(_numbers_marked(word), _beginning(word)) for word in folded(text).split()]


def trigrams(text: str) -> list[str]:
    """Give three characters after three, and the last three: enough to choose which texts to look at."""
    firsts = (*range(0, len(text) - 3, 3), len(text) - 3)
    return list(dict.fromkeys(text[first : first + 3] for first in firsts))


def _beginning(word: str) -> str:
    return f"{BEGINS}{word}" if len(word) >= SHORTEST_BEGINNING else f"{BEGINS}{word}{ENDS}"


def _numbers_marked(text: str) -> str:
    return NUMBER.sub(rf"{AROUND}\g<0>{AROUND}", text)
