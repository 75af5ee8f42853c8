"""The UDI on a device's package: which article it is of, and what it says of the piece (MDR art. 27, T18)."""

from services.inventory.domain.article import Article
from services.inventory.domain.scanning.reading import LOT, SERIAL, Reading, read
from shared.domain.decision import Refused, Sentence


class CodeOfAnotherArticle(Refused):
    """The code has no GTIN, or that of another article."""

    rule = "code-of-another-article"
    sentence = Sentence(
        "Koden på förpackningen hör till en annan artikel eller har inget GTIN. Kontrollera varan.",
        "The code on the package is of another article or has no GTIN. Check the goods.",
    )


def udi_of(code: str, article: Article) -> Reading:
    """Read the scanned UDI of a piece of an article; raises NothingRead and CodeOfAnotherArticle.

    An article whose GTIN is not in the catalogue is not compared.
    """
    reading = read(code)
    if reading.gtin is None or article.gtin not in {None, reading.gtin}:
        raise CodeOfAnotherArticle(article_no=article.article_no)
    return reading


def production_identifier(reading: Reading) -> str | None:
    """Write the production identifier as people read it: `(21)1234(10)L1(17)270601`."""
    day = reading.best_before.strftime("%y%m%d") if reading.best_before else None
    parts = ((SERIAL, reading.serial_no), (LOT, reading.lot), (reading.best_before_as, day))
    return "".join(f"({ai}){value}" for ai, value in parts if value) or None
