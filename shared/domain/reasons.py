"""The meaning of partners' codes, in words for people (Q31, N7)."""

from collections.abc import Mapping

from shared.domain.decision import Sentence

OUT_OF_STOCK = Sentence("varan är slut", "the article is out of stock")
NOT_SERVED = Sentence("distributören tar inte emot beställningen", "the distributor does not take the order")
DISCONTINUED = Sentence("varan har utgått", "the article is discontinued")
NOBODY_THERE = Sentence("ingen var på plats och tog emot", "nobody was there to receive it")
WRONG_ADDRESS = Sentence("adressen stämmer inte", "the address is not right")
NOT_FETCHED = Sentence("varorna hämtades inte ut i tid", "the goods were not fetched in time")
NOT_WANTED = Sentence("mottagaren tog inte emot varorna", "the receiver did not accept the goods")
DAMAGED = Sentence("varorna skadades på vägen", "the goods were damaged on the way")
LOST = Sentence("varorna försvann på vägen", "the goods were lost on the way")
RECALLED = Sentence("varan är återkallad", "the article was recalled")
NOT_SAID = Sentence("distributören har inte sagt varför", "the distributor has not said why")

WORDS: Mapping[str, Sentence] = {
    "out-of-stock": OUT_OF_STOCK,
    "sold-out": OUT_OF_STOCK,
    "back-order": Sentence("varan är restnoterad", "the article is on back-order"),
    "not-served": NOT_SERVED,
    "not-delivered-there": Sentence(
        "distributören levererar inte dit", "the distributor does not deliver there"
    ),
    "discontinued": DISCONTINUED,
    "recalled": RECALLED,
    "nobody-there": NOBODY_THERE,
    "nobody-home": NOBODY_THERE,
    "not-home": NOBODY_THERE,
    "wrong-address": WRONG_ADDRESS,
    "unknown-address": WRONG_ADDRESS,
    "address-unknown": WRONG_ADDRESS,
    "not-fetched": NOT_FETCHED,
    "not-collected": NOT_FETCHED,
    "refused-by-receiver": NOT_WANTED,
    "not-accepted": NOT_WANTED,
    "damaged": DAMAGED,
    "lost": LOST,
    "already-packed": Sentence("varorna är redan packade", "the goods are packed already"),
    "already-despatched": Sentence("varorna är redan på väg", "the goods are on their way already"),
    "asked-for": Sentence("någon begärde det", "somebody asked for it"),
    "all-lines-rejected": Sentence(
        "distributören avvisade alla rader", "the distributor rejected every line"
    ),
    "other": NOT_SAID,
    "unknown": NOT_SAID,
}


def in_words(code: str) -> Sentence:
    """Say what a distributor's code means; one that is new to us is named as it is (Q31)."""
    known = WORDS.get(code.strip().lower().replace("_", "-"))
    return known or Sentence(f"distributören angav koden {code}", f"the distributor gave the code {code}")
