"""What messages say, in every language."""

from datetime import date

import pytest

from services.notification.domain.message import Saying as Kind
from services.notification.domain.texts import (
    SUBJECTS,
    TEXTS,
    subject_of,
    text_of,
)
from tests.notification.wording import faults_of, parts_of

PHONE = "040-628 04 00"
DAY = date(2026, 12, 24)
LANGUAGES = ("sv", "en", "fi", "ar", "so")
EVERY_TEXT = [(kind, language) for kind in TEXTS for language in LANGUAGES]


@pytest.mark.parametrize(("kind", "language"), EVERY_TEXT)
def test_every_text_is_short_plain_and_tells_nothing_of_goods_or_clinic(kind: Kind, language: str) -> None:
    assert list(faults_of(text_of(kind, language, phone=PHONE, day=DAY), language)) == []


@pytest.mark.parametrize(("kind", "language"), [each for each in EVERY_TEXT if each[1] != "so"])
def test_a_text_in_one_language_is_one_sms(kind: Kind, language: str) -> None:
    assert parts_of(text_of(kind, language, phone=PHONE, day=DAY)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_names_the_number_to_call(language: str) -> None:
    assert all(PHONE in text_of(kind, language, phone=PHONE) for kind in TEXTS)


def test_the_number_to_call_is_a_setting() -> None:
    assert "011-1" in text_of("delivery_notice", "sv", phone="011-1")


def test_a_text_that_names_a_day_is_given_it() -> None:
    dated: list[Kind] = ["order_delayed", "renewal_ends", "renewal_last_used", "delivery_part_and_day"]
    assert all("24 december" in text_of(kind, "sv", phone=PHONE, day=DAY) for kind in dated)


def test_a_delivery_notice_is_in_the_language_of_the_receiver() -> None:
    assert text_of("delivery_notice", "sv", phone=PHONE).startswith("Din leverans är på väg.")
    assert text_of("delivery_notice", "en", phone=PHONE).startswith("Your delivery is on its way.")
    assert text_of("delivery_notice", "ar", phone=PHONE).startswith("طلبيتك")


@pytest.mark.parametrize("kind", list(TEXTS))
def test_who_reads_a_language_that_is_missing_gets_swedish_and_english_in_one_text(kind: Kind) -> None:
    both = text_of(kind, "so", phone=PHONE, day=DAY)

    assert both == " ".join(text_of(kind, each, phone=PHONE, day=DAY) for each in ("sv", "en"))


def test_the_subject_of_an_email_tells_nothing() -> None:
    assert [list(faults_of(subject_of(each), each)) for each in SUBJECTS] == [[]] * len(SUBJECTS)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Din leverans \u2013 på väg", "not in GSM-7"),
        ("Din leverans \u2013 på väg", "has \u2013"),
        ("Ditt livsmedel är på väg", "names livsmedel"),
        ("Ring mottagningen", "names mottagning"),
        ("Your delivery {day}", "has {"),
        ("x" * 307, "3 parts"),
    ],
)
def test_a_bad_text_is_noticed(text: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in faults_of(text, "sv"))


@pytest.mark.parametrize(("text", "parts"), [("x" * 160, 1), ("x" * 161, 2), ("ط" * 70, 1), ("ط" * 71, 2)])
def test_letters_beyond_the_gsm_alphabet_take_more_room(text: str, parts: int) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    ("language", "words"),
    [("sv", "6 december"), ("en", "6 December"), ("fi", "6. joulukuuta"), ("ar", "6 ديسمبر")],
)
def test_a_day_is_said_as_people_say_it(language: str, words: str) -> None:
    assert words in text_of("order_delayed", language, phone=PHONE, day=date(2026, 12, 6))
