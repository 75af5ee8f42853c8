"""Every operation and every message has an example, and each fits its schema."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
import yaml

from services import SERVICES
from tools.demo.test_numbers import demand_test_number
from tools.docs import documents
from tools.docs.examples import examples_of

JSON = "application/json"
Tree = dict[str, Any]
WITHOUT_VERSION = {"export_batch", "tell_shortage"}
"""A file, and many messages: no one thing whose version there would be."""
service = pytest.mark.parametrize("service", SERVICES)


@cache
def doors(service: str) -> Tree:
    document: Tree = json.loads(documents()[f"docs/openapi/{service}.json"])
    return document


@cache
def bus() -> Tree:
    document: Tree = yaml.load(documents()["docs/asyncapi.yaml"], Loader=yaml.CSafeLoader)
    return document


def operations(service: str) -> Iterator[Tree]:
    for path in doors(service)["paths"].values():
        yield from path.values()


def bodies(service: str) -> Iterator[tuple[str, Tree]]:
    """Every JSON body that is asked or answered with success, by its operation's name."""
    for operation in operations(service):
        for part in (operation.get("requestBody", {}), success_of(operation)):
            if JSON in part.get("content", {}):
                yield operation["operationId"], part["content"][JSON]


def success_of(operation: Tree) -> Tree:
    found: Tree = next(each for status, each in operation["responses"].items() if status < "300")
    return found


def misfits(document: Tree, schema: Tree, example: Any) -> list[str]:
    """What of an example does not fit; references are looked up in the document."""
    whole = {**schema, "components": document["components"]}
    validator = jsonschema_rs.Draft202012Validator(whole)
    return [each.message for each in validator.iter_errors(example)]


@service
def test_every_operation_has_an_example_of_what_is_asked_and_answered(service: str) -> None:
    assert [name for name, media in bodies(service) if "example" not in media] == []


@service
def test_every_example_of_an_operation_fits_its_schema(service: str) -> None:
    wrong = {
        name: misfits(doors(service), media["schema"], media["example"])
        for name, media in bodies(service)
        if "example" in media
    }

    assert {name: said for name, said in wrong.items() if said} == {}


@service
def test_no_example_is_kept_of_an_operation_that_is_gone(service: str) -> None:
    assert set(examples_of(service)) <= {each["operationId"] for each in operations(service)}


@service
def test_an_example_names_no_person_who_can_exist(service: str) -> None:
    numbers = set(re.findall(r"\b(?:18|19|20)[0-9]{10}\b", json.dumps(examples_of(service))))

    for number in numbers:
        demand_test_number(number)


@service
def test_the_headers_of_a_change_are_demanded_and_never_null(service: str) -> None:
    headers = {
        (operation["operationId"], each["name"]): each
        for operation in operations(service)
        for each in operation.get("parameters", [])
        if each["in"] == "header"
    }

    assert all(
        each["schema"] != {"type": "null"} and "anyOf" not in each["schema"] for each in headers.values()
    )
    assert all(each["required"] for (_, name), each in headers.items() if name == "idempotency-key")


@service
def test_a_change_answers_with_an_etag_and_an_error_that_passes_with_when_to_come_again(service: str) -> None:
    for operation in operations(service):
        if any(each["name"] == "idempotency-key" for each in operation.get("parameters", [])):
            has_tag = "ETag" in success_of(operation).get("headers", {})
            assert has_tag or operation["operationId"] in WITHOUT_VERSION, operation["operationId"]
        if operation["security"]:
            assert "Retry-After" in operation["responses"]["429"]["headers"]
            assert "Retry-After" in operation["responses"]["503"]["headers"]
            assert "500" in operation["responses"]
    assert doors(service)["servers"]


def test_every_message_has_an_example_that_fits_its_schema() -> None:
    for name, message in bus()["components"]["messages"].items():
        (example,) = message["examples"]

        assert misfits(bus(), message["payload"], example["payload"]) == [], name


def test_what_a_partner_gets_is_shown_in_clear_with_its_id() -> None:
    order = bus()["components"]["messages"]["Order"]["examples"][0]["payload"]

    assert order["message_id"]
    assert "sealed:" not in json.dumps(order)


def test_an_example_that_does_not_fit_is_noticed() -> None:
    payload = bus()["components"]["messages"]["Order"]["payload"]

    assert misfits(bus(), payload, {"type": "order.v1"})
