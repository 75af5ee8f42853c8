"""A guardian at the doors: sees a child's data below 13, and is sent to customer service from then on."""

from typing import Any

import httpx
import pytest

from tests.doors.matrix import OF_A_CHILD
from tests.prescription.conftest import ADULT, CHILD, LINE, SUMMER, Register, form, person_of, post
from tests.support import InMemory


@pytest.fixture
async def child(service: InMemory, register: Register, adult: str) -> str:
    """Register a child of 12 whose guardian is the adult."""
    child = await register(number=CHILD, name="Liten Testsson")
    answer = await post(service, f"/patients/{child}/guardians", {"number": ADULT}, "customer_service")
    assert answer.status_code == 201, answer.text
    return child


async def test_a_guardian_sees_the_child_until_it_turns_13(service: InMemory, adult: str, child: str) -> None:
    async def look(**claims: Any) -> int:
        headers = service.token("patient", patient_ref=adult, **claims)
        return (await service.client.get(f"/patients/{child}", headers=headers)).status_code

    signed_in, without, somebody = (
        await look(guardian_of=[child]),
        await look(),
        await look(guardian_of=["x"]),
    )
    service.clock.move(days=8 * 31)

    assert (signed_in, without, somebody) == (200, 403, 403)
    assert await look(guardian_of=[child]) == 403


CALLS: dict[str, tuple[str, str, Any]] = {
    "get_patient": ("GET", "/patients/{child}", None),
    "get_patient_prescriptions": ("GET", "/patients/{child}/prescriptions", None),
    "get_prescription": ("GET", "/prescriptions/{prescription_no}", None),
    "list_lines": ("GET", "/patients/{child}/lines", None),
    "list_patient_functions": ("GET", "/patients/{child}/functions", None),
    "print_prescriptions": ("POST", "/patients/{child}/prints", None),
    "change_patient_contact": ("PUT", "/patients/{child}/contact", {}),
    "save_patient_address": ("POST", "/patients/{child}/addresses", SUMMER),
    "forget_patient_address": ("POST", "/patients/{child}/addresses/a-1/forget", {}),
}
"""What a guardian may try about a child, by the action's name."""


def test_what_a_guardian_may_try_stands_in_the_table() -> None:
    assert {f"prescription.{name}" for name in CALLS} == {
        each for each in OF_A_CHILD if each.startswith("prescription.")
    }


@pytest.mark.parametrize("action", CALLS)
async def test_from_13_each_door_tells_a_guardian_to_call_customer_service(
    service: InMemory, adult: str, child: str, action: str
) -> None:
    body = form(child, lines=[{**LINE, "per_day": 1}])
    saved = (await post(service, "/prescriptions", body, "physician")).json()
    service.clock.move(days=8 * 31)
    method, path, body = CALLS[action]
    told_before = len(service.rows)

    answer = await service.client.request(
        method,
        path.format(child=child, prescription_no=saved["prescription_no"]),
        json=body,
        headers={**service.once("patient", patient_ref=adult, guardian_of=[child]), "Accept-Language": "en"},
    )

    assert (answer.status_code, answer.json()["rule"]) == (403, "guardian-calls-customer-service")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "The child has turned 13" in answer.json()["detail"]
    assert "Call customer service on 040-628 04 00." in answer.json()["detail"]
    assert len(service.rows) == told_before


async def test_the_menu_of_a_young_child_opens_its_fees_to_the_guardian(
    service: InMemory, adult: str, child: str
) -> None:
    headers = service.token("patient", patient_ref=adult, guardian_of=[child])

    answer = await service.client.get(f"/patients/{child}/functions", headers=headers)

    assert {each["function"]: each["is_open"] for each in answer.json()}["fees"] is True


async def test_of_a_protected_child_a_guardian_learns_nothing(
    service: InMemory, adult: str, child: str
) -> None:
    service.clock.move(days=8 * 31)
    await post(service, f"/patients/{child}/status", {"protected": True}, "customer_service")

    answer = await service.client.get(
        f"/patients/{child}", headers=service.token("patient", patient_ref=adult, guardian_of=[child])
    )

    assert (answer.status_code, answer.json()["rule"]) == (403, "forbidden")


async def test_from_18_a_guardian_is_a_stranger(service: InMemory, adult: str, child: str) -> None:
    service.clock.move(days=6 * 366)

    answer = await service.client.get(
        f"/patients/{child}", headers=service.token("patient", patient_ref=adult, guardian_of=[child])
    )

    assert (answer.status_code, answer.json()["rule"]) == (403, "forbidden")


async def test_a_guardian_opens_and_prints_the_childs_lines_until_it_turns_13(
    service: InMemory, adult: str, child: str
) -> None:
    body = form(child, lines=[{**LINE, "per_day": 1}])
    saved = (await post(service, "/prescriptions", body, "physician")).json()
    guardian = {"patient_ref": adult, "guardian_of": [child]}

    async def opened() -> list[httpx.Response]:
        headers = service.token("patient", **guardian)
        return [
            await service.client.get(f"/patients/{child}/lines", headers=headers),
            await service.client.get(f"/prescriptions/{saved['prescription_no']}", headers=headers),
            await service.client.post(f"/patients/{child}/prints", headers=headers),
        ]

    lines, prescription, print_ = await opened()
    service.clock.move(days=8 * 31)
    later = await opened()

    assert [each["line_id"] for each in lines.json()["lines"]] == [saved["lines"][0]["line_id"]]
    assert prescription.json()["prescription_no"] == saved["prescription_no"]
    assert (print_.status_code, print_.headers["content-type"]) == (200, "application/pdf")
    assert [each.status_code for each in later] == [403, 403, 403]


async def test_the_sign_ins_word_alone_makes_no_guardian(service: InMemory, adult: str, child: str) -> None:
    (guardian,) = (await person_of(service, child))["guardians"]
    await post(
        service,
        f"/patients/{child}/guardians/{guardian['guardian_ref']}/end",
        {},
        "customer_service",
    )

    answer = await service.client.get(
        f"/patients/{child}",
        headers=service.token("patient", patient_ref=adult, guardian_of=[child]),
    )

    assert answer.status_code == 403


async def test_a_guardian_of_an_adult_is_refused(service: InMemory, adult: str, child: str) -> None:
    answer = await post(service, f"/patients/{adult}/guardians", {"number": CHILD}, "customer_service")

    assert {each["rule"] for each in answer.json()["reasons"]} == {
        "no-guardian-for-an-adult",
        "guardian-not-of-age",
    }
