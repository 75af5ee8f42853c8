"""The import of places, as their keeper meets it, and the doors that list them."""

from typing import Any

import pytest

from services.inventory.app import assemble
from services.inventory.application.importing_places import import_places_into
from services.inventory.domain.places_file import read_places
from shared.events.inventory_goods import CareUnitChanged, StoreroomChanged
from shared.service.file_import import import_entry
from tests.inventory.test_places_file import ALL, STOREROOM, UNIT, file_of
from tests.support import InMemory, in_memory


@pytest.fixture
async def service() -> InMemory:
    return await in_memory("inventory", assemble)


async def imported(service: InMemory, *rows: str, dry_run: bool = False) -> int:
    content = file_of(*rows)
    entry = import_entry(content, action="inventory.import_places")
    return await import_places_into(service.repository, read_places(content), dry_run=dry_run, entry=entry)


async def listed(service: InMemory, path: str, role: str, **claims: Any) -> list[dict[str, Any]]:
    answer = await service.client.get(path, headers=service.token(role, **claims))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_places_are_published_when_they_are_imported_and_never_twice(service: InMemory) -> None:
    assert await imported(service, *ALL) == 0
    assert await imported(service, *ALL) == 0

    units, storerooms = service.told_of(CareUnitChanged), service.told_of(StoreroomChanged)
    assert sorted(each.subject for each in units) == ["DEMO-101", "DEMO-102"]
    assert sorted(each.subject for each in storerooms) == ["DEMO-S1", "DEMO-W1"]


async def test_a_dry_run_names_what_would_change_and_changes_nothing(
    service: InMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await imported(service, *ALL, dry_run=True) == 0

    said = capsys.readouterr().out
    assert "+ DEMO-W1 Centrallagret Demostad" in said
    assert "4 new, 0 changed, 0 unchanged." in said
    assert service.told_of(CareUnitChanged) == []


async def test_one_bad_row_keeps_the_whole_file_out(
    service: InMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await imported(service, UNIT, STOREROOM) == 1

    assert "Line 3, DEMO-S1 supplied_by: The warehouse DEMO-W1 does not exist" in capsys.readouterr().err
    assert service.told_of(CareUnitChanged) == []


async def test_a_clinic_sees_its_own_storeroom_and_the_warehouse_by_name(service: InMemory) -> None:
    await imported(service, *ALL)

    units = await listed(service, "/care-units", "order_placer")
    storerooms = await listed(service, "/storerooms", "order_placer")

    assert [(each["care_unit"], each["name"]) for each in units] == [
        ("DEMO-101", "Sömnmottagningen Demostad")
    ]
    assert units[0]["address"]["postal_code"] == "12345"
    assert [each["storeroom_no"] for each in storerooms] == ["DEMO-S1", "DEMO-W1"]
    assert storerooms[0]["supplied_by"] == [{"storeroom_no": "DEMO-W1", "name": "Centrallagret Demostad"}]
    assert storerooms[1]["care_units"] == [{"care_unit": "DEMO-101", "name": "Sömnmottagningen Demostad"}]
    assert [each["works_here"] for each in storerooms] == [False, False]


async def test_who_works_at_the_warehouse_has_it_among_the_places_of_the_token(service: InMemory) -> None:
    await imported(service, *ALL)

    (warehouse,) = await listed(service, "/storerooms", "store_keeper", care_units=["DEMO-W1"])

    assert (warehouse["storeroom_no"], warehouse["works_here"]) == ("DEMO-W1", True)
    assert [each["name"] for each in warehouse["care_units"]] == [
        "Sömnmottagningen Demostad",
        "Barnmottagningen",
    ]


async def test_another_units_storeroom_is_not_shown(service: InMemory) -> None:
    await imported(service, *ALL)

    storerooms = await listed(service, "/storerooms", "prescriber", care_units=["DEMO-102"])

    assert [each["storeroom_no"] for each in storerooms] == ["DEMO-W1"]


async def test_customer_service_sees_every_place(service: InMemory) -> None:
    await imported(service, *ALL)

    assert len(await listed(service, "/care-units", "customer_service")) == 2
    assert len(await listed(service, "/storerooms", "customer_service")) == 2


async def test_everybody_reads_what_care_units_are_called(service: InMemory) -> None:
    await imported(service, *ALL)

    named = await listed(service, "/care-units/names", "patient")

    assert {"care_unit": "DEMO-101", "name": "Sömnmottagningen Demostad"} in named
    assert [set(each) for each in named] == [{"care_unit", "name"}] * len(named)
