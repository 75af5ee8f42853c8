"""Which subgroups each prescription type opens."""

from typing import get_args

import pytest

from shared.domain.subgroups import (
    FOODS_TYPES,
    PRESCRIPTION_TYPES,
    PRODUCT_AREAS,
    SUBGROUP_KEYS,
    SUBGROUPS,
    area_of,
    searchable,
    type_of,
)
from shared.events.values import FoodsType, PrescriptionType


def test_there_are_thirteen_subgroups_under_exactly_four_types() -> None:
    foods = [each.key for each in SUBGROUPS if area_of(each.prescription_type).key == "foods"]

    assert len(foods) == len(set(foods)) == 13
    assert [each.key for each in FOODS_TYPES] == list(get_args(FoodsType))


def test_every_type_belongs_to_one_product_area_and_has_a_name() -> None:
    assert [each.key for each in PRODUCT_AREAS] == ["foods", "incontinence", "diabetes"]
    assert [each.key for each in PRESCRIPTION_TYPES] == list(get_args(PrescriptionType))
    assert len(SUBGROUP_KEYS) == len(SUBGROUPS)


@pytest.mark.parametrize(
    ("prescription_type", "names"),
    [
        ("coeliac_metabolic", {"Glutenfria produkter", "Produkter för metabola sjukdomar"}),
        ("energy_nutrition", {"Berikning", "Kosttillägg", "Sondnäring"}),
        (
            "specific_content",
            {
                "Förtjockningsmedel",
                "Lågproteinprodukter",
                "Antisekretorisk faktor",
                "Vätskeersättning",
                "Grenade aminosyror",
                "Vitamin- och mineraltillskott",
                "Fibertillskott",
            },
        ),
        ("infant_formula", {"Modersmjölksersättning"}),
    ],
)
def test_a_type_opens_the_subgroups_that_the_guide_lists(
    prescription_type: PrescriptionType, names: set[str]
) -> None:
    keys = searchable(prescription_type)

    assert {each.name.sv for each in SUBGROUPS if each.key in keys} == names


def test_every_subgroup_belongs_to_the_type_that_opens_it() -> None:
    for subgroup in SUBGROUPS:
        assert subgroup.key in searchable(type_of(subgroup.key))
