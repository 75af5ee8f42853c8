"""What an import would change, told before it does."""

from dataclasses import replace

from services.inventory.domain.difference import details, difference, summary
from shared.domain.money import Money
from tests.inventory.foods import CHOCOLATE

KEPT = replace(CHOCOLATE, version=5)
VANILLA = replace(CHOCOLATE, article_no="900003", name="Demodryck vanilj 200 ml", gtin=None)
DEARER = replace(CHOCOLATE, package_price=Money.of("98.50"), gtin=None)


def test_a_file_is_compared_article_by_article_with_the_catalogue() -> None:
    neutral = replace(KEPT, article_no="900004")
    left_alone = replace(KEPT, article_no="900005")
    catalogue = {each.article_no: each for each in (KEPT, neutral, left_alone)}

    found = difference(
        (DEARER, VANILLA, replace(neutral, version=0)),
        named={"900002", "900003", "900004"},
        catalogue=catalogue,
    )

    assert found.new == (VANILLA,)
    assert [change.article for change in found.changed] == [DEARER]
    assert found.unchanged == ("900004",)
    assert found.missing == ("900005",)


def test_a_change_names_its_fields_before_and_after() -> None:
    found = difference((DEARER,), named={"900002"}, catalogue={"900002": KEPT})

    (change,) = found.changed
    assert [(each.field, each.before, each.after) for each in change.fields] == [
        ("package_price", "96.00", "98.50"),
        ("gtin", "09520000000103", "-"),
    ]


def test_the_same_file_again_changes_nothing() -> None:
    found = difference((CHOCOLATE,), named={"900002"}, catalogue={"900002": KEPT})

    assert found.to_write == ()


def test_generics_are_written_before_their_flavours() -> None:
    generic = replace(CHOCOLATE, article_no="900001", name="Demodryck (välj smak vid uttag)")
    flavour = replace(VANILLA, variant_of="900001", variant_name="vanilj")

    found = difference((flavour, generic), named=set(), catalogue={})

    assert found.to_write == (generic, flavour)


def test_the_keeper_reads_the_counts_and_every_article_that_is_touched() -> None:
    catalogue = {"900002": KEPT, "900005": replace(KEPT, article_no="900005")}

    found = difference((DEARER, VANILLA), named={"900002", "900003"}, catalogue=catalogue)

    assert summary(found).en == "1 new, 1 changed, 0 unchanged, 1 not in the file (left as they are)."
    assert [line.en for line in details(found)] == [
        "+ 900003 Demodryck vanilj 200 ml",
        "~ 900002 Demodryck choklad 200 ml (package_price: 96.00 -> 98.50, gtin: 09520000000103 -> -)",
    ]
