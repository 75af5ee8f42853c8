"""Prescribing: every reason against it at once, and the saved prescription (S6 to S8, S14 to S22)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from services.prescription.domain.articles import Article
from services.prescription.domain.limits import Limits, limits_on
from services.prescription.domain.patients import Patient
from services.prescription.domain.prescriptions import Line, Prescription, line_id
from services.prescription.domain.quantity import LineWanted, against_quantity, calculate
from services.prescription.domain.rights import Prescriber, against_age, against_patient
from shared.domain.days import age, valid_through
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.domain.subgroups import searchable
from shared.events.prescription import LinePrescribed, PrescriptionRegistered, PrescriptionType

PRODUCT_AREA = "foods"
"""The four types are those of special foods (S7)."""

Copies = tuple[Article | None, ...]


class NumberTaken(Refused):
    """The prescription number is in use; it is never given twice (S22, Q16)."""

    rule = "number-taken"
    sentence = Sentence("Numret används redan. Försök igen.", "The number is in use already. Try again.")


class NoLines(Refused):
    """A prescription has at least one article (S18)."""

    rule = "no-lines"
    sentence = Sentence("Registrera minst en artikel.", "Register at least one article.")


class UnknownArticle(Refused):
    """No article has the number (S10)."""

    rule = "unknown-article"
    sentence = Sentence(
        "Artikeln finns inte. Sök fram den på namn eller nummer.",
        "There is no such article. Search for it by name or number.",
    )


class ArticleDiscontinued(Refused):
    """The article has left the assortment; `replaced_by` names what came instead (S10)."""

    rule = "article-discontinued"
    sentence = Sentence(
        "Artikeln har utgått. Välj en annan artikel.",
        "The article is discontinued. Choose another article.",
    )


class AnotherType(Refused):
    """The prescription type decides which subgroups are open (S7)."""

    rule = "not-of-the-prescription-type"
    sentence = Sentence(
        "Artikeln hör inte till förskrivningstypen. Välj en annan, eller skapa en egen förskrivning.",
        "The article is not of the prescription type. Choose another, or make a prescription of its own.",
    )


class MoreThanAYear(Refused):
    """Days per withdrawal times withdrawals is at most 365 (S16, Q4)."""

    rule = "more-than-365-days"
    sentence = Sentence(
        "Antal dagar gånger antal uttag får vara högst 365. Minska dagarna eller uttagen.",
        "Days times withdrawals may be 365 at most. Lower the days or the withdrawals.",
    )


class TooLongForAChild(Refused):
    """Under 16 a withdrawal is for 90 days at most (Q25, law 2002:160)."""

    rule = "more-than-90-days-under-16"
    sentence = Sentence(
        "För patienter under 16 år får ett uttag räcka högst 90 dagar. Minska antalet dagar per uttag.",
        "For patients under 16 a withdrawal may last 90 days at most. Lower the days per withdrawal.",
    )


@dataclass(frozen=True)
class Wanted:
    """What the prescriber asks to save, for one care unit (S8)."""

    prescription_type: PrescriptionType
    care_unit: str
    lines: tuple[LineWanted, ...]


def against_prescribing(
    patient: Patient, articles: Copies, *, wanted: Wanted, by: Prescriber, on: date
) -> Iterator[Refused]:
    """Say every reason at once; those about a line name it, counted from 1 (N1, S20, Q5)."""
    limits = limits_on(on)
    born = patient.person.born if patient.person else None
    yield from against_patient(patient)
    yield from against_age(born, prescription_type=wanted.prescription_type, by=by, limits=limits, on=on)
    if not wanted.lines:
        yield NoLines()
    known = copies_by_number(articles)
    for place, line in enumerate(wanted.lines, start=1):
        yield from against_article(known.get(line.article_no), wanted.prescription_type, line=place)
        yield from against_quantity(line, line=place)
        yield from against_days(line, is_child=_is_child(born, limits, on), limits=limits, line=place)


def against_article(
    article: Article | None, prescription_type: PrescriptionType, *, line: int
) -> Iterator[Refused]:
    """Say why the article cannot be prescribed (S7, S10); generic and flavour are alike (S53, S54)."""
    if article is None:
        yield UnknownArticle(line=line)
        return
    if article.status == "discontinued":
        yield ArticleDiscontinued(line=line, replaced_by=article.replaced_by)
    if article.product_area != PRODUCT_AREA or article.subgroup not in searchable(prescription_type):
        yield AnotherType(line=line)


def against_days(wanted: LineWanted, *, is_child: bool, limits: Limits, line: int) -> Iterator[Refused]:
    """Say why the line lasts too long (S16, Q4, Q25)."""
    days = wanted.days * wanted.withdrawals
    if days > limits.longest_days:
        yield MoreThanAYear(line=line, days=days)
    if is_child and limits.child_longest_days is not None and wanted.days > limits.child_longest_days:
        yield TooLongForAChild(line=line, days=wanted.days)


def try_prescribing(
    patient: Patient, articles: Copies, *, wanted: Wanted, by: Prescriber, on: date
) -> Decision[Patient, Copies]:
    """Ask whether it would be saved, and keep nothing (N1, Q5)."""
    refuse_any(against_prescribing(patient, articles, wanted=wanted, by=by, on=on))
    return patient, articles, []


def prescribe(
    taken: Prescription | None,
    patient: Patient,
    articles: Copies,
    *,
    prescription_no: str,
    wanted: Wanted,
    by: Prescriber,
    on: date,
) -> Decision[Prescription, Patient, Copies]:
    """Save a prescription; the rules are asked again at this moment (S22, Q5)."""
    if taken is not None:
        raise NumberTaken
    refuse_any(against_prescribing(patient, articles, wanted=wanted, by=by, on=on))
    known = copies_by_number(articles)
    prescription = Prescription(
        prescription_no=prescription_no,
        patient_ref=patient.patient_ref,
        prescription_type=wanted.prescription_type,
        product_area=PRODUCT_AREA,
        care_unit=wanted.care_unit,
        prescriber=by.sub,
        prescriber_profession=by.profession,
        prescriber_employed_by_region=by.employed_by_region,
        payer=patient.status.payer,
        registered_on=on,
        valid_through=valid_through(on),
        lines=tuple(
            _line(each, known[each.article_no], line_id(prescription_no, place))
            for place, each in enumerate(wanted.lines, start=1)
        ),
    )
    return prescription, patient, articles, [_told(prescription)]


def copies_by_number(articles: Copies) -> Mapping[str, Article]:
    """Give the articles that exist, by their number (S10)."""
    return {article.article_no: article for article in articles if article is not None}


def _is_child(born: date | None, limits: Limits, on: date) -> bool:
    return born is not None and age(born, on) < limits.adult_from_years


def _line(wanted: LineWanted, article: Article, its_id: str) -> Line:
    return Line(
        line_id=its_id,
        article_no=article.article_no,
        article_name=article.name,
        is_generic=article.is_generic,
        per_day=wanted.per_day,
        packages=calculate(wanted, article).packages,
        days=wanted.days,
        withdrawals=wanted.withdrawals,
    )


def _told(prescription: Prescription) -> PrescriptionRegistered:
    return PrescriptionRegistered(
        prescription_no=prescription.prescription_no,
        patient_ref=prescription.patient_ref,
        prescription_type=prescription.prescription_type,
        product_area=prescription.product_area,
        care_unit=prescription.care_unit,
        prescriber=prescription.prescriber,
        prescriber_employed_by_region=prescription.prescriber_employed_by_region,
        payer=prescription.payer,
        registered_on=prescription.registered_on,
        lines=tuple(
            LinePrescribed(
                line_id=line.line_id,
                article_no=line.article_no,
                packages=line.packages,
                days=line.days,
                withdrawals=line.withdrawals,
                valid_through=prescription.valid_through,
            )
            for line in prescription.lines
        ),
    )
