"""Contact data, addresses and my page, at the doors."""

import json

from shared.events.ordering import AddressKept
from shared.events.prescription import PatientChanged
from tests.prescription.conftest import ADDRESS, ADULT, FORM, SUMMER, day, person_of, post
from tests.support import InMemory


async def test_staff_and_the_patient_change_how_the_patient_is_reached(service: InMemory, adult: str) -> None:
    contact = {
        "phone": "0046 70-1740699",
        "other_phones": ["040-6280400"],
        "email": "test@example.org",
        "language": "en",
    }

    await post(service, "/patients/find", {"number": ADULT}, "order_placer")
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
    await post(service, "/patients/find", {"number": ADULT}, "order_placer")
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


async def test_my_page_says_who_i_am_and_what_i_may(service: InMemory) -> None:
    me = (await service.client.get("/me", headers=service.token("order_placer"))).json()

    assert (me["sub"], me["roles"], me["care_units"]) == ("order_placer-1", ["order_placer"], ["DEMO-101"])
    assert "ordering.draft_withdrawal" in me["may"]
    assert "prescription.register_prescription" not in me["may"]
