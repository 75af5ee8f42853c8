"""A recall in one call: what it marks and sets apart, who is noticed, and how it comes to zero (T17, N4)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.inventory.domain.devices.device import Device
from services.inventory.domain.recalls.recall import WhichPieces, place_of
from services.inventory.repository.collections import DEVICE_ORDERS
from shared.events.inventory import RecallConcernsPatient
from shared.events.inventory_goods import (
    DeviceChanged,
    DeviceOrderReserved,
    HandOutRefused,
)
from shared.events.tasks import TaskRaised, TaskResolved
from tests.inventory.shelves import (
    HAND_OUT,
    PATIENT,
    order_of,
    receive_cpaps,
    shelf,
    state_of,
    stocked,
)
from tests.inventory.upkeep import WORK, get, opened, post
from tests.support import InMemory

RECALL = {"article_no": "910001", "reason": "Tryckfel, säkerhetsmeddelande", "incident_no": "INC-2026-7",
          "notify_patients": True}  # fmt: skip


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    """D100001 is on loan, D100002 and D100003 lie in the own storeroom, D100009 at the warehouse."""
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-S1", ["D100001", "D100002", "D100003"], hoses=1)
    await receive_cpaps(inventory, "DEMO-W1", ["D100009"], hoses=3)
    await inventory.hear(HAND_OUT)
    yield inventory
    await inventory.client.aclose()


async def recalled(service: InMemory, **changes: Any) -> str:
    form = {name: each for name, each in (RECALL | changes).items() if each is not None}
    answer = await post(service, "/recalls", form, role="store_keeper")
    assert answer.status_code == 201, answer.text
    number: str = answer.json()["recall_no"]
    return number


async def now(service: InMemory, recall_no: str) -> tuple[dict[str, int], int]:
    answer = (await get(service, f"/recalls/{recall_no}", role="technician")).json()
    return {name: each for name, each in answer["now"].items() if each}, answer["left"]


async def returned(service: InMemory) -> None:
    form = {"patient_ref": PATIENT, "storeroom_no": "DEMO-S1", "devices": [{"device_no": "D100001"}]}
    answer = await post(service, "/returns", form, role="order_placer")
    assert answer.status_code == 200, answer.text


async def test_one_call_marks_sets_apart_and_notices_every_piece(service: InMemory) -> None:
    recall_no = await recalled(service)

    states = [await state_of(service, each) for each in ("D100001", "D100002", "D100003", "D100009")]
    assert states == ["on_loan", "quarantined", "quarantined", "quarantined"]
    assert await now(service, recall_no) == ({"with_patients": 1, "set_apart": 3}, 1)
    assert {each.device_no for each in service.told_of(DeviceChanged) if not each.available} >= {
        "D100002", "D100003", "D100009",
    }  # fmt: skip
    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.care_unit, task.patient_ref) == ("goods_recalled", "DEMO-101", PATIENT)
    assert task.details == {"article_no": "910001", "piece": "D100001", "quantity": "1"}
    (fact,) = service.told_of(RecallConcernsPatient)
    assert (fact.recall_no, fact.patient_ref) == (recall_no, PATIENT)


async def test_what_was_found_stands_in_the_answer_and_the_pieces_say_where_each_is(
    service: InMemory,
) -> None:
    recall_no = await recalled(service)

    (listed,) = (await get(service, "/recalls", role="technician")).json()
    pieces = (await get(service, f"/recalls/{recall_no}/pieces", role="technician")).json()
    unit = (await get(service, f"/recalls/{recall_no}/notices", role="order_placer")).json()
    another = await get(
        service, f"/recalls/{recall_no}/notices", role="order_placer", care_units=["DEMO-102"]
    )
    file = await post(service, f"/recalls/{recall_no}/export", {}, role="technician")

    assert listed["found"] == {
        "on_shelves": 3, "under_way": 0, "with_patients": 1, "set_apart": 0, "gone": 0,
    }  # fmt: skip
    assert [(each["device_no"], each["state"], each["care_unit"]) for each in pieces][:2] == [
        ("D100001", "on_loan", "DEMO-101"), ("D100002", "quarantined", None),
    ]  # fmt: skip
    assert [(each["patient_ref"], each["device_no"]) for each in unit] == [(PATIENT, "D100001")]
    assert [each["patient_ref"] for each in another.json()] == [None]
    assert file.content.decode("utf-8-sig").count("\r\n") == 5
    assert PATIENT not in file.text


async def test_nothing_that_is_recalled_is_lent_or_put_on_the_shelf_again(service: InMemory) -> None:
    await recalled(service)
    line = HAND_OUT.lines[0].model_copy(update={"device_no": "D100002", "components": ()})
    await service.hear(order_of(8, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,)))
    form = {"destination": "shelf", "reason": "Ser hel ut"}
    back = await post(service, "/devices/D100002/set-apart", form, role="order_placer")

    assert [each.rule for each in service.told_of(HandOutRefused)] == ["device-set-apart"]
    assert back.json()["rule"] == "device-recalled"


async def test_what_comes_back_is_set_apart_and_ends_the_task_and_then_the_recall(service: InMemory) -> None:
    recall_no = await recalled(service)
    end = {"outcome": "carried_out", "reason": "Alla exemplar är inne"}
    early = await post(service, f"/recalls/{recall_no}/end", end, role="store_keeper")
    await returned(service)

    line = HAND_OUT.lines[0].model_copy(update={"components": ()})
    await service.hear(order_of(8, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,)))
    await service.run_jobs()
    ended = await post(service, f"/recalls/{recall_no}/end", end, role="store_keeper")
    twice = await post(service, f"/recalls/{recall_no}/end", end, role="store_keeper")

    assert early.json()["rule"] == "recall-not-at-zero"
    assert [each.rule for each in service.told_of(HandOutRefused)] == ["device-set-apart"]
    assert await state_of(service, "D100001") == "quarantined"
    assert [each.how for each in service.told_of(TaskResolved)] == ["came_back"]
    assert (ended.json()["state"], twice.json()["rule"]) == ("carried_out", "recall-ended")


async def test_a_unit_says_what_became_of_goods_that_do_not_come_back(service: InMemory) -> None:
    recall_no = await recalled(service)
    (notice,) = (await get(service, f"/recalls/{recall_no}/notices", role="order_placer")).json()
    path = f"/recalls/{recall_no}/notices/{notice['notice_id']}/end"

    another = await post(
        service, path, {"reason": "Kasserad hemma"}, role="order_placer", care_units=["DEMO-102"]
    )
    ended = await post(service, path, {"reason": "Kasserad hemma"}, role="order_placer")
    twice = await post(service, path, {"reason": "Kasserad hemma"}, role="order_placer")

    assert (another.status_code, ended.status_code) == (404, 200)
    assert twice.json()["rule"] == "recall-notice-ended"
    assert (await now(service, recall_no))[1] == 0


async def test_goods_that_were_promised_to_an_order_are_set_apart_and_the_order_waits_again(
    service: InMemory,
) -> None:
    order = order_of(9)
    await service.hear(order)
    assert await shelf(service, "DEMO-W1", "910001") == (1, 1, 0)

    await recalled(service)

    kept = await service.repository.get(DEVICE_ORDERS.ref(order.order_no))
    assert (kept.lines[0].reserved, kept.lines[0].waiting, kept.to_pick) == (0, 1, False)
    assert await shelf(service, "DEMO-W1", "910001") == (0, 0, 1)
    assert await state_of(service, "D100009") == "quarantined"
    assert service.told_of(DeviceOrderReserved)[-1].lines[0].waiting == 1


async def test_a_withdrawn_recall_takes_its_marks_off_and_nothing_goes_on_the_shelf_by_itself(
    service: InMemory,
) -> None:
    recall_no = await recalled(service)

    form = {"outcome": "withdrawn", "reason": "Fel artikel angiven"}
    await post(service, f"/recalls/{recall_no}/end", form, role="store_keeper")
    back = await post(
        service, "/devices/D100002/set-apart", {"destination": "shelf", "reason": "Inte återkallad"},
        role="order_placer",
    )  # fmt: skip

    assert back.json()["state"] == "in_stock"
    assert await state_of(service, "D100003") == "quarantined"
    assert [each.how for each in service.told_of(TaskResolved)] == ["withdrawn"]


async def test_what_is_received_later_is_set_apart_at_once_and_mending_it_does_not_free_it(
    service: InMemory,
) -> None:
    recall_no = await recalled(service)
    await receive_cpaps(service, "DEMO-S1", ["D100004"], hoses=0)
    received = await state_of(service, "D100004")

    number = await opened(service, "D100004", "corrective")
    await post(service, f"/maintenance-jobs/{number}/complete", WORK | {"result": "repaired"})
    mended = await state_of(service, "D100004")
    path = f"/recalls/{recall_no}/devices/D100004/corrected"
    corrected = await post(service, path, {"reason": "Slang bytt enligt tillverkaren"})
    twice = await post(service, path, {"reason": "Slang bytt enligt tillverkaren"})
    await service.run_jobs()
    form = {"destination": "shelf", "reason": "Åtgärdad"}
    await post(service, "/devices/D100004/set-apart", form, role="order_placer")

    assert (received, mended) == ("quarantined", "quarantined")
    assert (corrected.json()["is_stopped"], twice.json()["rule"]) == (False, "not-recalled")
    assert await state_of(service, "D100004") == "in_stock"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"article_no": None}, "one-kind-of-recall"),
        ({"supplier": "Demoluft AB"}, "one-kind-of-recall"),
        ({"first_serial_no": "SN-1"}, "one-kind-of-recall"),
        ({"first_serial_no": "SN-10", "last_serial_no": "SN-9"}, "serial-numbers-reversed"),
        ({"article_no": None, "lot": "NOSUCHLOT"}, "nothing-to-recall"),
        ({"article_no": None, "supplier": "Ingen"}, "nothing-to-recall"),
        ({"article_no": "910300"}, "nothing-to-recall"),
        (
            {"first_serial_no": "SN-10", "last_serial_no": "SN-10", "article_no": "910100"},
            "nothing-to-recall",
        ),
        ({"reason": "Gäller 19121212-1212"}, "recall-names-person"),
    ],
)
async def test_a_recall_that_means_nothing_or_two_things_is_refused(
    service: InMemory, changes: dict[str, Any], rule: str
) -> None:
    form = {name: each for name, each in (RECALL | changes).items() if each is not None}

    answer = await post(service, "/recalls", form, role="store_keeper")

    assert rule in answer.text
    assert answer.status_code in {400, 422}


def test_a_range_of_serial_numbers_is_read_as_makers_count_and_unknown_ones_are_concerned() -> None:
    which = WhichPieces(("910001",), first_serial_no="sn-9", last_serial_no="SN-100")

    def concerned(serial_no: str | None, article_no: str = "910001") -> bool:
        return which.concerns(Device("D1", article_no, "central", "DEMO-S1", serial_no=serial_no))

    assert place_of("SN-9") < place_of("sn-10") < place_of("SN-100")
    assert [concerned(each) for each in ("SN-9", "SN-10", "SN-100", "SN-101", "SN-8", None)] == [
        True, True, True, False, False, True,
    ]  # fmt: skip
    assert not concerned("SN-10", "910200")


async def test_what_set_recalled_goods_apart_is_a_movement_with_its_reason(service: InMemory) -> None:
    await recalled(service)

    moves = (await get(service, "/devices/D100009/movements")).json()

    assert {(each["why"], each["reason"]) for each in moves} >= {("recalled", RECALL["reason"])}


async def test_one_recall_of_two_is_answered_for_a_patients_device_and_the_other_stops_it_still(
    service: InMemory,
) -> None:
    first, second = await recalled(service), await recalled(service, notify_patients=False)

    path = f"/recalls/{first}/devices/D100001/corrected"
    corrected = await post(service, path, {"reason": "Ny programvara inlagd hemma hos patienten"})
    await service.run_jobs()

    assert corrected.json() == {"device_no": "D100001", "state": "on_loan", "is_stopped": True}
    assert (await now(service, first))[1] == 0
    assert (await now(service, second))[1] == 1
    assert [each.how for each in service.told_of(TaskResolved)] == ["corrected"]
