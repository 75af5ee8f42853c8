"""The register's answers as they are read, and the port that never raises."""

import json
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.prescription.domain.patients.register import Found, Moved, NotInRegister, Record, Unavailable
from services.prescription.gateways.register import HttpRegister, NoRegister, RegisterMissing, register_of
from services.prescription.gateways.register_records import read_answer
from shared.clock import FixedClock
from shared.domain.address import Address
from shared.domain.person_id import PersonId
from shared.settings import Settings
from tools.demo.register import FOLDER

TODAY = date(2026, 11, 23)
NUMBER = PersonId("personnummer", "199007052393")
OTHER = PersonId("personnummer", "199307022393")
PERSON: dict[str, Any] = json.loads((FOLDER / "adult.json").read_text())["personRecord"]
CLOCK = FixedClock(datetime(2026, 11, 23, 9, tzinfo=UTC))


def read(**changes: Any) -> Any:
    body = {"personRecord": {**PERSON, **changes}}
    return read_answer(body, asked=NUMBER, today=TODAY, test_persons=True)


def record(**changes: Any) -> Record:
    answer = read(**changes)
    assert isinstance(answer, Found)
    return answer.record


def died(**told: Any) -> date | None:
    return record(deregistration={"deregistrationReasonCode": "AV", **told}).deceased_on


def test_a_person_is_read_with_name_address_and_county() -> None:
    assert record() == Record(
        number=NUMBER,
        protected=False,
        county="12",
        born=date(1990, 7, 5),
        name="Test Testsson",
        address=Address("Provvägen 3", "21120", "MALMÖ", line2="lgh 1201"),
    )


@pytest.mark.parametrize(
    "flags",
    [
        {"protectedPersonIndicator": True},
        {"protectedPopulationRecord": True},
        {"protectedPersonIndicator": None},
        {"protectedPopulationRecord": None},
    ],
)
def test_a_protected_person_or_one_whose_flags_are_missing_has_no_name_and_no_address(flags: Any) -> None:
    assert record(**flags) == Record(number=NUMBER, protected=True)


@pytest.mark.parametrize(
    "lives",
    [
        None,
        {"residentialAddress": None},
        {"residentialAddress": {"postalCode": 21120, "city": "MALMÖ"}},
        {"specialPostalAddress": {"postalAddress2": "Box 1", "postalCode": 21120, "city": "MALMÖ"}},
    ],
)
def test_a_person_without_a_place_to_live_has_no_fixed_address(lives: Any) -> None:
    assert record(addressInformation=lives).no_fixed_address


def test_a_person_without_a_name_cannot_be_delivered_to() -> None:
    assert record(name=None).no_fixed_address
    assert record(name={}).no_fixed_address


def test_a_street_on_the_first_line_is_read_too() -> None:
    lives = {"careOf": "Prov", "postalAddress1": "Gården", "postalCode": 1234, "city": "LUND"}

    assert record(addressInformation={"residentialAddress": lives}).address == Address(
        "Gården", "01234", "LUND", co="Prov"
    )


def test_the_day_of_birth_of_the_register_stands_before_that_of_the_number() -> None:
    assert record(birth={"date": {"value": "1990-07-03"}}).born == date(1990, 7, 3)
    assert record(birth={"date": {"value": "19900231"}}).born == date(1990, 7, 5)
    assert record(birth={}).born == date(1990, 7, 5)


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ({"date": {"value": "20261101"}}, date(2026, 11, 1)),
        ({"date": {"value": "202610"}}, date(2026, 10, 31)),
        ({"date": {"value": "2025"}}, date(2025, 12, 31)),
        ({"date": {"value": "2026"}}, TODAY),
        ({"date": {"value": "soon"}}, TODAY),
        ({"date": None}, TODAY),
        ({}, TODAY),
    ],
)
def test_a_death_has_a_day_also_when_only_part_of_it_is_known(told: Any, day: date) -> None:
    assert died(**told) == day


def test_who_left_for_another_country_is_not_dead() -> None:
    assert record(deregistration={"deregistrationReasonCode": "UV"}).deceased_on is None


@pytest.mark.parametrize("code", ["GN", "OB", "TA", "FI", "AN"])
def test_nobody_lives_under_a_number_that_is_old_or_was_annulled(code: str) -> None:
    assert read(deregistration={"deregistrationReasonCode": code}) == NotInRegister()


def test_a_number_that_was_replaced_points_on_and_one_that_points_at_itself_does_not() -> None:
    own, other = ({"root": each.oid, "extension": each.value} for each in (NUMBER, OTHER))

    assert read(primaryIdentity=other) == Moved(OTHER)
    assert isinstance(read(primaryIdentity=own), Found)


def test_earlier_numbers_of_types_that_we_know_are_kept() -> None:
    other = {"root": OTHER.oid, "extension": OTHER.value}
    strange = [{"root": "1.2.3", "extension": "X"}, {"root": OTHER.oid, "extension": "X"}]

    assert record(linkedIdentity=[other, *strange], referredPersonalIdentities=[other]).former == (OTHER,)


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        [],
        "no",
        {"personRecord": {}},
        {"personRecord": {**PERSON, "personalIdentity": {"root": "1.2.3", "extension": NUMBER.value}}},
        {"personRecord": {**PERSON, "personalIdentity": {"root": OTHER.oid, "extension": OTHER.value}}},
        {"personRecord": {**PERSON, "personalIdentity": {"root": OTHER.oid, "extension": "1990"}}},
        {"personRecord": {**PERSON, "testIndicator": False}},
    ],
)
def test_what_cannot_be_understood_or_is_about_somebody_else_is_no_answer(body: Any) -> None:
    assert read_answer(body, asked=NUMBER, today=TODAY, test_persons=True) == Unavailable()


def test_a_test_person_in_production_is_no_answer() -> None:
    answer = read_answer({"personRecord": PERSON}, asked=NUMBER, today=TODAY, test_persons=False)

    assert answer == Unavailable()


def test_a_number_that_nobody_has_is_an_answer() -> None:
    body = {"personRecord": None}

    assert read_answer(body, asked=NUMBER, today=TODAY, test_persons=True) == NotInRegister()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(PERSON)), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*PERSON, "birth", "deregistration", "primaryIdentity"]), ANYTHING))
def test_no_answer_whatever_it_holds_breaks_the_reading(changes: dict[str, Any]) -> None:
    assert isinstance(read(**changes), Found | Moved | NotInRegister | Unavailable)


def asking(answer: Any) -> HttpRegister:
    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return HttpRegister(http, "http://register.test/", clock=CLOCK, test_persons=True)


async def test_the_number_goes_in_the_body_and_never_in_the_address() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"personRecord": PERSON})

    assert isinstance(await asking(answer).lookup(NUMBER), Found)
    assert str(seen[0].url) == "http://register.test/persons/lookup"
    assert NUMBER.value in seen[0].content.decode()


def silent(_: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow")


@pytest.mark.parametrize(
    "answer",
    [
        silent,
        lambda _: httpx.Response(500),
        lambda _: httpx.Response(404, json={"personRecord": None}),
        lambda _: httpx.Response(200, text="<html>"),
        lambda _: httpx.Response(200, json={"personRecord": PERSON, "more": "x" * 70_000}),
    ],
    ids=["silent", "failing", "elsewhere", "not JSON", "too large"],
)
async def test_a_register_that_fails_in_any_way_is_unavailable(answer: Any) -> None:
    assert await asking(answer).lookup(NUMBER) == Unavailable()


async def test_nobody_is_asked_about_a_reserve_number() -> None:
    assert await asking(silent).lookup(PersonId("skane", "19850302T123")) == NotInRegister()


async def test_a_trial_without_a_register_knows_nobody() -> None:
    register = register_of(Settings(mode="embedded"), CLOCK)

    assert isinstance(register, NoRegister)
    assert await register.lookup(NUMBER) == NotInRegister()


def test_production_does_not_start_without_a_register() -> None:
    with pytest.raises(RegisterMissing):
        register_of(Settings(mode="production"), CLOCK)

    named = Settings(mode="production", register_url="http://register.test")
    assert isinstance(register_of(named, CLOCK), HttpRegister)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"givenName": " Anna\u2013Lena\u200b", "surname": "O\u2019Brien"}, "Anna-Lena O'Brien"),
        ({"givenName": "Åsa\u0007", "middleName": "---", "surname": "Test\nsson"}, "Åsa Test sson"),
        ({"givenName": "李明", "surname": None}, "李明"),
        ({"givenName": "\u200b", "surname": "-"}, None),
    ],
)
def test_a_name_of_the_register_has_the_form_of_one_that_is_typed(
    said: dict[str, str | None], name: str | None
) -> None:
    assert record(name=said).name == name


def test_a_line_break_in_the_registers_address_forges_no_line_of_a_letter() -> None:
    said = {
        **PERSON["addressInformation"]["residentialAddress"],
        "postalAddress2": "Provvägen 3\n11111 ANNAN ORT",
        "city": " MALMÖ\u200b\u0000",
    }

    address = record(addressInformation={"residentialAddress": said}).address

    assert address is not None
    assert (address.line1, address.city) == ("Provvägen 3 11111 ANNAN ORT", "MALMÖ")
