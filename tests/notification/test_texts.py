"""What messages say."""

import pytest

from services.notification.domain.texts import DELIVERY_NOTICE, GSM_7, ONE_SMS, in_language

TEXTS = [in_language(DELIVERY_NOTICE, language) for language in ("sv", "en", "ar")]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_fits_in_one_sms(text: str) -> None:
    assert len(text) <= ONE_SMS
    assert set(text) <= GSM_7


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "word", ["livsmedel", "recept", "förskriv", "dryck", "food", "mottagning", "clinic", "{"]
)
def test_a_text_never_names_article_diagnosis_or_clinic(text: str, word: str) -> None:
    assert word not in text.lower()


def test_a_delivery_notice_is_in_the_language_of_the_receiver() -> None:
    assert in_language(DELIVERY_NOTICE, "sv").startswith("Din leverans är på väg.")
    assert in_language(DELIVERY_NOTICE, "en").startswith("Your delivery is on its way.")


def test_who_reads_another_language_gets_both() -> None:
    both = in_language(DELIVERY_NOTICE, "ar")

    assert DELIVERY_NOTICE.sv in both
    assert DELIVERY_NOTICE.en in both
