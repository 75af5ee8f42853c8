"""The invented foods that the demo and the flows live on."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.inventory.domain.article import CHOICE_MARKER, Article
from services.inventory.domain.catalogue_file import read_catalogue
from services.inventory.domain.judging import judge
from services.inventory.repository.search import ArticleSearch, SearchCriteria
from shared.domain.money import Money
from shared.domain.subgroups import FOODS_TYPES, searchable

FILE = Path(__file__).parents[2] / "tools" / "demo" / "catalogue.csv"
JUDGED = judge(read_catalogue(FILE.read_bytes()), catalogue={})
FOOD_SUBGROUPS = frozenset().union(*(searchable(each.key) for each in FOODS_TYPES))
FOODS = {article.article_no: article for article in JUDGED.good}


@pytest.fixture
def search() -> Iterator[ArticleSearch]:
    index = ArticleSearch()
    index.put(JUDGED.good)
    yield index
    index.close()


def variants_of(generic: Article) -> list[Article]:
    return [article for article in JUDGED.good if article.variant_of == generic.article_no]


def test_every_row_of_the_demo_catalogue_may_be_imported() -> None:
    assert JUDGED.bad == ()
    assert len(JUDGED.good) >= 66


def test_the_demo_catalogue_has_foods_in_every_subgroup() -> None:
    assert {article.subgroup for article in JUDGED.good} >= FOOD_SUBGROUPS


def test_every_generic_of_the_demo_catalogue_has_three_to_five_flavours_that_cost_the_same() -> None:
    generics = [article for article in JUDGED.good if article.is_generic]

    assert len(generics) >= 6
    assert all(CHOICE_MARKER in article.name for article in generics)
    assert all(3 <= len(variants_of(article)) <= 5 for article in generics)


def test_the_shapes_of_gluten_free_pasta_are_chosen_like_flavours() -> None:
    (pasta,) = (each for each in JUDGED.good if each.is_generic and each.subgroup == "gluten_free")

    assert {"penne", "spaghetti"} <= {each.variant_name for each in variants_of(pasta)}


def test_the_guides_example_can_be_played_with_the_demo_drink() -> None:
    drink = FOODS["900001"]

    flavours = {each.variant_name for each in variants_of(drink)}

    assert drink.name.startswith("Demodryck (välj smak vid uttag)")
    assert {"jordgubb", "choklad", "neutral"} <= flavours
    assert drink.subgroup in searchable("energy_nutrition")
    assert (drink.pieces_per_package, drink.distributor) == (4, "demo-a")


def test_the_demo_has_two_distributors_warnings_cheap_goods_and_replaced_articles() -> None:
    statuses = Counter(article.status for article in JUDGED.good)

    assert {article.distributor for article in JUDGED.good} == {"demo-a", "demo-b"}
    assert (
        sum(article.warn_above_packages is not None for article in JUDGED.good if not article.variant_of)
        >= 10
    )
    assert any(article.package_price < Money.of(20) for article in JUDGED.good)
    assert statuses["outgoing"] >= 2
    assert statuses["discontinued"] >= 2


@pytest.mark.parametrize("text", ["demo drick", "DRICK demo"])
def test_the_guides_search_example_hits_several_demo_foods(search: ArticleSearch, text: str) -> None:
    hits = search.find(SearchCriteria(text=text))

    names = [FOODS[each].name.casefold() for each in hits.article_nos]

    assert hits.count >= 5
    assert all("demo" in name and "drick" in name for name in names)
