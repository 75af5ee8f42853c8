"""What waits for those who keep storerooms and maintain devices, in boxes (S121, S131, S155)."""

from typing import Any

from tests.inventory.swapped import OLD, arranged, lent_cpaps
from tests.inventory.upkeep import get, maintained_shelf
from tests.support import InMemory

WHO = (("prescriber", "DEMO-101"), ("store_keeper", "DEMO-W1"), ("prescriber", "DEMO-102"))


async def boxes(service: InMemory, role: str, care_unit: str) -> dict[str, Any]:
    answer = await get(service, "/to-do", role, care_units=[care_unit])
    assert answer.status_code == 200, answer.text
    return {each["box"]: each for each in answer.json()}


async def test_what_is_overdue_in_whose_hands_is_in_a_box() -> None:
    service = await maintained_shelf()

    found = await boxes(service, "technician", "DEMO-W1")

    assert {name: each["count"] for name, each in found.items()} == {"receive": 0, "maintain": 1, "swap": 0}
    assert found["maintain"]["rows"] == [
        {
            "number": "D100001",
            "what": "Demo-CPAP",
            "where": "Förrådet på Sömnmottagningen",
            "since": "2025-11-01",
        }
    ]
    assert found["receive"]["listed_by"] == "GET /deliveries"
    await service.client.aclose()


async def test_a_swap_is_in_the_box_of_its_unit_and_its_warehouse() -> None:
    service = await lent_cpaps()
    swap_no = await arranged(service, {"device_no": OLD})

    rows = [
        [row["number"] for row in (await boxes(service, role, unit))["swap"]["rows"]]
        for role, unit in (
            ("prescriber", "DEMO-101"),
            ("store_keeper", "DEMO-W1"),
            ("prescriber", "DEMO-102"),
        )
    ]

    assert rows == [[swap_no], [swap_no], []]
    await service.client.aclose()
