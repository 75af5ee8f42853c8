"""Maintenance swaps that are refused, annulled and corrected; nothing is counted twice (Q48, Q56)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.inventory.repository.collections import DEVICE_ORDERS, LOANS
from shared.events.inventory import DeviceExchanged
from shared.events.inventory_swaps import DeviceSwapChanged
from shared.events.tasks import TaskRaised, TaskResolved
from tests.inventory.shelves import (
    HAND_OUT,
    KEEPER,
    shelf,
    state_of,
)
from tests.inventory.swapped import (
    HOSE,
    LOAN,
    NEW,
    OLD,
    OTHER_OLD,
    arranged,
    at_unit,
    lent_cpaps,
    not_swapped,
    reported,
    rows_of,
    sent,
    swapped,
    tried,
)
from tests.inventory.upkeep import post
from tests.support import InMemory

ONE = {"device_no": OLD}


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await lent_cpaps()
    yield inventory
    await inventory.client.aclose()


async def corrected(service: InMemory, swap_no: str, device_no: str = OLD) -> Any:
    form = {"device_no": device_no, "reason": "Registrerat på fel rad"}
    return await post(service, f"/device-swaps/{swap_no}/correct", form)


async def annulled(service: InMemory, swap_no: str) -> Any:
    return await post(service, f"/device-swaps/{swap_no}/annul", {"reason": "Patienten flyttar"})


async def test_a_swap_that_nobody_picked_is_annulled_and_what_was_reserved_is_free(service: InMemory) -> None:
    swap_no = await arranged(service)

    answer = await annulled(service, swap_no)
    again = await annulled(service, swap_no)

    assert (answer.json()["state"], again.json()["rule"]) == ("annulled", "swap-over")
    assert await shelf(service, "DEMO-W1", "910001") == (2, 0, 0)
    assert (await service.repository.get(DEVICE_ORDERS.ref(swap_no))).state == "annulled"
    assert service.told_of(DeviceSwapChanged)[-1].state == "annulled"
    assert service.told_of(TaskRaised) == []
    late = await reported(service, swap_no, swapped())
    wrong = await corrected(service, swap_no)
    assert (late.json()["rule"], wrong.json()["rule"]) == ("swap-over", "swap-over")
    assert await tried(service) == []


async def test_what_was_sent_of_an_annulled_swap_comes_back_and_lies_there_once(service: InMemory) -> None:
    swap_no = await at_unit(service, ONE | {"components": HOSE}, new=(NEW,))

    answer = await annulled(service, swap_no)

    assert answer.json()["state"] == "annulled", answer.text
    assert await rows_of(service, swap_no) == [(OLD, "not_swapped", "new_device")]
    assert await shelf(service, "DEMO-W1", "910100") == (2, 0, 0)
    back = f"/device-orders/{swap_no}/take-back"
    taken = await post(service, back, {"reason": "Tillbaka"}, role="store_keeper")
    twice = await post(service, back, {"reason": "Tillbaka"}, role="store_keeper")
    assert (taken.status_code, twice.json()["rule"]) == (200, "nothing-waits")
    assert (await shelf(service, "DEMO-W1", "910001"), await shelf(service, "DEMO-W1", "910100")) == (
        (2, 0, 0), (3, 0, 0),
    )  # fmt: skip
    assert await rows_of(service, swap_no) == [(OLD, "not_swapped", None)]


async def test_what_is_being_picked_is_sent_before_it_comes_back(service: InMemory) -> None:
    swap_no = await arranged(service)
    keeper = service.once("store_keeper", None, **KEEPER)
    await service.client.post(f"/device-orders/{swap_no}/pick-list/take", headers=keeper)

    waits = await annulled(service, swap_no)
    pick = service.once("store_keeper", None, **KEEPER)
    await service.client.post(
        f"/device-orders/{swap_no}/pick-list/pick", json={"device_no": NEW}, headers=pick
    )
    picked = await reported(service, swap_no, not_swapped())
    unsent = await reported(service, swap_no, swapped())

    assert [each.json()["rule"] for each in (waits, picked)] == ["swap-being-picked"] * 2
    assert unsent.json()["rule"] == "new-device-not-sent"


async def test_one_of_two_that_is_not_swapped_before_it_is_sent_frees_its_device(service: InMemory) -> None:
    swap_no = await arranged(service)

    answer = await reported(service, swap_no, not_swapped(OTHER_OLD, "Patienten är på resa"))

    assert answer.status_code == 200, answer.text
    assert await shelf(service, "DEMO-W1", "910001") == (2, 1, 0)
    await sent(service, swap_no, NEW)
    assert (await service.repository.get(DEVICE_ORDERS.ref(swap_no))).state == "despatched"
    late = await reported(service, swap_no, not_swapped(OTHER_OLD))
    assert late.json()["rule"] == "swap-registered-already"
    assert (await annulled(service, swap_no)).json()["rule"] == "swap-made-partly"


async def test_what_waits_for_goods_is_ended_while_the_other_is_picked(service: InMemory) -> None:
    await post(service, "/devices/D100009/faults", {"fault": "Startar inte"}, role="store_keeper")
    swap_no = await arranged(service)
    for path, body in (("take", None), ("pick", {"device_no": NEW})):
        keeper = service.once("store_keeper", None, **KEEPER)
        await service.client.post(f"/device-orders/{swap_no}/pick-list/{path}", json=body, headers=keeper)

    answer = await reported(service, swap_no, not_swapped(OTHER_OLD))

    assert answer.status_code == 200, answer.text
    assert (await service.repository.get(DEVICE_ORDERS.ref(swap_no))).state == "open"
    assert await shelf(service, "DEMO-W1", "910001") == (0, 0, 0)


async def test_the_last_that_is_not_swapped_ends_the_order(service: InMemory) -> None:
    swap_no = await arranged(service)
    await sent(service, swap_no, NEW)
    whole = await reported(service, swap_no, not_swapped(OTHER_OLD))
    assert whole.json()["devices"][1]["missing"] is None

    assert (await service.repository.get(DEVICE_ORDERS.ref(swap_no))).state == "despatched"
    assert await shelf(service, "DEMO-W1", "910001") == (1, 0, 0)


async def test_what_was_swapped_by_mistake_is_corrected_and_may_be_swapped_again(service: InMemory) -> None:
    swap_no = await at_unit(service, ONE | {"components": HOSE}, new=(NEW,))
    await reported(service, swap_no, swapped())

    answer = await corrected(service, swap_no)

    assert answer.status_code == 200, answer.text
    assert await rows_of(service, swap_no) == [(OLD, None, "settings")]
    loan = await service.repository.get(LOANS.ref(LOAN))
    assert (loan.device_no, loan.exchanged) == (OLD, ())
    assert (await state_of(service, OLD), await state_of(service, NEW)) == ("on_loan", "at_unit")
    none = await corrected(service, swap_no)
    assert none.json()["rule"] == "nothing-registered"
    again = await reported(service, swap_no, swapped())
    assert again.status_code == 200, again.text
    told = service.told_of(DeviceExchanged)
    assert [(each.device_no, each.in_place_of) for each in told] == [(NEW, OLD), (OLD, NEW), (NEW, OLD)]
    assert len({each.nth for each in told}) == len(told)
    row = service.told_of(DeviceSwapChanged)[-2].devices[0]
    assert (row.result, row.registered_at is not None, len(row.components)) == (None, True, 1)


async def test_what_was_not_swapped_by_mistake_is_corrected_and_its_task_ends(service: InMemory) -> None:
    swap_no = await at_unit(service, ONE, new=(NEW,))
    await reported(service, swap_no, not_swapped())

    answer = await corrected(service, swap_no)

    assert answer.status_code == 200, answer.text
    assert [each.task_id for each in service.told_of(TaskResolved)] == [
        each.task_id for each in service.told_of(TaskRaised)
    ]
    assert (await reported(service, swap_no, swapped())).status_code == 200
    assert (await service.repository.get(LOANS.ref(LOAN))).device_no == NEW


async def test_what_has_moved_on_is_corrected_no_more(service: InMemory) -> None:
    swap_no = await at_unit(service)
    await reported(service, swap_no, swapped(OLD), not_swapped(OTHER_OLD))
    await post(service, f"/device-swaps/{swap_no}/receive", {"devices": [ONE]})
    await post(service, f"/device-orders/{swap_no}/take-back", {"reason": "Tillbaka"}, role="store_keeper")

    await arranged(service, {"device_no": OTHER_OLD})
    assert await tried(service, devices=[{"device_no": OTHER_OLD}]) == ["in-swap-already"]
    stands = [(await corrected(service, swap_no, each)).json()["rule"] for each in (OLD, OTHER_OLD)]
    other = await corrected(service, swap_no, NEW)

    assert stands == ["swap-stands"] * 2
    assert other.json()["rule"] == "not-in-swap"


async def test_a_device_that_the_patient_handed_back_meanwhile_is_not_swapped(service: InMemory) -> None:
    swap_no = await at_unit(service, ONE, new=(NEW,))
    form = {"patient_ref": HAND_OUT.patient_ref, "storeroom_no": "DEMO-S1", "devices": [ONE]}
    back = await post(service, "/returns", form, role="order_placer")
    assert back.status_code == 200, back.text

    late = await reported(service, swap_no, swapped())
    ended = await reported(service, swap_no, not_swapped(why="Patienten har lämnat tillbaka det"))

    assert late.json()["rule"] == "device-not-lent"
    assert ended.status_code == 200, ended.text
    assert (await corrected(service, swap_no)).json()["rule"] == "swap-stands"


async def test_a_new_device_that_the_patient_handed_back_is_not_taken_from_nobody(service: InMemory) -> None:
    swap_no = await at_unit(service, ONE, new=(NEW,))
    await reported(service, swap_no, swapped())
    form = {"patient_ref": HAND_OUT.patient_ref, "storeroom_no": "DEMO-S1", "devices": [{"device_no": NEW}]}
    back = await post(service, "/returns", form, role="order_placer")
    assert back.status_code == 200, back.text

    late = await corrected(service, swap_no)

    assert late.json()["rule"] == "swap-stands"
    assert await rows_of(service, swap_no) == [(OLD, "under_way", "old_device")]


async def test_a_scrapped_one_and_a_hose_that_lacks_are_told_apart(service: InMemory) -> None:
    swap_no = await at_unit(service, ONE, new=(NEW,))
    await reported(service, swap_no, swapped())
    receive = f"/device-swaps/{swap_no}/receive"

    kept = [
        {"article_no": "910100", "disposition": "return"},
        {"article_no": "910300", "disposition": "scrap"},
    ]
    used = await post(service, receive, {"devices": [ONE | {"components": kept}]})
    answer = await post(service, receive, {"devices": [ONE | {"disposition": "scrap", "components": []}]})

    assert used.json()["rule"] == "used-is-scrapped"
    assert answer.json()["devices"][0]["outcome"] == "scrapped", answer.text
    assert answer.json()["devices"][0]["outcome_text"] == "Utbytt, skrotad"
    (task,) = service.told_of(TaskRaised)
    assert (task.reason, task.details["article_no"]) == ("swapped-component-missing", "910100")
    assert await state_of(service, OLD) == "written_off"
    over = await post(service, f"/device-swaps/{swap_no}/settings-ready", {}, role="order_placer")
    elsewhere = await post(
        service, f"/device-swaps/{swap_no}/settings-ready", {}, role="order_placer", care_units=["DEMO-102"]
    )
    assert (over.json()["rule"], elsewhere.status_code) == ("swap-over", 404)
