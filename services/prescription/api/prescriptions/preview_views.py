"""Response bodies of a preview of prescribing: calculation, warnings, reasons (S17, S19, N1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Self

from services.prescription.api.prescriptions.views import PrescriptionView
from services.prescription.domain.patients.patients import Patient
from services.prescription.domain.prescriptions.articles import Article
from services.prescription.domain.prescriptions.prescribing import (
    Copies,
    PrescriptionRequest,
    copies_by_number,
)
from services.prescription.domain.prescriptions.prescriptions import Prescription
from services.prescription.domain.prescriptions.pricing import Unpriced, unpriced
from services.prescription.domain.prescriptions.quantity import (
    LineRequest,
    UnusualQuantity,
    against_quantity,
    calculate,
    warn_of,
)
from services.prescription.domain.rules.exemptions import Exemptions
from shared.events.fees import Tariff
from shared.http import Language, Preview, View


class Calculation(View):
    """What one withdrawal of a line is, whichever way it was said (S17, Q17); money in SEK."""

    line: int
    article_no: str
    article_name: str
    piece: str
    pieces_per_package: int
    pieces: Decimal
    packages: int
    pieces_left_over: Decimal
    cost: Decimal
    withdrawals: int
    total_cost: Decimal
    total_days: int

    @classmethod
    def of(cls, wanted: LineRequest, article: Article, *, line: int) -> "Calculation":
        quantity = calculate(wanted, article)
        return cls(
            line=line,
            article_no=article.article_no,
            article_name=article.name,
            piece=article.piece,
            pieces_per_package=article.pieces_per_package,
            pieces=quantity.pieces,
            packages=quantity.packages,
            pieces_left_over=quantity.pieces_left_over,
            cost=quantity.cost.amount,
            withdrawals=quantity.withdrawals,
            total_cost=quantity.total_cost.amount,
            total_days=wanted.days * wanted.withdrawals,
        )


class WarningView(View):
    """Something to look at once more; it never stops (S19)."""

    rule: str
    detail: str
    line: int
    facts: dict[str, int | str]

    @classmethod
    def of(cls, warning: UnusualQuantity | Unpriced, language: Language) -> Self:
        return cls(
            rule=warning.rule,
            detail=warning.sentence.en if language == "en" else warning.sentence.sv,
            line=warning.line,
            facts=dict(warning.facts),
        )


class PrescriptionPreview(Preview):
    """What would be saved, with every reason against it."""

    care_unit: str
    valid_through: date
    calculations: list[Calculation]
    warnings: list[WarningView]


class PrescriptionSaved(PrescriptionView):
    """The saved prescription with its number, and the warnings that were passed by."""

    warnings: list[WarningView]

    @classmethod
    def answer(
        cls,
        prescription: Prescription,
        patient: Patient,
        articles: Copies,
        exemptions: Exemptions | None,  # noqa: ARG003  the rule's fourth
        *,
        wanted: PrescriptionRequest,
        tariffs: Sequence[Tariff],
        language: Language,
    ) -> "PrescriptionSaved":
        known, on = copies_by_number(articles), prescription.registered_on
        warnings = warnings_of(wanted, known, patient, tariffs, language=language, on=on)
        return cls(**dict(PrescriptionView.of(prescription)), warnings=warnings)


def calculations_of(wanted: Iterable[LineRequest], articles: Mapping[str, Article]) -> list[Calculation]:
    """Calculate the lines that can be."""
    return [Calculation.of(line, article, line=place) for place, line, article in _whole(wanted, articles)]


def warnings_of(
    wanted: PrescriptionRequest,
    articles: Mapping[str, Article],
    patient: Patient,
    tariffs: Sequence[Tariff],
    *,
    language: Language,
    on: date,
) -> list[WarningView]:
    """Warn of the lines that are unusually large, and of those that no tariff prices (S19, Q3)."""
    large = (warn_of(line, article, line=place) for place, line, article in _whole(wanted.lines, articles))
    found: list[UnusualQuantity | Unpriced] = [
        *(each for each in large if each),
        *unpriced(wanted, articles, patient, tariffs, on=on),
    ]
    return [WarningView.of(each, language) for each in sorted(found, key=lambda each: each.line)]


def _whole(
    wanted: Iterable[LineRequest], articles: Mapping[str, Article]
) -> Iterator[tuple[int, LineRequest, Article]]:
    for place, line in enumerate(wanted, start=1):
        article = articles.get(line.article_no)
        if article and not any(against_quantity(line, line=place)):
            yield place, line, article
