"""Days that are added up at night, through billing's doors."""

from datetime import UTC, datetime

from shared.events.tasks import TaskRaised, TaskResolved
from tests.billing.doors import DELIVERED, ORDER, ORDER_SENT, get
from tests.billing.in_memory import SENT, Billing, ids
from tests.billing.test_tariff_in_memory import published


async def test_a_day_that_agrees_is_reconciled_at_night_without_differences(billing: Billing) -> None:
    await published(billing)
    await billing.service.run_jobs()
    await billing.hear(billing.patient(), SENT, ORDER_SENT, DELIVERED)
    for event_id in ids(billing.events()):
        await billing.acknowledge(event_id, "accepted")
    billing.service.clock.set(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    await billing.service.run_jobs()
    billing.service.clock.set(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    await billing.service.run_jobs()

    made = await get(billing, "/reconciliations/2026-11-23")

    assert made["differences"] == []
    assert (made["withdrawals"], made["orders"], made["delivered"], made["fees"]) == (1, 1, 1, 2)
    assert (made["charged"], made["in_files"], made["not_in_files"]) == ("330.00", "330.00", "0.00")
    assert [each["day"] for each in await get(billing, "/reconciliations")] == ["2026-11-23"]


async def test_what_differs_is_work_that_ends_when_it_agrees(billing: Billing) -> None:
    await published(billing)
    await billing.service.run_jobs()
    await billing.hear(billing.patient(), SENT)
    billing.service.clock.set(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    await billing.service.run_jobs()
    differing = await get(billing, "/reconciliations/2026-11-23")

    await billing.hear(ORDER_SENT, DELIVERED)
    billing.service.clock.move(days=1)
    await billing.service.run_jobs()

    assert [(each["kind"], each["subject"]) for each in differing["differences"]] == [
        ("order-missing", ORDER)
    ]
    assert "distributören" in differing["differences"][0]["detail"]
    raised = [task for task in billing.service.told_of(TaskRaised) if task.kind == "reconciliation_differs"]
    assert len(raised) == 1
    assert raised[0].task_id in {task.task_id for task in billing.service.told_of(TaskResolved)}
    assert (await get(billing, "/reconciliations/2026-11-23"))["differences"] == []


async def test_after_a_standstill_a_day_is_added_up_once_its_file_is_closed(billing: Billing) -> None:
    await published(billing)
    await billing.service.run_jobs()
    await billing.hear(billing.patient(), SENT, ORDER_SENT, DELIVERED)
    billing.service.clock.set(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    (adding_up,) = (job for job in billing.service.assembled.jobs if job.name == "add up the days")

    await adding_up.run()
    await billing.service.run_jobs()

    assert (await get(billing, "/reconciliations/2026-11-23"))["differences"] == []


async def test_a_day_that_was_never_added_up_is_not_found(billing: Billing) -> None:
    answer = await billing.service.client.get(
        "/reconciliations/2020-01-01", headers=billing.service.token("economist")
    )

    assert answer.status_code == 404


async def test_a_fee_priced_by_yesterdays_tariff_after_midnight_is_found(billing: Billing) -> None:
    await published(billing)
    await billing.service.run_jobs()
    late = SENT.model_copy(
        update={"fees": tuple(fee.model_copy(update={"tariff": "2025-01-01"}) for fee in SENT.fees)}
    )
    await billing.hear(billing.patient(), late, ORDER_SENT)
    billing.service.clock.set(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    await billing.service.run_jobs()

    made = await get(billing, "/reconciliations/2026-11-23")

    assert {each["kind"] for each in made["differences"]} == {"fee-by-another-tariff"}
