"""Scanning: what a code says, what the thing is and what may be done with it; labels read back (T18)."""

import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pikepdf
import pytest
import typst
import zxingcpp
from PIL import Image

from services.inventory.api.scans import LAYOUT, labels_page
from services.inventory.domain.scanning.reading import NothingRead, Reading, read
from services.inventory.domain.scanning.udi import production_identifier, udi_of
from shared.http.prints import FONTS, ROOT
from tests.inventory.shelves import (
    CPAP,
    HAND_OUT,
    KEEPER,
    MASK,
    ORDER,
    keep_article,
    order_of,
    receive,
    receive_cpaps,
    stocked,
)
from tests.inventory.test_renumbering import on_the_way, renumbered
from tests.support import InMemory

GTIN = "09520000000103"
OTHER_GTIN = "09520000000202"
GS1 = f"01{GTIN}21SN-D100001"
CLINIC: dict[str, Any] = {"product_areas": ["cpap"]}


@pytest.mark.parametrize(
    ("scanned", "says"),
    [
        (f"]d201{GTIN}211234\x1d10ABC\r\n", {"gtin": GTIN, "serial_no": "1234", "lot": "ABC"}),
        (f"01{GTIN}211234<GS>10ABC", {"gtin": GTIN, "serial_no": "1234", "lot": "ABC"}),
        (f"\x1d01{GTIN}211234\u241d10ABC\t", {"gtin": GTIN, "serial_no": "1234", "lot": "ABC"}),
        (f"]C101{GTIN}17270600\x1d10L1", {"gtin": GTIN, "lot": "L1", "best_before": date(2027, 6, 30)}),
        (
            f"(01){GTIN}(15)270601(10)L1",
            {"gtin": GTIN, "lot": "L1", "best_before": date(2027, 6, 1), "best_before_as": "15"},
        ),
        (f"]d201{GTIN}15270101\x1d17270601", {"gtin": GTIN, "best_before": date(2027, 6, 1)}),
        (f"]d201{GTIN}21AB(37)7", {"gtin": GTIN, "serial_no": "AB(37)7"}),
        (f"(01){GTIN}(10)L1(21)9", {"gtin": GTIN, "lot": "L1", "serial_no": "9"}),
        (f"]D201{GTIN}219", {"gtin": GTIN, "serial_no": "9"}),
        (f"¨d201{GTIN}2112+34", {"gtin": GTIN, "serial_no": "12-34"}),
        ("]C100395200000000000017", {"sscc": "395200000000000017"}),
        (f"https://id.gs1.org/01/{GTIN}/10/L1/21/9", {"gtin": GTIN, "lot": "L1", "serial_no": "9"}),
        (f"]Q1https://id.gs1.org/01/{GTIN}?17=270601", {"gtin": GTIN, "best_before": date(2027, 6, 1)}),
        ("9520000000103\r", {"gtin": GTIN}),
        ("]E09520000000103", {"gtin": GTIN}),
        ("]d1d100001\n", {}),
        ("9520000000104", {}),
    ],
)
def test_what_scanners_send_is_read(scanned: str, says: dict[str, Any]) -> None:
    reading = read(scanned)

    assert reading == Reading(reading.text, **says)
    assert not reading.lacks_separator


def test_the_best_before_day_is_written_on_the_card_as_it_was_read() -> None:
    article = replace(CPAP, gtin=GTIN)

    assert production_identifier(udi_of(f"(01){GTIN}(15)270601(10)L1", article)) == "(10)L1(15)270601"


def test_a_scanner_that_sends_no_separator_is_noticed() -> None:
    assert read(f"]d201{GTIN}10L11727060121SER9").lacks_separator


@pytest.mark.parametrize("nothing", ["\r\n", "]d2", "\x1d", " "])
def test_an_empty_scan_is_refused(nothing: str) -> None:
    with pytest.raises(NothingRead):
        read(nothing)


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await stocked()
    await keep_article(inventory, replace(CPAP, gtin=GTIN))
    await keep_article(inventory, replace(MASK, gtin=OTHER_GTIN))
    await receive_cpaps(inventory, "DEMO-S1", ["D100001", "D100002"], hoses=3)
    await receive_cpaps(inventory, "DEMO-W1", ["D200001"], hoses=0)
    yield inventory
    await inventory.client.aclose()


async def scan(service: InMemory, code: str, role: str = "order_placer", **who: Any) -> Any:
    headers = service.token(role, **{**CLINIC, **who})
    answer = await service.client.post("/scans", json={"code": code}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def acts(thing: Any) -> list[str]:
    return [each["act"] for each in thing["acts"]]


@pytest.mark.parametrize("code", ["d100001\r", "]d1D100001", "D-100 001", "SN-D100001", f"]d2{GS1}\x1d10L"])
async def test_a_device_is_known_by_its_label_its_serial_number_and_its_udi(
    service: InMemory, code: str
) -> None:
    thing = await scan(service, code)

    assert (thing["kind"], thing["device"]["device_no"]) == ("device", "D100001")
    assert (acts(thing), thing["why_nothing"]) == (["hand_out"], None)


async def test_what_may_be_done_follows_the_device_from_the_shelf_to_the_patient_and_back(
    service: InMemory,
) -> None:
    await on_the_way(service, "at_unit")
    waiting = await scan(service, "D200001")
    await service.hear(HAND_OUT.model_copy(update={"order_no": order_of(7).order_no}))
    lent = await scan(service, "D100001")
    foreign = await scan(service, "D100001", product_areas=["hearing"])

    assert (acts(waiting), waiting["acts"][0]["order_no"]) == (["hand_over"], ORDER.order_no)
    assert (acts(lent), lent["device"]["state_text"]) == (["return"], "Levererad")
    assert (acts(foreign), foreign["why_nothing"]) == (
        [],
        "Hjälpmedlet är utlånat inom ett produktområde där du inte arbetar.",
    )


@pytest.mark.parametrize(
    ("stage", "at_unit", "at_warehouse"),
    [("picked", [], ["put_back"]), ("under_way", ["receive_parcel"], []), ("at_unit", ["hand_over"], [])],
)
async def test_a_device_of_an_order_is_handled_where_it_is(
    service: InMemory, stage: str, at_unit: list[str], at_warehouse: list[str]
) -> None:
    await on_the_way(service, stage)

    clinic = await scan(service, "D200001")
    keeper = await scan(service, "D200001", "store_keeper", **KEEPER)

    assert (acts(clinic), acts(keeper)) == (at_unit, at_warehouse)
    assert all(bool(each["why_nothing"]) is not bool(each["acts"]) for each in (clinic, keeper))


async def test_a_parcel_is_received_by_its_unit(service: InMemory) -> None:
    await on_the_way(service, "under_way")
    number = f"{ORDER.order_no}.1"

    theirs = await scan(service, number)
    others = await scan(service, number, care_units=["DEMO-102"])

    assert (theirs["kind"], acts(theirs), theirs["acts"][0]["parcel_no"]) == (
        "parcel", ["receive_parcel"], number,
    )  # fmt: skip
    assert (acts(others), bool(others["why_nothing"])) == ([], True)


async def test_a_package_says_its_article_lot_and_where_it_lies(service: InMemory) -> None:
    await receive(service, article_no="910300", quantity=4, lot="L1", best_before="2027-06-01")

    thing = await scan(service, f"]d201{OTHER_GTIN}17270601\x1d10L1")
    number = await scan(service, "910300")

    assert (thing["kind"], thing["article_no"], thing["lot"]) == ("article", "910300", "L1")
    assert thing["best_before"] == "2027-06-01"
    assert [(each["storeroom_no"], each["available"]) for each in thing["shelves"]] == [("DEMO-S1", 4)]
    assert acts(thing) == acts(number) == ["receive_goods", "hand_out"]


@pytest.mark.parametrize(
    ("code", "says"),
    [("D999999", "Ingen artikel"), (f"]d201{'09520000000301'}10L11727060121SER9", "FNC1")],
)
async def test_what_nothing_has_is_said_to_be_unknown(service: InMemory, code: str, says: str) -> None:
    thing = await scan(service, code)

    assert (thing["kind"], acts(thing)) == ("unknown", [])
    assert says in thing["why_nothing"]


async def test_another_units_device_is_unknown(service: InMemory) -> None:
    assert (await scan(service, "D100001", care_units=["DEMO-102"]))["kind"] == "unknown"


async def test_a_printed_label_is_read_back_and_finds_its_device(service: InMemory) -> None:
    page = labels_page([("D100001", "Demo-CPAP")], "sv")
    picture = typst.compile(
        str(LAYOUT), root=str(ROOT), font_paths=FONTS, format="png", ppi=203.0,
        sys_inputs={"page": json.dumps(page)},
    )  # fmt: skip

    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))

    assert (code.format, code.text) == (zxingcpp.BarcodeFormat.DataMatrix, "D100001")
    thing = await scan(service, f"{code.symbology_identifier}{code.text}\r\n")
    assert thing["device"]["device_no"] == "D100001"


async def labels(service: InMemory, *numbers: str) -> Any:
    who = service.token("order_placer", **CLINIC)
    return await service.client.post("/labels/print", json={"device_nos": numbers}, headers=who)


async def test_labels_are_an_accessible_pdf_with_one_page_for_each_number(service: InMemory) -> None:
    answer = await labels(service, "D100001", "D999999", "D100001")

    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 2
        assert str(pdf.Root.Lang) == "sv"
        assert "pdfuaid" in bytes(pdf.Root.Metadata.read_bytes()).decode()


async def test_no_label_is_printed_of_a_number_that_was_replaced(service: InMemory) -> None:
    await renumbered(service, "D100001")

    former, present = await labels(service, "D100001"), await labels(service, "D900001")

    assert (former.json()["rule"], present.status_code) == ("former-number", 200)


async def test_the_udi_on_the_package_says_the_serial_number_and_stands_on_the_card(
    service: InMemory,
) -> None:
    code = f"]d201{GTIN}21SN-9\x1d10L9\x1d17270600\r\n"
    device = {"device_no": "D900009", "code": code}

    received = await receive(service, article_no="910001", devices=[device])

    assert received.status_code == 200, received.text
    who = service.token("order_placer", **CLINIC)
    card = (await service.client.get("/devices/D900009", headers=who)).json()
    assert (card["serial_no"], card["udi_di"], card["udi_pi"]) == (
        "SN-9", GTIN, "(21)SN-9(10)L9(17)270630",
    )  # fmt: skip


@pytest.mark.parametrize("code", [f"]d201{OTHER_GTIN}21SN-9", "D100009"])
async def test_a_code_of_another_article_is_not_received(service: InMemory, code: str) -> None:
    answer = await receive(service, article_no="910001", devices=[{"device_no": "D900009", "code": code}])

    assert answer.json()["rule"] == "code-of-another-article"
