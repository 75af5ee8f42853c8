"""The classes of ISO 9999: codes as people write them, and titles of an edition (S168)."""

import json
from pathlib import Path

import pytest

from services.inventory.domain.classes import NotAClass, above, class_code
from services.inventory.gateways.classes import PACKAGED, read_classes


@pytest.mark.parametrize("written", ["040312", "04 03 12", "04.03.12", " 04-03-12 ", "04\u00a003\u00a012"])
def test_a_code_is_read_as_people_write_it(written: str) -> None:
    assert class_code(written) == "040312"


@pytest.mark.parametrize("written", ["4", "040", "04031", "0403123", "ab", "", "٠٤"])
def test_a_code_has_two_four_or_six_digits(written: str) -> None:
    with pytest.raises(NotAClass):
        class_code(written)


def test_a_class_lies_in_those_whose_codes_begin_its_own() -> None:
    assert above("040312") == ("04", "0403", "040312")
    assert above("") == ()


def test_the_titles_that_come_along_are_of_the_edition_that_regions_follow() -> None:
    classes = read_classes(PACKAGED)

    assert classes.edition == "2011"
    assert classes.title_of("0403") == "Hjälpmedel för andning"
    assert classes.title_of("042901") is None


def test_a_file_of_titles_with_a_code_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "classes.json"
    file.write_text(json.dumps({"edition": "2022", "titles": {"4": "Fel"}}))

    with pytest.raises(NotAClass):
        read_classes(file)
