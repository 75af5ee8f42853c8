"""Foods are recalled by the lots that distributors report, to whoever got them, to zero (Q60, N4, T17)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from services.inventory.repository.collections import ARTICLES
from shared.events.inventory import RecallConcernsPatient
from shared.events.ordering import (
    GoodsSent,
    LotsReported,
    Notify,
    OrderDelivered,
    OrderDespatched,
    OrderUndeliverable,
)
from shared.events.tasks import TaskRaised, TaskResolved
from shared.repository import Cause
from tests.inventory.foods import CHOCOLATE
from tests.inventory.shelves import PATIENT, as_kept, stocked
from tests.inventory.test_recalls import now, recalled
from tests.inventory.upkeep import get, post
from tests.support import InMemory

FOODS = {"article_no": None, "lot": "L2345A", "reason": "Höga halter av nickel"}
CLERK: dict[str, Any] = {"role": "customer_service", "product_areas": ["foods"], "care_units": []}
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await stocked()
    await inventory.repository.change(
        ARTICLES.maybe(CHOCOLATE.article_no), partial(as_kept, CHOCOLATE), cause=Cause(key=None)
    )
    yield inventory
    await inventory.client.aclose()


def despatched(order_no: str, lot: str | None, packages: int = 6, **changes: Any) -> OrderDespatched:
    goods = GoodsSent(article_no=CHOCOLATE.article_no, packages=packages, lot=lot)
    return OrderDespatched(
        order_no=order_no, patient_ref=PATIENT, despatched_at=AT, notify=Notify(channel="none"),
        goods=(goods,), care_unit="DEMO-101", product_area="foods",
    ).model_copy(update=changes)  # fmt: skip


def delivered(order_no: str, lot: str | None, packages: int = 6) -> OrderDelivered:
    goods = GoodsSent(article_no=CHOCOLATE.article_no, packages=packages, lot=lot)
    return OrderDelivered(
        order_no=order_no, patient_ref=PATIENT, delivered_at=AT, goods=(goods,), care_unit="DEMO-101",
        product_area="foods",
    )  # fmt: skip


def noticed(service: InMemory) -> list[tuple[str | None, str | None]]:
    return [(each.subject_no, each.reason) for each in service.told_of(TaskRaised)]


async def test_a_lot_finds_every_order_that_got_it_and_its_patients_are_told(service: InMemory) -> None:
    for fact in (despatched("B1", "L2345A"), delivered("B1", None), despatched("B2", "L2345B")):
        await service.hear(fact)

    recall_no = await recalled(service, **FOODS)

    assert await now(service, recall_no) == ({"with_patients": 6}, 6)
    assert noticed(service) == [("B1", "patient-got-recalled-lot")]
    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.role, task.patient_ref) == ("foods_recalled", "customer_service", PATIENT)
    assert task.details == {"article_no": "900002", "piece": "L2345A", "quantity": "6"}
    assert [each.patient_ref for each in service.told_of(RecallConcernsPatient)] == [PATIENT]
    (notice,) = (await get(service, f"/recalls/{recall_no}/notices", **CLERK)).json()
    assert (notice["order_no"], notice["lot"], notice["patient_ref"]) == ("B1", "L2345A", PATIENT)


async def test_a_lot_that_is_reported_after_the_recall_began_is_noticed_at_once_and_only_once(
    service: InMemory,
) -> None:
    await service.hear(despatched("B1", "L2345A"))
    recall_no = await recalled(service, **FOODS)

    late = LotsReported(
        order_no="B3", patient_ref=PATIENT, care_unit="DEMO-101", product_area="foods", what="delivered",
        reported_at=AT, goods=(GoodsSent(article_no="900002", packages=2, lot="l2345a"),),
    )  # fmt: skip
    await service.hear(late, "m-1")
    await service.hear(late, "m-1")
    await service.run_jobs()

    assert [order_no for order_no, _ in noticed(service)] == ["B1", "B3"]
    assert (await now(service, recall_no))[1] == 8


async def test_where_no_lot_was_named_a_recall_goes_by_article_and_period_and_says_so(
    service: InMemory,
) -> None:
    before = AT.replace(month=10)
    for fact in (
        despatched("B1", "L2345A"), despatched("B2", None), despatched("B3", "OTHER9"),
        despatched("B4", None, despatched_at=before),
    ):  # fmt: skip
        await service.hear(fact)

    await recalled(service, **FOODS, first_day="2026-11-01", last_day="2026-11-23")

    assert noticed(service) == [
        ("B1", "patient-got-recalled-lot"), ("B2", "patient-got-unknown-lot"),
    ]  # fmt: skip


async def test_all_of_a_food_in_a_period_is_recalled_whatever_its_lot(service: InMemory) -> None:
    for fact in (
        despatched("B1", "L1"),
        despatched("B2", None),
        despatched("B3", "L3", despatched_at=AT.replace(month=9)),
    ):
        await service.hear(fact)

    recall_no = await recalled(service, article_no="900002", first_day="2026-11-01")

    assert [order_no for order_no, _ in noticed(service)] == ["B1", "B2"]
    assert await now(service, recall_no) == ({"under_way": 12}, 12)


async def test_foods_come_to_zero_when_they_went_back_or_somebody_says_what_became_of_them(
    service: InMemory,
) -> None:
    await service.hear(despatched("B1", "L2345A"))
    await service.hear(despatched("B2", "L2345A", 4))
    recall_no = await recalled(service, **FOODS)
    end = {"outcome": "carried_out", "reason": "Alla patienter är nådda"}

    early = await post(service, f"/recalls/{recall_no}/end", end, role="store_keeper")
    await service.hear(OrderUndeliverable(order_no="B1", patient_ref=PATIENT, reason="not-home"))
    path = f"/recalls/{recall_no}/notices/{recall_no}:B2/end"
    said = await post(service, path, {"reason": "Kastad enligt patienten"}, **CLERK)
    left = await now(service, recall_no)
    ended = await post(service, f"/recalls/{recall_no}/end", end, role="store_keeper")

    assert early.json()["rule"] == "recall-not-at-zero"
    assert said.status_code == 200, said.text
    assert left == ({"under_way": 4}, 0)
    assert ended.json()["state"] == "carried_out"
    assert [each.how for each in service.told_of(TaskResolved)] == ["came_back", "ended_by_hand"]


@pytest.mark.parametrize("form", [FOODS, {"article_no": "900002", "last_day": "2026-10-01"}])
async def test_a_recall_of_foods_that_nobody_got_is_refused(service: InMemory, form: dict[str, Any]) -> None:
    await service.hear(despatched("B1", None))
    body = {"reason": "Fel", "notify_patients": True, **form}

    answer = await post(
        service, "/recalls", {k: v for k, v in body.items() if v is not None}, role="store_keeper"
    )

    assert answer.json()["rule"] == "nothing-to-recall"
