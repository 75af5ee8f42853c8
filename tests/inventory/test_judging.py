"""Which rows may be imported together."""

from dataclasses import replace

import pytest

from services.inventory.domain.article import Article
from services.inventory.domain.catalogue_file import read_catalogue
from services.inventory.domain.judging import Judged, deliverable, judge
from shared.domain.money import Money
from tests.inventory.foods import CHOCOLATE, GENERIC_ROW, HEADER, VARIANT_ROW, file_of

GENERIC = replace(
    CHOCOLATE,
    article_no="900001",
    name="Demodryck (välj smak vid uttag) 200 ml",
    gtin=None,
    warn_above_packages=None,
    piece="st",
    version=1,
)
VARIANT = replace(CHOCOLATE, piece="st", variant_of="900001", variant_name="choklad", version=1)


def judged(*rows: str, header: str = HEADER, catalogue: tuple[Article, ...] = ()) -> Judged:
    kept = {article.article_no: article for article in catalogue}
    return judge(read_catalogue(file_of(*rows, header=header)), catalogue=kept)


def places(result: Judged) -> list[tuple[int, str]]:
    return [(bad.line, bad.column) for bad in result.bad]


def numbers(result: Judged) -> list[str]:
    return [article.article_no for article in result.good]


def test_a_generic_and_its_flavour_are_good_together_in_any_order() -> None:
    result = judged(VARIANT_ROW, GENERIC_ROW)

    assert result.bad == ()
    assert numbers(result) == ["900002", "900001"]


def test_a_flavour_may_belong_to_a_generic_that_is_in_the_catalogue() -> None:
    assert judged(VARIANT_ROW, catalogue=(GENERIC,)).bad == ()


def test_an_article_whose_distributor_nobody_knows_is_bad_and_its_flavours_with_it() -> None:
    file = read_catalogue(file_of(GENERIC_ROW.replace("demo-a", "finns-inte"), VARIANT_ROW))

    result = judge(deliverable(file, ("demo-a", "demo-b")), catalogue={})

    assert numbers(result) == []
    assert places(result) == [(2, "distributor"), (3, "variant_of")]
    assert "“finns-inte”" in result.bad[0].reason.en
    assert deliverable(read_catalogue(file_of(GENERIC_ROW)), ("demo-a",)).bad == ()


@pytest.mark.parametrize("catalogue", [(), (replace(GENERIC, name="Demodryck neutral"),)])
def test_a_flavour_without_its_generic_is_bad(catalogue: tuple[Article, ...]) -> None:
    assert places(judged(VARIANT_ROW, catalogue=catalogue)) == [(2, "variant_of")]


@pytest.mark.parametrize(
    ("column", "before", "after"),
    [
        ("package_price", "96,00", "98,00"),
        ("pieces_per_package", ";4;", ";6;"),
        ("subgroup", "supplement", "tube_feed"),
    ],
)
def test_a_flavour_of_another_cost_or_size_than_its_generic_is_bad(
    column: str, before: str, after: str
) -> None:
    result = judged(GENERIC_ROW, VARIANT_ROW.replace(before, after))

    assert places(result) == [(3, column)]
    assert numbers(result) == ["900001"]


def test_the_flavours_of_a_bad_generic_are_bad_too() -> None:
    result = judged(GENERIC_ROW.replace("96,00", "gratis"), VARIANT_ROW, catalogue=(GENERIC,))

    assert places(result) == [(2, "package_price"), (3, "variant_of")]


def test_a_generic_may_not_leave_the_flavours_of_the_catalogue_behind() -> None:
    dearer = GENERIC_ROW.replace("96,00", "98,00")

    alone = judged(dearer, catalogue=(GENERIC, VARIANT))
    renamed = judged(GENERIC_ROW.replace("(välj smak vid uttag)", "neutral"), catalogue=(GENERIC, VARIANT))
    together = judged(dearer, VARIANT_ROW.replace("96,00", "98,00"), catalogue=(GENERIC, VARIANT))

    assert places(alone) == [(2, "package_price")]
    assert places(renamed) == [(2, "name")]
    assert together.bad == ()


def test_a_bad_flavour_holds_back_the_change_of_its_generic_and_so_the_other_flavours() -> None:
    neutral = replace(VARIANT, article_no="900003", variant_name="neutral")

    result = judged(
        GENERIC_ROW.replace("96,00", "98,00"),
        VARIANT_ROW.replace("96,00", "gratis"),
        VARIANT_ROW.replace("96,00", "98,00").replace("900002", "900003"),
        catalogue=(GENERIC, VARIANT, neutral),
    )

    assert places(result) == [(2, "package_price"), (3, "package_price"), (4, "variant_of")]
    assert result.good == ()


def test_a_number_that_stands_twice_is_bad_on_both_lines() -> None:
    result = judged(GENERIC_ROW, GENERIC_ROW.replace("96,00", "97,00"))

    assert places(result) == [(2, "article_no"), (3, "article_no")]


def test_a_number_that_stands_on_a_bad_line_too_is_bad() -> None:
    result = judged(GENERIC_ROW, GENERIC_ROW.replace("96,00", "gratis"))

    assert places(result) == [(2, "article_no"), (3, "package_price")]


def test_an_article_is_replaced_only_by_one_that_exists() -> None:
    header = f"{HEADER};status;replaced_by"
    outgoing = f"{GENERIC_ROW};outgoing;900002"

    nowhere = judged(outgoing, header=header)
    somewhere = judged(outgoing, header=header, catalogue=(replace(CHOCOLATE, package_price=Money.of(1)),))

    assert places(nowhere) == [(2, "replaced_by")]
    assert somewhere.bad == ()


HEADER_OF_ENDS = f"{HEADER};status;replaced_by"
OUTGOING = "900001;Demosoppa;supplement;demo-a;DX-1;4;96,00;;;outgoing;{}"


def ending(number: str, replaced_by: str, status: str = "outgoing") -> str:
    return OUTGOING.format(replaced_by).replace("900001", number).replace("outgoing", status)


def test_articles_do_not_replace_each_other_in_a_ring() -> None:
    ring = judged(ending("A1", "A2"), ending("A2", "A3"), ending("A3", "A1"), header=HEADER_OF_ENDS)
    way = judged(ending("A1", "A2"), ending("A2", "A3"), ending("A3", "", "active"), header=HEADER_OF_ENDS)

    assert places(ring) == [(2, "replaced_by"), (3, "replaced_by"), (4, "replaced_by")]
    assert "A1 -> A2 -> A3 -> A1" in ring.bad[0].reason.en
    assert way.bad == ()


def test_a_ring_may_be_closed_by_the_catalogue() -> None:
    kept = replace(GENERIC, article_no="A2", name="Demosoppa", status="outgoing", replaced_by="A1")

    assert places(judged(ending("A1", "A2"), header=HEADER_OF_ENDS, catalogue=(kept,))) == [
        (2, "replaced_by")
    ]


def test_what_is_discontinued_replaces_nothing() -> None:
    gone = replace(GENERIC, article_no="A2", name="Demosoppa", status="discontinued")

    kept = judged(ending("A1", "A2"), header=HEADER_OF_ENDS, catalogue=(gone,))
    together = judged(ending("A1", "A2"), ending("A2", "", "discontinued"), header=HEADER_OF_ENDS)
    back = judged(ending("A1", "A2"), ending("A2", "", "active"), header=HEADER_OF_ENDS, catalogue=(gone,))

    assert (places(kept), places(together), places(back)) == ([(2, "replaced_by")], [(2, "replaced_by")], [])


def test_a_gtin_belongs_to_one_article_in_the_file_and_the_catalogue() -> None:
    header = f"{HEADER};gtin"
    row, gtin = "A1;Demosoppa;supplement;demo-a;DX-1;4;96,00;;;{}", "9520000000103"
    other = row.replace("A1", "A2")

    both = judged(row.format(gtin), other.format(f"0{gtin}"), header=header)
    kept = judged(row.format(gtin), header=header, catalogue=(CHOCOLATE,))
    moved = judged(
        row.format(gtin),
        "900002;Demodryck;supplement;demo-a;D;4;96,00;;;",
        header=header,
        catalogue=(CHOCOLATE,),
    )

    assert places(both) == [(2, "gtin"), (3, "gtin")]
    assert "Article A2 has the same GTIN" in both.bad[0].reason.en
    assert places(kept) == [(2, "gtin")]
    assert moved.bad == ()
