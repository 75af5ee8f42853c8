"""A device that got another number on its label is shown by that one, and found by each (Q12, S177)."""

from datetime import date
from typing import Any

from services.ordering.api.devices.aids import aids_page
from services.ordering.api.devices.prints import agreement_page
from services.ordering.application.aids import AidsOfPatient
from services.ordering.domain.devices.agreement import with_patient
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.devices.loans import Loan
from services.ordering.repository.collections import DEVICE_ORDERS
from services.ordering.repository.devices import DeviceOrdering
from tests.ordering.baskets import added, begun, shown
from tests.ordering.devices import DEVICE_NO, device, hand_out_form, handed_out, placer, posted, told_devices
from tests.ordering.examples import PATIENT
from tests.support import InMemory

NEW = "D900009"
TODAY = date(2026, 11, 23)


async def renumbered(service: InMemory) -> None:
    await service.hear(device(version=9, label=NEW, former_numbers=(DEVICE_NO,)))


async def test_orders_and_the_patients_list_show_the_label_and_the_first_number() -> None:
    service = await told_devices()
    order_no = (await handed_out(service, hand_out_form())).json()["order_no"]
    (before,) = (await shown(service, f"/patients/{PATIENT}/aids"))["has"]

    await renumbered(service)

    (line,) = (await shown(service, f"/device-orders/{order_no}"))["lines"]
    (aid,) = (await shown(service, f"/patients/{PATIENT}/aids"))["has"]
    found = await posted(service, "/device-orders/search", {"patient_ref": PATIENT}, placer(service))
    assert before["label"] == DEVICE_NO
    assert (line["device_nos"], line["labels"]) == ([DEVICE_NO], [NEW])
    assert (aid["device_no"], aid["label"]) == (DEVICE_NO, NEW)
    assert found.json()[0]["lines"][0]["labels"] == [NEW]


async def test_a_line_and_a_hand_out_by_either_number_are_shown_with_the_label() -> None:
    service = await told_devices()
    await renumbered(service)
    await begun(service)
    await added(service, device_no=DEVICE_NO, fee=True)

    (line,) = (await shown(service))["lines"]
    seen: list[Any] = [
        (await posted(service, "/hand-outs/preview", hand_out_form(device_no=each), placer(service))).json()
        for each in (DEVICE_NO, NEW)
    ]

    assert (line["device_no"], line["label"]) == (DEVICE_NO, NEW)
    assert [each["line"]["label"] for each in seen] == [NEW, NEW]


async def test_papers_name_the_number_that_the_reader_sees_on_the_device() -> None:
    service = await told_devices()
    order_no = (await handed_out(service, hand_out_form())).json()["order_no"]
    await renumbered(service)
    order = await service.repository.get(DEVICE_ORDERS.ref(order_no))
    names = await DeviceOrdering(service.repository).names_for((order,))

    agreement = agreement_page(order, names, with_patient(order), name="T", language="sv", on=TODAY)
    loan = Loan("l-1", PATIENT, "910001", DEVICE_NO, handed_out_on=TODAY)
    labels = DeviceCatalogue({}, {}, {}, labels={DEVICE_NO: NEW})
    aids = aids_page(AidsOfPatient(PATIENT, "T", (), (loan,), (), labels), language="sv", on=TODAY)

    assert [each[1] for each in agreement["rows"]] == [NEW]
    assert [each[1] for each in aids["has"]] == [NEW]
