"""How the packages of a line are split over flavours and shapes (S43, S44, S53 to S55)."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.ordering.domain.catalogue import Article, Catalogue
from shared.domain.decision import Refused, Sentence


class NoFlavourChosen(Refused):
    """Nothing is to be taken of the line."""

    rule = "no-flavour-chosen"
    sentence = Sentence(
        "Fördela förpackningarna på minst en smak eller variant.",
        "Split the packages over at least one flavour or variant.",
    )


class TooManyPackages(Refused):
    """More than one withdrawal of the line gives (S43)."""

    rule = "too-many-packages"
    sentence = Sentence(
        "Summan är större än vad ett uttag ger. Minska antalet förpackningar; färre går bra.",
        "The sum is more than one withdrawal gives. Take fewer packages.",
    )


class PackagesNotPositive(Refused):
    """A flavour is taken no times, or less."""

    rule = "packages-not-positive"
    sentence = Sentence(
        "Varje vald smak ska ha minst en förpackning. Ta bort de smaker som inte ska med.",
        "Every flavour chosen must have at least one package. Leave out those that are not wanted.",
    )


class FlavourTwice(Refused):
    """The same flavour stands twice in one split."""

    rule = "flavour-twice"
    sentence = Sentence(
        "Samma smak är vald två gånger. Slå ihop dem till en rad.",
        "The same flavour is chosen twice. Put them together on one row.",
    )


class NotAFlavourOfIt(Refused):
    """The article is no variant of the generic article that was prescribed."""

    rule = "not-a-flavour-of-it"
    sentence = Sentence(
        "Artikeln är inte en av den förskrivna artikelns smaker. Välj bland de smaker som visas.",
        "The article is no flavour or variant of what was prescribed. Choose among the variants shown.",
    )


class FlavourFixed(Refused):
    """A named flavour was prescribed, and cannot be swapped at withdrawal (S54)."""

    rule = "flavour-fixed"
    sentence = Sentence(
        "En bestämd smak är förskriven och kan inte bytas vid uttag. Be förskrivaren om en ny förskrivning.",
        "A named flavour was prescribed and cannot be swapped at withdrawal. Ask for a new prescription.",
    )


class ArticleDiscontinued(Refused):
    """The article is no longer sold."""

    rule = "article-discontinued"
    sentence = Sentence(
        "Artikeln har utgått. Välj en annan smak, eller be förskrivaren om en ersättare.",
        "The article is discontinued. Choose another flavour, or ask the prescriber for a replacement.",
    )


@dataclass(frozen=True)
class Share:
    """So many packages of one flavour."""

    article_no: str
    packages: int


Split = tuple[Share, ...]


def total(split: Split) -> int:
    return sum(share.packages for share in split)


def against_split(
    split: Split, *, prescribed: Article, packages: int, catalogue: Catalogue
) -> Iterator[Refused]:
    """Say what is wrong with a split of a line's packages (S43, S54)."""
    if not split:
        yield NoFlavourChosen(article_no=prescribed.article_no)
    chosen = [share.article_no for share in split]
    for share in split:
        if share.packages < 1:
            yield PackagesNotPositive(article_no=share.article_no, prescribed=prescribed.article_no)
    for twice in dict.fromkeys(each for each in chosen if chosen.count(each) > 1):
        yield FlavourTwice(article_no=twice, prescribed=prescribed.article_no)
    if total(split) > packages:
        yield TooManyPackages(article_no=prescribed.article_no, most=packages, chosen=total(split))
    for share in split:
        yield from _against_share(share, prescribed=prescribed, catalogue=catalogue)


def _against_share(share: Share, *, prescribed: Article, catalogue: Catalogue) -> Iterator[Refused]:
    chosen = catalogue.articles.get(share.article_no)
    if not prescribed.is_generic and share.article_no != prescribed.article_no:
        yield FlavourFixed(article_no=share.article_no, prescribed=prescribed.article_no)
    elif prescribed.is_generic and (chosen is None or chosen.variant_of != prescribed.article_no):
        yield NotAFlavourOfIt(article_no=share.article_no, prescribed=prescribed.article_no)
    elif chosen is not None and not chosen.can_be_ordered:
        yield _discontinued(chosen, catalogue)


def _discontinued(article: Article, catalogue: Catalogue) -> ArticleDiscontinued:
    """Name the replacement, where our catalogue knows one: that is what to ask the prescriber for (T11)."""
    other = catalogue.articles.get(article.replaced_by or "")
    sentence = ArticleDiscontinued.sentence
    if other is not None:
        sentence += Sentence(
            f"Den ersätts av {other.article_no} {other.name}.",
            f"It is replaced by {other.article_no} {other.name}.",
        )
    return ArticleDiscontinued(sentence, article_no=article.article_no, replaced_by=article.replaced_by)


def suggested(prescribed: Article, *, packages: int, last_choice: Split, catalogue: Catalogue) -> Split:
    """Suggest the article itself, or the last choice where there is one that still can be made (S44)."""
    if not prescribed.is_generic:
        return (Share(prescribed.article_no, packages),)
    wrong = next(
        against_split(last_choice, prescribed=prescribed, packages=packages, catalogue=catalogue), None
    )
    return () if wrong else last_choice
