"""Prescribing: every reason against it at once, or the saved prescription (S6 to S8, S14 to S22, Q26)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.prescriptions.articles import Article
from services.prescription.domain.prescriptions.prescriptions import Line, Physician, Prescription, line_id
from services.prescription.domain.prescriptions.quantity import LineRequest, against_quantity, calculate
from services.prescription.domain.rules.exemptions import Exemption, Exemptions, exemption_for
from services.prescription.domain.rules.rights import Prescriber, against_patient
from services.prescription.domain.rules.rule_book import AreaRules
from services.prescription.domain.rules.rules import (
    Case,
    Stretch,
    judge_right,
    judge_stretch,
    judge_type,
    refusals_of,
    rests_on_exemption,
)
from shared.domain.days import valid_through
from shared.domain.decision import Decision, Refused, Sentence, refuse_any
from shared.domain.subgroups import area_of, searchable
from shared.events.prescription import LinePrescribed, PrescriptionRegistered
from shared.events.values import PrescriptionType

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
        "Artikeln hör till en annan förskrivningstyp. Byt den, eller skapa en separat förskrivning för den.",
        "The article is not of the prescription type. Choose another, or make a prescription of its own.",
    )


@dataclass(frozen=True)
class PrescriptionRequest:
    """What the prescriber asks to save, for one care unit (S8)."""

    prescription_type: PrescriptionType
    care_unit: str
    lines: tuple[LineRequest, ...]


def against_prescribing(
    patient: Patient,
    articles: Copies,
    exemptions: Exemptions | None,
    *,
    wanted: PrescriptionRequest,
    by: Prescriber,
    rules: AreaRules,
    on: date,
) -> Iterator[Refused]:
    """Say every reason at once; those about a line name it, counted from 1 (N1, S20, Q5)."""
    exempting = exemption_for(exemptions, care_unit=wanted.care_unit, on=on)
    case = case_of(patient, wanted.prescription_type, by=by, exempting=exempting)
    yield from against_patient(patient)
    yield from refusals_of(judge_right(rules, case, on=on))
    yield from refusals_of(judge_type(rules, case, on=on))
    if not wanted.lines:
        yield NoLines()
    known = copies_by_number(articles)
    for place, line in enumerate(wanted.lines, start=1):
        article = known.get(line.article_no)
        yield from against_article(article, wanted.prescription_type, line=place, article_no=line.article_no)
        yield from against_quantity(line, line=place)
        stretch = Stretch(place, line.days, line.withdrawals)
        yield from refusals_of(judge_stretch(rules, stretch, born=case.born, on=on))


def against_article(
    article: Article | None, prescription_type: PrescriptionType, *, line: int, article_no: str
) -> Iterator[Refused]:
    """Say why the article cannot be prescribed (S7, S10); generic and flavour are alike (S53, S54)."""
    if article is None:
        yield UnknownArticle(line=line, article_no=article_no)
        return
    if article.status == "discontinued":
        yield ArticleDiscontinued(line=line, article_no=article_no, replaced_by=article.replaced_by)
    in_area = article.product_area == area_of(prescription_type).key
    if not in_area or article.subgroup not in searchable(prescription_type):
        yield AnotherType(line=line, article_no=article_no)


def case_of(
    patient: Patient, prescription_type: PrescriptionType, *, by: Prescriber, exempting: Exemption | None
) -> Case:
    """Leave out who they are: the rules ask for type, profession, age and exemption alone (S20, S21, N14)."""
    born = patient.person.born if patient.person else None
    return Case(prescription_type, by.profession, born, exempted=exempting is not None)


def try_prescribing(
    patient: Patient,
    articles: Copies,
    exemptions: Exemptions | None,
    *,
    wanted: PrescriptionRequest,
    by: Prescriber,
    rules: AreaRules,
    on: date,
) -> Decision[Patient, Copies, Exemptions | None]:
    """Ask whether it would be saved, and keep nothing (N1, Q5)."""
    refuse_any(against_prescribing(patient, articles, exemptions, wanted=wanted, by=by, rules=rules, on=on))
    return patient, articles, exemptions, []


def prescribe(
    taken: Prescription | None,
    patient: Patient,
    articles: Copies,
    exemptions: Exemptions | None,
    *,
    prescription_no: str,
    wanted: PrescriptionRequest,
    by: Prescriber,
    rules: AreaRules,
    on: date,
) -> Decision[Prescription, Patient, Copies, Exemptions | None]:
    """Save a prescription; the rules are asked again at this moment (S22, Q5)."""
    if taken is not None:
        raise NumberTaken
    refuse_any(against_prescribing(patient, articles, exemptions, wanted=wanted, by=by, rules=rules, on=on))
    exempting = exemption_for(exemptions, care_unit=wanted.care_unit, on=on)
    case = case_of(patient, wanted.prescription_type, by=by, exempting=exempting)
    is_exempted = rests_on_exemption(judge_right(rules, case, on=on))
    physician = exempting.physician if exempting and is_exempted else None
    prescription = Prescription(
        prescription_no=prescription_no,
        patient_ref=patient.patient_ref,
        prescription_type=wanted.prescription_type,
        product_area=rules.product_area,
        care_unit=wanted.care_unit,
        prescriber=by.sub,
        prescriber_profession=by.profession,
        prescriber_employed_by_region=by.employed_by_region,
        payer=patient.status.payer,
        registered_on=on,
        valid_through=valid_through(on),
        lines=_lines(wanted.lines, copies_by_number(articles), prescription_no, physician),
        notice_days=rules.notice_days(on),
    ).dated()
    return prescription, patient, articles, exemptions, [_registered(prescription)]


def copies_by_number(articles: Copies) -> Mapping[str, Article]:
    """Give the articles that exist, by their number (S10)."""
    return {article.article_no: article for article in articles if article is not None}


def _lines(
    wanted: tuple[LineRequest, ...],
    known: Mapping[str, Article],
    prescription_no: str,
    physician: Physician | None,
) -> tuple[Line, ...]:
    lines = (
        _line(each, known[each.article_no], line_id(prescription_no, place))
        for place, each in enumerate(wanted, start=1)
    )
    return tuple(replace(line, responsible_physician=physician) for line in lines)


def _line(wanted: LineRequest, article: Article, its_id: str) -> Line:
    return Line(
        line_id=its_id,
        article_no=article.article_no,
        article_name=article.name,
        is_generic=article.is_generic,
        per_day=wanted.per_day,
        packages=calculate(wanted, article).packages,
        days=wanted.days,
        withdrawals=wanted.withdrawals,
        package_price=article.package_price,
        pieces_per_package=article.pieces_per_package,
    )


def _registered(prescription: Prescription) -> PrescriptionRegistered:
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
                responsible_physician=line.responsible_physician and line.responsible_physician.sub,
            )
            for line in prescription.lines
        ),
    )
