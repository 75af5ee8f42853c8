"""Recalled devices in a maintenance swap: old or new, each lies apart and its patient is told (Q56, N4)."""

from typing import Any

from shared.events.inventory import RecallConcernsPatient
from shared.events.tasks import TaskRaised, TaskResolved
from tests.inventory.shelves import shelf, state_of
from tests.inventory.swapped import NEW, OLD, at_unit, not_swapped, reported, rows_of, swapped
from tests.inventory.test_recalls import now, recalled
from tests.inventory.test_swaps import service as service  # noqa: PLC0414  the fixture
from tests.inventory.upkeep import WORK, get, post
from tests.support import InMemory

ONE = {"device_no": OLD}
REASON = {"reason": "Tillbaka"}


async def recalled_device(service: InMemory, device_no: str) -> str:
    serial_no = f"SN-{device_no}"
    return await recalled(service, first_serial_no=serial_no, last_serial_no=serial_no)


async def notices_of(service: InMemory, recall_no: str) -> list[tuple[str, bool, str | None]]:
    notices = (await get(service, f"/recalls/{recall_no}/notices", role="order_placer")).json()
    return sorted((each["device_no"], each["is_open"], each["how"]) for each in notices)


async def received(service: InMemory, swap_no: str, **scanned: Any) -> Any:
    form = {"devices": [ONE | scanned]}
    answer = await post(service, f"/device-swaps/{swap_no}/receive", form)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_old_device_that_is_recalled_lies_apart_whatever_was_scanned(service: InMemory) -> None:
    swap_no = await at_unit(service, ONE, new=(NEW,))
    await reported(service, swap_no, swapped())
    recall_no = await recalled_device(service, OLD)

    came = await received(service, swap_no, disposition="shelf")

    assert came["devices"][0]["came_as"] == "quarantine"
    assert await state_of(service, OLD) == "quarantined"
    assert await shelf(service, "DEMO-W1", "910001") == (1, 0, 0)
    done = await post(service, f"/maintenance-jobs/{came['devices'][0]['job_no']}/complete", WORK)
    assert done.status_code == 200, done.text
    assert await state_of(service, OLD) == "quarantined"
    assert await now(service, recall_no) == ({"set_apart": 1}, 0)


async def test_a_recalled_device_that_the_patient_has_again_is_noticed_again_and_told_once(
    service: InMemory,
) -> None:
    recall_no = await recalled_device(service, OLD)
    swap_no = await at_unit(service, ONE, new=(NEW,))
    await reported(service, swap_no, swapped())
    await service.run_jobs()
    came_back = await notices_of(service, recall_no)

    form = {"device_no": OLD, "reason": "Registrerat på fel rad"}
    await post(service, f"/device-swaps/{swap_no}/correct", form)
    await service.run_jobs()

    assert came_back == [(OLD, False, "came_back")]
    assert await notices_of(service, recall_no) == [(OLD, True, None)]
    assert (await now(service, recall_no))[1] == 1
    assert [each.kind for each in service.told_of(TaskRaised)].count("goods_recalled") == 2
    assert len(service.told_of(RecallConcernsPatient)) == 1


async def test_a_swap_before_the_recall_that_is_registered_after_it_counts_and_the_patient_is_told(
    service: InMemory,
) -> None:
    first = await recalled_device(service, OLD)
    swap_no = await at_unit(service, ONE, new=(NEW,))
    service.clock.move(days=1)
    recall_no = await recalled(service)

    same_day = await reported(service, swap_no, swapped(), on="2026-11-24")
    answer = await reported(service, swap_no, swapped(), on="2026-11-23")
    await service.run_jobs()

    assert (same_day.json()["rule"], answer.status_code) == ("device-recalled", 200)
    assert await notices_of(service, first) == [(OLD, False, "came_back")]
    open_ones = [each for each in await notices_of(service, recall_no) if each[1]]
    assert (NEW, True, None) in open_ones
    assert OLD not in {number for number, *_ in open_ones}


async def test_a_new_device_that_is_recalled_at_the_unit_goes_back_and_the_old_one_stays_on_loan(
    service: InMemory,
) -> None:
    swap_no = await at_unit(service, ONE, new=(NEW,))
    recall_no = await recalled_device(service, NEW)

    refused = await reported(service, swap_no, swapped())
    answer = await reported(service, swap_no, not_swapped(why="Det nya är återkallat"))
    back = await post(service, f"/device-orders/{swap_no}/take-back", REASON, role="store_keeper")
    await service.run_jobs()

    assert (refused.json()["rule"], answer.status_code, back.status_code) == ("device-recalled", 200, 200)
    assert service.told_of(TaskRaised)[0].reason == "recalled-goods-wait-at-unit"
    assert "came_back" in [each.how for each in service.told_of(TaskResolved)]
    assert (await state_of(service, OLD), await state_of(service, NEW)) == ("on_loan", "quarantined")
    assert await rows_of(service, swap_no) == [(OLD, "not_swapped", None)]
    assert await now(service, recall_no) == ({"set_apart": 1}, 0)
