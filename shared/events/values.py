"""Values that the facts of several services carry: who pays, what is prescribed, why it is collected."""

from typing import Literal

PayerKind = Literal["region", "home_region"]
FoodsType = Literal["coeliac_metabolic", "energy_nutrition", "specific_content", "infant_formula"]
"""The four types of special foods, each with a fee of its own (S7)."""
PrescriptionType = Literal[FoodsType, "incontinence", "diabetes"]
"""Every other product area has one type, without a fee unless the tariff has one (Q30)."""
Purpose = Literal["reconditioning", "scrapping", "repair", "warranty_repair", "need_ended"]
"""Why a device is collected, as whoever orders it judges (S142)."""
