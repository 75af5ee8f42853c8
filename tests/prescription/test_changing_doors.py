"""Who may change how a patient is reached and where goods go: who serves the patient, and few others."""

from typing import Any

import httpx
import pytest

from shared.events.inventory import DeviceHandedOut, DeviceReturned
from shared.events.inventory_goods import HandOutTakenBack
from shared.events.ordering import OrderDelivered
from shared.events.prescription import PatientChanged
from shared.events.tasks import TaskRaised, TaskResolved
from tests.prescription.conftest import ADULT, OTHER_UNIT, SUMMER, UNIT, Register, person_of, post
from tests.prescription.test_consuming import SENT
from tests.support import A_MONDAY_MORNING, InMemory

PHONE = {"phone": "070-1740699"}
WHY = "Patienten ligger på akuten och når inte kundservice"
LOAN = DeviceHandedOut(
    loan_id="l-1",
    patient_ref="",
    device_no="1",
    article_no="2",
    product_area="foods",
    care_unit=OTHER_UNIT,
    order_no="B",
    handed_out_on=A_MONDAY_MORNING.date(),
    handed_out_at=A_MONDAY_MORNING,
    how="handed_out",
)
TASK = TaskRaised(
    task_id="t-1", kind="unsent_draft", role="order_placer", care_unit=OTHER_UNIT, reason="begun-and-not-sent"
)
STRANGERS: list[dict[str, Any]] = [
    {"role": "order_placer", "care_units": [OTHER_UNIT]},
    {"role": "dietitian", "care_units": [OTHER_UNIT]},
    {"role": "prescriber", "profession": "nurse", "care_units": [UNIT], "product_areas": ["incontinence"]},
]


async def change(service: InMemory, patient_ref: str, role: str, **said: Any) -> httpx.Response:
    """Put a telephone number; `emergency` goes with the body, all else is of the person."""
    emergency = {"emergency": said.pop("emergency")} if "emergency" in said else {}
    return await service.client.put(
        f"/patients/{patient_ref}/contact", json={**PHONE, **emergency}, headers=service.once(role, **said)
    )


@pytest.fixture
async def served(prescribed: dict[str, Any]) -> str:
    """Give a patient with an active line of foods at the usual unit."""
    return str(prescribed["patient_ref"])


async def test_the_unit_that_prescribed_customer_service_and_the_patient_change(
    service: InMemory, served: str
) -> None:
    people = [service.once("order_placer"), service.once("customer_service")]
    people.append(service.once("patient", patient_ref=served))

    for headers in people:
        answer = await service.client.put(f"/patients/{served}/contact", json=PHONE, headers=headers)
        assert answer.status_code == 200


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_nobody_else_changes_the_patient_even_by_the_full_number(
    service: InMemory, served: str, stranger: dict[str, Any]
) -> None:
    said = dict(stranger)
    role = said.pop("role")
    found = await post(service, "/patients/find", {"number": ADULT}, role, **said)

    phone = await change(service, served, role, **said)
    saved = await post(service, f"/patients/{served}/addresses", SUMMER, role, **said)
    forgotten = await post(service, f"/patients/{served}/addresses/a-1/forget", {}, role, **said)

    assert found.status_code == 200
    assert [each.status_code for each in (phone, saved, forgotten)] == [403, 403, 403]
    assert phone.json()["rule"] == "not-your-patient"
    assert (await person_of(service, served))["phone"] == "+46701740605"


async def test_an_order_ties_the_patient_to_its_unit_until_it_is_delivered(
    service: InMemory, register: Register
) -> None:
    patient_ref = await register()
    sent = {"patient_ref": patient_ref, "care_unit": OTHER_UNIT, "order_nos": ("B2026-000001-4",)}
    await service.hear(SENT.model_copy(update=sent))

    during = await change(service, patient_ref, "order_placer", care_units=[OTHER_UNIT])
    delivered = OrderDelivered(
        order_no="B2026-000001-4",
        withdrawal_no="U",
        patient_ref=patient_ref,
        delivered_at=A_MONDAY_MORNING,
    )
    await service.hear(delivered)
    after = await change(service, patient_ref, "order_placer", care_units=[OTHER_UNIT])

    assert (during.status_code, after.status_code) == (200, 403)


async def test_an_end_that_is_consumed_first_stands(service: InMemory, register: Register) -> None:
    patient_ref = await register()
    returned = DeviceReturned(
        loan_id="l-1",
        patient_ref=patient_ref,
        device_no="1",
        returned_on=A_MONDAY_MORNING.date(),
        return_no="R",
    )
    await service.hear(returned)
    await service.hear(LOAN.model_copy(update={"patient_ref": patient_ref}))

    answer = await change(service, patient_ref, "order_placer", care_units=[OTHER_UNIT])

    assert answer.status_code == 403


async def test_a_hand_out_by_mistake_ties_nobody_to_the_unit(service: InMemory, register: Register) -> None:
    patient_ref = await register()
    await service.hear(LOAN.model_copy(update={"patient_ref": patient_ref}))
    mistaken = HandOutTakenBack(
        order_no=LOAN.order_no,
        patient_ref=patient_ref,
        loan_ids=(LOAN.loan_id,),
        taken_back_at=A_MONDAY_MORNING,
    )

    await service.hear(mistaken)

    answer = await change(service, patient_ref, "order_placer", care_units=[OTHER_UNIT])
    assert answer.status_code == 403


async def test_a_loan_at_the_unit_lets_it_change(service: InMemory, register: Register) -> None:
    patient_ref = await register()
    await service.hear(LOAN.model_copy(update={"patient_ref": patient_ref}))

    answer = await change(service, patient_ref, "order_placer", care_units=[OTHER_UNIT])

    assert answer.status_code == 200


async def test_a_task_lets_those_change_on_whose_list_it_stands(
    service: InMemory, register: Register
) -> None:
    patient_ref = await register()
    await service.hear(TASK.model_copy(update={"patient_ref": patient_ref}))

    theirs = await change(service, patient_ref, "order_placer", care_units=[OTHER_UNIT])
    others = await change(service, patient_ref, "dietitian", care_units=[OTHER_UNIT])
    service.clock.move(minutes=1)
    await service.hear(TaskResolved(task_id="t-1", how="sent-or-annulled"))
    over = await change(service, patient_ref, "order_placer", care_units=[OTHER_UNIT])

    assert [each.status_code for each in (theirs, others, over)] == [200, 403, 403]


async def test_whom_nobody_serves_yet_is_changed_by_who_opened_the_full_number_for_a_day(
    service: InMemory, adult: str
) -> None:
    by_reference = await service.client.get(f"/patients/{adult}", headers=service.token("order_placer"))
    before = await change(service, adult, "order_placer")
    await post(service, "/patients/search", {"number": ADULT}, "order_placer")
    after = await change(service, adult, "order_placer")
    service.clock.move(days=1, seconds=1)
    a_day_later = await change(service, adult, "order_placer")

    assert by_reference.status_code == 200
    assert [each.status_code for each in (before, after, a_day_later)] == [403, 200, 403]


async def test_an_ended_line_serves_nobody(service: InMemory, served: str) -> None:
    service.clock.move(days=366)

    answer = await change(service, served, "order_placer")

    assert answer.status_code == 403


async def test_an_emergency_is_stated_with_a_reason_audited_and_made_a_task_of_customer_service(
    service: InMemory, served: str
) -> None:
    nothing = await change(service, served, "order_placer", care_units=[OTHER_UNIT], emergency="...")
    answer = await change(service, served, "order_placer", care_units=[OTHER_UNIT], emergency=WHY)

    assert (nothing.status_code, nothing.json()["rule"]) == (422, "reason-says-nothing")
    assert answer.status_code == 200
    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.role, task.patient_ref) == ("changed_in_emergency", "customer_service", served)
    assert service.seals.open(task.note) == f"order_placer-1: {WHY}"
    assert WHY not in task.model_dump_json()
    rows = [row for row in await service.repository.backend.audit.rows() if row["purpose"] == "emergency"]
    assert [(row["actor"], row["patient_refs"], row["outcome"]) for row in rows] == [
        ("order_placer-1", [served], "done")
    ]


async def test_who_serves_the_patient_needs_no_emergency_and_raises_no_task(
    service: InMemory, served: str
) -> None:
    answer = await change(service, served, "order_placer", emergency=WHY)

    assert (answer.status_code, service.told_of(TaskRaised)) == (200, [])
    assert service.told_of(PatientChanged)[-1].version == 2


async def menu_says(service: InMemory, whose: str, role: str, **said: Any) -> list[bool]:
    """Say whether the menu and the patient view offer to edit the patient."""
    headers = service.token(role, **said)
    menu = (await service.client.get(f"/patients/{whose}/functions", headers=headers)).json()
    view = (await service.client.get(f"/patients/{whose}", headers=headers)).json()
    entries = [
        next(each for each in found if each["function"] == "edit_patient")
        for found in (menu, view["functions"])
    ]
    assert all(
        each["is_open"] or each["why_closed"].startswith("Patienten har ingen rad") for each in entries
    )
    return [each["is_open"] for each in entries]


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_the_menu_is_closed_to_who_may_not_change_the_patient(
    service: InMemory, served: str, stranger: dict[str, Any]
) -> None:
    assert await menu_says(service, served, **stranger) == [False, False]


@pytest.mark.parametrize(
    "role", ["order_placer", "dietitian", "customer_service", "patient"], ids=lambda role: f"to-{role}"
)
async def test_the_menu_is_open_to_who_may_change_the_patient(
    service: InMemory, served: str, role: str
) -> None:
    said = {"patient_ref": served} if role == "patient" else {}

    assert await menu_says(service, served, role, **said) == [True, True]
    headers = service.once(role, **said)
    answer = await service.client.put(f"/patients/{served}/contact", json=PHONE, headers=headers)
    assert answer.status_code == 200


async def test_the_menu_closes_when_the_last_line_has_ended(service: InMemory, served: str) -> None:
    before = await menu_says(service, served, "order_placer")
    service.clock.move(days=366)

    assert (before, await menu_says(service, served, "order_placer")) == ([True, True], [False, False])


async def test_of_whom_nobody_serves_yet_the_menu_is_open_to_who_opened_the_full_number(
    service: InMemory, adult: str
) -> None:
    before = await menu_says(service, adult, "order_placer")
    await post(service, "/patients/search", {"number": ADULT}, "order_placer")

    assert (before, await menu_says(service, adult, "order_placer")) == ([False, False], [True, True])
