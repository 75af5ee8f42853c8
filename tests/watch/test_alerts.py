"""Alerts, dashboard and runbooks name only what is there, and all that is there is watched."""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any, get_args

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from services import SERVICES
from services.billing.domain.fees.ledger import Stage
from services.billing.repository.figures import BATCH_STATES
from services.notification.domain.message import State as MessageState
from shared.clock import FixedClock
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.repository.audit.chain import Chain
from shared.repository.committer import Committer
from shared.repository.memory.backend import Memory
from tests import support
from tests.support import A_MONDAY_MORNING, in_memory
from tools.embedded.place import PROJECT

ALERTS = PROJECT / "deploy" / "alerts"
RUNBOOKS = PROJECT / "docs" / "runbooks"
SELECTOR = re.compile(r"(sesam_[a-z_]+)(?:\{([^}]*)\})?")
LABEL = re.compile(r'([a-z_]+)="([^"]*)"')
INCREASED = re.compile(r"(?:rate|increase)\((sesam_[a-z_]+)")
AGED = re.compile(r"time\(\) - (max by \([a-z, ]+\) \([^)]+\))")
ALLOWED_LABELS = {"outcome", "queue", "topic", "reason", "what", "state", "stage", "kind", "role"}


@cache
def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((ALERTS / "rules.yaml").read_text())["groups"]
    return list(group["rules"])


def panels() -> list[dict[str, Any]]:
    return list(json.loads((ALERTS / "dashboard.json").read_text())["panels"])


def expressions() -> Iterator[tuple[str, str]]:
    for rule in rules():
        yield rule["alert"], rule["expr"]
    for panel in panels():
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.fixture
async def metrics() -> dict[str, set[frozenset[tuple[str, str]]]]:
    """Give the five services' metrics by name, each with the labels of its samples."""
    found: dict[str, set[frozenset[tuple[str, str]]]] = {}
    for name in SERVICES:
        service = await in_memory(name, import_module(f"services.{name}.app").assemble)
        text = (await service.client.get("/metrics")).text
        for family in text_string_to_metric_families(text):
            known = found.setdefault(f"{family.name}{'_total' if family.type == 'counter' else ''}", set())
            known.update(frozenset(sample.labels.items()) for sample in family.samples)
    return found


Metrics = dict[str, set[frozenset[tuple[str, str]]]]


async def test_every_metric_that_an_alert_or_a_panel_uses_is_exported_by_a_service(metrics: Metrics) -> None:
    used = {(where, name) for where, expr in expressions() for name, _ in SELECTOR.findall(expr)}

    assert used
    assert {(where, name) for where, name in used if name not in metrics} == set()


async def test_every_metric_that_a_service_exports_stands_on_the_dashboard(metrics: Metrics) -> None:
    shown = {
        name for panel in panels() for each in panel["targets"] for name, _ in SELECTOR.findall(each["expr"])
    }

    assert set(metrics) - shown == set()


def test_only_what_counts_up_is_asked_how_much_it_increased() -> None:
    """A gauge that falls would be taken for a counter that began anew, and the alert would call."""
    counted = {(where, name) for where, expr in expressions() for name in INCREASED.findall(expr)}

    assert counted
    assert {(where, name) for where, name in counted if not name.endswith("_total")} == set()


def test_what_never_was_is_an_alert_as_what_was_long_ago() -> None:
    """The age of a moment that was never told is nothing, and nothing is never too old."""
    aged = {moment for _, expr in expressions() for moment in AGED.findall(expr)}
    never = {expr.rpartition("unless ")[2] for _, expr in expressions() if " unless " in expr}

    assert {moment for moment in aged if 'what="' in moment} == never


NOWHERE = Publisher("amqp://nowhere")
RELAY = Relay(Memory(), support.test_seals(), FixedClock(A_MONDAY_MORNING), events=NOWHERE, partners=NOWHERE)
COMMITTER = Committer(Memory(), service="any", clock=FixedClock(A_MONDAY_MORNING), chain=Chain("any", b""))
COUNTED_ONCE_THERE = {
    ("sesam_messages", "state"): get_args(MessageState),
    ("sesam_fees", "stage"): get_args(Stage),
    ("sesam_batches", "state"): tuple(BATCH_STATES.values()),
    ("sesam_audit_timestamp_seconds", "what"): ("signed", "verified"),
    ("sesam_relay_total", "outcome"): tuple(RELAY.counts),
    ("sesam_changes_total", "outcome"): tuple(COMMITTER.counts),
}
"""What is counted only when there is some of it, with the labels that it can have."""


def can_be_told(metrics: Metrics, name: str, label: str, value: str) -> bool:
    return (
        any((label, value) in labels for labels in metrics[name])
        or value in COUNTED_ONCE_THERE.get((name, label), ())
    )  # fmt: skip


async def test_every_state_that_an_alert_asks_for_can_be_exported(metrics: Metrics) -> None:
    asked = {
        (alert, name, label, value)
        for alert, expr in expressions()
        for name, selected in SELECTOR.findall(expr)
        for label, value in LABEL.findall(selected)
    }

    assert len(asked) >= 10
    assert {each for each in asked if not can_be_told(metrics, *each[1:])} == set()


async def test_no_label_can_hold_a_persons_data(metrics: Metrics) -> None:
    labels = {name for samples in metrics.values() for each in samples for name, _ in each}

    assert labels <= ALLOWED_LABELS


def test_every_alert_has_a_summary_a_severity_and_a_runbook_that_names_it() -> None:
    for rule in rules():
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["alert"] in (RUNBOOKS / rule["annotations"]["runbook"]).read_text()


def test_every_runbook_is_linked_by_an_alert() -> None:
    """Changing keys is planned work, which no alert asks for."""
    linked = {rule["annotations"]["runbook"] for rule in rules()}

    assert {page.name for page in RUNBOOKS.glob("*.md")} - {"README.md", "keys.md"} == linked


def test_the_commands_of_the_runbooks_exist() -> None:
    from typer.main import get_command

    from tools.cli import app

    known = commands_below(get_command(app))
    named = {
        command.strip()
        for page in RUNBOOKS.glob("*.md")
        for command in re.findall(r"`\./sesam ([a-z]+(?: [a-z]+)?)", page.read_text())
    }

    assert named
    assert {each for each in named if each not in known and each.split()[0] not in known} == set()


def commands_below(command: Any, prefix: str = "") -> set[str]:
    below = getattr(command, "commands", {})
    found = {f"{prefix}{name}" for name, each in below.items() if not hasattr(each, "commands")}
    return found.union(*(commands_below(each, f"{name} ") for name, each in below.items()))
