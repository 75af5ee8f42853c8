"""Recalled goods that a parcel or a collection brings lie apart at once, and are counted once (N4, Q47)."""

from typing import Any

import pytest

from services.inventory.repository.collections import BALANCES
from shared.events.inventory_collections import CollectionReceived
from tests.inventory.replenished import UNIT, replenishments, sent
from tests.inventory.shelves import CPAP, KEEPER, receive_cpaps, shelf, state_of
from tests.inventory.test_collecting import CAME, closed
from tests.inventory.test_collecting import service as collected  # noqa: F401  the fixture
from tests.inventory.test_recalls import now, recalled
from tests.inventory.test_receipts import CPAP_LEVEL, NO, WHY, carried, received
from tests.inventory.test_receipts import service as service  # noqa: PLC0414  the fixture
from tests.inventory.upkeep import post
from tests.support import InMemory


async def begun(service: InMemory, **form: Any) -> None:
    form = {"reason": "Bandet kan lossna", "notify_patients": False, **form}
    answer = await service.client.post("/recalls", json=form, headers=service.once("store_keeper", **KEEPER))
    assert answer.status_code == 201, answer.text


async def reported_late(service: InMemory, order_no: str, parcel_no: str, **differs: Any) -> Any:
    path = f"/replenishments/{order_no}/parcels/{parcel_no}/deviations"
    form = {"deviations": [{"reason": WHY, **differs}]}
    return await service.client.post(path, json=form, headers=service.once("order_placer", **UNIT))


@pytest.mark.parametrize(("kind", "quarantined"), [("missing", 7), ("damaged", 10), ("too_many", 13)])
async def test_what_differs_of_a_recalled_lot_is_taken_from_quarantine_or_put_there(
    service: InMemory, kind: str, quarantined: int
) -> None:
    order_no, parcel_no = await carried(service)
    await begun(service, article_no=NO, lot="l2")
    await received(service, order_no, parcel_no)

    answer = await reported_late(service, order_no, parcel_no, kind=kind, article_no=NO, quantity=3, lot="L2")

    assert answer.status_code == 200, answer.text
    kept = await service.repository.get(BALANCES.ref(f"DEMO-S1:{NO}"))
    assert (kept.on_hand, kept.quarantined) == (2, quarantined)


async def test_a_recalled_device_that_was_not_in_the_parcel_is_missing_also_when_that_is_seen_later(
    service: InMemory,
) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D1"], hoses=0)
    level = {"minimum": 1, "packages": 1}
    await service.client.put(CPAP_LEVEL, json=level, headers=service.once("order_placer", **UNIT))
    await service.run_jobs()
    (order,) = await replenishments(service)
    parcel_no = await sent(service, order.order_no, {"device_no": "D1"})
    await begun(service, article_no=CPAP.article_no)
    await received(service, order.order_no, parcel_no)

    answer = await reported_late(
        service, order.order_no, parcel_no, kind="missing", article_no=CPAP.article_no, device_no="D1"
    )

    assert answer.status_code == 200, answer.text
    assert await state_of(service, "D1") == "missing"
    kept = await service.repository.get(BALANCES.ref(f"DEMO-S1:{CPAP.article_no}"))
    assert (kept.on_hand, kept.quarantined) == (0, 0)


async def test_a_recalled_device_that_is_collected_lies_apart_and_so_it_is_told(
    collected: InMemory,  # noqa: F811  the fixture
) -> None:
    recall_no = await recalled(collected)

    answer = await closed(collected, CAME | {"disposition": "shelf"})
    await collected.run_jobs()
    shelved = await post(
        collected, "/devices/D100001/set-apart", {"destination": "shelf", "reason": "Ser hel ut"},
        role="store_keeper",
    )  # fmt: skip

    assert answer.status_code == 200, answer.text
    (told,) = collected.told_of(CollectionReceived)
    assert [each.disposition for each in told.came] == ["quarantine"]
    assert (await state_of(collected, "D100001"), shelved.json()["rule"]) == (
        "quarantined",
        "device-recalled",
    )
    assert await shelf(collected, "DEMO-W1", "910001") == (0, 0, 0)
    assert await now(collected, recall_no) == ({"set_apart": 3}, 0)
