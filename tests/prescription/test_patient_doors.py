"""How people register, find, see and change patients."""

import asyncio
from typing import Any

import pytest

from shared.events.prescription import PatientChanged
from tests.prescription.conftest import ADULT, FORM, STRANGER, Register
from tests.support import InMemory

PROTECTED: dict[str, Any] = {"number": STRANGER, "protected": True}


async def find(service: InMemory, number: str, role: str = "dietitian") -> Any:
    return await service.client.post("/patients/find", json={"number": number}, headers=service.token(role))


async def audit(service: InMemory) -> list[tuple[str, str, list[str]]]:
    rows = await service.repository.backend.audit.rows()
    return [(row["action"], row["outcome"], list(row["patient_refs"])) for row in rows]


async def test_a_full_number_finds_any_patient(service: InMemory, adult: str) -> None:
    found = await find(service, "19900705-2393")

    assert found.status_code == 200
    assert found.json()["patient_ref"] == adult
    assert found.json()["person"]["name"] == "Test Testsson"


async def test_every_look_at_a_patient_is_in_the_audit_log(service: InMemory, adult: str) -> None:
    await find(service, ADULT)
    await service.client.get(f"/patients/{adult}", headers=service.token("order_placer"))

    assert (await audit(service))[-2:] == [
        ("prescription.find_patient", "done", [adult]),
        ("prescription.get_patient", "done", [adult]),
    ]


async def test_a_number_without_century_is_refused(service: InMemory) -> None:
    refused = await find(service, "900705-2393")

    assert (refused.status_code, refused.json()["rule"]) == (422, "century-missing")


async def test_an_unknown_reserve_number_leads_to_customer_service(service: InMemory) -> None:
    refused = await find(service, "19850302T123")

    assert refused.json()["rule"] == "unknown-reserve-number"
    assert "kundservice" in refused.json()["detail"]
    assert (await audit(service))[-1] == ("prescription.find_patient", "refused: unknown-reserve-number", [])


async def test_an_unknown_number_leads_to_customer_service(service: InMemory) -> None:
    refused = await find(service, ADULT)

    assert refused.json()["rule"] == "unknown-patient"


async def test_a_reserve_number_is_found_once_customer_service_has_registered_it(
    service: InMemory, register: Register
) -> None:
    patient_ref = await register(number="19850302T123", born="1985-03-02")

    found = await find(service, "19850302t123")

    assert found.json()["patient_ref"] == patient_ref
    assert found.json()["person"]["number_type"] == "skane"


async def test_a_protected_person_is_answered_with_the_routine_and_no_name(
    service: InMemory, register: Register
) -> None:
    patient_ref = await register(**PROTECTED)

    for answer in (
        await find(service, STRANGER),
        await service.client.get(f"/patients/{patient_ref}", headers=service.token("physician")),
    ):
        assert (answer.status_code, answer.json()["rule"]) == (422, "protected-identity")
        assert "040-628 04 00" in answer.json()["detail"]
        assert "Testsson" not in answer.text


async def test_nothing_of_a_protected_person_is_stored_or_published(
    service: InMemory, register: Register
) -> None:
    patient_ref = await register(**PROTECTED)

    seen = await service.client.get(f"/patients/{patient_ref}", headers=service.token("customer_service"))

    assert (seen.json()["person"], seen.json()["status"]["protected"]) == (None, True)
    (told,) = service.told_of(PatientChanged)
    assert (told.name, told.number, told.address, told.protected) == (None, None, None, True)


async def test_a_person_without_fixed_address_leads_to_the_manual_routine(
    service: InMemory, register: Register
) -> None:
    await register(no_fixed_address=True, address=None)

    refused = await find(service, ADULT)

    assert refused.json()["rule"] == "no-fixed-address"


async def test_what_is_published_of_a_person_is_sealed(service: InMemory, adult: str) -> None:
    (told,) = service.told_of(PatientChanged)

    assert told.patient_ref == adult
    assert service.seals.open(told.number) == ADULT
    assert service.seals.open(told.born) == "1990-07-05"
    assert service.seals.open(told.phone) == "+46701740605"
    assert '"postal_code":"21120"' in service.seals.open(told.address)


async def test_the_protection_status_must_be_stated(service: InMemory) -> None:
    silent = {name: value for name, value in FORM.items() if name != "protected"}

    answer = await service.client.post("/patients", json=silent, headers=service.once("customer_service"))

    assert answer.status_code == 422
    assert answer.json()["fields"][0]["field"] == "body.protected"


async def test_a_number_is_registered_once(service: InMemory, adult: str) -> None:
    again = await service.client.post("/patients", json=FORM, headers=service.once("customer_service"))

    assert (again.status_code, again.json()["rule"]) == (422, "already-registered")


async def test_two_clerks_at_the_same_moment_register_a_number_once(service: InMemory) -> None:
    answers = await asyncio.gather(
        *(
            service.client.post("/patients", json=FORM, headers=service.once("customer_service"))
            for _ in range(2)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201, 422]


async def test_the_same_key_registers_once(service: InMemory) -> None:
    headers = service.once("customer_service")

    first, again = [await service.client.post("/patients", json=FORM, headers=headers) for _ in range(2)]

    assert first.json() == again.json()
    assert len(service.told_of(PatientChanged)) == 1


async def test_only_customer_service_registers(service: InMemory) -> None:
    answer = await service.client.post("/patients", json=FORM, headers=service.once("dietitian"))

    assert answer.status_code == 403


async def test_customer_service_changes_the_status_that_was_read(service: InMemory, adult: str) -> None:
    read = await service.client.get(f"/patients/{adult}", headers=service.token("customer_service"))
    card = {"valid_from": "2026-01-01", "valid_through": "2027-01-01"}
    asylum = {"protected": False, "asylum_seeker": card}

    def headers() -> dict[str, str]:
        return {**service.once("customer_service"), "If-Match": read.headers["ETag"]}

    changed = await service.client.post(f"/patients/{adult}/status", json=asylum, headers=headers())
    late = await service.client.post(f"/patients/{adult}/status", json=asylum, headers=headers())

    assert (changed.status_code, late.status_code) == (200, 412)
    assert service.told_of(PatientChanged)[-1].asylum_seeker.valid_from.isoformat() == "2026-01-01"


async def test_a_person_is_recorded_anew_when_protection_ends(service: InMemory, adult: str) -> None:
    await service.client.post(
        f"/patients/{adult}/status", json={"protected": True}, headers=service.once("customer_service")
    )

    lifted = await service.client.put(
        f"/patients/{adult}", json={**FORM, "name": "Ny Testsson"}, headers=service.once("customer_service")
    )

    assert lifted.json()["version"] == 3
    assert (await find(service, ADULT)).json()["person"]["name"] == "Ny Testsson"


async def test_a_patient_sees_only_himself(service: InMemory, adult: str) -> None:
    own = await service.client.get(f"/patients/{adult}", headers=service.token("patient", patient_ref=adult))
    others = await service.client.get(f"/patients/{adult}", headers=service.token("patient", patient_ref="x"))

    assert (own.status_code, others.status_code) == (200, 403)


@pytest.mark.parametrize("phone", ["070-1740605 (mamma)", "112", "1"])
async def test_a_phone_that_cannot_be_called_is_refused(service: InMemory, phone: str) -> None:
    answer = await service.client.post(
        "/patients", json={**FORM, "phone": phone}, headers=service.once("customer_service")
    )

    assert (answer.status_code, answer.json()["rule"]) == (422, "not-a-phone-number")


async def reach(service: InMemory, patient_ref: str) -> Any:
    answer = await service.client.post(
        "/reachability",
        json={"people": [{"patient_ref": patient_ref, "purpose": "delivery_notice"}]},
        headers=service.token("service_notification"),
    )
    (about_one,) = answer.json()["answers"]
    return about_one


async def test_notification_asks_at_the_moment_of_sending_whether_a_person_may_be_told(
    service: InMemory, adult: str
) -> None:
    before = await reach(service, adult)
    await service.client.post(
        f"/patients/{adult}/status",
        json={"protected": False, "opted_out": True},
        headers=service.once("customer_service"),
    )

    assert before == {"may_be_told": True, "why": None}
    assert await reach(service, adult) == {"may_be_told": False, "why": "opted_out"}
    assert await reach(service, "nobody") == {"may_be_told": False, "why": "unknown"}


async def test_protection_that_was_committed_while_the_question_was_noted_counts(
    service: InMemory, adult: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = service.repository.note

    async def protect_meanwhile(asked: Any, patient_refs: Any) -> None:
        form, once = {"protected": True}, service.once("customer_service")
        await service.client.post(f"/patients/{adult}/status", json=form, headers=once)
        await note(asked, patient_refs)

    monkeypatch.setattr(service.repository, "note", protect_meanwhile)

    assert await reach(service, adult) == {"may_be_told": False, "why": "protected"}


async def test_only_notification_asks_whether_a_person_may_be_told(service: InMemory, adult: str) -> None:
    answer = await service.client.post(
        "/reachability",
        json={"people": [{"patient_ref": adult, "purpose": "curiosity"}]},
        headers=service.token("customer_service"),
    )

    assert answer.status_code == 403
