"""One withdrawal over five real processes, one of them killed: its trace, its words, its figures."""

import asyncio
from collections.abc import Iterator

import pytest

from services import SERVICES
from tests.watch.canaries import found_in
from tests.watch.running import CANARY, TRACE, Evidence, one_withdrawal, system_in

pytestmark = [pytest.mark.connected, pytest.mark.usefixtures("mongodb_url", "rabbitmq")]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory, worker_name: str) -> Iterator[Evidence]:
    system = system_in(tmp_path_factory.mktemp("running"), worker_name)
    try:
        yield asyncio.run(one_withdrawal(system))
    finally:
        system.supervisor.stop()
        system.drop()


def test_one_withdrawal_is_one_trace_over_the_five_services(evidence: Evidence) -> None:
    services = {span["service"] for span in evidence.spans if span["trace_id"] == TRACE}

    assert services == set(SERVICES)


def test_the_trace_goes_on_through_a_kill(evidence: Evidence) -> None:
    of_ordering = [
        span for span in evidence.spans if (span["service"], span["trace_id"]) == ("ordering", TRACE)
    ]
    before = {span["name"] for span in of_ordering if span["began"] < evidence.killed_at}
    after = {span["name"] for span in of_ordering if span["began"] > evidence.killed_at}

    assert "send_withdrawal" in before
    assert "ordering.hears.distributors.replies.in_order" in after


@pytest.mark.parametrize(
    "name",
    [
        "prescription.hears.ordering.withdrawal_sent.v1",
        "billing.hears.ordering.withdrawal_sent.v1",
        "billing.hears.invoicing.acks.in_order",
        "notification.hears.ordering.order_despatched.v1",
        "send message",
        "ask prescription",
        "ask_reachability",
    ],
)
def test_every_step_of_the_withdrawal_is_in_the_trace(evidence: Evidence, name: str) -> None:
    assert {span["trace_id"] for span in evidence.spans if span["name"] == name} >= {TRACE}


def test_every_parent_of_the_trace_is_a_span_of_it_but_for_the_callers(evidence: Evidence) -> None:
    ours = [span for span in evidence.spans if span["trace_id"] == TRACE]
    known = {span["span_id"] for span in ours}

    assert {span["parent_id"] for span in ours if span["parent_id"] not in known} == {"00f067aa0ba902b7"}


def test_every_fact_has_one_line_at_its_door(evidence: Evidence) -> None:
    lines = [line for line in evidence.lines if line["event"] == "fact" and line["trace_id"] == TRACE]
    sent = [line for line in lines if line["queue"] == "billing.hears.ordering.withdrawal_sent.v1"]

    assert len({line["message_id"] for line in sent}) == 1, "after the kill it may have been told once more"
    assert {"topic", "message_id", "subject", "cause", "outcome", "milliseconds"} <= set(sent[0])
    assert sent[0]["outcome"] == "done"


def test_no_canary_leaves_its_places_on_real_servers(evidence: Evidence) -> None:
    places = {
        "log lines": evidence.logs,
        "metrics": evidence.metrics,
        "traces": str(evidence.spans),
        "addresses": evidence.urls,
        "error bodies": evidence.errors,
        "the databases": evidence.kept,
    }

    assert {name for name, text in places.items() if not text} == set(), "nothing was caught there"
    assert {name: found for name, text in places.items() if (found := found_in(text, [CANARY]))} == {}


def test_the_peers_got_what_they_need_and_no_more(evidence: Evidence) -> None:
    allowed = {
        "distributor": {"name", "street", "phone", "door code", "instructions"},
        "sms": {"phone"},
        "invoicing": {"number"},
    }

    for peer, kinds in allowed.items():
        found = {each.partition(" of ")[0] for each in found_in(evidence.peers[peer], [CANARY])}
        assert found == kinds, peer


@pytest.mark.parametrize(
    "line",
    [
        'sesam_orders{state="delivered"} 1.0',
        'sesam_queue_consumers{queue="billing.hears.ordering.withdrawal_sent.v1"} 1.0',
        "sesam_outbox_depth 0.0",
    ],
)
def test_the_metrics_say_what_happened(evidence: Evidence, line: str) -> None:
    assert line in evidence.metrics.splitlines()


def test_what_was_consumed_is_counted_also_when_it_was_published_once_more_after_the_kill(
    evidence: Evidence,
) -> None:
    heard = 'sesam_heard_total{outcome="done",queue="billing.hears.ordering.withdrawal_sent.v1"}'

    (line,) = [each for each in evidence.metrics.splitlines() if each.startswith(heard)]
    assert float(line.rpartition(" ")[2]) in {1.0, 2.0}


def test_the_one_message_is_counted_as_sent_or_as_reported(evidence: Evidence) -> None:
    told = [f'sesam_messages{{state="{state}"}} 1.0' for state in ("sent", "delivered")]

    assert sum(line in evidence.metrics.splitlines() for line in told) == 1


def test_the_one_fee_is_counted_in_one_stage(evidence: Evidence) -> None:
    stages = [line for line in evidence.metrics.splitlines() if line.startswith('sesam_fees{kind="charge"')]

    assert sorted(line.rpartition(" ")[2] for line in stages) == [*["0.0"] * (len(stages) - 1), "1.0"]


def test_the_audit_log_was_signed_outside_of_the_database(evidence: Evidence) -> None:
    assert evidence.metrics.count('sesam_audit_timestamp_seconds{what="signed"}') == len(SERVICES)
