"""The documents made from the code say what the code says, and are whole."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema

from deploy.topology import assembled, definitions
from services import SERVICES
from shared.domain.decision import Refused
from shared.events.ordering import Notify, WithdrawalSent
from shared.events.prescription import PatientChanged
from shared.service.web import actions_of
from tools import docs
from tools.docs.landscape import Topic, landscape
from tools.docs.refusals import codes, raised_codes, refusals
from tools.docs.wording import is_sealed, type_in_words

UNPUBLISHED = frozenset((Path(__file__).parent / "unpublished_facts.txt").read_text().split())
"""Agreed between the services and published by nobody yet; whoever publishes one takes its line away."""
ROUTING_KEYS = {"distributor.{distributor}.orders", "supplier.{supplier}.orders", "invoicing.fees"}
service = pytest.mark.parametrize("service", SERVICES)


@cache
def told() -> tuple[Topic, ...]:
    return tuple(landscape())


@cache
def bus() -> dict[str, Any]:
    """The AsyncAPI document as a reader gets it."""
    document: dict[str, Any] = yaml.load(docs.documents()["docs/asyncapi.yaml"], Loader=yaml.CSafeLoader)
    return document


@cache
def doors(service: str) -> dict[str, Any]:
    """One OpenAPI document as a reader gets it."""
    document: dict[str, Any] = json.loads(docs.documents()[f"docs/openapi/{service}.json"])
    return document


def references(tree: Any) -> Iterator[str]:
    """Every $ref below."""
    if isinstance(tree, dict):
        if isinstance(tree.get("$ref"), str):
            yield tree["$ref"]
        for each in tree.values():
            yield from references(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from references(each)


def resolve(document: dict[str, Any], reference: str) -> Any:
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_the_documents_in_the_tree_are_those_that_the_code_makes() -> None:
    assert docs.stale(docs.documents(), docs.PROJECT) == []


def test_a_document_that_is_missing_or_says_something_else_is_stale(tmp_path: Path) -> None:
    (tmp_path / "same.md").write_text("as the code says")
    (tmp_path / "old.md").write_text("as the code said")
    wanted = {"same.md": "as the code says", "old.md": "as the code says", "gone.md": "as the code says"}

    assert docs.stale(wanted, tmp_path) == ["old.md", "gone.md"]


def test_a_check_of_stale_documents_fails_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(docs, "PROJECT", tmp_path)

    assert docs.main(check=True) == 1

    said = capsys.readouterr().out
    assert "docs/events.md" in said
    assert "./sesam docs" in said
    assert not (tmp_path / "docs").exists()


def test_documents_that_were_written_are_not_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "PROJECT", tmp_path)

    assert docs.main(check=False) == 0
    assert docs.main(check=True) == 0


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    for reference in references(bus()):
        assert resolve(bus(), reference)


def test_every_channel_has_an_operation_and_every_operation_its_channels_messages() -> None:
    used = {operation["channel"]["$ref"] for operation in bus()["operations"].values()}

    assert {f"#/channels/{name}" for name in bus()["channels"]} == used
    for operation in bus()["operations"].values():
        channel = operation["channel"]["$ref"]
        of_channel = resolve(bus(), channel)["messages"]
        assert [each["$ref"] for each in operation["messages"]] == [
            f"{channel}/messages/{m}" for m in of_channel
        ]


def test_every_message_and_schema_of_the_asyncapi_document_is_used() -> None:
    used = set(references(bus()))

    for kind in ("messages", "schemas"):
        assert {f"#/components/{kind}/{name}" for name in bus()["components"][kind]} <= used


def test_the_asyncapi_document_fits_the_models_of_asyncapi_3() -> None:
    read = ApplicationSchema.model_validate(bus())

    assert read.asyncapi == "3.0.0"
    assert read.operations.keys() == bus()["operations"].keys()


def test_what_is_received_comes_from_the_queues_that_the_broker_is_given() -> None:
    queues = {row["name"] for row in definitions(["demo-a"])["queues"]}

    received = [each for each in bus()["operations"].values() if each["action"] == "receive"]

    assert received
    assert {resolve(bus(), each["channel"]["$ref"])["address"] for each in received} <= queues


def test_what_is_sent_goes_to_exchanges_that_the_broker_is_given() -> None:
    exchanges = {(row["name"], f"/{row['vhost']}") for row in definitions(["demo-a"])["exchanges"]}

    for operation in bus()["operations"].values():
        channel = resolve(bus(), operation["channel"]["$ref"])
        if operation["action"] == "send":
            exchange = channel["bindings"]["amqp"]["exchange"]
            assert (exchange["name"], exchange["vhost"]) in exchanges


def test_every_fact_is_published_by_the_service_that_its_topic_names() -> None:
    for each in told():
        if each.publisher in SERVICES:
            assert each.publishers == (() if each.name in UNPUBLISHED else (each.publisher,)), each.name


def test_what_nobody_publishes_yet_stands_in_the_catalogue_which_says_so() -> None:
    page = docs.documents()["docs/events.md"]
    awaited = [each for each in told() if each.name in UNPUBLISHED]

    assert {each.name for each in awaited} == UNPUBLISHED
    for each in awaited:
        assert f"### {each.name}\n" in page
        assert each.name not in bus()["channels"]
        if each.consumers:
            assert f"`{each.fact.topic}`, about its `{each.fact.about}`. Published by nobody yet." in page
            assert f"{each.consumers[0]}_hears_{each.name}" in bus()["channels"]


def test_what_goes_out_of_the_house_says_its_address_in_the_document() -> None:
    out = [bus()["channels"][each.name]["address"] for each in told() if each.is_for_partners]

    assert set(out) == ROUTING_KEYS


def test_every_fact_stands_in_the_catalogue_with_each_of_its_fields() -> None:
    page = docs.documents()["docs/events.md"]

    for each in told():
        assert f"### {each.name}\n" in page
        assert all(f"| `{field}` |" in page for field in each.fact.model_fields)


def test_sealed_fields_are_known_as_sealed_and_others_are_not() -> None:
    fields = PatientChanged.model_fields

    sealed = {name for name, field in fields.items() if is_sealed(field.annotation, field.metadata)}

    assert sealed == {"number", "born", "name", "address", "phone", "email"}


def test_types_are_said_in_words() -> None:
    assert type_in_words(WithdrawalSent.model_fields["sent_on"].annotation) == "day"
    assert (
        type_in_words(WithdrawalSent.model_fields["lines"].annotation)
        == "list of [LineWithdrawn](#linewithdrawn)"
    )
    assert type_in_words(Notify.model_fields["to"].annotation) == "text or null"
    assert type_in_words(PatientChanged.model_fields["payer"].annotation) == (
        'one of "region", "home_region" or another that a newer version knows'
    )


@service
def test_every_reference_of_an_openapi_document_leads_somewhere(service: str) -> None:
    for reference in references(doors(service)):
        assert resolve(doors(service), reference)


@service
def test_every_door_stands_in_its_services_document_with_its_line_of_the_policy_table(service: str) -> None:
    every = [each for path in doors(service)["paths"].values() for each in path.values()]
    operations = [each for each in every if each["security"]]  # a webhook's permission is its address

    assert sorted(f"{service}.{each['operationId']}" for each in operations) == actions_of(assembled(service))
    assert all(each["x-policy"]["roles"] for each in operations)


@service
def test_every_error_of_every_door_is_a_problem(service: str) -> None:
    for path in doors(service)["paths"].values():
        for operation in path.values():
            errors = [answer for status, answer in operation["responses"].items() if status >= "400"]
            assert {media for answer in errors for media in answer["content"]} == {"application/problem+json"}


@service
def test_no_personal_number_has_a_place_in_a_url(service: str) -> None:
    for path, operations in doors(service)["paths"].items():
        for operation in operations.values():
            names = {each["name"] for each in operation.get("parameters", []) if each["in"] != "header"}
            assert not names & {"number", "personal_number", "personnummer", "name", "phone"}, path


def test_every_code_that_a_door_raises_stands_on_the_page_of_refusals() -> None:
    page, raised = refusals(), raised_codes()

    assert raised
    assert [each for each in sorted(raised) if f"`{each}`" not in page] == []


def test_every_refusal_has_a_code_and_sentences_of_its_own() -> None:
    assert [each.rule for each in codes() if each.sentence is Refused.sentence] == []
