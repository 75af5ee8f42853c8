"""How care units, storerooms and warehouses change, and what is told of them."""

import json
from dataclasses import replace

from services.inventory.domain.places import change_care_unit, change_storeroom
from shared.events.inventory_goods import CareUnitChanged, StoreroomChanged
from tests.inventory.devices import CLINIC, OWN_STOREROOM, WAREHOUSE


def test_a_new_care_unit_is_published_with_its_name_and_where_deliveries_go() -> None:
    care_unit, (told,) = change_care_unit(None, row=CLINIC)

    assert care_unit == replace(CLINIC, version=1)
    assert isinstance(told, CareUnitChanged)
    assert (told.care_unit, told.version, told.name) == ("DEMO-101", 1, "Sömnmottagningen Demostad")
    assert json.loads(told.address or "")["postal_code"] == "12345"


def test_a_care_unit_that_is_as_the_row_says_is_not_published_again() -> None:
    kept = replace(CLINIC, version=3)

    assert change_care_unit(kept, row=CLINIC) == (kept, [])


def test_a_care_unit_that_is_closed_gets_the_next_version() -> None:
    care_unit, (told,) = change_care_unit(replace(CLINIC, version=3), row=replace(CLINIC, active=False))

    assert (care_unit.version, care_unit.active) == (4, False)
    assert isinstance(told, CareUnitChanged)
    assert (told.version, told.active) == (4, False)


def test_a_storeroom_is_published_with_the_unit_whose_it_is_and_the_warehouse_that_refills_it() -> None:
    storeroom, facts = change_storeroom(None, row=OWN_STOREROOM)

    assert storeroom == replace(OWN_STOREROOM, version=1)
    assert facts == [
        StoreroomChanged(
            storeroom_no="DEMO-S1",
            version=1,
            name="Sömnmottagningens förråd",
            kind="storeroom",
            care_units=("DEMO-101",),
            supplied_by=("DEMO-W1",),
        )
    ]


def test_a_storeroom_changes_only_when_something_differs() -> None:
    kept = replace(WAREHOUSE, version=1)

    assert change_storeroom(kept, row=WAREHOUSE) == (kept, [])
    changed, facts = change_storeroom(kept, row=replace(WAREHOUSE, care_units=("DEMO-101",)))
    assert (changed.version, changed.care_units) == (2, ("DEMO-101",))
    assert [fact.subject for fact in facts] == ["DEMO-W1"]
