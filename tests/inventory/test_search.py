"""Finding articles by parts of names and numbers."""

from dataclasses import replace

import pytest

from services.inventory.repository.search import (
    COUNTED_TO,
    ArticleSearch,
    Hits,
    SearchCriteria,
)
from shared.domain.subgroups import searchable
from tests.inventory.searched import KEPT, KRAFT

FRUKT = replace(KRAFT, article_no="900011", name="Demo Frukt drickyoghurt", supplier_article_no="K-78")
FLOUR = replace(
    KRAFT, article_no="900020", name="Mjölmix glutenfri", subgroup="gluten_free", distributor="demo-b",
    supplier_article_no="M-1",
)  # fmt: skip
GENERIC = replace(KEPT, article_no="900001", name="Demodryck (välj smak vid uttag) 200 ml", gtin=None)
FLAVOUR = replace(KEPT, variant_of="900001", variant_name="choklad")


def found(index: ArticleSearch, text: str) -> list[str]:
    return list(index.find(SearchCriteria(text=text)).article_nos)


@pytest.mark.parametrize("text", ["demo drick", "DRICK demo", "drick  DEMO", "rick emo", "dri ck mo"])
def test_parts_of_the_name_are_found_in_any_order_and_case(search: ArticleSearch, text: str) -> None:
    search.put([KRAFT, FRUKT, FLOUR])

    assert found(search, text) == ["900011", "900010"]


def test_every_word_must_be_found(search: ArticleSearch) -> None:
    search.put([KRAFT, FRUKT])

    assert found(search, "demo drick fiber") == ["900010"]
    assert found(search, "demo soppa") == []


@pytest.mark.parametrize("text", ["900020", "m-1", "M-1", "demo-b", "MJÖL", "mjo\u0308l", "ö"])
def test_an_article_is_found_by_its_numbers_distributor_and_swedish_letters(
    search: ArticleSearch, text: str
) -> None:
    search.put([FLOUR, replace(KEPT, supplier_article_no="D 9", name="Demodryck")])

    assert found(search, text) == ["900020"]


@pytest.mark.parametrize(
    "gtin",
    [
        "9520000000103",
        "09520000000103",
        "952",
        "0952",
        "9520 0000 0010 3",
        "952-0000000103",
        "\u202a9520000000103",
    ],
)
def test_an_article_is_found_by_its_gtin_with_or_without_the_leading_zero(
    search: ArticleSearch, gtin: str
) -> None:
    search.put([KEPT, FLOUR])

    assert found(search, gtin) == ["900002"]


@pytest.mark.parametrize("text", ["0002", "00", "02", "1002", "000010", "00000103", "x-1002"])
def test_a_number_is_not_found_by_its_middle_or_end(search: ArticleSearch, text: str) -> None:
    search.put([KEPT, KRAFT])

    assert found(search, text) == []


@pytest.mark.parametrize("text", ["900002", "9000", "900", "dx-1002", "DX-10", "DX\u20131002"])
def test_a_number_is_found_whole_or_from_its_beginning(search: ArticleSearch, text: str) -> None:
    search.put([KEPT, replace(FLOUR, article_no="800020")])

    assert found(search, text) == ["900002"]


def test_a_number_among_words_is_found_as_a_whole_number(search: ArticleSearch) -> None:
    weak = replace(KRAFT, article_no="800012", name="Demo Energi 1,5 kcal 200 ml", supplier_article_no="K-2")
    search.put(
        [KRAFT, weak, replace(KRAFT, article_no="800013", name="Demo 4x125 ml", supplier_article_no="2K")]
    )

    assert found(search, "kcal 2") == ["900010"]
    assert found(search, "2 kcal") == ["900010"]
    assert found(search, "1,5 kcal") == found(search, "kcal 1.5") == found(search, "1,5kcal") == ["800012"]
    assert found(search, "200") == found(search, "200ml") == found(search, "200 ml") == ["800012"]
    assert found(search, "5") == found(search, "20") == found(search, "00 ml") == []
    assert found(search, "4x125") == found(search, "125ml") == ["800013"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("creme", "Demo crème"),
        ("CRÈME", "Demo creme"),
        ("pure", "Demo purée"),
        ("puré", "Demo purée"),
        ("musli", "Demo müsli"),
        ("gronsak\u0301", "Demo gronsaḱ"),
        ("ångkokt", "Demo a\u030angkokt"),
        ("smör", "Demo smør"),
        ("jalapeno", "Demo jalapeño"),
        ("glu\u00adten\u200bfri", "Demo glutenfri"),
    ],
)
def test_accents_do_not_count(search: ArticleSearch, typed: str, name: str) -> None:
    search.put([replace(KRAFT, name=name)])

    assert found(search, typed) == ["900010"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [("a", "Kött i ört, 1 må"), ("angkokt", "ångkokt"), ("mjol", "mjöl"), ("ö", "o"), ("åt", "at")],
)
def test_the_swedish_letters_stay_themselves(search: ArticleSearch, typed: str, name: str) -> None:
    search.put([replace(KRAFT, name=name, distributor="x", supplier_article_no="K")])

    assert found(search, typed) == []


def test_a_flavour_finds_its_generic_article(search: ArticleSearch) -> None:
    cherry = replace(FLAVOUR, article_no="900003", name="Demodryck körsbär", variant_name="körsbär")
    search.put([FLAVOUR, GENERIC, replace(cherry, status="outgoing")])

    assert (
        found(search, "choklad")
        == found(search, "dryck choklad 200")
        == found(search, "körsbär")
        == ["900001"]
    )
    assert search.find(SearchCriteria(text="choklad", include_variants=True)).article_nos == (
        "900001",
        "900002",
    )


def test_a_flavour_that_is_changed_or_discontinued_leads_to_its_generic_no_more(
    search: ArticleSearch,
) -> None:
    search.put([GENERIC, FLAVOUR])
    search.put([replace(FLAVOUR, variant_name="vanilj", name="Demodryck vanilj", version=2)])
    renamed = found(search, "choklad"), found(search, "vanilj")
    search.put([replace(FLAVOUR, variant_name="vanilj", status="discontinued", version=3)])

    assert renamed == ([], ["900001"])
    assert found(search, "vanilj") == []


def test_a_catalogue_that_waits_is_found_as_one_that_was_put(search: ArticleSearch) -> None:
    newer = replace(KRAFT, name="Demo Kraft ny", version=2)
    search.put([newer])
    search.wait([FLAVOUR, KRAFT, FRUKT, replace(FLOUR, status="outgoing")])
    search.wait([GENERIC, replace(KEPT, article_no="900004", name="Demo a", status="discontinued")])

    for _ in search.take_in_waiting():
        pass
    search.put([replace(FRUKT, name="Demo Bär drickyoghurt", version=2)])

    assert found(search, "demo") == ["900011", "900010", "900001", "900020", "900004"]
    assert (found(search, "choklad"), found(search, "ny"), found(search, "frukt")) == (
        ["900001"],
        ["900010"],
        [],
    )


def test_an_exact_number_comes_first_also_when_it_is_a_flavour(search: ArticleSearch) -> None:
    a_part_of_the_number = replace(KRAFT, name="Ananas", supplier_article_no="900002-1")
    search.put([a_part_of_the_number, FLAVOUR])

    assert found(search, "900002") == ["900002", "900010"]


def test_flavours_are_left_out_unless_they_are_asked_for(search: ArticleSearch) -> None:
    search.put([GENERIC, FLAVOUR])

    assert found(search, "demodryck") == ["900001"]
    assert search.find(SearchCriteria(text="demodryck", include_variants=True)).count == 2


def test_active_articles_come_before_outgoing_and_discontinued_ones(search: ArticleSearch) -> None:
    search.put([replace(KEPT, status="discontinued"), replace(FRUKT, status="outgoing"), KRAFT])

    assert found(search, "demo") == ["900010", "900011", "900002"]


def test_names_are_in_the_order_of_the_swedish_alphabet(search: ArticleSearch) -> None:
    names = {"900001": "Ödemo", "900002": "Ädemo", "900003": "Ådemo", "900004": "Zdemo"}
    search.put([replace(KRAFT, article_no=each, name=name) for each, name in names.items()])

    assert found(search, "demo") == ["900004", "900003", "900002", "900001"]


def test_the_type_limits_what_is_found(search: ArticleSearch) -> None:
    search.put([KRAFT, FLOUR])

    opened = searchable("coeliac_metabolic")

    assert search.find(SearchCriteria(subgroups=opened)).article_nos == ("900020",)
    assert search.find(SearchCriteria(text="demo", subgroups=opened)).article_nos == ("900020",)
    assert search.find(SearchCriteria(text="900010", subgroups=opened)).count == 0


def test_a_subgroup_lists_all_its_articles_whatever_their_names_page_by_page(search: ArticleSearch) -> None:
    numbers = [f"{number}" for number in range(910_000, 910_120)]
    search.put([replace(KRAFT, article_no=each, name=f"Vara {each}", subgroup="fibre") for each in numbers])
    search.put([KRAFT])

    pages = [
        search.find(SearchCriteria(subgroups=frozenset({"fibre"}), offset=offset, limit=50))
        for offset in (0, 50, 100)
    ]

    assert [each for page in pages for each in page.article_nos] == numbers
    assert {page.count for page in pages} == {120}


def test_hits_are_counted_up_to_a_thousand(search: ArticleSearch) -> None:
    many = [replace(KRAFT, article_no=f"{number}") for number in range(910_000, 911_002)]
    search.put(many[:COUNTED_TO])
    exactly = search.find(SearchCriteria(text="kraft"))

    search.put(many)

    assert (exactly.count, exactly.at_least) == (COUNTED_TO, False)
    assert search.find(SearchCriteria(text="kraft", offset=990)) == Hits(
        tuple(each.article_no for each in many[990:COUNTED_TO]), COUNTED_TO, at_least=True
    )


def test_a_newer_version_replaces_an_older_and_never_the_other_way(search: ArticleSearch) -> None:
    renamed = replace(KEPT, name="Demosoppa", version=2)

    search.put([KEPT])
    search.put([renamed])
    search.put([KEPT])

    assert found(search, "soppa") == ["900002"]
    assert found(search, "choklad") == []


def test_an_article_that_goes_out_is_found_after_the_active_ones_from_then_on(search: ArticleSearch) -> None:
    search.put([FRUKT, KRAFT])
    search.put([replace(FRUKT, status="outgoing", version=2)])
    search.put([replace(FRUKT, status="outgoing", version=3, supplier_article_no="NY-1")])

    assert found(search, "drick") == ["900010", "900011"]
    assert found(search, "NY-1") == ["900011"]
