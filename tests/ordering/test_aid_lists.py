"""A patient's list of aids: has now, ordered, returned; who sees it, and what is printed (S104, S158, Q7)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.ordering.api.devices.aids import aids_page
from services.ordering.application.aids import AidsOfPatient
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.loans import Loan, note_ended, note_lent
from services.ordering.repository.collections import DEVICE_ORDERS
from shared.events.fact import KEPT
from shared.events.inventory import DeviceLossReported, DeviceReturned
from shared.events.inventory_goods import HandOutTakenBack
from shared.events.ordering_devices import DeviceOrderSent
from shared.events.prescription import Guardianship
from shared.http import Language
from tests.ordering.baskets import WAREHOUSE, added, begun, reserved, sent
from tests.ordering.desk import patient
from tests.ordering.devices import (
    DEVICE_NO,
    HUMIDIFIER,
    MASK,
    OTHER_UNIT,
    STAFF,
    device,
    hand_out_form,
    handed_out,
    placer,
    posted,
    told_devices,
)
from tests.ordering.examples import PATIENT
from tests.support import InMemory

PATH = f"/patients/{PATIENT}/aids"
GUARDIAN = "guardian-1"


async def with_aids(**changes: Any) -> InMemory:
    """Hand out two devices, take one back, and order a mask that is waited for."""
    service = await told_devices(**changes)
    await service.hear(device("D200001", HUMIDIFIER))
    await handed_out(service, hand_out_form())
    returned = (await handed_out(service, hand_out_form(device_no="D200001", fee=...))).json()["order_no"]
    await service.hear(
        DeviceReturned(
            loan_id=f"loan-{returned}",
            patient_ref=PATIENT,
            device_no="D200001",
            returned_on=date(2026, 11, 23),
            return_no="R2026-000001-1",
        )
    )
    await begun(service)
    await added(service, article_no=MASK, quantity=2, **WAREHOUSE)
    assert (await sent(service)).status_code == 200
    await service.hear(reserved(service.told_of(DeviceOrderSent)[-1], version=1, waiting=1))
    return service


async def seen_by(service: InMemory, role: str = "order_placer", **claims: Any) -> Any:
    return await service.client.get(PATH, headers=service.token(role, **claims))


async def test_the_list_names_what_the_patient_has_has_ordered_and_has_returned() -> None:
    service = await with_aids()

    shown = (await seen_by(service, **STAFF)).json()

    (has,), (ordered,), (returned,) = shown["has"], shown["ordered"], shown["returned"]
    assert (has["device_no"], has["article_name"], has["handed_out_on"]) == (
        DEVICE_NO,
        "Demo-CPAP",
        "2026-11-23",
    )
    assert has["care_unit_name"] == "Sömnmottagningen Demostad"
    assert (ordered["article_name"], ordered["quantity"], ordered["expected_on"]) == (
        "Demomask",
        2,
        "2026-12-01",
    )
    assert (returned["device_no"], returned["returned_on"]) == ("D200001", "2026-11-23")


async def test_a_hand_out_by_mistake_was_no_loan() -> None:
    service = await told_devices()
    order_no = (await handed_out(service, hand_out_form())).json()["order_no"]
    at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    loans = (f"loan-{order_no}",)

    await service.hear(
        HandOutTakenBack(order_no=order_no, patient_ref=PATIENT, loan_ids=loans, taken_back_at=at)
    )

    shown = (await seen_by(service, **STAFF)).json()
    assert (shown["has"], shown["returned"]) == ([], [])


@pytest.mark.parametrize(
    ("born", "valid_through", "status", "rule"),
    [
        ("2013-11-24", None, 200, None),
        ("2013-11-23", None, 403, "guardian-calls-customer-service"),
        ("2008-11-24", None, 403, "guardian-calls-customer-service"),
        ("2008-11-23", None, 403, "not-your-unit"),
        ("2020-01-01", date(2026, 11, 22), 403, "not-your-unit"),
    ],
)
async def test_a_guardian_sees_a_childs_aids_until_the_child_is_13(
    born: str, valid_through: date | None, status: int, rule: str | None
) -> None:
    service = await with_aids()
    guardian = Guardianship(
        guardian_ref=GUARDIAN, valid_from=date(2020, 1, 1), valid_through=valid_through or date(2038, 1, 1)
    )
    child = {"born": service.seals.seal(born, purpose="identity"), "guardians": (guardian,)}
    await service.hear(patient(service.seals, version=2, **child))

    answer = await seen_by(service, "patient", patient_ref=GUARDIAN)

    assert (answer.status_code, answer.json().get("rule")) == (status, rule)


async def test_patients_see_their_own_and_nobody_elses_and_staff_their_areas() -> None:
    service = await with_aids()

    own = await seen_by(service, "patient", patient_ref=PATIENT)
    stranger = await seen_by(service, "patient", patient_ref="somebody-else")
    other_area = (await seen_by(service, **STAFF | {"product_areas": ["hearing"]})).json()
    other_unit = (await seen_by(service, **STAFF | {"care_units": [OTHER_UNIT]})).json()

    assert (own.status_code, len(own.json()["has"]), stranger.status_code) == (200, 1, 403)
    assert [other_area[part] for part in ("has", "ordered", "returned")] == [[], [], []]
    assert (len(other_unit["has"]), other_unit["ordered"]) == (1, [])
    row = (await service.repository.backend.audit.rows())[-1]
    assert (row["action"], row["patient_refs"]) == ("ordering.get_aid_list", [PATIENT])


async def test_the_printed_list_has_the_recipients_name_and_address() -> None:
    service = await with_aids()

    answer = await service.client.post(f"{PATH}/print", headers=service.token("order_placer", **STAFF))

    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    found = AidsOfPatient(
        PATIENT,
        "Test Testsson",
        ("Provvägen 3", "21120 MALMÖ"),
        (Loan("l-1", PATIENT, "910001", "D1", handed_out_on=date(2026, 11, 23), care_unit="U"),),
        (),
        DeviceCatalogue({}, {}, {}),
    )
    page = aids_page(found, language="sv", on=date(2026, 11, 23))
    assert (page["name"], page["address"]) == ("Test Testsson", ["Provvägen 3", "21120 MALMÖ"])
    assert page["has"] == [["910001 (910001)", "D1", "U", "2026-11-23"]]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_list_without_a_name_says_that_the_name_is_not_printed(language: Language) -> None:
    nobody = AidsOfPatient(PATIENT, "", (), (), (), DeviceCatalogue({}, {}, {}))

    name = aids_page(nobody, language=language, on=date(2026, 11, 23))["name"]

    assert name == {"sv": "Namnet skrivs inte ut", "en": "The name is not printed"}[language]


async def test_only_what_is_open_is_asked_of_the_database_and_not_left_out_of_a_page() -> None:
    service = await told_devices()
    await begun(service)
    await added(service, article_no=MASK, **WAREHOUSE)
    await sent(service)
    await service.hear(device("D200001", HUMIDIFIER))
    for number in ("D200001", DEVICE_NO):
        changed = {"fee": ...} if number == "D200001" else {}
        await handed_out(service, hand_out_form(device_no=number, **changed))

    page = await service.repository.page(
        DEVICE_ORDERS, {"patient_ref": PATIENT, "is_over": {"$ne": True}}, sort="-sent_at", limit=1
    )
    form = {"patient_ref": PATIENT, "only_open": True}
    found = await posted(service, "/device-orders/search", form, placer(service))

    assert [each.kind for each in page.states] == ["order"]
    assert [each["kind"] for each in found.json()] == ["order"]


@pytest.mark.parametrize(("how", "has"), [("stolen", 0), ("lost", 0), ("damaged", 1), ("unknown", 1)])
async def test_what_was_stolen_or_lost_the_patient_has_no_more_and_what_is_damaged_still(
    how: str, has: int
) -> None:
    service = await with_aids()
    (loan,) = (await seen_by(service, **STAFF)).json()["has"]
    told = {
        "loss_no": "E2026-000001-4", "loan_id": loan["loan_id"], "patient_ref": PATIENT,
        "device_no": DEVICE_NO, "article_no": "910001", "product_area": "cpap", "care_unit": "DEMO-101",
        "order_no": loan["order_no"], "how": how, "happened_on": "2026-11-23",
        "reported_at": "2026-11-23T09:00:00Z", "handed_out_on": "2026-11-23",
    }  # fmt: skip

    await service.hear(DeviceLossReported.model_validate(told, context=KEPT))

    shown = (await seen_by(service, **STAFF)).json()
    lost = [(each["lost_on"], each["returned_on"]) for each in shown["returned"] if each["lost_on"]]
    assert len(shown["has"]) == has
    assert lost == [("2026-11-23", None)] * (1 - has)
    assert len(shown["returned"]) == 2 - has


def test_the_printed_list_says_of_a_lost_device_that_it_is_lost_and_since_when() -> None:
    lost = Loan("loan-1", PATIENT, "910001", DEVICE_NO, is_over=True, lost_on=date(2026, 11, 23))
    found = AidsOfPatient(PATIENT, "Demo", (), (lost,), (), DeviceCatalogue({}, {}, {}))

    (row,) = aids_page(found, language="sv", on=date(2026, 11, 24))["returned"]

    assert row[-1] == "2026-11-23, stulet eller förkommet"


def test_the_loss_of_a_device_is_kept_when_it_is_known_before_the_hand_out() -> None:
    ended, _ = note_ended(None, loan_id="loan-1", patient_ref=PATIENT, lost_on=date(2026, 11, 23))

    loan, _ = note_lent(ended, lent=Loan("loan-1", PATIENT, "910001", DEVICE_NO))

    assert (loan.is_over, loan.lost_on, loan.device_no) == (True, date(2026, 11, 23), DEVICE_NO)
