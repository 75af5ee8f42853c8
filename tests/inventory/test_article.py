"""How an article of the catalogue changes, and what is told of it."""

from dataclasses import replace

import pytest

from services.inventory.domain.article import change_article, change_articles, unlike
from shared.domain.money import Money
from shared.events.inventory import ArticleChanged
from tests.inventory.devices import CPAP
from tests.inventory.foods import CHOCOLATE

KEPT = replace(CHOCOLATE, version=3)


def test_a_new_article_is_published_with_its_first_version() -> None:
    article, facts = change_article(None, row=CHOCOLATE)

    assert article == replace(CHOCOLATE, version=1)
    assert facts == [
        ArticleChanged(
            article_no="900002",
            version=1,
            name="Demodryck choklad 200 ml",
            product_area="foods",
            subgroup="supplement",
            distributor="demo-a",
            supplier_article_no="DX-1002",
            gtin="09520000000103",
            pieces_per_package=4,
            piece="flaska",
            package_price=Money.of("96.00").amount,
            warn_above_packages=60,
        )
    ]


def test_a_device_is_published_with_its_components_and_without_a_distributor() -> None:
    _, (told,) = change_article(None, row=CPAP)

    assert isinstance(told, ArticleChanged)
    assert (told.subgroup, told.distributor, told.foods) == ("", "", None)
    assert told.device == CPAP.device


def test_an_article_that_differs_gets_the_next_version() -> None:
    article, facts = change_article(KEPT, row=replace(CHOCOLATE, package_price=Money.of("98.50")))

    assert article == replace(KEPT, package_price=Money.of("98.50"), version=4)
    assert [fact.version for fact in facts if isinstance(fact, ArticleChanged)] == [4]


def test_an_article_that_is_as_the_row_says_is_not_published_again() -> None:
    article, facts = change_article(KEPT, row=CHOCOLATE)

    assert article is KEPT
    assert facts == []


def test_many_articles_change_each_by_its_own_row() -> None:
    renamed = replace(CHOCOLATE, name="Demodryck kakao 200 ml")
    vanilla = replace(CHOCOLATE, article_no="900003")

    articles, facts = change_articles((KEPT, None), rows=(renamed, vanilla))

    assert articles == (replace(renamed, version=4), replace(vanilla, version=1))
    assert [fact.subject for fact in facts] == ["900002", "900003"]


@pytest.mark.parametrize(
    ("name", "generic"),
    [
        ("Demodryck (välj smak vid uttag) 200 ml", True),
        ("DEMODRYCK (VÄLJ SMAK VID UTTAG)", True),
        ("Demodryck choklad 200 ml", False),
        ("Demodryck, välj smak vid uttag", False),
    ],
)
def test_only_the_words_in_the_name_let_the_patient_choose_flavour(name: str, *, generic: bool) -> None:
    article, facts = change_article(None, row=replace(CHOCOLATE, name=name))

    assert article.is_generic is generic
    assert [fact.is_generic for fact in facts if isinstance(fact, ArticleChanged)] == [generic]


def test_a_flavour_may_differ_in_name_and_numbers_but_not_in_cost_or_size() -> None:
    generic = replace(CHOCOLATE, article_no="900001", name="Demodryck (välj smak vid uttag)", gtin=None)

    assert unlike(CHOCOLATE, generic) == ()
    assert unlike(replace(CHOCOLATE, package_price=Money.of(1)), generic) == ("package_price",)
    assert unlike(replace(CHOCOLATE, pieces_per_package=6), generic) == ("pieces_per_package",)
    assert unlike(replace(CHOCOLATE, product_area="diabetes"), generic) == ("product_area",)
    assert unlike(replace(CHOCOLATE, subgroup="thickener"), generic) == ("subgroup",)
    assert unlike(replace(CHOCOLATE, piece="burk"), generic) == ("piece",)
