"""The demo's population register: test persons only, the same as the demo's patients, and its switches."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tools.demo.patients import demo_patients
from tools.demo.register import FOLDER, create_app, filed_person
from tools.demo.test_numbers import DEMO_NUMBERS, NotATestPerson

FILED = {file.stem: json.loads(file.read_text())["personRecord"] for file in sorted(FOLDER.glob("*.json"))}
ADULT = FILED["adult"]["personalIdentity"]


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    monkeypatch.setenv("SESAM_PEER_LOG_DIR", str(tmp_path))
    transport = httpx.ASGITransport(app=create_app())
    return httpx.AsyncClient(transport=transport, base_url="http://register.test")


async def look_up(register: httpx.AsyncClient, identity: Any = ADULT) -> Any:
    return await register.post("/persons/lookup", json={"personalIdentity": identity})


def test_every_person_of_the_register_is_an_official_test_person() -> None:
    assert {each["personalIdentity"]["extension"] for each in FILED.values()} <= DEMO_NUMBERS
    assert all(each["testIndicator"] is True for each in FILED.values())


def test_a_number_that_may_be_a_living_persons_is_not_filed(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps({"personRecord": {"personalIdentity": {"extension": "191212121212"}}}))

    with pytest.raises(NotATestPerson):
        filed_person(file)


def test_the_register_says_the_same_of_the_demos_patients_as_their_forms() -> None:
    for patient in demo_patients():
        filed = FILED.get(patient.key)
        if filed is None or not patient.served:
            continue
        name, lives = filed["name"], filed["addressInformation"]["residentialAddress"]
        address = patient.form["address"]
        assert f"{name['givenName']} {name['surname']}" == patient.form["name"]
        assert (lives["postalAddress2"], lives.get("postalAddress1")) == (
            address["line1"],
            address.get("line2"),
        )
        assert filed["personalIdentity"]["extension"] == patient.number


async def test_a_person_is_answered_by_type_and_number(register: httpx.AsyncClient) -> None:
    known = await look_up(register)
    unknown = await look_up(register, {**ADULT, "root": "1.2.752.129.2.1.3.3"})

    assert known.json()["personRecord"] == FILED["adult"]
    assert unknown.json() == {"personRecord": None}


@pytest.mark.parametrize(
    ("mode", "status"), [("normal", 200), ("down", 503), ("garbled", 200), ("slow", 200)]
)
async def test_the_register_behaves_as_its_control_file_says(
    register: httpx.AsyncClient, tmp_path: Path, mode: str, status: int
) -> None:
    control = {"mode": mode, "delay_seconds": 0}
    (tmp_path / "register.control.json").write_text(json.dumps(control))

    answer = await look_up(register)

    assert answer.status_code == status
    assert ("personRecord" in answer.json()) == (mode in ("normal", "slow"))


async def test_a_person_is_switched_and_the_switch_outlives_a_restart(
    register: httpx.AsyncClient, tmp_path: Path
) -> None:
    switch = await register.put("/persons/adult/switch", json={"to": "protected"})
    transport = httpx.ASGITransport(app=create_app())

    async with httpx.AsyncClient(transport=transport, base_url="http://register.test") as restarted:
        answer = await look_up(restarted)

    assert switch.status_code == 204
    assert answer.json()["personRecord"]["protectedPersonIndicator"] is True
    assert (await register.put("/persons/nobody/switch", json={"to": "gone"})).status_code == 404


async def test_the_registers_book_names_nobody(register: httpx.AsyncClient, tmp_path: Path) -> None:
    await look_up(register)

    book = (tmp_path / "register.jsonl").read_text()
    assert json.loads(book) == {"mode": "normal", "found": True}
