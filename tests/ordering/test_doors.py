"""Ordering in memory: who may come through its doors, and with what."""

import pytest

from services.ordering.repository.collections import WITHDRAWALS
from tests.ordering.desk import REGISTERED, WANTED, drafted, patient, sent, told_desk
from tests.ordering.examples import PATIENT
from tests.support import InMemory


async def test_a_person_who_becomes_protected_leaves_no_draft_behind(desk: InMemory) -> None:
    number = await drafted(desk)

    await desk.hear(
        patient(desk.seals, version=2, protected=True, name=None, address=None, phone=None, born=None)
    )

    kept = await desk.repository.get(WITHDRAWALS.ref(number))
    assert kept.state == "annulled"
    assert kept.choice.delivery.recipient is None
    headers = desk.token("customer_service")
    preview = (await desk.client.post("/withdrawals/preview", json=WANTED, headers=headers)).json()
    assert [reason["rule"] for reason in preview["reasons"]] == ["protected-identity"]
    assert preview["lines"] == preview["fees"] == []
    allowance = (await desk.client.get(f"/allowances/{PATIENT}", headers=headers)).json()
    assert (allowance["allowed"], allowance["lines"]) == (False, [])


async def test_a_prescription_consumed_before_its_patient_is_refused_until_the_patient_is_known() -> None:
    desk = await told_desk()
    await desk.hear(REGISTERED.model_copy(update={"patient_ref": "patient-2"}))

    wanted = WANTED | {"patient_ref": "patient-2"}
    refused = await desk.client.post("/withdrawals", json=wanted, headers=desk.once("customer_service"))
    await desk.hear(patient(desk.seals, patient_ref="patient-2"))

    assert refused.json()["rule"] == "person-not-known-yet"
    await drafted(desk, patient_ref="patient-2")


@pytest.mark.parametrize(
    ("role", "changes"),
    [
        ("order_placer", {"care_units": ["DEMO-102"]}),
        ("dietitian", {"care_units": ["DEMO-102"]}),
        ("patient", {"patient_ref": "patient-2"}),
    ],
)
async def test_nobody_sees_another_units_or_persons_withdrawals(
    desk: InMemory, role: str, changes: dict[str, object]
) -> None:
    confirmation = await sent(desk)
    headers = desk.token(role, **changes)

    answers = [
        await desk.client.get(f"/allowances/{PATIENT}", headers=headers),
        await desk.client.get(f"/withdrawals/{confirmation['withdrawal_no']}", headers=headers),
        await desk.client.get(f"/orders/{confirmation['order_nos'][0]}", headers=headers),
        await desk.client.post("/withdrawals/preview", json=WANTED, headers=headers),
        await desk.client.post("/withdrawals/search", json={"patient_ref": PATIENT}, headers=headers),
    ]

    assert {each.status_code for each in answers} == {403}


@pytest.mark.parametrize(
    ("role", "found"), [("customer_service", 1), ("order_placer", 1), ("dietitian", 1), ("patient", 0)]
)
async def test_drafts_are_listed_for_those_who_may_send_them(desk: InMemory, role: str, found: int) -> None:
    await drafted(desk)

    listed = await desk.client.post("/withdrawals/drafts", json={}, headers=desk.token(role))
    of_unit = await desk.client.post(
        "/withdrawals/drafts", json={"care_unit": "DEMO-102"}, headers=desk.token(role)
    )

    assert len(listed.json()) == found
    assert of_unit.json() == []


async def test_the_patient_withdraws_on_own_lines(desk: InMemory) -> None:
    number = await drafted(desk, "customer_service")
    own = desk.once("patient", patient_ref=PATIENT)

    answer = await desk.client.post(f"/withdrawals/{number}/send", headers=own)

    assert answer.status_code == 200


async def test_the_prescriber_is_refused_on_the_own_prescription(desk: InMemory) -> None:
    refused = await desk.client.post("/withdrawals", json=WANTED, headers=desk.once("dietitian"))

    assert (refused.status_code, refused.json()["rule"]) == (422, "own-prescription")


@pytest.mark.parametrize(
    "delivery",
    [
        {"door_code": "x" * 21},
        {"address": {"line1": "Provvägen 3", "postal_code": "02112", "city": "MALMÖ"}},
        {"surprise": 1},
        {"notice": "pigeon"},
    ],
)
async def test_a_wrong_field_is_named(desk: InMemory, delivery: dict[str, object]) -> None:
    wanted = WANTED | {"delivery": delivery}

    refused = await desk.client.post("/withdrawals", json=wanted, headers=desk.once("customer_service"))

    assert (refused.status_code, refused.json()["rule"]) == (422, "invalid")
    assert "delivery" in refused.json()["fields"][0]["field"]


@pytest.mark.parametrize(
    ("notice", "to", "status"),
    [
        ("sms", "070-174 06 06", 201),
        ("phone", "040-628 04 01", 201),
        ("email", "test@example.se", 201),
        ("email", "test@", 422),
        ("sms", "040-628 04 01", 422),
    ],
)
async def test_a_notice_goes_to_a_number_or_address_that_can_be_reached(
    desk: InMemory, notice: str, to: str, status: int
) -> None:
    wanted = WANTED | {"delivery": {"notice": notice, "notice_to": to}}

    answer = await desk.client.post("/withdrawals", json=wanted, headers=desk.once("customer_service"))

    assert answer.status_code == status


async def test_a_landline_in_the_register_is_not_sent_an_sms() -> None:
    service = await told_desk()
    landline = service.seals.seal("+46406280400")
    await service.hear(patient(service.seals, version=2, phone=landline))

    confirmation = await sent(service)

    assert confirmation["notice"] == "none"


async def test_another_address_for_one_withdrawal_is_used_once(desk: InMemory) -> None:
    address = {"line1": "Provstigen 1", "postal_code": "272 31", "city": "SIMRISHAMN", "co": "Sommarboende"}
    number = await drafted(desk, delivery={"address": address, "receiver": {"kind": "other", "name": "G T"}})
    await desk.client.post(f"/withdrawals/{number}/send", headers=desk.once("customer_service"))

    deliver = desk.partner_messages()[0]["deliver"]
    allowance = await desk.client.get(f"/allowances/{PATIENT}", headers=desk.token("customer_service"))
    assert (deliver["street"], deliver["postal_code"], deliver["co"]) == (
        "Provstigen 1",
        "27231",
        "Sommarboende",
    )
    assert allowance.json()["prefill"]["address"]["line1"] == "Provvägen 3"
