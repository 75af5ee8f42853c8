"""One trace goes on from a request over the outbox, the bus and the consumers to what they tell and ask."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.trace import SpanKind

from shared import tracing
from shared.messaging.envelope import Message
from shared.tracing import TRACING
from tests.watch.canaries import canaries
from tests.watch.five_in_memory import RunningBus, build, everything_traced
from tests.watch.main_job import prescribe, register, withdraw

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


def spans(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for file in folder.glob("*.jsonl") for line in file.read_text().splitlines()]


@pytest.fixture
async def running_bus(tmp_path: Path) -> RunningBus:
    return await build(tmp_path)


async def test_a_request_goes_on_in_the_callers_trace_and_its_facts_in_the_requests_span(
    running_bus: RunningBus, tmp_path: Path
) -> None:
    its = running_bus.services["prescription"]
    headers = {**its.once("customer_service"), "traceparent": PARENT}

    with everything_traced(tmp_path / "traces"):
        await its.client.post("/patients", json=dict(canaries()[0].form), headers=headers)

    (span,) = spans(tmp_path / "traces")
    assert (span["trace_id"], span["parent_id"]) == (TRACE, "00f067aa0ba902b7")
    assert (span["name"], span["kind"], span["attributes"]) == ("register_patient", "server", {"status": 201})
    assert its.rows[-1]["traceparent"] == f"00-{TRACE}-{span['span_id']}-01"


async def test_a_request_without_a_trace_begins_one(running_bus: RunningBus) -> None:
    await register(running_bus, canaries()[0])

    assert re.fullmatch(
        r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]", running_bus.services["prescription"].rows[-1]["traceparent"]
    )


async def test_what_a_consumer_publishes_goes_on_in_its_own_span(
    running_bus: RunningBus, tmp_path: Path
) -> None:
    canary = canaries()[0]
    patient_ref = await register(running_bus, canary)
    await running_bus.settle()
    await withdraw(running_bus, patient_ref, await heard_line(running_bus, patient_ref), canary)
    (sent,) = [
        row for row in running_bus.services["ordering"].rows if row["topic"] == "ordering.withdrawal_sent.v1"
    ]
    billing = running_bus.services["billing"]

    with everything_traced(tmp_path / "traces"):
        (subscription,) = billing.ears_for(sent["topic"])
        message = Message(sent["body"].encode(), sent["_id"], sent["topic"], PARENT)
        await billing.dispatcher().dispatch(subscription, message)

    (span,) = spans(tmp_path / "traces")
    assert (span["trace_id"], span["parent_id"], span["kind"]) == (TRACE, "00f067aa0ba902b7", "consumer")
    assert {row["traceparent"] for row in billing.rows} == {f"00-{TRACE}-{span['span_id']}-01"}


async def heard_line(running_bus: RunningBus, patient_ref: str) -> str:
    line_id = await prescribe(running_bus, patient_ref)
    await running_bus.settle()
    return line_id


async def test_a_partners_answer_goes_on_in_the_trace_of_what_we_told_it(
    running_bus: RunningBus, tmp_path: Path
) -> None:
    canary = canaries()[0]
    patient_ref = await register(running_bus, canary)
    await running_bus.settle()
    line_id = await heard_line(running_bus, patient_ref)
    ordering = running_bus.services["ordering"]
    (subscription,) = [each for each in ordering.assembled.subscriptions.all if each.partner_exchange]

    with everything_traced(tmp_path / "traces"):
        confirmation = await withdraw(running_bus, patient_ref, line_id, canary)
        answer = {
            "type": "order.ack.v1", "message_id": "a-1", "order_no": confirmation["order_nos"][0],
            "at": running_bus.clock.now().isoformat(),
        }  # fmt: skip
        await ordering.dispatcher().dispatch(subscription, Message(json.dumps(answer).encode(), "a-1"))

    by_name = {span["name"]: span for span in spans(tmp_path / "traces")}
    sent, heard = by_name["send_withdrawal"], by_name[subscription.queue]
    assert (heard["trace_id"], heard["parent_id"]) == (sent["trace_id"], sent["span_id"])


def test_only_what_the_logs_may_say_is_noted(tmp_path: Path) -> None:
    with everything_traced(tmp_path), TRACING.span("x", kind=SpanKind.INTERNAL, parent=None) as span:
        tracing.note(span, status=200, name="Testsson")

    assert spans(tmp_path)[0]["attributes"] == {"status": 200}


def test_a_failure_is_told_by_its_type_and_never_by_its_words(tmp_path: Path) -> None:
    with (
        everything_traced(tmp_path),
        pytest.raises(ValueError, match="Testsson"),
        TRACING.span("x", kind=SpanKind.INTERNAL, parent=None),
    ):
        raise ValueError("no room for Testsson")

    assert spans(tmp_path)[0]["failed"] == "ValueError"
    assert "Testsson" not in json.dumps(spans(tmp_path))


@pytest.mark.parametrize(
    "broken", ["", "x", f"00-{'0' * 32}-{'0' * 16}-01", f"01-{TRACE}-00f067aa0ba902b7-01"]
)
def test_a_broken_trace_of_a_caller_begins_a_new_one(broken: str) -> None:
    with TRACING.span("x", kind=SpanKind.SERVER, parent=broken):
        begun = tracing.traceparent()

    assert begun is not None
    assert TRACE not in begun


@pytest.mark.parametrize(("sample", "kept"), [(0.0, 0), (1.0, 20)])
def test_the_sample_decides_about_traces_that_begin_here(tmp_path: Path, sample: float, kept: int) -> None:
    TRACING.set_up("sampled", sample=sample, folder=tmp_path)
    for _ in range(20):
        with TRACING.span("x", kind=SpanKind.INTERNAL, parent=None):
            pass
    TRACING.close()

    assert len(spans(tmp_path)) == kept
