"""Operators see over HTTP what waits and what is parked, and replay it once, in each service alike (N7)."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from services import SERVICES
from shared.events.tasks import TaskRaised
from shared.messaging.consuming import PARKED, Parked
from shared.repository import Cause
from tests.support import A_MONDAY_MORNING, InMemory
from tests.watch.five_in_memory import RunningBus, build

TASK = TaskRaised(task_id="t-1", kind="fee_rejected", role="economist", reason="rejected", patient_ref="p-1")


@pytest.fixture
async def bus(tmp_path: Path) -> RunningBus:
    return await build(tmp_path)


async def park(service: InMemory, body: str, **changes: Any) -> None:
    own = [each for each in service.assembled.subscriptions.all if each.partner_exchange is None]
    queue = next((each for each in own if each.model is TaskRaised), own[0]).queue
    parked = Parked(
        parked_id=f"{queue}|m-1",
        queue=queue,
        message_id="m-1",
        topic=queue.partition(".hears.")[2],
        body=body,
        traceparent=None,
        reason="ValueError: it was broken",
        stack="line 1",
        attempts=4,
        first_at=A_MONDAY_MORNING,
        last_at=A_MONDAY_MORNING,
        state="parked",
    )
    kept = replace(parked, **changes)
    await service.repository.change(PARKED.maybe(kept.parked_id), lambda _: (kept, ()), cause=Cause(key=None))


async def asked(
    bus: RunningBus, path: str, body: Any = None, *, role: str = "operator", service: str = "notification"
) -> httpx.Response:
    method = "POST" if path.endswith(("replay", "discard")) else "GET"
    return await bus.ask(role, service, f"/operations{path}", body, method=method)


async def parked_now(bus: RunningBus, service: str = "notification") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await asked(bus, "/parked", service=service)).json()
    return found


async def tasks(bus: RunningBus) -> list[str]:
    answer = await bus.ask("economist", "notification", "/tasks", method="GET")
    return [each["task_id"] for each in answer.json()]


@pytest.mark.parametrize("service", SERVICES)
async def test_each_service_says_what_waits_what_is_parked_and_how_its_log_was_verified(
    bus: RunningBus, service: str
) -> None:
    answer = await bus.ask("operator", service, "/operations", method="GET")

    assert answer.json() | {"outbox_waiting": 0, "outbox_oldest_at": None} == {
        "service": service,
        "outbox_waiting": 0,
        "outbox_oldest_at": None,
        "set_aside": 0,
        "parked": 0,
        "audit_verified_at": None,
        "audit_rows": 0,
        "audit_breaks": [],
    }


async def test_a_parked_message_is_listed_without_its_body_and_replayed_once(bus: RunningBus) -> None:
    await park(bus.services["notification"], TASK.model_dump_json())
    (one,) = await parked_now(bus)

    first = await asked(bus, f"/parked/{one['handle']}/replay")
    second = await asked(bus, f"/parked/{one['handle']}/replay")

    assert (one["reason"], one["attempts"]) == ("ValueError: it was broken", 4)
    assert "p-1" not in str(one)
    assert (first.status_code, second.json()["rule"]) == (200, "not-parked")
    assert await tasks(bus) == ["t-1"]
    assert await parked_now(bus) == []


@pytest.mark.parametrize("service", SERVICES)
async def test_what_fails_again_is_parked_again_until_it_is_discarded(bus: RunningBus, service: str) -> None:
    await park(bus.services[service], '{"unreadable": 7}')
    (one,) = await parked_now(bus, service)

    replayed = await asked(bus, f"/parked/{one['handle']}/replay", service=service)
    (again,) = await parked_now(bus, service)
    body = {"because": "Går inte att läsa"}
    gone = await asked(bus, f"/parked/{again['handle']}/discard", body, service=service)

    assert (replayed.json()["state"], gone.json()["state"]) == ("replayed", "discarded")
    assert "missing" in again["reason"]
    assert await parked_now(bus, service) == []


async def test_what_the_broker_must_carry_is_said_to_be_replayed_by_command(bus: RunningBus) -> None:
    await park(bus.services["notification"], f"[{TASK.model_dump_json()}]")
    (one,) = await parked_now(bus)

    answer = await asked(bus, f"/parked/{one['handle']}/replay")

    assert answer.json()["rule"] == "replay-by-command"
    assert len(await parked_now(bus)) == 1


async def test_a_message_is_discarded_with_a_reason_by_operators_alone(bus: RunningBus) -> None:
    await park(bus.services["notification"], TASK.model_dump_json())
    (one,) = await parked_now(bus)
    path = f"/parked/{one['handle']}/discard"
    body = {"because": "Testmeddelande"}

    assert (await asked(bus, path, body, role="customer_service")).status_code == 403
    assert (await asked(bus, path, body)).json()["state"] == "discarded"
    assert await parked_now(bus) == []
    rows = await bus.services["notification"].repository.backend.audit.rows()
    assert "notification.discard_parked" in {row["action"] for row in rows}


async def test_who_dies_after_a_replay_was_handled_leaves_it_on_the_list_and_it_is_handled_once(
    bus: RunningBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    await park(bus.services["notification"], TASK.model_dump_json())
    (one,) = await parked_now(bus)
    with monkeypatch.context() as dying:
        dying.setattr("shared.service.operations._noted", _dies)
        with pytest.raises(ConnectionError):
            await asked(bus, f"/parked/{one['handle']}/replay")
    (still,) = await parked_now(bus)

    again = await asked(bus, f"/parked/{one['handle']}/replay")

    assert (still["handle"], again.json()["state"]) == (one["handle"], "replayed")
    assert await tasks(bus) == ["t-1"]


def _dies(*_: Any, **__: Any) -> None:
    raise ConnectionError
