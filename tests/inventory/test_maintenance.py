"""Maintenance through the routes: intervals, what is due, jobs, and what is not lent (S130, S131)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.upkeep import NO_UPKEEP
from services.inventory.repository.collections import DEVICES
from shared.domain.decision import Decision
from shared.events.inventory_goods import DeviceChanged, HandOutMade, HandOutRefused
from shared.repository import Cause
from tests.inventory.shelves import HAND_OUT, order_of, receive_cpaps, shelf, state_of
from tests.inventory.upkeep import (
    EVERY_YEAR,
    WORK,
    due_on,
    get,
    maintained_shelf,
    opened,
    post,
    warehouse_shelf,
)
from tests.support import InMemory

DUE = "/maintenance-due/search"


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await maintained_shelf()
    yield inventory
    await inventory.client.aclose()


async def test_the_due_list_says_which_devices_are_due_the_first_day_first(service: InMemory) -> None:
    answer = await post(service, DUE, {})
    later = await post(service, DUE, {"due_from": "2026-11-24", "due_through": "2027-12-31"})
    here = await post(service, DUE, {"storeroom_no": "DEMO-S1", "product_area": "cpap"})
    elsewhere = [
        (await post(service, DUE, where)).json()
        for where in ({"storeroom_no": "DEMO-W1"}, {"product_area": "hearing"}, {"care_unit": "DEMO-101"})
    ]

    rows = [(each["device_no"], each["due_on"], each["overdue"]) for each in answer.json()]
    assert rows == [("D100001", "2025-11-01", True), ("D100002", "2027-11-02", False)]
    assert [each["device_no"] for each in later.json()] == ["D100002"]
    assert here.json() == answer.json()
    assert elsewhere == [[], [], []]


async def test_a_device_on_loan_is_due_at_the_unit_that_lent_it(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-S1", ["D100003"], hoses=1)
    lent = HAND_OUT.lines[0].model_copy(update={"device_no": "D100003"})
    await service.hear(HAND_OUT.model_copy(update={"lines": (lent,)}))
    await service.run_jobs()

    by_the_unit = await post(service, DUE, {"care_unit": "DEMO-101"}, role="order_placer")
    of_another = await post(service, DUE, {"care_unit": "DEMO-102"}, role="order_placer")
    of_everybody = await post(service, DUE, {}, role="order_placer")

    assert [(each["device_no"], each["care_unit"]) for each in by_the_unit.json()] == [
        ("D100003", "DEMO-101")
    ]
    assert (of_another.json(), of_everybody.json()) == ([], by_the_unit.json())


async def test_an_overdue_device_is_not_handed_out_before_a_reason_is_recorded(service: InMemory) -> None:
    hand_out = HAND_OUT.model_copy(
        update={"lines": (HAND_OUT.lines[0].model_copy(update={"components": ()}),)}
    )
    await service.hear(hand_out)
    (refused,) = service.told_of(HandOutRefused)
    reason = {"reason": "Enda maskinen i dag, underhåll bokat"}
    recorded = await post(service, "/devices/D100001/overdue-reason", reason, role="order_placer")
    of_another_unit = await post(
        service, "/devices/D100001/overdue-reason", reason, role="order_placer", care_units=["DEMO-102"]
    )
    not_needed = await post(service, "/devices/D100002/overdue-reason", reason)
    again = order_of(7, kind="hand_out", storeroom_no="DEMO-S1", lines=hand_out.lines)
    await service.hear(again)

    assert (refused.rule, refused.line_no) == ("maintenance-overdue", 1)
    assert recorded.json()["overdue_reason"] == reason["reason"]
    assert (of_another_unit.status_code, not_needed.json()["rule"]) == (404, "not-overdue")
    assert [each.order_no for each in service.told_of(HandOutMade)] == [again.order_no]


async def test_a_preventive_job_counts_the_next_day_and_shows_on_the_device(service: InMemory) -> None:
    number = await opened(service)
    twice = await post(
        service, "/maintenance-jobs",
        {"device_no": "D100001", "kind": "preventive", "reason": "Årlig översyn"},
    )  # fmt: skip
    done = await post(service, f"/maintenance-jobs/{number}/complete", WORK)
    jobs = (await get(service, "/devices/d100001/maintenance-jobs", role="order_placer")).json()

    assert (twice.status_code, twice.json()["rule"]) == (422, "job-open")
    assert done.status_code == 200, done.text
    assert done.json()["work"]["next_due_on"] == "2027-11-23" == await due_on(service)
    assert [(each["job_no"], each["state"], each["kind_text"]) for each in jobs] == [
        (number, "done", "Förebyggande underhåll")
    ]
    assert jobs[0]["work"]["activities"] == WORK["activities"]
    card = (await get(service, "/devices/D100001", role="order_placer")).json()
    assert (card["maintained_on"], card["due_on"], card["open_jobs"]) == ("2026-11-23", "2027-11-23", [])
    shown = await get(service, f"/maintenance-jobs/{number.lower()}", role="order_placer")
    assert shown.json() == jobs[0]
    closed = await post(service, f"/maintenance-jobs/{number}/complete", WORK)
    assert closed.json()["rule"] == "job-not-open"


async def test_the_technician_may_name_an_earlier_day_and_no_impossible_one(service: InMemory) -> None:
    number = await opened(service)
    path = f"/maintenance-jobs/{number}/complete"

    tomorrow = await post(service, path, WORK | {"done_on": "2026-11-24"})
    before = await post(service, path, WORK | {"next_on": "2026-11-23"})
    person = await post(service, path, WORK | {"note": "Patienten 19121212-1212 var hemma"})
    done = await post(service, path, WORK | {"next_on": "2027-02-01"})

    assert [each.json()["rule"] for each in (tomorrow, before, person)] == [
        "day-to-come", "next-before-done", "note-about-person",
    ]  # fmt: skip
    assert done.json()["work"]["next_due_on"] == "2027-02-01"


async def test_an_annulled_job_leaves_the_device_as_it_was(service: InMemory) -> None:
    number = await opened(service)

    answer = await post(service, f"/maintenance-jobs/{number}/annul", {"reason": "Registrerad i misstag"})

    assert (answer.json()["state"], answer.json()["annulled_by"]) == ("annulled", "technician-1")
    assert await due_on(service) == "2025-11-01"
    assert await opened(service) != number


async def test_a_changed_interval_counts_every_device_of_the_article_anew(service: InMemory) -> None:
    longer = EVERY_YEAR | {"valid_from": "2026-11-23", "months": 36}

    answer = await post(service, "/device-articles/910001/maintenance-intervals", longer)
    past = await post(service, "/device-articles/910001/maintenance-intervals", EVERY_YEAR)
    counted = await post(service, "/device-articles/910100/maintenance-intervals", EVERY_YEAR)
    await service.run_jobs()

    assert [each["months"] for each in answer.json()["intervals"]] == [12, 36]
    assert (past.json()["rule"], counted.json()["rule"]) == ("past-interval", "not-marked")
    assert (await due_on(service), await due_on(service, "D100002")) == ("2025-11-01", "2029-11-02")
    listed = (await get(service, "/maintenance-intervals")).json()
    assert [(each["article_no"], len(each["intervals"])) for each in listed] == [("910001", 2)]


async def test_one_device_may_have_an_interval_of_its_own(service: InMemory) -> None:
    form = {"valid_from": "2020-01-01", "months": 60, "reason": "Används som reserv"}

    answer = await post(service, "/devices/D100001/maintenance-intervals", form)

    assert (answer.json()["due_on"], len(answer.json()["intervals"])) == ("2029-11-01", 1)


async def test_unit_users_register_no_jobs_and_see_what_they_reported(service: InMemory) -> None:
    form = {"device_no": "D100001", "kind": "corrective", "reason": "Startar inte"}

    refused = await post(service, "/maintenance-jobs", form, role="prescriber")
    reported = await post(service, "/devices/D100001/faults", {"fault": "Startar inte"}, role="prescriber")
    own = (await get(service, "/maintenance-jobs", role="prescriber")).json()
    everybodys = (await get(service, "/maintenance-jobs", role="technician")).json()
    none = (await get(service, "/maintenance-jobs?mine=true", role="technician")).json()

    assert refused.status_code == 403
    assert [each["job_no"] for each in own] == [reported.json()["job_no"]]
    assert (own, none) == (everybodys, [])


async def test_parts_are_taken_from_stock_and_an_unfit_device_is_set_apart() -> None:
    service = await warehouse_shelf()
    number = await opened(service, "D100009", "corrective")
    path = f"/maintenance-jobs/{number}/complete"
    hose = {"article_no": "910100", "quantity": 2}

    too_many = await post(service, path, WORK | {"parts": [hose | {"quantity": 4}]})
    device = await post(service, path, WORK | {"parts": [{"article_no": "910001", "quantity": 1}]})
    rejected = await post(service, path, WORK | {"parts": [hose], "result": "rejected"})

    assert [each.json()["rule"] for each in (too_many, device)] == ["too-few-in-stock", "counted-by-number"]
    assert rejected.json()["work"]["parts"][0]["article_name"] == "Demoslang"
    assert await shelf(service, "DEMO-W1", "910100") == (1, 0, 0)
    assert await state_of(service, "D100009") == "quarantined"
    assert not service.told_of(DeviceChanged)[-1].available
    mended = await opened(service, "D100009", "corrective")
    await post(service, f"/maintenance-jobs/{mended}/complete", WORK | {"result": "repaired"})
    assert await state_of(service, "D100009") == "in_stock"
    assert await shelf(service, "DEMO-W1", "910001") == (1, 0, 0)
    moves = (await get(service, "/devices/D100009/movements")).json()
    assert sorted(each["why"] for each in moves) == ["maintained", "maintained", "received"]
    await service.client.aclose()


async def test_what_a_version_before_lent_is_listed_at_the_unit_of_its_loan(service: InMemory) -> None:
    lent = HAND_OUT.lines[0].model_copy(update={"device_no": "D100002", "components": ()})
    await service.hear(HAND_OUT.model_copy(update={"lines": (lent,)}))
    await service.repository.change(DEVICES.ref("D100002"), _as_before, cause=Cause(key=None))

    await service.run_jobs()

    device = await service.repository.get(DEVICES.ref("D100002"))
    assert (device.care_unit, device.upkeep.due_on) == ("DEMO-101", date(2027, 11, 2))


def _as_before(device: Device) -> Decision[Device]:
    return replace(device, care_unit=None, upkeep=NO_UPKEEP), []
