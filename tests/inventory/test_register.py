"""The register of devices: part of a number finds one; its card, its movements, and who has what (S174)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.finding import PartTooShort, bare, findable, sought
from services.inventory.repository.collections import PATIENTS
from shared.domain.decision import Decision
from shared.events.ordering_devices import DeviceLine
from shared.events.prescription import PatientsMerged
from shared.repository import Cause, Collection
from tests.inventory.shelves import HAND_OUT, KEEPER, PATIENT, order_of, receive, receive_cpaps, stocked
from tests.inventory.test_renumbering import renumbered
from tests.inventory.test_returns import hand_back
from tests.support import InMemory

CLINIC = {"product_areas": ["cpap"]}


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-S1", ["D100001", "D100002"], hoses=3)
    await receive_cpaps(inventory, "DEMO-S2", ["D200001"], hoses=0)
    yield inventory
    await inventory.client.aclose()


async def found(service: InMemory, text: str, role: str = "order_placer", **form: Any) -> list[Any]:
    answer = await service.client.post(
        "/devices/search", json={"text": text, **form}, headers=service.token(role, **CLINIC)
    )
    assert answer.status_code == 200, answer.text
    rows: list[Any] = answer.json()
    return rows


def numbers(rows: list[Any]) -> list[str]:
    return [each["device_no"] for each in rows]


@pytest.mark.parametrize(
    ("text", "devices"),
    [
        ("D100001", ["D100001"]),
        ("0002", ["D100002"]),
        (" d-100 00 ", ["D100001", "D100002"]),
        ("\u2013\uff11\uff10\uff10\u00a0001", ["D100001"]),
        ("sn d1000", ["D100001", "D100002"]),
        ("777", []),
        ("D1000012345", []),
    ],
)
async def test_a_device_is_found_by_what_can_be_read_of_its_label(
    service: InMemory, text: str, devices: list[str]
) -> None:
    assert numbers(await found(service, text)) == devices


async def test_less_than_three_signs_are_refused(service: InMemory) -> None:
    answer = await service.client.post(
        "/devices/search", json={"text": "D-1"}, headers=service.token("order_placer", **CLINIC)
    )

    assert (answer.status_code, answer.json()["rule"]) == (422, "part-too-short")


async def test_the_search_can_be_limited_to_serial_numbers_and_says_where_it_found(
    service: InMemory,
) -> None:
    await renumbered(service, "D100001")

    assert numbers(await found(service, "1000", search_in="serial_no")) == ["D100001", "D100002"]
    assert numbers(await found(service, "SN-D", search_in="number")) == []
    (former,) = await found(service, "100001", search_in="number")
    (label,) = await found(service, "900001")
    assert (former["found_in"], label["found_in"], label["label"]) == ("number", "number", "D900001")


async def test_a_former_number_finds_the_device(service: InMemory) -> None:
    await renumbered(service, "D100001")
    await renumbered(service, "D900001", {"new_number": "D900002", "reason": "Sliten", "confirmed": True})

    (row,) = await found(service, "D900001")

    assert (row["device_no"], row["label"], row["found_in"]) == ("D100001", "D900002", "former_number")


async def test_states_are_said_in_words_of_the_readers_language(service: InMemory) -> None:
    await service.hear(HAND_OUT)
    who = service.token("store_keeper")

    lent, kept = await found(service, "D10000")
    english = await service.client.post(
        "/devices/search", json={"text": "D10000"}, headers={**who, "Accept-Language": "en"}
    )

    assert (lent["state_text"], lent["stock_status_text"]) == ("Levererad", "Ej i lager")
    assert (kept["state_text"], kept["stock_status_text"]) == ("På lager", "Tillgänglig")
    assert [each["state_text"] for each in english.json()] == ["Delivered", "In stock"]


async def test_a_clinic_finds_its_own_devices_and_those_of_warehouses(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-W1", ["D300001"], hoses=0)

    assert numbers(await found(service, "00001")) == ["D100001", "D300001"]
    assert numbers(await found(service, "00001", "technician")) == ["D100001", "D200001", "D300001"]


async def test_what_a_version_without_the_search_renumbered_is_found_after_the_job(service: InMemory) -> None:
    before = Collection("devices", Device)
    await service.repository.change(before.ref("D100001"), _relabelled, cause=Cause(key=None))
    stale = numbers(await found(service, "D777001"))

    await service.run_jobs()

    assert (stale, numbers(await found(service, "D777001"))) == ([], ["D100001"])


def _relabelled(device: Device) -> Decision[Device]:
    return replace(device, label="D777001", former_numbers=("D100001",)), []


PARTS = st.text("ABC0123456789-/ åÅ", min_size=3, max_size=24)


@given(PARTS, PARTS, st.integers(0, 20), st.integers(3, 20))
def test_every_part_of_a_number_has_only_runs_that_the_device_has(
    number: str, other: str, start: int, length: int
) -> None:
    device = findable(Device(other, "910001", "central", None, serial_no=number))
    part = bare(number)[start : start + length]

    if len(part) < 3:
        with pytest.raises(PartTooShort):
            sought(part)
    else:
        assert set(sought(part).runs) <= set(device.number_runs or ())
        assert sought(part).found_in(device) is not None


async def test_the_card_tells_the_numbers_udi_and_note_and_the_movements_are_followed(
    service: InMemory,
) -> None:
    await renumbered(service, "D100001")
    await service.hear(HAND_OUT)
    await hand_back(service, {"devices": [{"device_no": "D100001"}]})
    who = service.token("order_placer", **CLINIC)

    written = await noted(service, "Laddaren är utbytt.")
    card = (await service.client.get("/devices/D900001", headers=who)).json()
    moved = (await service.client.get("/devices/D900001/movements", headers=who)).json()

    assert written.status_code == 200, written.text
    assert card["note"] == "Laddaren är utbytt."
    assert [(each["number"], each["reason"]) for each in card["numbers"]] == [
        ("D900001", "Märkningen var sliten")
    ]
    assert sorted((each["why"], each["source"], each["target"]) for each in moved) == [
        ("handed_out", "storeroom", "order"),
        ("received", "outside", "storeroom"),
        ("returned", "order", "storeroom"),
    ]
    assert moved[0]["target_storeroom"] or moved[0]["source_storeroom"]


async def noted(service: InMemory, text: str | None, **who: Any) -> Any:
    headers = service.once("order_placer", **{**CLINIC, **who})
    return await service.client.post("/devices/D100001/note", json={"note": text}, headers=headers)


@pytest.mark.parametrize(
    "number",
    ["19121212\u20131212", "19121212\u20111212", "19121212 - 1212", "121212\u00a01212", "121212 -1212"],
)
async def test_a_note_names_no_patient_however_the_number_is_written(service: InMemory, number: str) -> None:
    named = await noted(service, f"Lånas av {number}, laddaren saknas")

    assert named.json()["rule"] == "note-about-person"


async def test_a_note_names_no_patient_and_is_written_by_who_has_the_device(service: InMemory) -> None:
    named = await noted(service, "Lånas av 19121212-1212")
    stranger = await noted(service, "Laddaren saknas", care_units=["DEMO-102"])
    await noted(service, "Laddaren saknas")
    removed = await noted(service, None)

    assert named.json()["rule"] == "note-about-person"
    assert stranger.status_code == 404
    assert removed.json()["note"] is None


async def holders(service: InMemory, role: str = "customer_service", **form: Any) -> Any:
    answer = await service.client.post("/goods/holders", json=form, headers=service.token(role, **CLINIC))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_who_has_a_lot_is_one_question_and_is_audited(service: InMemory) -> None:
    await receive(service, article_no="910300", quantity=5, lot="L1")
    line = DeviceLine(line_no=1, article_no="910300", quantity=2)
    await service.hear(order_of(1, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,)))

    answer = await holders(service, lot="L1")

    (holder,) = answer["holders"]
    assert (holder["patient_ref"], holder["quantity"], holder["state"]) == (PATIENT, 2, "has")
    assert [(each["storeroom_no"], each["on_hand"]) for each in answer["shelves"]] == [("DEMO-S1", 3)]
    assert (await holders(service, lot="L1", article_no="910100"))["holders"] == []
    log = await service.repository.access_log(PATIENT)
    assert any(each["action"] == "inventory.find_holders" for each in log)


async def test_who_has_and_had_a_serial_number_is_told_with_days(service: InMemory) -> None:
    await service.hear(HAND_OUT)
    await hand_back(service, {"devices": [{"device_no": "D100001"}]})
    again = HAND_OUT.model_copy(update={"order_no": order_of(9).order_no, "patient_ref": "p-2"})
    await service.hear(again)

    answer = await holders(service, serial_no="SN-D100001")

    assert {(each["patient_ref"], each["state"], each["until"]) for each in answer["holders"]} == {
        ("p-2", "has", None),
        (PATIENT, "had", "2026-11-23"),
    }
    assert answer["shelves"] == []


async def test_other_units_holders_are_only_counted(service: InMemory) -> None:
    await service.hear(HAND_OUT)

    theirs = await holders(service, "order_placer", device_no="D100001")
    stranger = service.token("store_keeper", **KEEPER)
    keeper = await service.client.post("/goods/holders", json={"device_no": "D100001"}, headers=stranger)

    assert (len(theirs["holders"]), theirs["others"]) == (1, 0)
    assert (keeper.json()["holders"], keeper.json()["others"]) == ([], 1)


async def test_a_merged_patient_is_named_by_the_present_reference(service: InMemory) -> None:
    await service.hear(HAND_OUT)
    await service.hear(PatientsMerged(patient_ref=PATIENT, into_ref="p-now", merged_on=date(2026, 11, 23)))

    answer = await holders(service, device_no="D100001")

    assert [each["patient_ref"] for each in answer["holders"]] == ["p-now"]
    assert await service.repository.get(PATIENTS.maybe(PATIENT)) is not None


async def test_what_is_asked_about_is_one_thing(service: InMemory) -> None:
    answer = await service.client.post(
        "/goods/holders",
        json={"lot": "L1", "device_no": "D100001"},
        headers=service.token("customer_service"),
    )

    assert answer.status_code == 422
    assert "lot-or-device" in answer.text
