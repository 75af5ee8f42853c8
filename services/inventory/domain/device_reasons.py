"""The sentences that say what is wrong with a device's row of a catalogue file, and what to do."""

from datetime import date

from shared.domain.decision import Sentence
from shared.domain.tables.table_reasons import quoted

PAIRS_HAVE_NO_NUMBER = Sentence(
    "En individmärkt artikel räknas styckvis: var och en har ett nummer. Ändra basenhet eller märkning.",
    "A marked article is counted in pieces, as each has a number of its own. Change the unit or the marking.",
)
SPARE_PART_OF_PARTS = Sentence(
    "En reservdel har inga komponenter. Töm cellerna, eller ändra artikeltypen.",
    "A spare part has no components. Empty the cells, or change the article type.",
)
ONLY_FROM_STOREROOM = Sentence(
    "Tidigare sortiment kommer bara från eget förråd. Skriv storeroom, eller ändra sortimentet.",
    "What is of an earlier assortment comes only from an own storeroom. Write storeroom, or change it.",
)
NOT_PURCHASED = Sentence(
    "En utgående eller utgången artikel köps inte från leverantören. Ta bort supplier, eller ändra status.",
    "An outgoing or discontinued article is not purchased. Remove supplier, or change the status.",
)
NAMED_TWICE = Sentence(
    "Samma komponent står två gånger. Låt den stå en gång, i en av kolumnerna.",
    "The same component is named twice. Name it once, in one of the columns.",
)
PART_OF_ITSELF = Sentence(
    "Artikeln är en komponent till sig själv. Ta bort den.",
    "The article is a component of itself. Remove it.",
)
TOO_LONG = Sentence(
    "Beskrivningen är längre än 2 000 tecken. Korta den.",
    "The description is longer than 2,000 characters. Shorten it.",
)


def no_working_days(cell: str) -> Sentence:
    return Sentence(
        f"{quoted(cell)} är ingen leveranstid. Skriv arbetsdagar som 3-5: gör kolumnen till text.",
        f"{quoted(cell)} is no delivery time. Write working days as 3-5: make the column text.",
    )


def not_yet(day: date) -> Sentence:
    return Sentence(
        f"Priset gäller först från {day}, och inget gäller till dess. Läs in artikeln med dagens pris först.",
        f"The price holds only from {day}, and none holds until then. Import the article with today's price "
        "first.",
    )


def drops_prices(day: date, *, kept_from: date) -> Sentence:
    return Sentence(
        f"Ett pris från {day} skulle ta bort flera kända priser. Kontrollera året; priset som gäller är från "
        f"{kept_from}.",
        f"A price from {day} would remove several known prices. Check the year; the price that holds is from "
        f"{kept_from}.",
    )


def no_iso_code(cell: str) -> Sentence:
    return Sentence(
        f"{quoted(cell)} är ingen ISO-kod. Skriv sex siffror, som 040312: gör kolumnen till text.",
        f"{quoted(cell)} is no ISO code. Write six digits, as 040312: make the column text.",
    )


def no_component(cell: str) -> Sentence:
    return Sentence(
        f"{quoted(cell)} är ingen komponent. Skriv artikelnumret, eller antal och nummer som 2 x 910101.",
        f"{quoted(cell)} is no component. Write the article number, or count and number as 2 x 910101.",
    )


def unknown_component(article_no: str) -> Sentence:
    return Sentence(
        f"Komponenten {article_no} finns varken i filen eller i katalogen. Lägg till den, eller ta bort den.",
        f"The component {article_no} is neither in the file nor in the catalogue. Add it, or remove it.",
    )


def no_device(article_no: str) -> Sentence:
    return Sentence(
        f"Artikel {article_no} är inget hjälpmedel, utan skickas av en distributör. Ange ett annat nummer.",
        f"Article {article_no} is no device; a distributor sends it. Name another number.",
    )


def marked_component(article_no: str) -> Sentence:
    return Sentence(
        f"Artikel {article_no} är individmärkt och beställs på egen rad, inte som komponent. Ta bort den.",
        f"Article {article_no} is marked and has a line of its own, so it is no component. Remove it.",
    )


def gone_component(article_no: str) -> Sentence:
    return Sentence(
        f"Komponenten {article_no} har utgått och kan inte vara förvald. Flytta till optional_components.",
        f"The component {article_no} is discontinued and cannot be pre-selected. Make it an optional one.",
    )


def still_a_component(article_no: str) -> Sentence:
    return Sentence(
        f"Artikeln är en komponent till {article_no} och skulle inte passa längre. Ta med båda i filen.",
        f"The article is a component of {article_no} and would not do as one any more. Put both in the file.",
    )


def another_kind(article_no: str) -> Sentence:
    return Sentence(
        f"Artikel {article_no} har annan typ, basenhet eller märkning och kan inte ersätta. Ange en annan.",
        f"Article {article_no} differs in type, base unit or marking and cannot replace. Name another.",
    )


NUMBER_OF_A_DEVICE = Sentence(
    "Artikelnumret är ett hjälpmedels. Ge artikeln ett annat nummer.",
    "The article number is that of a device. Give the article another number.",
)
NUMBER_OF_NO_DEVICE = Sentence(
    "Artikelnumret tillhör en artikel som en distributör skickar. Ge hjälpmedlet ett annat nummer.",
    "The article number is that of an article that a distributor sends. Give the device another number.",
)
