"""What customer service types and pastes about a patient, at the doors (decision 0059)."""

from typing import Any

import pytest

from tests.prescription.conftest import ADDRESS, ADULT, FORM, person_of
from tests.support import InMemory

PASTED: dict[str, Any] = {
    "number": "\u202a19900705\u20132393\u202c",
    "name": "\u200bTest\u00a0Testsson\u2013Prov\ufeff",
    "phone": "\u202a+46\u00a070\u2009174\u201106 05\u202c",
    "email": "test@f\u00f6retag.example\u200b",
    "address": {"line1": "Prov\u00advägen\u00a03", "postal_code": "SE\u2011211\u00a020", "city": "MALMÖ\n"},
}


async def registered(service: InMemory, **changes: Any) -> Any:
    return await service.client.post(
        "/patients", json={**FORM, **changes}, headers=service.once("customer_service")
    )


async def test_what_was_pasted_is_kept_as_it_looks(service: InMemory) -> None:
    answer = await registered(service, **PASTED)
    assert answer.status_code == 201, answer.text

    person = await person_of(service, answer.json()["patient_ref"])
    assert (person["number"], person["name"]) == (ADULT, "Test Testsson-Prov")
    assert (person["phone"], person["email"]) == ("+46701740605", "test@xn--fretag-wxa.example")
    address = person["address"]
    assert (address["line1"], address["postal_code"], address["city"]) == ("Provvägen 3", "21120", "MALMÖ")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "Test Testsson\nProvgatan 1"}, "body.name"),
        ({"name": "Test\u0007Testsson"}, "body.name"),
        ({"name": "Test\u0000Testsson"}, "body.name"),
        ({"name": "Test\u2028Testsson"}, "body.name"),
        ({"name": "\u200b\u202a"}, "body.name"),
        ({"name": "\u00a0"}, "body.name"),
        ({"address": {**ADDRESS, "line1": "Provvägen 3\r\n211 20 LUND"}}, "body.address.line1"),
        ({"address": {**ADDRESS, "postal_code": "٢١١٢٠"}}, "body.address.postal_code"),
        ({"home_region": "Region\tProv"}, "body.home_region"),
        ({"email": "test@example.se,"}, "body.email"),
        ({"email": "<test@example.se>"}, "body.email"),
        ({"email": "åsa@example.se"}, "body.email"),
        ({"born": "1767225600"}, "body.born"),
        ({"born": 1767225600}, "body.born"),
        ({"born": "0001-01-01"}, "body.born"),
        ({"born": "1990-02-30"}, "body.born"),
        ({"deceased_on": "9999-12-31"}, "body.deceased_on"),
        ({"deceased_on": "2026-11-22T00:00:00"}, "body.deceased_on"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(
    service: InMemory, changes: dict[str, Any], field: str
) -> None:
    answer = await registered(service, **changes)

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["fields"]] == [field]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"born": "2026-11-24"}, "day-to-come"),
        ({"deceased_on": "2026-11-24"}, "day-to-come"),
        ({"deceased_on": "2062-01-01"}, "day-to-come"),
        ({"deceased_on": "1989-01-01"}, "died-before-birth"),
        ({"asylum_seeker": {"valid_from": "2026-12-01", "valid_through": "2026-11-01"}}, "period-reversed"),
    ],
)
async def test_days_of_a_life_have_been_and_stand_in_order(
    service: InMemory, changes: dict[str, Any], rule: str
) -> None:
    answer = await registered(service, **changes)

    assert (answer.status_code, answer.json()["rule"]) == (422, rule)


async def test_who_died_today_is_registered(service: InMemory) -> None:
    assert (await registered(service, deceased_on="2026-11-23", born="1990-07-05")).status_code == 201


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2154-12-31", "1767225600"])
async def test_a_rule_is_not_asked_about_a_day_that_cannot_be(service: InMemory, day: str) -> None:
    case = {"prescription_type": "energy_nutrition", "profession": "dietitian", "on": day}
    headers = service.token("dietitian")

    explained = await service.client.post("/rules/explain", json=case, headers=headers)
    listed = await service.client.get("/rules", params={"on": day}, headers=headers)

    assert (explained.status_code, listed.status_code) == (422, 422)
