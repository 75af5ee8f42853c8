"""Every word of the pages is in the catalogues: nothing stays Swedish for who reads English."""

import re

from babel.messages.extract import extract_from_dir

from gateway.web import words, written
from gateway.web.rendering import GATEWAY
from gateway.web.words import catalogue, speaking

METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
ATTRIBUTE = re.compile(r'(?:title|alt|placeholder|aria-label|content|data-label)="([^"]*)"')
LETTERS = re.compile(r"[^\W\d_]{2,}")
SAME_IN_EVERY_LANGUAGE = {
    "English",
    "Svenska",
    "Alt",
    "width",
    "device",
    "initial",
    "scale",
    "history",
    "false",
}
TEMPLATES = sorted((GATEWAY / "templates").rglob("*.html"))


def used() -> set[str]:
    """Give every text that a page or a template marks for the catalogue."""
    found = extract_from_dir(GATEWAY, METHODS, options_map={}, keywords={"_": None, "ngettext": (1, 2)})
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}


def unmarked(source: str) -> list[str]:
    """Give the words of a template that no catalogue knows of."""
    plain = CODE.sub(" ", source)
    texts = [TAG.sub(" ", plain), *ATTRIBUTE.findall(plain)]
    return [word for text in texts for word in LETTERS.findall(text) if word not in SAME_IN_EVERY_LANGUAGE]


def test_every_text_of_the_pages_has_its_english() -> None:
    known = {
        each.id if isinstance(each.id, str) else each.id[0] for each in catalogue() if each.id and each.string
    }

    assert used() - known == set()


def test_the_catalogue_holds_no_text_that_no_page_has() -> None:
    known = {each.id if isinstance(each.id, str) else each.id[0] for each in catalogue() if each.id}

    assert known - used() == set()


def test_no_template_holds_a_word_outside_of_the_catalogue() -> None:
    assert {each.name: found for each in TEMPLATES if (found := unmarked(each.read_text()))} == {}


def test_a_word_that_is_not_marked_is_noticed() -> None:
    assert unmarked('<p title="Hej">{{ _("Hej") }} där</p>') == ["där", "Hej"]


def test_days_and_kronor_are_written_as_people_write_them() -> None:
    with speaking("sv"):
        assert written.day("2026-11-26") == "26 nov. 2026"
        assert written.moment("2026-11-23T09:00:00Z") == "23 nov. 2026 10:00"
        assert [written.kronor(each) for each in ("210.00", "1210.50", None)] == [
            "210 kr",
            "1\N{NO-BREAK SPACE}210,50 kr",
            "",
        ]
        assert written.number("2.500") == "2,5"
    with speaking("en"):
        assert written.day("2026-11-26") == "26 Nov 2026"
        assert written.kronor("1210.50") == "1,210.50 kr"
    assert written.person_number("199007052393") == "19900705-2393"
    assert written.person_number("50-654321") == "50-654321"


def test_the_language_that_was_chosen_comes_before_the_browsers() -> None:
    assert words.chosen("en", "sv") == "en"
    assert words.chosen(None, "en-GB,en;q=0.9,sv;q=0.1") == "en"
    assert words.chosen("something", None) == "sv"


def test_one_and_many_are_told_apart() -> None:
    with speaking("en"):
        assert words.ngettext("1 träff", "%(num)s träffar", 1) == "1 hit"
        assert words.ngettext("1 träff", "%(num)s träffar", 2) == "%(num)s hits"
