"""A record system opens a patient here, for the one who sits there, once."""

import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from services.prescription.app import assemble
from tests.prescription.conftest import ADULT, FORM, post
from tests.support import InMemory, in_memory

KEY = ECKey.generate_key("P-256", {"kid": "record-1"}, auto_kid=False)


def context(at: int, **changes: Any) -> str:
    said: dict[str, Any] = {
        "iss": "demo-journal",
        "aud": "oppna-sesam-launch",
        "sub": "dietitian-1",
        "jti": "one",
        "iat": at,
        "exp": at + 120,
        "number": ADULT,
        **changes,
    }
    header = {"alg": "ES256", "typ": changes.pop("typ", "launch+jwt"), "kid": "record-1"}
    return jwt.encode(header, said, KEY, algorithms=["ES256"])


@pytest.fixture
async def launching(tmp_path: Path) -> InMemory:
    keys = tmp_path / "launch.json"
    keys.write_text(json.dumps({"demo-journal": {"keys": [KEY.as_dict(private=False)]}}))
    service = await in_memory("prescription", assemble, launch_keys_file=keys)
    await post(service, "/patients", FORM, "customer_service")
    return service


def now(service: InMemory) -> int:
    return int(service.clock.now().timestamp())


async def test_a_launch_from_a_record_system_opens_the_patient_once(launching: InMemory) -> None:
    token = context(now(launching))
    headers = launching.once("dietitian")

    first = await launching.client.post("/launch", json={"context": token}, headers=headers)
    retried = await launching.client.post("/launch", json={"context": token}, headers=headers)
    again = await post(launching, "/launch", {"context": token}, "dietitian")

    found = await launching.client.post(
        "/patients/find", json={"number": ADULT}, headers=launching.token("dietitian")
    )
    assert (first.status_code, first.json()["patient_ref"]) == (201, found.json()["patient_ref"])
    assert retried.content == first.content
    assert (again.status_code, again.json()["rule"]) == (422, "launch-refused")
    assert ADULT not in first.text


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": "dietitian-2"},
        {"aud": "oppna-sesam"},
        {"iss": "another-journal"},
        {"typ": "at+jwt"},
        {"jti": ""},
        {"jti": 1},
        {"number": None},
        {"iat": "now"},
        {"exp": True},
    ],
)
async def test_a_launch_that_was_not_made_for_this_user_and_us_is_refused(
    launching: InMemory, changes: Any
) -> None:
    answer = await post(launching, "/launch", {"context": context(now(launching), **changes)}, "dietitian")

    assert answer.json()["rule"] == "launch-refused"


@pytest.mark.parametrize(("issued", "lives"), [(-130, 120), (60, 120), (0, 301), (0, -1)])
async def test_a_launch_lives_for_minutes(launching: InMemory, issued: int, lives: int) -> None:
    at = now(launching) + issued

    answer = await post(launching, "/launch", {"context": context(at, exp=at + lives)}, "dietitian")

    assert answer.json()["rule"] == "launch-refused"


@pytest.mark.parametrize("token", ["x", "a.b.c", ""])
async def test_what_is_no_launch_is_refused(launching: InMemory, token: str) -> None:
    answer = await post(launching, "/launch", {"context": token}, "dietitian")

    assert answer.status_code == 422


async def test_a_forged_launch_is_refused(launching: InMemory) -> None:
    head, _, signature = context(now(launching)).split(".")
    _, other, _ = context(now(launching), jti="two").split(".")

    answer = await post(launching, "/launch", {"context": f"{head}.{other}.{signature}"}, "dietitian")

    assert answer.json()["rule"] == "launch-refused"


async def test_a_system_without_record_systems_takes_no_launch(service: InMemory) -> None:
    answer = await post(service, "/launch", {"context": context(now(service))}, "dietitian")

    assert answer.json()["rule"] == "launch-refused"
