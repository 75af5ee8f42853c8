"""A reserve number is given its type, replaced by another number, or merged into a person's own."""

from shared.events.prescription import PatientsMerged
from tests.prescription.conftest import FORM, Register, form, person_of, post
from tests.prescription.register_double import RESERVE_TO_BE, Registered
from tests.support import InMemory

RESERVE = "20090122T123"


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


async def test_a_reserve_number_is_merged_into_the_person_whom_the_register_knows(
    registry: Registered,
) -> None:
    service = registry.service
    by_hand = {**FORM, "number": RESERVE, "born": "2009-01-22", "name": "Rey Testsson"}
    old_ref = (await registry.post("/patients", by_hand)).json()["patient_ref"]
    saved = await registry.post("/prescriptions", form(old_ref), role="dietitian")
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
    found = await registry.found(RESERVE)
    assert (found["patient_ref"], found["person"]["number"]) == (given["patient_ref"], RESERVE_TO_BE)
    assert found["person"]["phone"] == "+46701740605"
    view = await service.client.get(f"/patients/{given['patient_ref']}", headers=service.token("dietitian"))
    assert len(view.json()["active_lines"]) == 1
    opened = await service.client.post(
        "/patients/search", json={"number": ""}, headers=service.token("dietitian")
    )
    assert [each["patient_ref"] for each in opened.json()["patients"]] == [given["patient_ref"]]


async def test_what_was_merged_leads_on_and_is_not_merged_again(registry: Registered) -> None:
    service = registry.service
    by_hand = {**FORM, "number": RESERVE, "born": "2009-01-22", "name": "Rey Testsson"}
    old_ref = (await registry.post("/patients", by_hand)).json()["patient_ref"]
    merge = {"number": RESERVE_TO_BE, "reason": "folkbokförd"}
    given = (await registry.post(f"/patients/{old_ref}/number", merge)).json()

    again = await registry.post(f"/patients/{old_ref}/number", merge)
    looked = await service.client.get(f"/patients/{old_ref}", headers=service.token("dietitian"))
    reached = await service.client.post(
        "/reachability",
        json={"people": [{"patient_ref": old_ref, "purpose": "delivery_notice"}]},
        headers=service.token("service_notification"),
    )

    assert (again.json()["rule"], looked.json()["rule"]) == ("merged-patient", "merged-patient")
    assert looked.json()["reasons"][0]["facts"] == {"into": given["patient_ref"]}
    assert reached.json() == {"answers": [{"may_be_told": True, "why": None}]}
    await service.run_jobs()
    assert len(service.told_of(PatientsMerged)) == 1
