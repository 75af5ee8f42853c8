"""Every reason against a line of a device order (S89, S90, S92, Q46, Q48, Q50, Q52)."""

from collections.abc import Iterator
from datetime import date

from services.ordering.domain.catalogue import ArticleNotKnownYet
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.copies import DeviceArticle
from services.ordering.domain.devices.lines import Line
from shared.domain.decision import Refused, Sentence
from shared.domain.tariff import NoTariff, NotPriced


class FeeNotAnswered(Refused):
    """The article has a fee, and nobody has said whether this patient pays it (S90)."""

    rule = "fee-not-answered"
    sentence = Sentence(
        "Artikeln har en egenavgift. Svara ja eller nej på om patienten ska betala den.",
        "The article has a patient fee. Answer yes or no: shall the patient pay it?",
    )


class FeeNotAsked(Refused):
    """The article has no fee, so nobody can pay it."""

    rule = "fee-not-asked"
    sentence = Sentence(
        "Artikeln har ingen egenavgift. Ta bort svaret, eller välj en annan artikel.",
        "The article has no patient fee. Remove the answer, or choose another article.",
    )


class ComponentNotRemovable(Refused):
    """The component always belongs to the device (Q46)."""

    rule = "component-not-removable"
    sentence = Sentence(
        "Komponenten hör alltid till hjälpmedlet och kan inte tas bort. Låt den vara kvar.",
        "The component always belongs to the device and cannot be taken off. Leave it on.",
    )


class NotAComponentOf(Refused):
    """The article does not fit the device, or was not on it."""

    rule = "not-a-component-of"
    sentence = Sentence(
        "Komponenten passar inte på hjälpmedlet. Välj en av dess komponenter, eller beställ den på egen rad.",
        "The component does not fit the device. Choose one of its components, or order it on its own line.",
    )


class MarkedOneByOne(Refused):
    """A marked article is one tracked device for each line (S92)."""

    rule = "marked-one-by-one"
    sentence = Sentence(
        "Artikeln är individmärkt, och varje individ har sin rad. Sätt antalet till 1, och lägg till rader.",
        "The article is marked, and each device has its line. Set the quantity to 1 and add more lines.",
    )


class NotOffered(Refused):
    """Assortment, status or article say that it does not come from there (Q50)."""

    rule = "source-not-offered"
    sentence = Sentence(
        "Artikeln kan inte tas därifrån. Välj en annan källa, eller en annan artikel.",
        "The article is not to be had from there. Choose another source, or another article.",
    )


class AlreadyOnLoan(Refused):
    """The patient has a device of the same kind: is it to be exchanged? (Q48)."""

    rule = "already-on-loan"
    sentence = Sentence(
        "Patienten har redan ett hjälpmedel av samma slag. Ska det bytas mot ett ur eget förråd, gör ett "
        "byte. Beställs det nya från lagret, svara att det är ett till och gör bytet när det lämnas över. "
        "Ska patienten ha båda, svara likaså att det är ett till.",
        "The patient has a device of the same kind already. To exchange it for one of an own storeroom, make "
        "an exchange. If the new one is ordered from the warehouse, answer that it is an additional one, and "
        "exchange at the hand-over. If the patient shall have both, answer that it is an additional one too.",
    )


class NothingToExchange(Refused):
    """The patient has no such device on loan (Q48)."""

    rule = "nothing-to-exchange"
    sentence = Sentence(
        "Patienten har inte hjälpmedlet som skulle bytas. Kontrollera individnumret.",
        "The patient has not the device that was to be exchanged. Check its number.",
    )


class FeeContinues(Refused):
    """An exchange costs nothing: the fee of the loan and its days continue (Q48)."""

    rule = "fee-continues"
    sentence = Sentence(
        "Ett byte kostar inget: avgiften och dess dagar följer med. Svara inte ja på avgiften.",
        "An exchange costs nothing: the fee and its days continue. Do not answer yes to the fee.",
    )


class OnOpenCollectionOrder(Refused):
    """Another collection order of the device is open (S137)."""

    rule = "on-open-collection-order"
    sentence = Sentence(
        "Hjälpmedlet finns redan på en öppen hämtorder. Öppna den i stället, eller makulera den först.",
        "The device is on an open collection order already. Open that one, or annul it first.",
    )


def against_line(line: Line, *, catalogue: DeviceCatalogue, on: date) -> Iterator[Refused]:
    """Say all that speaks against a line with its source chosen, on the day it would be sent."""
    article = catalogue.articles.get(line.article_no)
    if article is None:
        yield ArticleNotKnownYet(article_no=line.article_no, line=line.line_no)
        return
    if article.marked and line.quantity != 1:
        yield MarkedOneByOne(article_no=line.article_no, line=line.line_no)
    if line.source is not None and not is_offered(article, line.source):
        yield NotOffered(article_no=line.article_no, line=line.line_no, source=line.source)
    yield from _against_components(line, article, catalogue)
    yield from _against_fee(line, article, catalogue, on=on)
    yield from _against_exchange(line, catalogue)
    known = catalogue.of_the_same_kind(article, but=line.exchange.device_no if line.exchange else None)
    if known is not None and not line.is_additional:
        yield AlreadyOnLoan(article_no=line.article_no, line=line.line_no, device_no=known.device_no)


def _against_exchange(line: Line, catalogue: DeviceCatalogue) -> Iterator[Refused]:
    """Of an exchange the patient has the old device, and its fee continues with the new one (Q48)."""
    if line.exchange is None:
        return
    loan = catalogue.loan_of(line.exchange.device_no)
    if loan is None:
        yield NothingToExchange(line=line.line_no, device_no=line.exchange.device_no)
    elif loan.collection_no is not None and line.exchange.disposition != "collect":
        yield OnOpenCollectionOrder(device_no=loan.device_no, collection_no=loan.collection_no)
    if line.fee:
        yield FeeContinues(article_no=line.article_no, line=line.line_no)


def is_offered(article: DeviceArticle, source: str) -> bool:
    """Tell whether an article may come from an own storeroom or a warehouse (Q50).

    What is outgoing or discontinued comes while stock lasts; inventory says when it does not.
    """
    if article.assortment not in {"standard", "other", "earlier"}:
        return False
    return source in article.sources and (article.assortment != "earlier" or source == "storeroom")


def _against_components(line: Line, article: DeviceArticle, catalogue: DeviceCatalogue) -> Iterator[Refused]:
    fitting = {each.article_no: each for each in article.components}
    for removed in line.removed:
        component = fitting.get(removed)
        if component is None or not component.standard:
            yield NotAComponentOf(article_no=removed, line=line.line_no)
        elif not component.removable:
            yield ComponentNotRemovable(article_no=removed, line=line.line_no)
    for chosen in line.components:
        if chosen.article_no not in fitting:
            yield NotAComponentOf(article_no=chosen.article_no, line=line.line_no)
        elif chosen.article_no not in catalogue.articles:
            yield ArticleNotKnownYet(article_no=chosen.article_no, line=line.line_no)


def _against_fee(
    line: Line, article: DeviceArticle, catalogue: DeviceCatalogue, *, on: date
) -> Iterator[Refused]:
    if line.exchange is not None:
        return
    if article.fee_code is None:
        if line.fee:
            yield FeeNotAsked(article_no=line.article_no, line=line.line_no)
    elif line.fee is None:
        yield FeeNotAnswered(article_no=line.article_no, line=line.line_no)
    else:
        try:
            catalogue.fee_of(line, fee_no=1, on=on)
        except (NotPriced, NoTariff) as unpriced:
            yield unpriced
