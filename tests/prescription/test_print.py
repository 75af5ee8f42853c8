"""The printed overview of active prescriptions: what stands on it, and that everybody can read it."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest

from services.prescription.api.prescriptions.prints import LAYOUT, page_of
from services.prescription.repository.collections import PATIENTS
from shared.http.prints import typeset
from shared.repository import Cause
from shared.sealed import new_keys, seals_of
from tests.prescription.examples import LINE, PATIENT, PRESCRIPTION, SECOND, TODAY
from tests.support import InMemory

SEALS = seals_of(new_keys())
AT = datetime(2026, 3, 2, tzinfo=UTC)
NAMED = replace(
    PATIENT,
    person=PATIENT.person
    and replace(PATIENT.person, name=SEALS.seal("Åsa Testsson"), number=SEALS.seal("199007052393")),
)
TWO_LINES = replace(PRESCRIPTION, lines=(LINE, replace(LINE, line_id=SECOND, state="annulled")))


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def tags(pdf: pikepdf.Pdf) -> list[str]:
    """Every structure tag, in reading order."""

    def below(element: Any) -> Any:
        if isinstance(element, pikepdf.Array):
            for each in element:
                yield from below(each)
        elif isinstance(element, pikepdf.Dictionary):
            if "/S" in element:
                yield str(element.S)
            if "/K" in element:
                yield from below(element.K)

    return list(below(pdf.Root.StructTreeRoot.K))


async def printed(service: InMemory, whose: str, /, language: str = "sv", **claims: Any) -> Any:
    role = claims.pop("role", "dietitian")
    headers = {**service.token(role, **claims), "Accept-Language": language}
    return await service.client.post(f"/patients/{whose}/prints", headers=headers)


def test_the_page_holds_active_lines_only() -> None:
    page = page_of(NAMED, [TWO_LINES], SEALS, "sv", on=TODAY)

    assert (page["name"], page["number"], page["printed"]) == ("Åsa Testsson", "199007052393", "2026-03-02")
    assert page["sections"] == [
        {
            "area": "Speciallivsmedel",
            "rows": [
                [
                    "Demodryck choklad (900001)",
                    "15 förp., 30 dagar",
                    "2 av 2",
                    "2027-03-02",
                    PRESCRIPTION.prescription_no,
                    "SE-UNIT-1",
                ]
            ],
        }
    ]


def test_a_line_whose_time_ran_out_is_not_printed_as_active() -> None:
    after = TODAY.replace(year=2028)

    assert page_of(NAMED, [PRESCRIPTION], SEALS, "en", on=after)["sections"] == []


@pytest.mark.parametrize(
    ("language", "title"), [("sv", "Aktiva förskrivningar"), ("en", "Active prescriptions")]
)
async def test_the_print_is_a_tagged_pdf_with_title_and_language(
    service: InMemory, adult: str, prescribed: dict[str, Any], language: str, title: str
) -> None:
    answer = await printed(service, adult, language)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    pdf = opened(answer.content)
    assert str(pdf.Root.Lang) == language
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    metadata = pdf.open_metadata()
    assert (metadata["pdfuaid:part"], metadata["dc:title"]) == ("1", title)


async def test_a_reader_aloud_finds_headings_and_a_table_with_its_header(
    service: InMemory, adult: str, prescribed: dict[str, Any]
) -> None:
    found = tags(opened((await printed(service, adult)).content))

    assert [each for each in found if each in ("/H1", "/H2", "/Table")] == ["/H1", "/H2", "/Table"]
    assert found.count("/TH") == 6
    assert found.count("/TD") == 6


async def test_a_print_without_prescriptions_says_so(service: InMemory, adult: str) -> None:
    found = tags(opened((await printed(service, adult)).content))

    assert "/Table" not in found
    assert "/H1" in found


async def test_a_print_is_in_the_audit_log(service: InMemory, adult: str) -> None:
    await printed(service, adult)

    row = (await service.repository.backend.audit.rows())[-1]
    assert (row["action"], row["patient_refs"]) == ("prescription.print_prescriptions", [adult])


async def test_a_patient_prints_the_own_overview_and_nobody_elses(service: InMemory, adult: str) -> None:
    own = await printed(service, adult, role="patient", patient_ref=adult)
    others = await printed(service, adult, role="patient", patient_ref="p-2")

    assert (own.status_code, others.status_code) == (200, 403)


def test_many_lines_fill_several_pages_with_the_header_on_each() -> None:
    many = replace(PRESCRIPTION, lines=tuple(replace(LINE, line_id=f"x-{no}") for no in range(60)))

    pdf = opened(typeset(LAYOUT, page_of(NAMED, [many], SEALS, "sv", on=TODAY), at=AT))

    assert len(pdf.pages) > 1
    assert tags(pdf).count("/TD") == 60 * 6


def test_what_people_wrote_is_text_and_never_layout() -> None:
    odd = replace(PRESCRIPTION, lines=(replace(LINE, article_name='#panic("x") *fet* $1$ <a> \\'),))

    page = page_of(NAMED, [odd], SEALS, "sv", on=TODAY)

    assert len(opened(typeset(LAYOUT, page, at=AT)).pages) == 1


def named(name: str, article: str = "Demodryck choklad") -> dict[str, Any]:
    """The page of somebody with that name, who has that article."""
    person = NAMED.person and replace(NAMED.person, name=SEALS.seal(name))
    line = replace(LINE, article_name=article)
    whose = replace(NAMED, person=person)
    return page_of(whose, [replace(PRESCRIPTION, lines=(line,))], SEALS, "sv", on=TODAY)


def is_said_to_be_accessible(pdf: pikepdf.Pdf) -> bool:
    return pdf.open_metadata().get("pdfuaid:part") == "1"


def fonts_of(pdf: pikepdf.Pdf) -> set[str]:
    """The fonts that the page is set in, without the prefix of the part that is embedded."""
    return {str(font.BaseFont).partition("+")[2] for font in pdf.pages[0].Resources.Font.values()}


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("Åsa Łukasz Ørsted", "Libertinus"),
        ("李明", "NotoSansCJK"),
        ("山田 太郎", "NotoSansCJK"),
        ("김민수", "NotoSansCJK"),
        ("ไทย", "NotoSansThai"),
        ("محمد عمر", "NotoSansArabic"),
        ("שלום", "Libertinus"),
        ("देवी", "NotoSansDevanagari"),
        ("Anna 😀", "NotoEmoji"),
    ],
)
def test_a_name_in_any_script_that_a_font_has_is_printed_accessibly(name: str, font: str) -> None:
    pdf = opened(typeset(LAYOUT, named(name), at=AT))

    assert is_said_to_be_accessible(pdf)
    assert any(each.startswith(font) for each in fonts_of(pdf)), fonts_of(pdf)


def test_an_articles_name_may_have_an_emoji() -> None:
    pdf = opened(typeset(LAYOUT, named("Åsa", article="Näringsdryck 🍫 vanilj"), at=AT))

    assert is_said_to_be_accessible(pdf)
    assert any(each.startswith("NotoEmoji") for each in fonts_of(pdf))


@pytest.mark.parametrize("name", ["ܫܡܫܐ", "𐐀", "ᠠᠮᠤ"])
def test_a_script_that_no_font_has_is_printed_tagged_without_claiming_the_standard(name: str) -> None:
    pdf = opened(typeset(LAYOUT, named(name), at=AT))

    assert not is_said_to_be_accessible(pdf)
    assert tags(pdf).count("/TD") == 6


@pytest.mark.parametrize(
    "sign", ["\u0007", "\u0000", "\u001b", "\ud800", "\ufffe", "\u202e", "\n"], ids=ascii
)
def test_control_characters_that_were_kept_before_are_not_printed(sign: str) -> None:
    page = {**named("", article=f"De{sign}mo"), "name": f"An{sign}na"}

    pdf = opened(typeset(LAYOUT, page, at=AT))

    assert is_said_to_be_accessible(pdf)


async def test_the_door_prints_whatever_the_register_says(
    service: InMemory, adult: str, prescribed: dict[str, Any]
) -> None:
    patient = await service.repository.get(PATIENTS.ref(adult))
    assert patient.person is not None
    kept = replace(patient.person, name=service.seals.seal("ܫܡܫܐ 李明\u0007 😀", purpose="identity"))
    await service.repository.change(
        PATIENTS.ref(adult), lambda each: (replace(each, person=kept), ()), cause=Cause(key="odd name")
    )

    answer = await printed(service, adult)

    assert answer.status_code == 200
    assert len(opened(answer.content).pages) == 1
