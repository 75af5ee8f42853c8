"""What people wrote about a line is shown to who picks it, without a word of the patient (S88, Q61)."""

import io
from datetime import date
from typing import Any

import pikepdf
import pytest

from services.ordering.api.devices.pick_lists import LAYOUT, OrderToPick, pick_list_page
from shared.events.inventory_goods import DeviceOrderReserved, LineReserved
from shared.events.ordering_devices import DeviceOrderSent
from shared.http.prints import typeset
from tests.ordering.baskets import WAREHOUSE, added, begun, sent, shown
from tests.ordering.devices import (
    CPAP,
    FILTER,
    HUMIDIFIER,
    STAFF,
    article,
    placer,
    posted,
    told_devices,
)
from tests.ordering.test_attachment_doors import form
from tests.support import InMemory

KEEPER: dict[str, Any] = {"care_units": ["DEMO-W1"], "product_areas": []}
COMMENT = "Liten mask, tryck 8 till 12"


async def ordered() -> tuple[InMemory, str]:
    """Order a CPAP with a comment and a file, of which the warehouse sends a newer model."""
    service = await told_devices()
    await service.hear(article("910003", "Demo-CPAP ny", marked=True, article_type="main_aid"))
    await begun(service, joint=True)
    file = (await posted(service, "/attachments", form(), placer(service))).json()["attachment_id"]
    line = {"article_no": CPAP, "fee": True, "comment": COMMENT, "attachments": [file], "removed": [FILTER]}
    main = await added(service, **line, **WAREHOUSE)
    await added(service, article_no=HUMIDIFIER, goes_with=main, **WAREHOUSE)
    assert (await sent(service)).status_code == 200
    (order,) = service.told_of(DeviceOrderSent)
    lines = (
        LineReserved(line_no=1, article_no="910003", reserved=1, waiting=0),
        LineReserved(line_no=2, article_no=HUMIDIFIER, reserved=1, waiting=0),
    )
    await service.hear(DeviceOrderReserved(order_no=order.order_no, version=1, lines=lines))
    return service, order.order_no


async def test_who_picks_reads_comment_and_paper_clip_and_nothing_of_the_patient() -> None:
    service, order_no = await ordered()

    answer = await service.client.get(
        f"/device-orders/{order_no}/picking", headers=service.token("store_keeper", **KEEPER)
    )

    main, humidifier = answer.json()["lines"]
    assert (main["comment"], humidifier["comment"], humidifier["goes_with"]) == (COMMENT, None, 1)
    assert [each["name"] for each in main["attachments"]] == ["remiss.pdf"]
    assert (main["article_no"], main["ordered_article_no"], main["removed"]) == ("910003", CPAP, [FILTER])
    for word in ("Testsson", "patient-1", "Provvägen", "19900705"):
        assert word not in answer.text


async def test_the_printed_pick_list_has_what_was_written_and_what_comes_instead() -> None:
    service, order_no = await ordered()
    headers = service.token("store_keeper", **KEEPER)
    seen = await service.client.get(f"/device-orders/{order_no}/picking", headers=headers)

    answer = await service.client.post(f"/device-orders/{order_no}/picking/print", headers=headers)

    page = pick_list_page(OrderToPick(**seen.json()), language="sv", on=date(2026, 11, 23))
    assert page["rows"][0] == [
        "1",
        f"Demo-CPAP ny (910003), i stället för Demo-CPAP ({CPAP})",
        f"1 Demoslang (910100), utan {FILTER}",
        "1",
        f"{COMMENT}; Bilagor: 1",
    ]
    assert (page["joint"], page["storeroom"]) == (True, "Centrallagret Demostad")
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked


async def test_a_word_without_end_stays_on_the_paper() -> None:
    service, order_no = await ordered()
    headers = service.token("store_keeper", **KEEPER)
    seen = await service.client.get(f"/device-orders/{order_no}/picking", headers=headers)
    page = pick_list_page(OrderToPick(**seen.json()), language="sv", on=date(2026, 11, 23))
    page["rows"][0][-1] = "W" * 3000

    pdf = typeset(LAYOUT, page, at=service.clock.now())

    with pikepdf.open(io.BytesIO(pdf)) as printed:
        assert len(printed.pages) > 1
        assert printed.Root.Lang == "sv"


@pytest.mark.parametrize(
    ("role", "claims"),
    [
        ("store_keeper", KEEPER | {"care_units": ["DEMO-W2"]}),
        ("order_placer", STAFF),
        ("technician", KEEPER),
    ],
)
async def test_nobody_but_the_store_keepers_of_that_warehouse_sees_it(
    role: str, claims: dict[str, Any]
) -> None:
    service, order_no = await ordered()
    headers = service.token(role, **claims)

    seen = await service.client.get(f"/device-orders/{order_no}/picking", headers=headers)
    printed = await service.client.post(f"/device-orders/{order_no}/picking/print", headers=headers)

    assert (seen.status_code, printed.status_code) == (403, 403)


async def test_the_form_says_that_wishes_about_the_delivery_do_not_belong_in_the_comment() -> None:
    service = await told_devices()
    await begun(service)

    assert "leveransuppgifter" in (await shown(service))["comment_help"]
