"""An article outside the assortment: asked by who orders, decided with stock and cost shown (T32, Q50)."""

from datetime import date
from typing import Any

from shared.events.prescription import PatientsMerged
from shared.events.tasks import TaskRaised, TaskResolved
from tests.ordering.baskets import WAREHOUSE, added, begun, rules_against
from tests.ordering.baskets import sent as sent_basket
from tests.ordering.desk import patient
from tests.ordering.devices import (
    MASK,
    OTHER_UNIT,
    STAFF,
    UNIT,
    article,
    placer,
    posted,
    told_devices,
)
from tests.ordering.examples import PATIENT
from tests.support import InMemory

OUTSIDE = "910999"
WANTED = {
    "patient_ref": PATIENT,
    "care_unit": UNIT,
    "article_no": OUTSIDE,
    "quantity": 2,
    "reason": "Passar inte",
}


async def planned(_service: str, _method: str, _path: str, *, json: Any = None) -> Any:
    """Inventory has three of whatever it is asked about."""
    return {
        "lines": [
            {"line_no": each["line_no"], "article_no": each["article_no"], "in_stock": 3, "expected_on": None}
            for each in json["lines"]
        ]
    }


async def told() -> InMemory:
    service = await told_devices(ask=planned)
    await service.hear(article(OUTSIDE, "Demomask special", 1250, assortment="none"))
    return service


async def asked(service: InMemory, **changes: Any) -> Any:
    who = placer(service, **changes.pop("who", {}))
    return await posted(service, "/assortment-requests", WANTED | changes, who)


async def decided(service: InMemory, request_id: str, act: str, form: Any, *, by: str = "clerk-2") -> Any:
    headers = service.once("customer_service", sub=by)
    return await posted(service, f"/assortment-requests/{request_id}/{act}", form, headers)


async def seen(service: InMemory, path: str = "", role: str = "customer_service", **claims: Any) -> Any:
    answer = await service.client.get(f"/assortment-requests{path}", headers=service.token(role, **claims))
    return answer.json()


async def test_an_article_outside_the_assortment_is_ordered_once_another_person_has_approved_it() -> None:
    service = await told()
    await begun(service)
    await added(service, article_no=OUTSIDE, quantity=2, **WAREHOUSE)
    before = await rules_against(service)

    request_id = (await asked(service)).json()["request_id"]
    still = await rules_against(service)
    approved = await decided(service, request_id, "approve", {"answer": "Beställ två"})
    after = await rules_against(service)

    assert (before, still, after) == (["source-not-offered"], ["source-not-offered"], [])
    assert approved.json()["state"] == "approved"
    assert (await sent_basket(service)).status_code == 200
    assert [each.how for each in service.told_of(TaskResolved)] == ["approved"]


async def test_the_task_and_the_request_say_what_it_costs_and_what_there_is() -> None:
    service = await told()

    request_id = (await asked(service)).json()["request_id"]

    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.role, task.reason) == (
        "assortment_request_waits", "customer_service", "outside-the-assortment",
    )  # fmt: skip
    assert task.details == {"quantity": "2", "article_no": OUTSIDE, "cost": "2500.00", "in_stock": "3"}
    shown = await seen(service, f"/{request_id}")
    (listed,) = await seen(service)
    assert (shown["price"], shown["cost"], shown["in_stock"]) == ("1250.00", "2500.00", 3)
    assert (shown["article_name"], shown["care_unit_name"]) == (
        "Demomask special",
        "Sömnmottagningen Demostad",
    )
    assert shown["asked_by_name"] == "Testsson, order_placer"
    assert listed == shown


async def test_an_approval_is_for_the_patient_and_holds_for_ninety_days() -> None:
    service = await told()
    request_id = (await asked(service)).json()["request_id"]
    await decided(service, request_id, "approve", {})
    await begun(service)
    await added(service, article_no=OUTSIDE, **WAREHOUSE)

    service.clock.move(days=90)
    last_day = await rules_against(service)
    service.clock.move(days=1)

    assert (await seen(service, f"/{request_id}"))["valid_through"] == "2027-02-21"
    assert (last_day, await rules_against(service)) == ([], ["source-not-offered"])


async def test_what_is_declined_says_why_and_may_be_asked_for_again() -> None:
    service = await told()
    request_id = (await asked(service)).json()["request_id"]
    waits = await asked(service)

    without_why = await decided(service, request_id, "decline", {})
    declined = await decided(service, request_id, "decline", {"answer": "Välj 910300"})
    twice = await decided(service, request_id, "approve", {})
    again = await asked(service)

    assert waits.json()["rule"] == "assortment-request-waits"
    assert (without_why.status_code, declined.json()["state"]) == (422, "declined")
    assert twice.json()["rule"] == "assortment-request-decided"
    assert (again.status_code, await seen(service, "?care_unit=" + UNIT) != []) == (201, True)
    assert (await seen(service, f"/{request_id}"))["answer"] == "Välj 910300"


async def test_what_is_in_the_assortment_or_nobody_knows_is_not_asked_for() -> None:
    service = await told()

    ordinary = await asked(service, article_no=MASK)
    unknown = await asked(service, article_no="999999")
    of_another_unit = await asked(service, who={"care_units": [OTHER_UNIT]})
    by_who_asked = await decided(
        service, (await asked(service)).json()["request_id"], "approve", {}, by="order_placer-1"
    )

    assert ordinary.json()["rule"] == "in-assortment-already"
    assert (unknown.status_code, of_another_unit.status_code) == (404, 403)
    assert by_who_asked.json()["rule"] == "second-person-needed"


async def test_requests_of_own_units_are_listed_and_follow_a_merged_patient() -> None:
    service = await told()
    request_id = (await asked(service)).json()["request_id"]
    await service.hear(patient(service.seals, patient_ref="patient-2"))

    await service.hear(
        PatientsMerged(patient_ref=PATIENT, into_ref="patient-2", merged_on=date(2026, 11, 23))
    )

    mine = await seen(service, role="order_placer", **STAFF)
    elsewhere = await seen(service, role="order_placer", **STAFF | {"care_units": [OTHER_UNIT]})
    other_area = await seen(service, role="order_placer", **STAFF | {"product_areas": ["foods"]})
    assert [(each["request_id"], each["patient_ref"]) for each in mine] == [(request_id, "patient-2")]
    assert (elsewhere, other_area) == ([], [])
