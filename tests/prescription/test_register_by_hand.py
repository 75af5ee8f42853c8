"""What customer service writes by hand, beside what the population register says."""

from tests.prescription.register_double import ADULT, AWAY, PROTECTED, Registered, told


async def test_a_reserve_number_is_registered_by_hand_also_while_the_register_is_down(
    registry: Registered,
) -> None:
    registry.behave("down")
    by_hand = {"number": "19850302T123", "protected": False, "name": "Amal Testsson", "born": "1985-03-02"}
    address = {"line1": "Provvägen 15", "postal_code": "21120", "city": "MALMÖ"}

    answer = await registry.post("/patients", {**by_hand, "address": address, "lma_number": "50123456"})

    assert answer.status_code == 201
    found = await registry.found("19850302T123")
    assert (found["copied_at"], found["person"]["lma_number"]) == (None, "50-123456")


async def test_a_person_of_another_region_is_registered_by_customer_service_first(
    registry: Registered,
) -> None:
    answer = await registry.post(
        "/patients",
        {
            "number": AWAY,
            "protected": False,
            "payer": "home_region",
            "home_region": "Grannregionen",
            "phone": "070-1740614",
        },
    )

    assert answer.status_code == 201
    found = await registry.found(AWAY)
    assert (found["person"]["name"], found["person"]["phone"]) == ("Rut Testsson", "+46701740614")
    assert found["status"]["home_region"] == "Grannregionen"


async def test_what_a_form_says_otherwise_than_the_register_is_refused(registry: Registered) -> None:
    registered = await registry.post(
        "/patients", {"number": AWAY, "protected": False, "name": "Annan Testsson"}
    )
    found = await registry.found(ADULT)

    recorded = await registry.service.client.put(
        f"/patients/{found['patient_ref']}",
        json={"number": ADULT, "protected": False, "name": "Annan Testsson"},
        headers=registry.service.once("customer_service"),
    )

    assert registered.json()["rule"] == recorded.json()["rule"] == "register-keeps-person"


async def test_the_protection_of_the_register_holds_whatever_the_form_says(registry: Registered) -> None:
    answer = await registry.post("/patients", {"number": PROTECTED, "protected": False, "name": "X Testsson"})

    assert answer.status_code == 201
    assert [(fact.protected, fact.name) for fact in told(registry)] == [(True, None)]
    lifted = await registry.post(f"/patients/{answer.json()['patient_ref']}/status", {"protected": False})
    assert lifted.json()["rule"] == "register-says-otherwise"


async def test_protection_set_by_hand_ends_when_the_person_is_recorded_anew(registry: Registered) -> None:
    patient_ref = (await registry.found(ADULT))["patient_ref"]
    await registry.post(f"/patients/{patient_ref}/status", {"protected": True})
    registry.service.clock.move(minutes=11)
    still = await registry.refused(ADULT)

    answer = await registry.service.client.put(
        f"/patients/{patient_ref}",
        json={"number": ADULT, "protected": False, "phone": "070-1740605"},
        headers=registry.service.once("customer_service"),
    )

    assert (still, answer.status_code) == ("protected-identity", 200)
    assert (await registry.found(ADULT))["person"]["phone"] == "+46701740605"
