"""What becomes of a collection order: stamped, annulled, closed, found, printed (S144, S145, S150)."""

import uuid
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from services.ordering.repository.collections import COLLECTION_ORDERS, DEVICE_LOANS
from shared.events.inventory import DeviceReturned
from shared.events.ordering_devices import (
    CollectionOrderAnnulled,
    CollectionOrderClosed,
    CollectionOrderFetched,
    CollectionOrderRegistered,
)
from shared.events.prescription import PatientsMerged
from tests.ordering.collecting import came, changed, registered, shown, with_cpap
from tests.ordering.desk import patient
from tests.ordering.devices import DEVICE_NO, OTHER_UNIT, UNIT, posted
from tests.ordering.examples import PATIENT
from tests.support import InMemory

LATE = {"on": "2026-11-26", "reason": "Sjuk"}


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    ordering = await with_cpap()
    yield ordering
    await ordering.client.aclose()


async def test_a_collection_order_is_annulled_by_somebody_and_the_device_asked_for_anew(
    service: InMemory,
) -> None:
    number = await registered(service)

    answer = await changed(service, number, "annul", {"reason": "Patienten behåller den"})
    again = await changed(service, number, "annul", {})

    assert (answer.status_code, again.json()["rule"]) == (200, "collection-over")
    (told,) = service.told_of(CollectionOrderAnnulled)
    assert [each.device_no for each in told.devices] == [DEVICE_NO]
    seen = await shown(service, number)
    assert (seen["state_text"], seen["annulled"]["by_name"], seen["annulled"]["reason"]) == (
        "makulerad", "Testsson, order_placer", "Patienten behåller den",
    )  # fmt: skip
    assert await registered(service) != number


async def test_it_is_stamped_where_the_devices_are_and_that_day_is_when_the_patient_gave_them(
    service: InMemory,
) -> None:
    number = await registered(service)

    handed_in = await changed(service, number, "hand-in")
    at_unit = await shown(service, number)
    twice = await changed(service, number, "hand-in")
    service.clock.move(days=3)
    await changed(service, number, "fetched")
    under_way = await shown(service, number)
    service.clock.move(days=2)
    await service.hear(came(service, number))

    assert (handed_in.status_code, twice.json()["rule"]) == (200, "handed-in-before")
    assert at_unit["where_text"] == "på enheten, väntar på hämtning"
    assert (under_way["where_text"], at_unit["handed_in"]["by"]) == ("hos transportören", "order_placer-1")
    assert service.told_of(CollectionOrderClosed)[0].closed_on == date(2026, 11, 23)
    closed = await shown(service, number)
    assert (closed["state_text"], closed["where_text"]) == ("stängd", "på huvudlagret")
    assert closed["closed_on"] == "2026-11-28"


async def test_the_day_it_was_fetched_is_published_at_once_also_when_it_is_registered_later(
    service: InMemory,
) -> None:
    number = await registered(service)
    service.clock.move(days=4)

    silent = await changed(service, number, "fetched", {"on": "2026-11-26"})
    answer = await changed(service, number, "fetched", LATE)

    assert silent.json()["rule"] == "late-stamp-needs-reason"
    assert answer.status_code == 200, answer.text
    (told,) = service.told_of(CollectionOrderFetched)
    assert (told.fetched_on, [each.device_no for each in told.devices]) == (date(2026, 11, 26), [DEVICE_NO])
    seen = await shown(service, number)
    assert (seen["fetched"]["on"], seen["fetched"]["reason"]) == ("2026-11-26", "Sjuk")
    await service.hear(came(service, number))
    assert service.told_of(CollectionOrderClosed)[0].closed_on == date(2026, 11, 26)


async def test_what_was_handed_in_counts_from_that_day_and_is_published_once(service: InMemory) -> None:
    number = await registered(service)
    await changed(service, number, "hand-in")
    service.clock.move(days=4)

    before = await changed(service, number, "fetched", {"on": "2026-11-22", "reason": "Sjuk"})
    to_come = await changed(service, number, "fetched", {"on": "2026-12-24"})
    await changed(service, number, "fetched")

    assert (before.json()["rule"], to_come.json()["rule"]) == ("before-collection-order", "day-to-come")
    assert [each.fetched_on for each in service.told_of(CollectionOrderFetched)] == [date(2026, 11, 23)]


async def test_the_day_it_was_fetched_is_written_also_after_the_warehouse_closed_the_order(
    service: InMemory,
) -> None:
    number = await registered(service)
    service.clock.move(days=5)
    await service.hear(came(service, number))
    service.clock.move(days=3)

    after = await changed(service, number, "fetched", {"on": "2026-11-29", "reason": "Sjuk"})
    await changed(service, number, "fetched", LATE)
    annulled = await changed(service, number, "annul", {})

    assert (after.json()["rule"], annulled.json()["rule"]) == ("after-closing", "collection-over")
    (told,) = service.told_of(CollectionOrderFetched)
    assert (told.fetched_on, len(told.devices)) == (date(2026, 11, 26), 1)


async def test_what_came_closes_the_order_and_what_did_not_is_told_apart(service: InMemory) -> None:
    number = await registered(service)

    await service.hear(came(service, number, is_there=False))
    await service.hear(came(service, number, is_there=False))

    (told,) = service.told_of(CollectionOrderClosed)
    assert (told.devices, [each.device_no for each in told.not_collected]) == ((), [DEVICE_NO])
    assert (await shown(service, number))["devices"][0]["ended"] == "not_there"
    assert await registered(service) != number


async def test_an_annulled_order_stays_annulled_when_its_device_comes_nevertheless(
    service: InMemory,
) -> None:
    number = await registered(service)
    received = came(service, number)
    await changed(service, number, "annul", {})

    await service.hear(received)

    assert (await shown(service, number))["state"] == "annulled"
    assert not service.told_of(CollectionOrderClosed)


@pytest.mark.parametrize("return_no", ["R2026-000001-1", None])
async def test_a_device_that_is_handed_back_meanwhile_is_waited_for_no_more(
    service: InMemory, return_no: str | None
) -> None:
    number = await registered(service)
    (told,) = service.told_of(CollectionOrderRegistered)
    returned = DeviceReturned(
        loan_id=told.devices[0].loan_id,
        patient_ref=PATIENT,
        device_no=DEVICE_NO,
        returned_on=date(2026, 11, 23),
        return_no=return_no or number,
    )

    await service.hear(returned)

    seen = await shown(service, number)
    by_collection = return_no is None
    assert seen["state"] == ("registered" if by_collection else "annulled")
    assert by_collection or seen["annulled"]["by_name"] == "av sig själv"
    assert len(service.told_of(CollectionOrderAnnulled)) == (0 if by_collection else 1)
    assert (await service.repository.get(DEVICE_LOANS.ref(told.devices[0].loan_id))).collection_no is None


async def test_collection_orders_are_found_by_unit_period_and_person_as_far_as_one_may_see(
    service: InMemory,
) -> None:
    number = await registered(service)

    async def found(body: Any, **who: Any) -> list[str]:
        headers = service.token("order_placer", **{"product_areas": ["cpap"], **who})
        answer = await posted(service, "/collection-orders/search", body, headers)
        return [each["collection_no"] for each in answer.json()]

    period = {"care_unit": UNIT, "since": "2026-11-23", "until": "2026-11-23"}
    assert await found(period) == [number]
    assert await found(period | {"since": "2026-11-24", "until": "2026-11-30"}) == []
    assert await found({"mine": True}) == [number]
    assert await found({"mine": True}, sub="somebody-else") == []
    assert await found({"state": "closed"}) == []
    assert await found({"patient_ref": PATIENT}) == [number]
    assert await found({}, product_areas=["hearing"]) == []
    assert await found({}, care_units=[OTHER_UNIT]) == []
    headers = service.token("order_placer", product_areas=["cpap"], care_units=[OTHER_UNIT])
    assert (await service.client.get(f"/collection-orders/{number}", headers=headers)).status_code == 403


async def test_a_collection_order_is_printed_with_its_components(service: InMemory) -> None:
    number = await registered(service)

    headers = service.token("order_placer", product_areas=["cpap"])
    answer = await posted(service, f"/collection-orders/{number}/print", None, headers)

    assert (answer.status_code, answer.content[:4]) == (200, b"%PDF"), answer.text


async def test_the_order_follows_two_patients_who_are_one_and_forgets_one_who_becomes_protected(
    service: InMemory,
) -> None:
    number = await registered(service)
    into = str(uuid.UUID(int=7))
    await service.hear(patient(service.seals, version=2, protected=True))

    kept = await service.repository.get(COLLECTION_ORDERS.ref(number))
    assert (kept.pickup.phone, kept.pickup.contact_name) == (None, "Testsson, order_placer")

    await service.hear(patient(service.seals, patient_ref=into))
    await service.hear(PatientsMerged(patient_ref=PATIENT, into_ref=into, merged_on=date(2026, 11, 23)))

    assert (await service.repository.get(COLLECTION_ORDERS.ref(number))).patient_ref == into
