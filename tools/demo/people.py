"""The demo's people, and the claims of their tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

REGION = "Demoregionen"
CARE_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "DEMO-101": "Sömnmottagningen Demostad",
        "DEMO-102": "Barnmottagningen Demostad",
        "DEMO-W1": "Centrallagret Demostad",
    }
)
FOODS = "foods"
AIDS = ("incontinence", "diabetes")
OF_SLEEP = ("cpap", "respiration", "inhalation")


@dataclass(frozen=True)
class Person:
    """One who can sign in to the embedded run; `sub` has the form of a test HSA-id, never a real one."""

    key: str
    sub: str
    name: str
    roles: tuple[str, ...]
    care_units: tuple[str, ...] = ()
    product_areas: tuple[str, ...] = (FOODS,)
    profession: str | None = None
    employed_by_region: bool = True
    purpose: str = "care"
    patient: str | None = None
    """Which of the demo's patients a citizen is."""
    children: tuple[str, ...] = ()
    """The demo's patients that a citizen is the guardian of."""


def hsa_id(number: int) -> str:
    """Give an id in the prefix that the national test environments use."""
    return f"TSTNMT2321000156-{number}"


ALL = (
    Person(
        "physician",
        hsa_id(1001),
        "Lova Testsson",
        ("physician", "prescriber"),
        ("DEMO-101", "DEMO-102"),
        profession="physician",
    ),
    Person(
        "dietitian",
        hsa_id(1002),
        "Didrik Testsson",
        ("dietitian", "prescriber"),
        ("DEMO-101",),
        profession="dietitian",
    ),
    Person(
        "dietitian_elsewhere",
        hsa_id(1003),
        "Disa Testsson",
        ("dietitian", "prescriber"),
        ("DEMO-102",),
        profession="dietitian",
        employed_by_region=False,
    ),
    Person(
        "nurse",
        hsa_id(1012),
        "Nils Testsson",
        ("prescriber",),
        ("DEMO-101",),
        product_areas=AIDS,
        profession="nurse",
    ),
    Person(
        "sleep_nurse",
        hsa_id(1013),
        "Sofia Testsson",
        ("prescriber",),
        ("DEMO-101",),
        product_areas=OF_SLEEP,
        profession="nurse",
    ),
    Person(
        "sleep_nurse_2",
        hsa_id(1014),
        "Stina Testsson",
        ("prescriber",),
        ("DEMO-101",),
        product_areas=OF_SLEEP,
        profession="nurse",
    ),
    Person(
        "secretary",
        hsa_id(1015),
        "Selma Testsson",
        ("order_placer",),
        ("DEMO-101",),
        product_areas=OF_SLEEP,
    ),
    Person(
        "warehouse_keeper",
        hsa_id(1016),
        "Lage Testsson",
        ("store_keeper",),
        ("DEMO-W1",),
        product_areas=OF_SLEEP,
        purpose="administration",
    ),
    Person("order_placer", hsa_id(1004), "Bo Testsson", ("order_placer",), ("DEMO-101",)),
    Person("customer_service", hsa_id(1005), "Kim Testsson", ("customer_service",), purpose="administration"),
    Person(
        "customer_service_2", hsa_id(1006), "Kaj Testsson", ("customer_service",), purpose="administration"
    ),
    Person(
        "store_keeper",
        hsa_id(1007),
        "Frida Testsson",
        ("store_keeper",),
        ("DEMO-101",),
        purpose="administration",
    ),
    Person(
        "technician", hsa_id(1008), "Ted Testsson", ("technician",), ("DEMO-101",), purpose="administration"
    ),
    Person("economist", hsa_id(1009), "Eko Testsson", ("economist",), purpose="administration"),
    Person("economist_2", hsa_id(1011), "Ekon Testsson", ("economist",), purpose="administration"),
    Person("operator", hsa_id(1010), "Olle Testsson", ("operator",), product_areas=(), purpose="operation"),
    Person(
        "patient",
        "demo-patient",
        "Test Testsson",
        ("patient",),
        employed_by_region=False,
        purpose="self",
        patient="adult",
    ),
    Person(
        "guardian",
        "demo-guardian",
        "Prova Testsson",
        ("patient",),
        employed_by_region=False,
        purpose="self",
        patient="adult_2",
        children=("child_4", "child_15"),
    ),
)
PEOPLE: Mapping[str, Person] = MappingProxyType({person.key: person for person in ALL})


def service_role(service: str) -> str:
    return f"service_{service}"
