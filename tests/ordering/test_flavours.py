"""How a line's packages are split over its flavours."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ordering.domain.catalogue import Article, ArticleNotKnownYet, Catalogue
from services.ordering.domain.flavours import (
    ArticleDiscontinued,
    FlavourFixed,
    FlavourTwice,
    NoFlavourChosen,
    NotAFlavourOfIt,
    PackagesNotPositive,
    Share,
    Split,
    TooManyPackages,
    against_split,
    suggested,
    total,
)
from shared.domain.decision import Refused
from tests.ordering.examples import BREAD, CATALOGUE, CHOCOLATE, DRINK, SPLIT, STRAWBERRY


def against_drink(split: Split, catalogue: Catalogue = CATALOGUE) -> list[type[Refused]]:
    return [type(x) for x in against_split(split, prescribed=DRINK, packages=20, catalogue=catalogue)]


def test_twenty_packages_are_split_as_ten_and_five_and_five() -> None:
    assert total(SPLIT) == 20
    assert against_drink(SPLIT) == []


def test_fewer_packages_than_prescribed_are_allowed_and_one_is_the_least() -> None:
    assert against_drink((Share("900101", 1),)) == []
    assert against_drink(()) == [NoFlavourChosen]


def test_more_packages_than_one_withdrawal_gives_are_refused() -> None:
    assert against_drink((Share("900101", 15), Share("900102", 6))) == [TooManyPackages]


def test_a_flavour_chosen_no_times_is_refused() -> None:
    assert against_drink((Share("900101", 5), Share("900102", 0))) == [PackagesNotPositive]


def test_a_flavour_chosen_twice_is_refused() -> None:
    assert against_drink((Share("900101", 5), Share("900101", 5))) == [FlavourTwice]


@pytest.mark.parametrize("article_no", ["900200", "900100", "999999"])
def test_only_flavours_of_the_prescribed_generic_article_can_be_chosen(article_no: str) -> None:
    assert against_drink((Share(article_no, 5),)) == [NotAFlavourOfIt]


def test_a_specifically_prescribed_flavour_cannot_be_swapped() -> None:
    reasons = against_split((Share("900102", 5),), prescribed=STRAWBERRY, packages=20, catalogue=CATALOGUE)

    assert [type(each) for each in reasons] == [FlavourFixed]


def test_a_discontinued_flavour_can_neither_be_chosen_nor_suggested() -> None:
    gone = replace(CHOCOLATE, status="discontinued")
    catalogue = Catalogue({**CATALOGUE.articles, "900102": gone})

    assert against_drink(SPLIT, catalogue) == [ArticleDiscontinued]
    assert suggested(DRINK, packages=20, last_choice=SPLIT, catalogue=catalogue) == ()
    assert [each.article_no for each in catalogue.variants("900100")] == ["900101", "900103"]


def test_the_last_choice_is_suggested_again() -> None:
    assert suggested(DRINK, packages=20, last_choice=SPLIT, catalogue=CATALOGUE) == SPLIT


def test_without_a_last_choice_the_flavours_of_a_generic_article_must_be_chosen() -> None:
    assert suggested(DRINK, packages=20, last_choice=(), catalogue=CATALOGUE) == ()


def test_a_specific_article_is_suggested_whole() -> None:
    assert suggested(BREAD, packages=5, last_choice=(), catalogue=CATALOGUE) == (Share("900200", 5),)


def test_an_article_that_was_not_consumed_of_has_no_price() -> None:
    with pytest.raises(ArticleNotKnownYet):
        CATALOGUE.article("999999")


shares = st.builds(Share, st.sampled_from(["900101", "900102", "900103"]), st.integers(1, 30))


@given(st.lists(shares, max_size=3, unique_by=lambda share: share.article_no), st.integers(1, 40))
def test_a_split_is_allowed_exactly_when_its_sum_is_between_one_and_the_packages(
    chosen: list[Share], packages: int
) -> None:
    split = tuple(chosen)

    refused = list(against_split(split, prescribed=DRINK, packages=packages, catalogue=CATALOGUE))

    assert (not refused) == (1 <= total(split) <= packages)


def test_a_refused_split_says_which_article_and_how_many_at_most() -> None:
    def facts(*split: Share, prescribed: Article = DRINK) -> list[dict[str, str | int | None]]:
        reasons = against_split(split, prescribed=prescribed, packages=20, catalogue=CATALOGUE)
        return [each.facts for each in reasons]

    assert facts() == [{"article_no": "900100"}]
    assert facts(Share("900101", 5), Share("900102", 0)) == [{"article_no": "900102", "prescribed": "900100"}]
    assert facts(Share("900101", 5), Share("900101", 6)) == [{"article_no": "900101", "prescribed": "900100"}]
    assert facts(Share("900101", 15), Share("900102", 6)) == [
        {"article_no": "900100", "most": 20, "chosen": 21}
    ]
    assert facts(Share("999999", 5)) == [{"article_no": "999999", "prescribed": "900100"}]
    assert facts(Share("900102", 5), prescribed=STRAWBERRY) == [
        {"article_no": "900102", "prescribed": "900101"}
    ]
