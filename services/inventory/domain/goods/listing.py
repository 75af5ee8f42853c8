"""Which balances somebody wants to see, and the stock list as a file for spreadsheets (S172, S173)."""

from dataclasses import dataclass
from typing import Literal

from services.inventory.domain.article import Article
from services.inventory.domain.goods.balance import Balance
from shared.domain.decision import Refused, Sentence

SHORTEST_TEXT = 3
MOST_REPORTED = 1000
"""Articles of one storeroom in a printed report: some 70 pages, which take two seconds to typeset."""

ArticleType = Literal["main_aid", "accessory", "spare_part"]
BalanceFilter = Literal["some", "none", "reserved", "quarantined", "below_minimum"]


class TextTooShort(Refused):
    """So few signs stand in too many names."""

    rule = "text-too-short"
    sentence = Sentence(
        "Skriv minst tre tecken, eller lämna fältet tomt för att se allt.",
        "Write at least three signs, or leave the field empty to see all.",
    )


class TextTooCommon(Refused):
    """More articles match than are looked up in the balances."""

    rule = "text-too-common"
    sentence = Sentence(
        "Sökningen träffar för många artiklar. Skriv fler tecken eller flera ord.",
        "The search finds too many articles. Write more signs or several words.",
    )


class TooLongToPrint(Refused):
    """The storeroom holds more articles than a print can list."""

    rule = "too-long-to-print"
    sentence = Sentence(
        "Förrådet har fler än 1000 artiklar och kan inte skrivas ut. Hämta listan som fil i stället.",
        "The storeroom has more than 1,000 articles and cannot be printed. Fetch the list as a file instead.",
    )


@dataclass(frozen=True)
class StockFilter:
    """What of a balance and its article is asked for; None for everything."""

    article_type: ArticleType | None = None
    balance: BalanceFilter | None = None

    def takes(self, balance: Balance, article: Article | None) -> bool:
        device = article.device if article else None
        if self.article_type is not None and (device is None or device.article_type != self.article_type):
            return False
        pieces = {
            None: True,
            "some": balance.on_hand > 0,
            "none": balance.on_hand == 0,
            "reserved": balance.reserved > 0,
            "quarantined": balance.quarantined > 0,
            "below_minimum": balance.is_short,
        }
        return pieces[self.balance]
