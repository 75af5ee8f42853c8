"""Product areas, their prescription types, and the subgroups of each (S7, S57 to S60, S73, Q30)."""

from dataclasses import dataclass

from shared.domain.decision import Sentence
from shared.events.values import PrescriptionType


@dataclass(frozen=True)
class Subgroup:
    """A subgroup of the catalogue; its prescription type also decides the fee (S7)."""

    key: str
    name: Sentence
    prescription_type: PrescriptionType


@dataclass(frozen=True)
class TypeName:
    """What people call a prescription type."""

    key: PrescriptionType
    name: Sentence


@dataclass(frozen=True)
class ProductArea:
    """What permissions are given for, and which prescription types it has (S73, Q30)."""

    key: str
    name: Sentence
    types: tuple[TypeName, ...]


FOODS_TYPES: tuple[TypeName, ...] = (
    TypeName("coeliac_metabolic", Sentence("Celiaki/metabola sjukdomar", "Coeliac/metabolic disease")),
    TypeName("energy_nutrition", Sentence("Energi- och näringspreparat", "Energy and nutrition products")),
    TypeName("specific_content", Sentence("Specifikt innehåll eller effekt", "Specific content or effect")),
    TypeName("infant_formula", Sentence("Modersmjölksersättning", "Infant formula")),
)
"""Exactly four, in the guide's order (S7)."""

PRODUCT_AREAS: tuple[ProductArea, ...] = (
    ProductArea("foods", Sentence("Speciallivsmedel", "Special foods"), FOODS_TYPES),
    ProductArea(
        "incontinence",
        Sentence("Inkontinenshjälpmedel", "Incontinence aids"),
        (TypeName("incontinence", Sentence("Inkontinenshjälpmedel", "Incontinence aids")),),
    ),
    ProductArea(
        "diabetes",
        Sentence("Diabeteshjälpmedel", "Diabetes aids"),
        (TypeName("diabetes", Sentence("Diabeteshjälpmedel", "Diabetes aids")),),
    ),
)
"""The three areas of this system (S73); an area has one type unless its guide says otherwise (Q30)."""
PRESCRIPTION_TYPES: tuple[TypeName, ...] = tuple(each for area in PRODUCT_AREAS for each in area.types)

SUBGROUPS: tuple[Subgroup, ...] = (
    Subgroup("gluten_free", Sentence("Glutenfria produkter", "Gluten-free products"), "coeliac_metabolic"),
    Subgroup(
        "metabolic",
        Sentence("Produkter för metabola sjukdomar", "Products for metabolic diseases"),
        "coeliac_metabolic",
    ),
    Subgroup("enrichment", Sentence("Berikning", "Enrichment"), "energy_nutrition"),
    Subgroup("supplement", Sentence("Kosttillägg", "Nutritional supplements"), "energy_nutrition"),
    Subgroup("tube_feed", Sentence("Sondnäring", "Tube feeds"), "energy_nutrition"),
    Subgroup("thickener", Sentence("Förtjockningsmedel", "Thickeners"), "specific_content"),
    Subgroup("low_protein", Sentence("Lågproteinprodukter", "Low-protein products"), "specific_content"),
    Subgroup(
        "antisecretory_factor", Sentence("Antisekretorisk faktor", "Antisecretory factor"), "specific_content"
    ),
    Subgroup("rehydration", Sentence("Vätskeersättning", "Oral rehydration"), "specific_content"),
    Subgroup(
        "branched_amino_acids", Sentence("Grenade aminosyror", "Branched amino acids"), "specific_content"
    ),
    Subgroup(
        "vitamins_minerals",
        Sentence("Vitamin- och mineraltillskott", "Vitamin and mineral supplements"),
        "specific_content",
    ),
    Subgroup("fibre", Sentence("Fibertillskott", "Fibre supplements"), "specific_content"),
    Subgroup("infant_formula", Sentence("Modersmjölksersättning", "Infant formula"), "infant_formula"),
    Subgroup("absorbing_products", Sentence("Absorberande produkter", "Absorbing products"), "incontinence"),
    Subgroup("urine_drainage", Sentence("Katetrar och urinuppsamling", "Urine drainage"), "incontinence"),
    Subgroup("glucose_tests", Sentence("Blodsockermätning", "Blood glucose tests"), "diabetes"),
    Subgroup("insulin_delivery", Sentence("Insulintillförsel", "Insulin delivery"), "diabetes"),
)
"""The guide's thirteen of special foods in its order (S57 to S60), then those of the other areas (Q30)."""

SUBGROUP_KEYS: frozenset[str] = frozenset(subgroup.key for subgroup in SUBGROUPS)


def searchable(prescription_type: PrescriptionType) -> frozenset[str]:
    """Give the subgroups whose articles may be found and prescribed under the type (S7)."""
    return frozenset(each.key for each in SUBGROUPS if each.prescription_type == prescription_type)


def area_of(prescription_type: PrescriptionType) -> ProductArea:
    """Give the product area that a type belongs to (S73, Q30)."""
    return _AREA_OF[prescription_type]


def type_of(subgroup: str) -> PrescriptionType:
    """Give the one type that the subgroup belongs to (S57 to S60); an unknown key is a KeyError."""
    return _TYPE_OF[subgroup]


_AREA_OF = {each.key: area for area in PRODUCT_AREAS for each in area.types}
_TYPE_OF = {each.key: each.prescription_type for each in SUBGROUPS}
