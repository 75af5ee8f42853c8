"""Deadlines on a real database: processes side by side, and one that starts anew."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.prescriptions.prescriptions import Prescription
from services.prescription.jobs.deadlines import date_earlier_prescriptions, meet_deadlines
from services.prescription.repository.collections import COLLECTIONS, PATIENTS, PRESCRIPTIONS
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import FixedClock
from shared.domain.days import begins_at
from shared.repository import Cause
from shared.repository.mongo.backend import Mongo, connect
from shared.service.process import repository_of
from tests.prescription.examples import FIRST, LINE, NUMBER, PATIENT, PRESCRIPTION
from tests.support import test_seals as seals_of_tests

pytestmark = pytest.mark.connected

NOTICE = begins_at(PRESCRIPTION.valid_through - timedelta(days=30))
END = begins_at(PRESCRIPTION.valid_through + timedelta(days=1))
OTHERS = tuple(f"F2026-{place:06}-0" for place in range(200, 230))


@asynccontextmanager
async def replica(url: str, prefix: str, clock: FixedClock) -> AsyncIterator[Prescribing]:
    client = connect(url, app_name="prescription")
    backend = Mongo(client[f"{prefix}_prescription"])
    await backend.prepare(COLLECTIONS)
    repository = repository_of(backend, service="prescription", clock=clock, seals=seals_of_tests())
    try:
        yield Prescribing(repository)
    finally:
        await repository.close()
        await client.close()


async def keep(prescribing: Prescribing, *prescriptions: Prescription) -> None:
    repository = prescribing.repository

    def of_patient(_: Patient | None) -> tuple[Patient, list[object]]:
        return PATIENT, []

    await repository.change(PATIENTS.maybe("p-1"), of_patient, cause=Cause("patient"))  # type: ignore[arg-type]
    for each in prescriptions:
        number = each.prescription_no
        await repository.change(
            PRESCRIPTIONS.maybe(number),
            lambda _, kept=each: (kept, []),  # type: ignore[misc]
            cause=Cause(f"seed-{number}"),
        )


async def told(prescribing: Prescribing, topic: str) -> list[str]:
    rows = prescribing.repository.backend.outbox.rows_since(NOTICE - timedelta(days=400))
    return [row["subject"] async for row in rows if row["topic"] == topic]


def renumbered(number: str) -> Prescription:
    line = replace(LINE, line_id=f"{number}-1", article_no=number)
    return replace(PRESCRIPTION, prescription_no=number, lines=(line,)).dated()


async def test_two_processes_meet_each_deadline_once(mongodb_url: str, database_prefix: str) -> None:
    clock = FixedClock(END)
    async with (
        replica(mongodb_url, database_prefix, clock) as one,
        replica(mongodb_url, database_prefix, clock) as other,
    ):
        await keep(one, *(renumbered(number) for number in OTHERS))

        await asyncio.gather(*(meet_deadlines(each, clock) for each in (one, other)))

        ended = await told(one, "prescription.line_ended.v1")
        assert sorted(ended) == [f"{number}-1" for number in OTHERS]
        assert await one.due(clock.now(), after=None) == []


async def test_a_deadline_outlives_the_process_that_kept_it(mongodb_url: str, database_prefix: str) -> None:
    clock = FixedClock(NOTICE - timedelta(days=1))
    async with replica(mongodb_url, database_prefix, clock) as before:
        await keep(before, PRESCRIPTION)
        await meet_deadlines(before, clock)

    clock.set(NOTICE)
    async with replica(mongodb_url, database_prefix, clock) as after:
        await meet_deadlines(after, clock)
        await meet_deadlines(after, clock)

        assert await told(after, "prescription.renewal_due.v1") == [FIRST]


async def test_what_was_kept_without_a_deadline_gets_one_at_the_start(
    mongodb_url: str, database_prefix: str
) -> None:
    clock = FixedClock(END)
    async with replica(mongodb_url, database_prefix, clock) as prescribing:
        await keep(prescribing, replace(PRESCRIPTION, due_at=None))

        await date_earlier_prescriptions(prescribing)

        kept = await prescribing.repository.get(PRESCRIPTIONS.ref(NUMBER))
        assert kept.due_at == NOTICE
