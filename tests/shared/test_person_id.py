"""What counts as an identity number of a person, and what it tells."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from personnummer import personnummer
from stdnum.se import personnummer as stdnum_personnummer

from shared.domain.person_id import (
    ALL_TYPES,
    OIDS,
    CenturyMissing,
    NotAPersonId,
    PersonId,
    WhichNumberType,
    luhn_is_right,
    parse,
    parse_to_keep,
    possible_types,
)
from tools.demo.test_numbers import DEMO_NUMBERS, NotATestPerson, demand_test_number

TODAY = date(2026, 3, 2)
CHILD = "201407032380"


def check_digit(payload: str) -> str:
    return next(digit for digit in "0123456789" if luhn_is_right(payload + digit))


PERSONNUMMER = st.builds(
    lambda born, number: f"{born:%Y%m%d}{number:03d}" + check_digit(f"{born:%y%m%d}{number:03d}"),
    st.dates(date(1800, 1, 1), TODAY),
    st.integers(1, 999),
)
SAMORDNINGSNUMMER = st.builds(
    lambda born, number: (
        f"{born:%Y%m}{born.day + 60}{number:03d}" + check_digit(f"{born:%y%m}{born.day + 60}{number:03d}")
    ),
    st.dates(date(1800, 1, 1), TODAY),
    st.integers(1, 999),
)
PLACES = st.integers(0, 11)
OTHER_DIGITS = ("\u0660", "\u0966", "\uff10")
"""Zero in Arabic, Devanagari and full width; the other nine follow."""


@pytest.mark.parametrize("value", sorted(DEMO_NUMBERS))
def test_every_official_test_number_of_the_demonstration_is_accepted(value: str) -> None:
    assert parse(value, TODAY).value == value


@given(PERSONNUMMER)
def test_a_personnummer_tells_its_type_and_the_day_of_birth(value: str) -> None:
    read = parse(value, TODAY)

    assert read == PersonId("personnummer", value)
    assert read.born == date(int(value[:4]), int(value[4:6]), int(value[6:8]))


@given(SAMORDNINGSNUMMER)
def test_a_samordningsnummer_has_sixty_added_to_the_day(value: str) -> None:
    read = parse(value, TODAY)

    assert read.type == "samordningsnummer"
    assert read.born is not None
    assert read.born.day == int(value[6:8]) - 60


@given(PERSONNUMMER, st.integers(2, 11), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_never_taken_for_the_same_person(value: str, place: int, digit: str) -> None:
    assume(digit != value[place])
    mistyped = value[:place] + digit + value[place + 1 :]

    with pytest.raises(NotAPersonId):
        parse(mistyped, TODAY, number_type="personnummer")


@given(PERSONNUMMER)
def test_we_agree_with_other_libraries_on_numbers_that_are_right(value: str) -> None:
    separator = "+" if int(value[:4]) <= TODAY.year - 100 else "-"

    assert personnummer.valid(value)
    assert stdnum_personnummer.is_valid(value[2:8] + separator + value[8:])


@given(
    PERSONNUMMER | SAMORDNINGSNUMMER, PLACES, st.sampled_from(["-", "+", " ", "\u2013", "\u00a0", "\u200b"])
)
def test_what_is_kept_is_twelve_digits_wherever_a_dash_or_a_blank_stood(
    value: str, place: int, sign: str
) -> None:
    assert parse(value[:place] + sign + value[place:], TODAY).value == value


@given(PERSONNUMMER | SAMORDNINGSNUMMER, PLACES, st.sampled_from(OTHER_DIGITS))
def test_the_same_digit_in_another_script_is_not_believed(value: str, place: int, zero: str) -> None:
    foreign = value[:place] + chr(ord(zero) + int(value[place])) + value[place + 1 :]

    assert int(foreign) == int(value)
    with pytest.raises(NotAPersonId):
        parse(foreign, TODAY)


@pytest.mark.parametrize(
    "pasted",
    [
        "20140703-2380",
        "20140703 2380",
        " 201407032380 ",
        "20140703+2380",
        "20140703\u20132380",
        "20140703\u00a02380",
        "20140703\u22122380\u200b",
        "\ufeff2014\u200907\u200903\u20112380 ",
    ],
)
def test_a_pasted_number_may_hold_a_dash_a_plus_or_blanks(pasted: str) -> None:
    assert parse(pasted, TODAY).value == CHILD


@pytest.mark.parametrize("short", ["1407032380", "140703-2380", "140703+2380"])
def test_ten_digits_are_refused_because_the_century_is_missing(short: str) -> None:
    with pytest.raises(CenturyMissing):
        parse(short, TODAY)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "hello",
        f"{CHILD}\n",
        "２01407032380",  # a full-width digit
        "٢01407032380",  # an Arabic digit
        "201407032381",  # wrong check digit
        "199002300005",  # 30 February
        "190002290006",  # 1900 was no leap year
        "199013010005",  # month 13
        "199007050006",  # birth number 000
        "170101012398",  # seventeenth century
        "210101012398",  # twenty-second century
        "20140703238",
        "2014070323800",
    ],
)
def test_what_is_no_identity_number_is_refused(wrong: str) -> None:
    with pytest.raises(NotAPersonId):
        parse(wrong, TODAY)


def test_nobody_is_born_tomorrow() -> None:
    born_today = "20260302238" + check_digit("260302238")
    born_tomorrow = "20260303238" + check_digit("260303238")

    assert parse(born_today, TODAY).born == TODAY
    with pytest.raises(NotAPersonId):
        parse(born_tomorrow, TODAY)


@pytest.mark.parametrize("value", ["191500722390", "191806602395"])
def test_a_samordningsnummer_without_month_or_day_tells_no_birth_date(value: str) -> None:
    assert parse(value, TODAY) == PersonId("samordningsnummer", value)
    assert parse(value, TODAY).born is None


@pytest.mark.parametrize("value", ["19810829M071", "19450829K088", "19930829X802"])
def test_a_number_of_vastra_gotaland_is_checked_with_its_letter(value: str) -> None:
    assert parse(value, TODAY).type == "vgr"
    assert parse(value, TODAY).born == date(int(value[:4]), 8, 29)


@pytest.mark.parametrize("value", ["991981000010", "991945000023", "991993000032"])
def test_a_number_of_stockholm_tells_no_birth_date(value: str) -> None:
    assert parse(value, TODAY) == PersonId("sll", value)
    assert parse(value, TODAY).born is None


@pytest.mark.parametrize("value", ["19810829SU3A", "19450829SF2B", "19930829SX0C"])
def test_a_number_of_varmland_is_known_by_its_form(value: str) -> None:
    assert parse(value, TODAY).type == "varmland"


def nrid(payload: str) -> str:
    as_digits = "".join(sign if sign.isdigit() else str(ord(sign)) for sign in payload)
    return payload + check_digit(as_digits)


@pytest.mark.parametrize(
    ("payload", "born"),
    [
        ("22810829TF1", date(1981, 8, 29)),
        ("23140703AB2", date(2014, 7, 3)),
        ("25810829TFX", date(1981, 8, 29)),
        ("00812040TF1", None),
    ],
)
def test_a_national_reserve_number_hides_the_century_in_its_series(payload: str, born: date | None) -> None:
    read = parse(nrid(payload), TODAY)

    assert read.type == "nrid"
    assert read.born == born
    assert read.is_reserve


def test_a_national_reserve_number_of_the_next_century_is_not_born_yet() -> None:
    with pytest.raises(NotAPersonId):
        parse(nrid("24140703AB2"), TODAY)


@pytest.mark.parametrize("value", ["19850302T123", "19850302123A", "19850302ABCD"])
def test_a_reserve_number_of_skane_holds_a_letter(value: str) -> None:
    assert parse(value.lower(), TODAY) == PersonId("skane", value)
    assert parse(value, TODAY).is_reserve


def test_an_estimated_birth_year_may_give_a_day_that_never_was() -> None:
    registered_on_leap_day = parse("19850229T123", date(2024, 2, 29))

    assert registered_on_leap_day.type == "skane"
    assert registered_on_leap_day.born is None


def test_a_known_type_is_held_to_when_two_forms_are_alike() -> None:
    alike = "19810829M071"

    assert parse(alike, TODAY, number_type="skane").type == "skane"
    with pytest.raises(NotAPersonId):
        parse(alike, TODAY, number_type="personnummer")


def test_every_type_of_number_has_a_name_for_partners_of_its_own() -> None:
    assert set(OIDS) == set(ALL_TYPES)
    assert len(set(OIDS.values())) == len(OIDS)


def test_the_types_of_numbers_have_the_names_that_partners_know() -> None:
    assert {each: OIDS[each] for each in ALL_TYPES} == {
        "personnummer": "1.2.752.129.2.1.3.1",
        "samordningsnummer": "1.2.752.129.2.1.3.3",
        "nrid": "1.2.752.74.9.1",
        "vgr": "1.2.752.113.11.0.2.1.1.1",
        "sll": "1.2.752.97.3.1.3",
        "varmland": "1.2.752.74.9.2",
        "skane": "urn:oppna-sesam:local-number:skane",
    }
    assert parse(CHILD, TODAY).oid == "1.2.752.129.2.1.3.1"


def test_a_demo_person_must_be_on_the_list() -> None:
    assert demand_test_number(CHILD) == CHILD
    with pytest.raises(NotATestPerson):
        demand_test_number("19850302T123")


def test_a_number_that_two_regions_could_have_given_is_kept_only_with_its_type() -> None:
    alike = "19810829M071"

    with pytest.raises(WhichNumberType):
        parse_to_keep(alike, TODAY)

    assert possible_types(alike, TODAY) == ("vgr", "skane")
    assert parse_to_keep(alike, TODAY, number_type="skane") == PersonId("skane", alike)


@given(PERSONNUMMER | SAMORDNINGSNUMMER)
def test_a_number_of_digits_alone_has_one_type_only(value: str) -> None:
    assert parse_to_keep(value, TODAY) == parse(value, TODAY)


LOCAL_NUMBER = st.builds(
    lambda born, letters: f"{born:%Y%m%d}{letters}",
    st.dates(date(1900, 1, 1), TODAY),
    st.text("ABCKMXSFLPU0123456789", min_size=4, max_size=4),
)


@given(LOCAL_NUMBER)
def test_what_is_kept_with_a_type_has_the_form_of_that_type(value: str) -> None:
    for number_type in ALL_TYPES:
        try:
            read = parse_to_keep(value, TODAY, number_type=number_type)
        except NotAPersonId:
            assert number_type not in possible_types(value, TODAY)
        else:
            assert read == PersonId(number_type, value)
            assert number_type in possible_types(value, TODAY)
