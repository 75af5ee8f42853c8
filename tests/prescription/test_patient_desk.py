"""Contact data, guardians, merging, launches and my page, at the doors."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from services.prescription.app import assemble
from shared.events.ordering import AddressKept
from shared.events.prescription import PatientChanged, PatientsMerged
from tests.prescription.conftest import ADDRESS, ADULT, CHILD, DRINK, FORM, LINE, Register, day, form
from tests.prescription.register_double import RESERVE_TO_BE, Registered, start
from tests.support import InMemory, in_memory

RESERVE = "20090122T123"
SUMMER = {
    "label": "Sommarstugan",
    "address": {"line1": "Provstigen 1", "postal_code": "23010", "city": "SKANÖR"},
}
KEY = ECKey.generate_key("P-256", {"kid": "record-1"}, auto_kid=False)


async def person_of(service: InMemory, patient_ref: str, **claims: Any) -> dict[str, Any]:
    answer = await service.client.get(
        f"/patients/{patient_ref}", headers=service.token("customer_service", **claims)
    )
    person: dict[str, Any] = answer.json()["person"]
    return person


async def post(service: InMemory, path: str, body: Any, role: str, **claims: Any) -> httpx.Response:
    return await service.client.post(path, json=body, headers=service.once(role, **claims))


async def test_staff_and_the_patient_change_how_the_patient_is_reached(service: InMemory, adult: str) -> None:
    contact = {
        "phone": "0046 70-1740699",
        "other_phones": ["040-6280400"],
        "email": "test@example.org",
        "language": "en",
    }

    for headers in (service.once("order_placer"), service.once("patient", patient_ref=adult)):
        answer = await service.client.put(f"/patients/{adult}/contact", json=contact, headers=headers)
        assert answer.status_code == 200, answer.text

    person = await person_of(service, adult)
    assert (person["phone"], person["other_phones"]) == ("+46701740699", ["+46406280400"])
    assert (person["email"], person["language"]) == ("test@example.org", "en")


async def test_nobody_changes_another_persons_contact_data(service: InMemory, adult: str) -> None:
    answer = await service.client.put(
        f"/patients/{adult}/contact", json={}, headers=service.once("patient", patient_ref="somebody")
    )

    assert answer.status_code == 403


async def test_a_delivery_address_is_kept_for_later_and_taken_away(service: InMemory, adult: str) -> None:
    first = await post(service, f"/patients/{adult}/addresses", SUMMER, "order_placer")
    again = await post(service, f"/patients/{adult}/addresses", {**SUMMER, "label": "Mormor"}, "order_placer")
    (saved,) = (await person_of(service, adult))["saved_addresses"]

    gone = await post(
        service, f"/patients/{adult}/addresses/{saved['address_id']}/forget", {}, "customer_service"
    )

    assert (first.status_code, again.status_code, gone.status_code) == (201, 201, 200)
    assert (saved["label"], saved["address"]["line1"]) == ("Mormor", "Provstigen 1")
    assert (await person_of(service, adult))["saved_addresses"] == []
    told = service.told_of(PatientChanged)
    assert [len(fact.saved_addresses) for fact in told] == [0, 1, 1, 0]
    assert "Provstigen" not in "".join(fact.model_dump_json() for fact in told)


async def test_an_address_that_a_withdrawal_was_sent_to_is_offered_again(
    service: InMemory, adult: str
) -> None:
    text = json.dumps({"line1": "Provstigen 1", "postal_code": "23010", "city": "SKANÖR"})
    kept = AddressKept(
        withdrawal_no="U2026-000001-1",
        patient_ref=adult,
        address=service.seals.seal(text),
        kept_by="customer_service-1",
        kept_on=day("2026-11-23"),
    )

    for _ in range(2):
        await service.hear(kept)
    await service.hear(kept.model_copy(update={"patient_ref": "unknown"}))

    (saved,) = (await person_of(service, adult))["saved_addresses"]
    assert saved["label"] == "Provstigen 1, SKANÖR"


async def test_a_manual_persons_address_is_edited_with_history(service: InMemory, adult: str) -> None:
    moved = {**FORM, "address": {**ADDRESS, "line1": "Provvägen 4"}}

    await service.client.put(f"/patients/{adult}", json=moved, headers=service.once("customer_service"))
    await service.client.put(f"/patients/{adult}", json=moved, headers=service.once("customer_service"))

    person = await person_of(service, adult)
    assert person["address"]["line1"] == "Provvägen 4"
    assert [(each["address"]["line1"], each["changed_by"]) for each in person["former_addresses"]] == [
        ("Provvägen 3", "customer_service-1")
    ]


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


async def test_a_reserve_number_that_two_regions_could_have_given_needs_its_type(service: InMemory) -> None:
    alike = {**FORM, "number": "19810829M071", "lma_number": "50-123456"}

    refused = await post(service, "/patients", alike, "customer_service")
    kept = await post(service, "/patients", {**alike, "number_type": "skane"}, "customer_service")

    assert (refused.json()["rule"], kept.status_code) == ("which-number-type", 201)
    person = await person_of(service, kept.json()["patient_ref"])
    assert (person["number_type"], person["lma_number"]) == ("skane", "50-123456")


async def test_a_reserve_number_is_replaced_by_a_number_that_nobody_has_yet(
    service: InMemory, register: Register
) -> None:
    patient_ref = await register(number=RESERVE, born="2009-01-22")

    answer = await post(
        service,
        f"/patients/{patient_ref}/number",
        {"number": RESERVE_TO_BE, "reason": "folkbokförd"},
        "customer_service",
    )

    assert (answer.json()["how"], answer.json()["patient_ref"]) == ("renumbered", patient_ref)
    for number in (RESERVE, RESERVE_TO_BE):
        found = await service.client.post(
            "/patients/find", json={"number": number}, headers=service.token("dietitian")
        )
        assert found.json()["patient_ref"] == patient_ref


@pytest.fixture
async def registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Registered]:
    registered = await start(tmp_path, monkeypatch)
    await registered.service.hear(DRINK)
    yield registered
    await registered.http.aclose()


async def test_a_reserve_number_is_merged_into_the_person_whom_the_register_knows(
    registered: Registered,
) -> None:
    service = registered.service
    by_hand = {**FORM, "number": RESERVE, "born": "2009-01-22", "name": "Rey Testsson"}
    old_ref = (await registered.post("/patients", by_hand)).json()["patient_ref"]
    saved = await registered.post("/prescriptions", form(old_ref), role="dietitian")
    await service.client.get(f"/patients/{old_ref}", headers=service.token("dietitian"))
    merge = {"number": RESERVE_TO_BE, "reason": "folkbokförd"}
    headers = service.once("customer_service")

    answers = [
        await service.client.post(f"/patients/{old_ref}/number", json=merge, headers=headers)
        for _ in range(2)
    ]

    assert answers[0].content == answers[1].content
    given = answers[0].json()
    assert (given["how"], given["moved_prescriptions"]) == ("merged", [saved.json()["prescription_no"]])
    (merged,) = service.told_of(PatientsMerged)
    assert (merged.patient_ref, merged.into_ref) == (old_ref, given["patient_ref"])
    found = await registered.found(RESERVE)
    assert (found["patient_ref"], found["person"]["number"]) == (given["patient_ref"], RESERVE_TO_BE)
    assert found["person"]["phone"] == "+46701740605"
    view = await service.client.get(f"/patients/{given['patient_ref']}", headers=service.token("dietitian"))
    assert len(view.json()["active_lines"]) == 1
    opened = await service.client.post(
        "/patients/search", json={"number": ""}, headers=service.token("dietitian")
    )
    assert [each["patient_ref"] for each in opened.json()["patients"]] == [given["patient_ref"]]


async def test_what_was_merged_leads_on_and_is_not_merged_again(registered: Registered) -> None:
    service = registered.service
    by_hand = {**FORM, "number": RESERVE, "born": "2009-01-22", "name": "Rey Testsson"}
    old_ref = (await registered.post("/patients", by_hand)).json()["patient_ref"]
    merge = {"number": RESERVE_TO_BE, "reason": "folkbokförd"}
    given = (await registered.post(f"/patients/{old_ref}/number", merge)).json()

    again = await registered.post(f"/patients/{old_ref}/number", merge)
    looked = await service.client.get(f"/patients/{old_ref}", headers=service.token("dietitian"))
    reached = await service.client.post(
        "/reachability",
        json={"patient_ref": old_ref, "purpose": "delivery_notice"},
        headers=service.token("service_notification"),
    )

    assert (again.json()["rule"], looked.json()["rule"]) == ("merged-patient", "merged-patient")
    assert looked.json()["reasons"][0]["facts"] == {"into": given["patient_ref"]}
    assert reached.json() == {"may_be_told": True, "why": None}
    await service.run_jobs()
    assert len(service.told_of(PatientsMerged)) == 1


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


async def test_my_page_tells_who_i_am_and_what_i_may(service: InMemory) -> None:
    me = (await service.client.get("/me", headers=service.token("order_placer"))).json()

    assert (me["sub"], me["roles"], me["care_units"]) == ("order_placer-1", ["order_placer"], ["DEMO-101"])
    assert "ordering.draft_withdrawal" in me["may"]
    assert "prescription.register_prescription" not in me["may"]
