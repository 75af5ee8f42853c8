"""The 13 subgroups of special foods, and the four prescription types that open them (S7, S57 to S60)."""

from dataclasses import dataclass

from shared.domain.decision import Sentence
from shared.events.prescription import PrescriptionType


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


PRESCRIPTION_TYPES: tuple[TypeName, ...] = (
    TypeName("coeliac_metabolic", Sentence("Celiaki/metabola sjukdomar", "Coeliac/metabolic disease")),
    TypeName("energy_nutrition", Sentence("Energi- och näringspreparat", "Energy and nutrition products")),
    TypeName("specific_content", Sentence("Specifikt innehåll eller effekt", "Specific content or effect")),
    TypeName("infant_formula", Sentence("Modersmjölksersättning", "Infant formula")),
)
"""Exactly four, in the guide's order (S7)."""

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
)
"""In the guide's order (S57 to S60)."""

SUBGROUP_KEYS: frozenset[str] = frozenset(subgroup.key for subgroup in SUBGROUPS)


def searchable(prescription_type: PrescriptionType) -> frozenset[str]:
    """Give the subgroups whose articles may be found and prescribed under the type (S7)."""
    return frozenset(each.key for each in SUBGROUPS if each.prescription_type == prescription_type)


def type_of(subgroup: str) -> PrescriptionType:
    """Give the one type that the subgroup belongs to (S57 to S60); an unknown key is a KeyError."""
    return _TYPE_OF[subgroup]


_TYPE_OF = {each.key: each.prescription_type for each in SUBGROUPS}
