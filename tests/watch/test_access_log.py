"""A patient's extract of the audit log: the law's fields, in pages, and the reading itself is in it."""

from datetime import timedelta, timezone
from typing import Any

import pytest

from deploy.audit import Asking
from services import SERVICES
from services.notification.app import assemble
from shared.repository import Entry
from tests.support import InMemory, in_memory

PATIENT = "11111111-1111-4111-8111-111111111111"
SOMEBODY = "22222222-2222-4222-8222-222222222222"
THE_LAWS_FIELDS = {"action", "outcome", "care_units", "purpose", "at", "user", "roles", "patient_ref"}


@pytest.fixture
async def service() -> InMemory:
    return await in_memory("notification", assemble)


async def reached(service: InMemory, times: int, patient_ref: str = PATIENT) -> None:
    """Let somebody reach the patient's data, a minute apart."""
    for number in range(times):
        entry = Entry(
            actor=f"clerk-{number}",
            action="notification.search_messages",
            roles=("customer_service",),
            care_units=("DEMO-101",),
            purpose="care",
        )
        await service.repository.note(Asking(entry), [patient_ref])
        service.clock.move(minutes=1)


async def log_of(service: InMemory, role: str, patient_ref: str = PATIENT, **asked: Any) -> Any:
    own = {"patient_ref": PATIENT} if role == "patient" else {}
    return await service.client.post(
        f"/patients/{patient_ref}/access-log", json=asked, headers=service.token(role, **own)
    )


async def test_the_extract_has_the_laws_fields(service: InMemory) -> None:
    await reached(service, 1)

    answer = await log_of(service, "customer_service")

    first = answer.json()["rows"][0]
    assert set(first) == THE_LAWS_FIELDS
    assert (first["user"], first["patient_ref"]) == ("clerk-0", PATIENT)
    assert (first["care_units"], first["purpose"]) == (["DEMO-101"], "care")


async def test_who_reads_the_log_stands_in_it(service: InMemory) -> None:
    answer = await log_of(service, "customer_service")

    (own,) = answer.json()["rows"]
    assert (own["user"], own["action"]) == ("customer_service-1", "notification.get_access_log")


async def test_the_pages_give_every_row_once_in_the_order_of_time(service: InMemory) -> None:
    await reached(service, 5)
    await reached(service, 3, SOMEBODY)
    users: list[str] = []
    until = (service.clock.now() - timedelta(seconds=1)).isoformat()

    after: dict[str, str] = {}
    while True:
        page = (await log_of(service, "customer_service", limit=2, until=until, **after)).json()
        users += [row["user"] for row in page["rows"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}

    assert users == [f"clerk-{number}" for number in range(5)]


async def test_a_time_of_the_log_can_be_chosen(service: InMemory) -> None:
    begin = service.clock.now()
    await reached(service, 5)

    page = await log_of(
        service,
        "operator",
        since=(begin + timedelta(minutes=1)).isoformat(),
        until=(begin + timedelta(minutes=3)).isoformat(),
    )

    assert [row["user"] for row in page.json()["rows"]] == ["clerk-1", "clerk-2"]


@pytest.mark.parametrize("hours", [-11, -5, 0, 1, 2, 14])
async def test_a_time_of_the_log_is_the_same_whatever_its_offset_from_utc(
    service: InMemory, hours: int
) -> None:
    begin = service.clock.now().astimezone(timezone(timedelta(hours=hours)))
    await reached(service, 5)

    since, until = begin + timedelta(minutes=1), begin + timedelta(minutes=3)
    page = await log_of(service, "operator", since=since.isoformat(), until=until.isoformat())

    assert [row["user"] for row in page.json()["rows"]] == ["clerk-1", "clerk-2"]


@pytest.mark.parametrize(
    "since",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1767225600",
        "2026-11-23T08:00",
        "2026-11-23",
    ],
)
async def test_a_moment_that_cannot_be_or_has_no_offset_is_refused(service: InMemory, since: str) -> None:
    for bound in ("since", "until"):
        assert (await log_of(service, "operator", **{bound: since})).status_code == 422


async def test_a_patient_reads_the_own_log_and_no_other(service: InMemory) -> None:
    assert (await log_of(service, "patient")).status_code == 200
    assert (await log_of(service, "patient", SOMEBODY)).status_code == 403


@pytest.mark.parametrize("role", ["dietitian", "order_placer", "store_keeper", "technician", "economist"])
async def test_who_works_with_patients_does_not_read_their_log(service: InMemory, role: str) -> None:
    assert (await log_of(service, role)).status_code == 403


@pytest.mark.parametrize("name", SERVICES)
async def test_every_service_gives_out_its_own_rows_by_the_same_route(name: str) -> None:
    from importlib import import_module

    service = await in_memory(name, import_module(f"services.{name}.app").assemble)

    answer = await log_of(service, "customer_service")

    assert answer.status_code == 200, answer.text
    assert [row["action"] for row in answer.json()["rows"]] == [f"{name}.get_access_log"]
