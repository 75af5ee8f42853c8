"""A patient becomes protected between the reading and the writing of what is personal (Q18)."""

from collections.abc import Callable
from typing import Any

import pytest

from services.ordering.application.collecting import Collecting
from services.ordering.repository.collections import COLLECTION_ORDERS
from shared.events.ordering_devices import DeviceOrderSent
from tests.ordering.collecting import form, with_cpap
from tests.ordering.desk import patient
from tests.ordering.devices import CPAP, MAIN, article, device, handed_out, placer, posted
from tests.ordering.test_exchange_collected import WHY
from tests.ordering.test_exchange_collected import form as exchange
from tests.ordering.test_exchanges import continued, with_one_on_loan
from tests.support import InMemory

SCHOOL = {"line1": "Skolgatan 1", "postal_code": "211 20", "city": "MALMÖ"}
TYPED = {"mobile": "070-174 06 06", "information": "3:e vån, ingen hiss"}


def protected_after_reading(service: InMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the protection begin when everything is read and nothing is written."""
    read: Callable[..., Any] = Collecting.read

    async def reading(self: Collecting, *args: Any, **more: Any) -> Any:
        found = await read(self, *args, **more)
        await service.hear(patient(service.seals, version=9, protected=True))
        return found

    monkeypatch.setattr(Collecting, "read", reading)


async def test_neither_telephone_nor_text_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    service = await with_cpap()
    protected_after_reading(service, monkeypatch)

    answer = await posted(service, "/collection-orders", form(**TYPED), placer(service))

    assert answer.status_code == 201, answer.text
    kept = await service.repository.get(COLLECTION_ORDERS.ref(answer.json()["collection_no"]))
    pickup = kept.pickup
    assert {pickup.address, pickup.phone, pickup.mobile, pickup.information} == {None}


async def test_nothing_is_exchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    service = await with_one_on_loan()
    await service.hear(device("D200001"))
    protected_after_reading(service, monkeypatch)

    answer = await handed_out(service, exchange({**WHY, **TYPED}), answer=continued)

    assert answer.json()["rule"] == "protected-identity", answer.text
    assert not service.told_of(DeviceOrderSent)[1:]


async def test_nothing_is_collected_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    service = await with_cpap()
    bulky = article(CPAP, "Demo-CPAP", 4100, bulky=True, **MAIN)
    await service.hear(bulky.model_copy(update={"version": 2}))
    protected_after_reading(service, monkeypatch)

    asked = form(place="home", address=SCHOOL, **TYPED)
    answer = await posted(service, "/collection-orders", asked, placer(service))

    assert answer.json()["rule"] == "protected-identity", answer.text
