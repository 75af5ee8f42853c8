"""Whom a sentence asks people to call: one setting, wherever the sentence is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.ordering.app import assemble as ordering
from services.prescription.app import assemble as prescription
from shared.domain.customer_service import CALL
from shared.http.language import call_customer_service_on, said
from shared.settings import Settings
from tests.ordering.desk import patient
from tests.ordering.examples import PATIENT
from tests.prescription.conftest import FORM
from tests.support import in_memory

OTHERS = "040-628 04 01"
USUAL = "040-628 04 00"


@pytest.fixture(autouse=True)
def the_usual_number_again() -> Iterator[None]:
    yield
    call_customer_service_on(USUAL)


async def test_a_refusal_names_the_number_of_the_setting() -> None:
    service = await in_memory("prescription", prescription, customer_service_phone=OTHERS)
    await service.client.post(
        "/patients", json={**FORM, "protected": True}, headers=service.once("customer_service")
    )

    answer = await service.client.post(
        "/patients/find", json={"number": FORM["number"]}, headers=service.token("dietitian")
    )

    assert answer.json()["rule"] == "protected-identity"
    assert f"Ring kundservice på {OTHERS}." in answer.json()["detail"]


async def test_a_reason_among_others_names_the_number_of_the_setting() -> None:
    service = await in_memory("ordering", ordering, customer_service_phone=OTHERS)
    await service.hear(patient(service.seals, no_fixed_address=True))

    answer = await service.client.get(
        f"/allowances/{PATIENT}", headers=service.token("patient", patient_ref=PATIENT)
    )

    (reason,) = answer.json()["reasons"]
    assert (reason["rule"], OTHERS in reason["detail"]) == ("no-fixed-address", True)


@pytest.mark.parametrize(
    ("language", "text"), [("sv", "Ring kundservice på 1."), ("en", "Call customer service on 1.")]
)
def test_the_number_is_said_in_both_languages(language: str, text: str) -> None:
    call_customer_service_on("1")

    assert said(CALL, "sv" if language == "sv" else "en") == text


def test_every_service_whose_sentences_name_the_number_is_told_it() -> None:
    """Read off the code: in one process with the others a forgotten service would go unnoticed."""
    shared = {
        ".".join(file.with_suffix("").parts)
        for file in Path("shared/domain").rglob("*.py")
        if "shared.domain.customer_service" in file.read_text()
    }
    modules = {"shared.domain.customer_service", *shared}
    naming = {
        file.parts[1]
        for file in Path("services").rglob("*.py")
        if any(module in file.read_text() for module in modules)
    }
    told = {
        file.parts[1]
        for file in Path("services").glob("*/app.py")
        if "    call_customer_service_on(" in file.read_text()
    }

    assert naming == told
    assert "ordering" in naming


def test_the_number_stands_in_the_settings_and_nowhere_else_in_the_code() -> None:
    rooms = ("services", "gateway", "shared", "deploy", "tools")
    files = [file for room in rooms for file in Path(room).rglob("*.py") if USUAL in file.read_text()]

    assert files == [Path("shared/settings.py")]
    assert Settings().customer_service_phone == USUAL
