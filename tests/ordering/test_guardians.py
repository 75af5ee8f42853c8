"""A guardian at ordering's doors: acts for a child below 13, and is sent to customer service from then on."""

from datetime import date
from typing import Any

import httpx
import pytest

from shared.events.prescription import Guardianship
from tests.doors.matrix import OF_A_CHILD
from tests.ordering.desk import WANTED, drafted, patient
from tests.ordering.examples import PATIENT
from tests.support import InMemory

PARENT = "patient-9"
THIRTEEN_TODAY, THIRTEEN_TOMORROW = "2013-11-23", "2013-11-24"


async def guarded(desk: InMemory, born: str, **changes: Any) -> None:
    guardian = Guardianship(guardian_ref=PARENT, valid_from=date(2010, 1, 1), valid_through=date(2040, 1, 1))
    told = {"version": 2, "born": desk.seals.seal(born, purpose="identity"), "guardians": (guardian,)}
    await desk.hear(patient(desk.seals, **(told | changes)))


async def test_a_guardian_sees_drafts_and_sends_for_a_child_under_13(desk: InMemory) -> None:
    await guarded(desk, "2016-07-03")
    parent = {"patient_ref": PARENT, "sub": "parent-1"}

    seen = await desk.client.get(f"/allowances/{PATIENT}", headers=desk.token("patient", **parent))
    made = await desk.client.post("/withdrawals", json=WANTED, headers=desk.once("patient", **parent))
    number = made.json()["withdrawal_no"]
    waiting = await tried(desk, "list_drafts", "", patient_ref=PARENT)
    sent_by_parent = await desk.client.post(
        f"/withdrawals/{number}/send", headers=desk.once("patient", **parent)
    )

    assert (seen.status_code, made.status_code) == (200, 201), made.text
    assert [each["withdrawal_no"] for each in waiting.json()] == [number]
    assert sent_by_parent.status_code == 200


async def test_from_13_a_guardian_sees_nothing_as_a_citizen_and_customer_service_withdraws(
    desk: InMemory,
) -> None:
    await guarded(desk, "2013-07-03")
    parent = {"patient_ref": PARENT, "sub": "parent-1"}

    seen = await desk.client.get(f"/allowances/{PATIENT}", headers=desk.token("patient", **parent))
    drafts = await desk.client.post(
        "/withdrawals/drafts", json={"patient_ref": PATIENT}, headers=desk.token("patient", **parent)
    )
    number = await drafted(desk, asked_by="guardian")
    shown = await desk.client.get(f"/withdrawals/{number}", headers=desk.token("customer_service"))

    assert (seen.status_code, drafts.status_code) == (403, 403)
    assert shown.json()["asked_by"] == "guardian"


async def made_by_parent(desk: InMemory) -> list[str]:
    headers = desk.token("patient", sub="parent-1", patient_ref=PARENT)
    listed = await desk.client.post("/withdrawals/mine", json={}, headers=headers)
    return [each["withdrawal_no"] for each in listed.json()]


@pytest.mark.parametrize(("days", "seen"), [(0, True), (1, False)])
async def test_what_a_guardian_made_is_on_the_own_list_until_the_child_turns_13(
    desk: InMemory, days: int, seen: bool
) -> None:
    await guarded(desk, THIRTEEN_TOMORROW)
    made = await tried(desk, "draft_withdrawal", "", patient_ref=PARENT)

    desk.clock.move(days=days)

    assert await made_by_parent(desk) == ([made.json()["withdrawal_no"]] if seen else [])


async def test_what_a_guardian_made_is_not_listed_when_the_child_is_protected(desk: InMemory) -> None:
    await guarded(desk, THIRTEEN_TOMORROW)
    await tried(desk, "draft_withdrawal", "", patient_ref=PARENT)

    await guarded(desk, THIRTEEN_TOMORROW, version=3, protected=True)

    assert await made_by_parent(desk) == []


CALLS: dict[str, tuple[str, str, Any]] = {
    "preview_withdrawal": ("POST", "/withdrawals/preview", WANTED),
    "draft_withdrawal": ("POST", "/withdrawals", WANTED),
    "change_withdrawal": ("PUT", "/withdrawals/{withdrawal_no}", {"items": WANTED["items"]}),
    "send_withdrawal": ("POST", "/withdrawals/{withdrawal_no}/send", None),
    "order_again": ("POST", "/withdrawals/{withdrawal_no}/again", None),
    "order_rest": ("POST", "/withdrawals/{withdrawal_no}/rest", None),
    "annul_withdrawal": ("POST", "/withdrawals/{withdrawal_no}/annul", None),
    "get_withdrawal": ("GET", "/withdrawals/{withdrawal_no}", None),
    "search_withdrawals": ("POST", "/withdrawals/search", {"patient_ref": PATIENT}),
    "list_drafts": ("POST", "/withdrawals/drafts", {"patient_ref": PATIENT}),
    "get_allowance": ("GET", f"/allowances/{PATIENT}", None),
    "get_aid_list": ("GET", f"/patients/{PATIENT}/aids", None),
    "print_aid_list": ("POST", f"/patients/{PATIENT}/aids/print", None),
}
"""What a guardian may try about a child, by the action's name."""


def test_what_a_guardian_may_try_stands_in_the_table() -> None:
    assert {f"ordering.{name}" for name in CALLS} == {
        each for each in OF_A_CHILD if each.startswith("ordering.")
    }


@pytest.mark.parametrize("action", CALLS)
async def test_from_13_each_door_tells_a_guardian_to_call_customer_service(
    desk: InMemory, action: str
) -> None:
    await guarded(desk, THIRTEEN_TODAY)
    number = await drafted(desk)
    told_before = len(desk.rows)

    answer = await tried(desk, action, number, patient_ref=PARENT)

    assert (answer.status_code, answer.json()["rule"]) == (403, "guardian-calls-customer-service")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "The child has turned 13" in answer.json()["detail"]
    assert "Call customer service on 040-628 04 00." in answer.json()["detail"]
    assert len(desk.rows) == told_before


@pytest.mark.parametrize("action", CALLS)
async def test_the_day_before_the_13th_birthday_each_door_lets_a_guardian_in(
    desk: InMemory, action: str
) -> None:
    await guarded(desk, THIRTEEN_TOMORROW)
    number = await drafted(desk)

    answer = await tried(desk, action, number, patient_ref=PARENT)

    asked_too_early = answer.status_code == 422 and action in {"order_again", "order_rest"}
    assert answer.is_success or asked_too_early, answer.text


@pytest.mark.parametrize(
    ("born", "changes", "claims"),
    [
        ("2008-11-23", {}, {"patient_ref": PARENT}),
        (THIRTEEN_TODAY, {"protected": True}, {"patient_ref": PARENT}),
        (THIRTEEN_TODAY, {}, {"patient_ref": "stranger"}),
    ],
    ids=["of an adult", "of a protected child", "a stranger"],
)
async def test_who_is_nobodys_guardian_here_learns_nothing_of_an_age(
    desk: InMemory, born: str, changes: dict[str, Any], claims: dict[str, Any]
) -> None:
    await guarded(desk, born, **changes)

    answer = await tried(desk, "get_allowance", "", **claims)

    assert (answer.status_code, answer.json()["rule"]) == (403, "not-your-unit")


async def tried(desk: InMemory, action: str, withdrawal_no: str, **claims: Any) -> httpx.Response:
    method, path, body = CALLS[action]
    headers = {**desk.once("patient", sub="parent-1", **claims), "Accept-Language": "en"}
    return await desk.client.request(
        method, path.format(withdrawal_no=withdrawal_no), json=body, headers=headers
    )
