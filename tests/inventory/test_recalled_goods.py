"""Counted goods of a recalled article or supplier: every storeroom, lot, parcel and patient (T17, N4)."""

from dataclasses import replace

import pytest

from services.inventory.domain.article import Article
from services.inventory.domain.goods.balance import LotRecalled
from services.inventory.domain.goods.marks import RecallMark
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.orders.goods_in import goods_in
from services.inventory.domain.orders.order import Goods
from services.inventory.repository.collections import ARTICLES, BALANCES, DEVICE_ORDERS
from shared.events.fact import Fact
from shared.events.inventory import RecallConcernsPatient
from shared.events.inventory_goods import HandOutRefused
from shared.events.ordering_devices import DeviceLine, DeviceOrderSent
from shared.events.tasks import TaskRaised
from shared.repository import Cause
from tests.inventory.shelves import PATIENT, order_of, receive, state_of
from tests.inventory.test_recalls import now, recalled
from tests.inventory.test_recalls import service as service  # noqa: PLC0414  the fixture
from tests.inventory.upkeep import get, post
from tests.support import A_MONDAY_MORNING, InMemory


def masks(running: int, quantity: int = 2, kind: str = "hand_out") -> DeviceOrderSent:
    line = DeviceLine(line_no=1, article_no="910300", quantity=quantity)
    place = "DEMO-S1" if kind == "hand_out" else "DEMO-W1"
    return order_of(running, kind=kind, storeroom_no=place, lines=(line,))


async def stocked_masks(service: InMemory) -> DeviceOrderSent:
    """Two lots and pieces without a lot lie in two storerooms; a patient has two."""
    for storeroom, lot, count in (("DEMO-S1", "AB12", 5), ("DEMO-S1", None, 1), ("DEMO-W1", "CD34", 4)):
        answer = await receive(service, storeroom, article_no="910300", quantity=count, lot=lot)
        assert answer.status_code == 200, answer.text
    given = masks(11)
    await service.hear(given)
    return given


async def test_all_of_an_article_is_set_apart_in_every_storeroom_and_lot_and_who_has_it_is_noticed(
    service: InMemory,
) -> None:
    given = await stocked_masks(service)

    recall_no = await recalled(service, article_no="910300")
    await service.hear(masks(12, 1))

    assert await now(service, recall_no) == ({"with_patients": 2, "set_apart": 8}, 10)
    assert [each.rule for each in service.told_of(HandOutRefused)] == ["too-few-in-stock"]
    (notice,) = (await get(service, f"/recalls/{recall_no}/notices", role="order_placer")).json()
    assert (notice["order_no"], notice["quantity"]) == (given.order_no, 2)
    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.patient_ref) == ("goods_recalled", PATIENT)
    assert [each.patient_ref for each in service.told_of(RecallConcernsPatient)] == [PATIENT]


async def test_a_recall_of_a_supplier_concerns_its_devices_and_its_counted_goods(service: InMemory) -> None:
    await stocked_masks(service)
    for no in ("910001", "910300"):
        await service.repository.change(ARTICLES.ref(no), of_supplier, cause=Cause(key=None))

    recall_no = await recalled(service, article_no=None, supplier="Demoluft AB")

    assert await now(service, recall_no) == ({"with_patients": 3, "set_apart": 11}, 11)
    assert await state_of(service, "D100009") == "quarantined"


def of_supplier(article: Article) -> tuple[Article, list[Fact]]:
    assert article.device
    return replace(article, device=article.device.model_copy(update={"supplier": "Demoluft AB"})), []


def test_goods_that_come_back_bring_their_marks_into_a_storeroom_that_never_had_them() -> None:
    mark = RecallMark("R1", A_MONDAY_MORNING)
    goods = Goods(1, "910300", 2, lot="AB12", recalls=(mark,))

    stock = goods_in(Stock.of("DEMO-S9", ("910300",), (None,)), goods, source="order:B1")

    there = stock.of_article("910300")
    assert (there.on_hand, there.quarantined, there.available) == (0, 2, 0)
    with pytest.raises(LotRecalled):
        stock.take_free("910300", 1, target="order:B2", lot="AB12")


async def test_what_is_received_or_handed_back_later_of_a_recalled_article_is_never_available(
    service: InMemory,
) -> None:
    given = await stocked_masks(service)
    recall_no = await recalled(service, article_no="910300")

    answer = await receive(service, "DEMO-S2", article_no="910300", quantity=3, lot="NEW1")
    form = {
        "patient_ref": PATIENT, "storeroom_no": "DEMO-S1",
        "goods": [{"order_no": given.order_no, "article_no": "910300", "quantity": 2,
                   "disposition": "scrap"}],
    }  # fmt: skip
    back = await post(service, "/returns", form, role="order_placer")
    balances = [
        await service.repository.get(BALANCES.ref(f"{each}:910300")) for each in ("DEMO-S1", "DEMO-S2")
    ]
    await service.run_jobs()

    assert (answer.status_code, back.status_code) == (200, 200), back.text
    assert [each.available for each in balances] == [0, 0]
    assert await now(service, recall_no) == ({"set_apart": 11}, 11)


async def test_what_was_promised_to_orders_waits_again_and_what_was_picked_is_not_packed_or_sent(
    service: InMemory,
) -> None:
    await receive(service, "DEMO-W1", article_no="910300", quantity=4, lot="CD34")
    promised, picked, packed = (masks(each, 1, "order") for each in (13, 14, 15))
    for order in (promised, picked, packed):
        await service.hear(order)
    for order in (picked, packed):
        path = f"/device-orders/{order.order_no}/pick-list"
        await post(service, f"{path}/take", {}, role="store_keeper")
        await post(service, f"{path}/pick", {"article_no": "910300"}, role="store_keeper")
    await post(
        service, f"/device-orders/{packed.order_no}/pick-list/pack", {"parcel_no": "P-1"}, role="store_keeper"
    )

    recall_no = await recalled(service, article_no="910300")

    pack = await post(
        service, f"/device-orders/{picked.order_no}/pick-list/pack", {"parcel_no": "P-2"}, role="store_keeper"
    )
    sent = await post(service, "/parcels/P-1/despatch", {}, role="store_keeper")
    opened = await service.repository.get(DEVICE_ORDERS.ref(packed.order_no))
    waits = await service.repository.get(DEVICE_ORDERS.ref(promised.order_no))
    assert (pack.json()["rule"], sent.json()["rule"]) == ("lot-recalled", "parcel-not-there")
    assert (opened.parcels[0].state, opened.to_pick) == ("given_up", True)
    assert (waits.lines[0].reserved, waits.lines[0].waiting) == (0, 1)
    assert await now(service, recall_no) == ({"under_way": 2, "set_apart": 2}, 4)
    assert service.told_of(TaskRaised) == []
    await put_back(service, picked)
    assert await now(service, recall_no) == ({"under_way": 1, "set_apart": 3}, 4)


async def put_back(service: InMemory, order: DeviceOrderSent) -> None:
    path = f"/device-orders/{order.order_no}/pick-list"
    answer = await post(service, f"{path}/put-back", {"article_no": "910300"}, role="store_keeper")
    assert answer.status_code == 200, answer.text
    await service.run_jobs()
    kept = await service.repository.get(DEVICE_ORDERS.ref(order.order_no))
    assert (kept.lines[0].reserved, kept.lines[0].waiting) == (0, 1)


async def test_the_list_says_who_has_what_of_each_lot_down_to_zero_and_is_a_file(service: InMemory) -> None:
    given = await stocked_masks(service)
    recall_no = await recalled(service, article_no=None, lot="AB12")

    listed = (await get(service, f"/recalls/{recall_no}/goods", role="order_placer")).json()
    another = await get(service, f"/recalls/{recall_no}/goods", role="order_placer", care_units=["DEMO-102"])
    file = await post(service, f"/recalls/{recall_no}/export", {}, role="technician")

    rows = [
        (each["lot"], each["quantity"], each["state"], each["storeroom_no"], each["patient_ref"])
        for each in listed
    ]
    assert rows == [("AB12", 4, "set_apart", "DEMO-S1", None), ("AB12", 1, "has", None, PATIENT)]
    assert [each["patient_ref"] for each in another.json()] == [None, None]
    text = file.content.decode("utf-8-sig")
    assert "Förrådet på Sömnmottagningen" in text
    assert given.order_no in text
    assert PATIENT not in text


async def test_a_recall_of_a_whole_article_ends_when_all_is_scrapped_and_new_goods_are_free(
    service: InMemory,
) -> None:
    await receive(service, "DEMO-S1", article_no="910300", quantity=2, lot="AB12")
    recall_no = await recalled(service, article_no="910300")
    end = {"outcome": "carried_out", "reason": "Allt är skrotat"}

    early = await post(service, f"/recalls/{recall_no}/end", end, role="store_keeper")
    form = {"article_no": "910300", "lot": "AB12", "quantity": 2, "destination": "scrap",
            "from_quarantine": True, "reason": "Återkallat"}  # fmt: skip
    scrapped = await post(service, "/storerooms/DEMO-S1/set-apart", form, role="order_placer")
    ended = await post(service, f"/recalls/{recall_no}/end", end, role="store_keeper")
    await receive(service, "DEMO-S1", article_no="910300", quantity=5, lot="AB13")

    assert early.json()["rule"] == "recall-not-at-zero"
    assert scrapped.status_code == 200, scrapped.text
    assert ended.json()["state"] == "carried_out"
    assert (await service.repository.get(BALANCES.ref("DEMO-S1:910300"))).available == 5
