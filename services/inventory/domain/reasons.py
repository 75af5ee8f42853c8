"""The sentences that say what is wrong with a row of a file, and what to do."""

from collections.abc import Iterable

from services.inventory.domain.article import CHOICE_MARKER
from shared.domain.decision import Sentence
from shared.domain.subgroups import SUBGROUPS
from shared.domain.tables.table_reasons import quoted

ONLY_ZEROS = Sentence(
    "GTIN är bara nollor. Töm cellen om artikeln inte har något GTIN.",
    "The GTIN is nothing but zeros. Empty the cell if the article has none.",
)

HALF_A_VARIANT = Sentence(
    "En smak behöver både variant_of och variant_name. Fyll i båda eller ingen.",
    "A flavour needs both variant_of and variant_name. Fill in both or neither.",
)

GENERIC_VARIANT = Sentence(
    "En artikel som låter patienten välja smak kan inte själv vara en smak. Töm cellen eller ändra namnet.",
    "An article that lets the patient choose is no flavour itself. Empty the cell or change the name.",
)

NEEDLESSLY_REPLACED = Sentence(
    "Bara en utgående eller utgången artikel ersätts, och av en annan. Ändra status eller töm cellen.",
    "Only an outgoing or discontinued article is replaced, by another. Change the status or empty the cell.",
)


def no_article_no(cell: str) -> Sentence:
    return Sentence(
        f"{quoted(cell)} är inget artikelnummer. Skriv högst 20 tecken: siffror, A-Z och bindestreck.",
        f"{quoted(cell)} is no article number. Write at most 20 characters: digits, A-Z and hyphens.",
    )


def no_distributor(cell: str) -> Sentence:
    return Sentence(
        f"Distributören {quoted(cell)} finns inte i systemet. Rätta cellen, eller ändra inställningarna.",
        f"The system has no distributor {quoted(cell)}. Correct the cell, or change the settings.",
    )


def no_subgroup(cell: str) -> Sentence:
    keys = ", ".join(each.key for each in SUBGROUPS)
    return Sentence(
        f"Undergruppen {quoted(cell)} finns inte. Välj en av {keys}.",
        f"There is no subgroup {quoted(cell)}. Choose one of {keys}.",
    )


def another_area(subgroup: str, area: str) -> Sentence:
    return Sentence(
        f"Undergruppen {subgroup} hör till produktområdet {area}. Skriv {area}, eller rätta undergruppen.",
        f"The subgroup {subgroup} belongs to the product area {area}. Write {area}, or correct the subgroup.",
    )


def no_gtin(cell: str) -> Sentence:
    return Sentence(
        f"{quoted(cell)} är inget GTIN: 8, 12, 13 eller 14 siffror rätt kontrollsiffra. Rätta eller töm.",
        f"{quoted(cell)} is no GTIN: 8, 12, 13 or 14 digits, the right check digit. Correct or empty it.",
    )


def no_price(cell: str) -> Sentence:
    return Sentence(
        f"{quoted(cell)} är inget pris. Skriv kronor över 0 med högst två decimaler, som 24,50.",
        f"{quoted(cell)} is no price. Write kronor above 0 with at most two decimals, as 24.50.",
    )


def gtin_of_another(others: Iterable[str]) -> Sentence:
    numbers = ", ".join(others)
    return Sentence(
        f"Samma GTIN har artikel {numbers}. Ett GTIN hör till en enda artikel: rätta, eller töm cellen.",
        f"Article {numbers} has the same GTIN. A GTIN belongs to one article: correct it, or empty the cell.",
    )


def replaced_in_a_ring(ring: Iterable[str]) -> Sentence:
    way = " -> ".join(ring)
    return Sentence(
        f"Artiklarna ersätter varandra i en ring: {way}. Låt den sista stå utan ersättare.",
        f"The articles replace each other in a ring: {way}. Leave the last without a replacement.",
    )


def gone_successor(article_no: str) -> Sentence:
    return Sentence(
        f"Artikel {article_no} har utgått och kan inte ersätta. Ange den som finns nu, eller töm cellen.",
        f"Article {article_no} is discontinued and cannot replace. Name one to be had, or empty the cell.",
    )


def generic_is_bad(generic_no: str) -> Sentence:
    return Sentence(
        f"Raden för artikel {generic_no} är felaktig, så dess smaker läses inte in. Rätta den raden.",
        f"The row of article {generic_no} is bad, so its flavours are not imported. Correct that row.",
    )


def no_generic(generic_no: str) -> Sentence:
    return Sentence(
        f"Det finns ingen artikel {generic_no} med {CHOICE_MARKER} i namnet. Lägg till den, eller rätta.",
        f"No article {generic_no} has {CHOICE_MARKER} in its name. Add it or correct the number.",
    )


def differs(generic_no: str) -> Sentence:
    return Sentence(
        f"En smak ska ha samma värde som artikel {generic_no}, som den är en smak av. Ändra den ena.",
        f"A flavour must have the value of article {generic_no}, whose flavour it is. Change one of them.",
    )


def parted_from(variant_no: str) -> Sentence:
    return Sentence(
        f"Artikel {variant_no} är en smak av denna och skulle inte stämma längre. Ta med båda i filen.",
        f"Article {variant_no} is a flavour of this one and would not agree any more. Put both in the file.",
    )


def no_successor(article_no: str) -> Sentence:
    return Sentence(
        f"Artikel {article_no} finns varken i filen eller i katalogen. Lägg till den eller töm cellen.",
        f"Article {article_no} is neither in the file nor in the catalogue. Add it or empty the cell.",
    )
