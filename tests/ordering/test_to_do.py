"""What waits for those who order devices, in boxes: counts, names, and where the rest is listed (S155)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.ordering.collecting import registered, with_cpap
from tests.ordering.devices import CPAP, OTHER_UNIT, UNIT, told_devices
from tests.ordering.test_reports import ORDER, came, kept
from tests.support import InMemory

WAITS = replace(came(1), waits_since=datetime(2026, 11, 3, 9, tzinfo=UTC))


async def boxes(service: InMemory, **who: Any) -> dict[str, Any]:
    headers = service.token("order_placer", **({"product_areas": ["cpap"]} | who))
    answer = await service.client.get("/to-do", headers=headers)
    assert answer.status_code == 200, answer.text
    return {each["box"]: each for each in answer.json()}


async def test_each_box_says_how_many_and_names_the_first() -> None:
    service = await with_cpap()
    number = await registered(service)
    await kept(service, WAITS, ORDER, replace(WAITS, care_unit=OTHER_UNIT))

    found = await boxes(service)

    assert {name: each["count"] for name, each in found.items()} == {
        "hand_over": 1, "collect": 1, "approve": 0,
    }  # fmt: skip
    assert found["hand_over"]["rows"] == [
        {"number": "B0", "what": "Demo-CPAP", "where": "Sömnmottagningen Demostad", "since": "2026-11-03"}
    ]
    (row,) = found["collect"]["rows"]
    assert (row["number"], row["what"]) == (number, "Demo-CPAP")
    assert found["approve"]["title"] == "Godkänna eller avslå"
    await service.client.aclose()


async def test_what_waits_at_the_unit_is_listed_with_a_cursor_and_in_the_own_areas() -> None:
    service = await told_devices()
    await kept(service, *[WAITS] * 102)

    headers = service.token("order_placer", care_units=[UNIT], product_areas=["cpap"])
    first = await service.client.get("/to-do/hand-over", headers=headers)
    cursor = first.headers["Next-Cursor"]
    rest = await service.client.get(f"/to-do/hand-over?cursor={cursor}", headers=headers)
    found = await boxes(service)

    assert (len(first.json()), len(rest.json())) == (100, 2)
    assert (found["hand_over"]["count"], found["hand_over"]["more"], len(found["hand_over"]["rows"])) == (
        100, True, 5,
    )  # fmt: skip
    assert (await boxes(service, product_areas=["hearing"]))["hand_over"]["rows"] == []
    assert CPAP not in str(first.json())
    await service.client.aclose()
