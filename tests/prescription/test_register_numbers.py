"""Numbers that change hands: what the register says of two numbers and one person."""

from shared.events.tasks import TaskRaised
from tests.prescription.register_double import ADULT, NEW, OLD, ONLY, PROTECTED, Registered, told


async def test_a_number_that_was_replaced_finds_the_person_by_both_numbers(registry: Registered) -> None:
    by_old = await registry.found(OLD)
    by_new = await registry.found(NEW)

    assert by_old["patient_ref"] == by_new["patient_ref"]
    assert by_old["person"]["number"] == NEW
    assert len(told(registry)) == 1


async def test_a_number_that_changes_hands_is_published_with_the_new_number(registry: Registered) -> None:
    before = await registry.found(ADULT)
    await registry.say("adult", "moved", number=ONLY)
    registry.service.clock.move(minutes=11)

    after = await registry.found(ADULT)

    assert (after["patient_ref"], after["person"]["number"]) == (before["patient_ref"], ONLY)
    assert [registry.service.seals.open(fact.number or "") for fact in told(registry)] == [ADULT, ONLY]


async def test_two_kept_patients_who_are_one_person_become_a_task(registry: Registered) -> None:
    await registry.found(ADULT)
    await registry.found(ONLY)
    await registry.say("adult", "moved", number=ONLY)
    registry.service.clock.move(minutes=11)

    await registry.found(ADULT)

    assert {task.kind for task in registry.service.told_of(TaskRaised)} == {"patients_are_one_person"}


async def test_two_patients_are_merged_when_the_register_says_that_one_number_replaced_the_other(
    registry: Registered,
) -> None:
    old_ref = (await registry.found(ADULT))["patient_ref"]
    new_ref = (await registry.found(ONLY))["patient_ref"]
    merge = {"number": ONLY, "reason": "nytt nummer"}
    before = await registry.post(f"/patients/{old_ref}/number", merge)
    await registry.say("adult", "moved", number=ONLY)

    after = await registry.post(f"/patients/{old_ref}/number", merge)

    assert before.json()["rule"] == "not-a-reserve-number"
    assert (after.json()["how"], after.json()["patient_ref"]) == ("merged", new_ref)
    assert (await registry.found(ADULT))["patient_ref"] == new_ref


async def test_a_merged_patient_is_refreshed_no_more(registry: Registered) -> None:
    old_ref = (await registry.found(ADULT))["patient_ref"]
    await registry.found(ONLY)
    await registry.say("adult", "moved", number=ONLY)
    await registry.post(f"/patients/{old_ref}/number", {"number": ONLY, "reason": "nytt nummer"})
    told_before = len(told(registry))
    registry.service.clock.move(hours=13)

    await registry.service.run_jobs()

    assert len(told(registry)) == told_before


async def test_a_person_is_not_recorded_under_the_number_of_another_whom_the_register_knows(
    registry: Registered,
) -> None:
    patient_ref = (await registry.found(ADULT))["patient_ref"]
    await registry.found(ONLY)

    answer = await registry.service.client.put(
        f"/patients/{patient_ref}",
        json={"number": ONLY, "protected": False},
        headers=registry.service.once("customer_service"),
    )

    assert answer.json()["rule"] == "another-patients-number"


async def test_nobody_is_merged_into_a_protected_person(registry: Registered) -> None:
    by_hand = {"number": "19850302T123", "protected": False, "name": "Amal Testsson", "born": "1985-03-02"}
    address = {"line1": "Provvägen 15", "postal_code": "21120", "city": "MALMÖ"}
    old_ref = (await registry.post("/patients", {**by_hand, "address": address})).json()["patient_ref"]

    answer = await registry.post(f"/patients/{old_ref}/number", {"number": PROTECTED, "reason": "dubblett"})

    assert answer.json()["rule"] == "protected-identity"
    assert len(told(registry)) == 1


async def test_a_number_that_is_replaced_in_a_circle_is_refused(registry: Registered) -> None:
    await registry.say("adult", "moved", number=ONLY)
    await registry.say("only_in_register", "moved", number=ADULT)

    assert await registry.refused(ADULT) == "number-given-away"
