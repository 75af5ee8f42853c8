"""Fifty invented words, through the main job over five services, stand only where they must (I28)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from opentelemetry.trace import SpanKind

from shared import logs, tracing
from shared.tracing import TRACING
from tests.watch.canaries import canaries, found_in
from tests.watch.five_in_memory import RunningBus, build, everything_traced
from tests.watch.main_job import look_around, mistakes, prescribe, register, withdraw

PEOPLE = canaries()


@pytest.fixture
def caught(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """Let the logs be written as a process writes them."""
    structlog.reset_defaults()
    logs.set_up("tests")
    yield capsys
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
async def running_bus(tmp_path: Path, caught: pytest.CaptureFixture[str]) -> RunningBus:
    """Every canary is registered, prescribed to, delivered to, told and invoiced, and every mistake made."""
    running_bus = await build(tmp_path)
    with everything_traced(tmp_path / "traces"):
        for canary in PEOPLE:
            patient_ref = await register(running_bus, canary)
            await running_bus.settle()
            line_id = await prescribe(running_bus, patient_ref)
            await running_bus.settle()
            confirmation = await withdraw(running_bus, patient_ref, line_id, canary)
            await running_bus.settle()
            await look_around(running_bus, patient_ref, confirmation, canary)
            for service, path, body in mistakes(canary):
                assert (await running_bus.ask("customer_service", service, path, body)).is_error
            await park_what_names(running_bus, canary.name)
        await running_bus.converse()
        await running_bus.ask("economist", "billing", "/batches")
        await running_bus.services["billing"].run_jobs()
    return running_bus


async def park_what_names(running_bus: RunningBus, name: str) -> None:
    reply = f'{{"type": "order.signed.v1", "by": "{name}"}}'
    await running_bus.park("ordering.hears.distributors.replies.in_order", reply)
    await running_bus.park("billing.hears.invoicing.acks.in_order", f'{{"event_id": 1, "status": "{name}"}}')


def test_there_are_fifty_words_and_each_is_its_own() -> None:
    words = [word for canary in PEOPLE for name, (word, *_) in canary.words.items() if name != "number"]

    assert len(words) == len(set(words)) == 50


async def test_no_canary_leaves_its_places(
    running_bus: RunningBus, caught: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    written = caught.readouterr()
    traces = "".join(file.read_text() for file in (tmp_path / "traces").glob("*.jsonl"))
    places = {
        "facts and messages on the bus": running_bus.told(),
        "log lines": written.out + written.err,
        "metrics": await running_bus.metrics(),
        "traces": traces,
        "addresses": "\n".join(running_bus.urls),
        "error bodies": "\n".join(running_bus.errors),
        "parked messages": running_bus.kept("parked"),
        "the databases": running_bus.kept(),
    }

    assert {name for name, text in places.items() if not text} == set(), "nothing was caught there"
    assert {name: found for name, text in places.items() if (found := found_in(text, PEOPLE))} == {}


async def test_the_partners_get_what_they_need_and_no_more(running_bus: RunningBus, tmp_path: Path) -> None:
    orders, fees = running_bus.partner_messages("ordering"), running_bus.partner_messages("billing")
    sms = (tmp_path / "sms.jsonl").read_text()
    files = "".join(file.read_text() for file in (tmp_path / "invoicing").glob("*.jsonl"))

    for kind, text in (("number", fees), ("number", files), ("name", orders), ("phone", sms)):
        assert sum(each.startswith(kind) for each in found_in(text, PEOPLE)) == len(PEOPLE), kind

    to_distributor = {"name", "street", "phone", "door code", "instructions"}
    assert found_in(orders, PEOPLE, but_for=to_distributor) == []
    assert found_in(fees + files, PEOPLE, but_for={"number"}) == []
    assert found_in(sms, PEOPLE, but_for={"phone"}) == []


def test_a_word_in_a_log_line_is_found(caught: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("fact", subject=PEOPLE[3].name)

    assert found_in(caught.readouterr().out, PEOPLE) == ["name of canary 3"]


async def test_a_word_in_a_parked_message_is_found(
    tmp_path: Path, caught: pytest.CaptureFixture[str]
) -> None:
    running_bus = await build(tmp_path)

    await running_bus.park("billing.hears.ordering.withdrawal_sent.v1", f'{{"at": "{PEOPLE[3].street}"}}')

    assert found_in(running_bus.kept("parked"), PEOPLE) == ["street of canary 3"]


async def test_a_word_in_a_trace_is_found(tmp_path: Path) -> None:
    with (
        everything_traced(tmp_path),
        TRACING.span("request", kind=SpanKind.INTERNAL, parent=None) as span,
    ):
        tracing.note(span, subject=PEOPLE[3].phone, name=PEOPLE[3].name)

    assert found_in((tmp_path / "in-memory.jsonl").read_text(), PEOPLE) == ["phone of canary 3"]
