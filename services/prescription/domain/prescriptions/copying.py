"""Copying ended lines: a new prescription, prefilled, with what has changed since (S25)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.prescription.domain.prescriptions.articles import Article
from services.prescription.domain.prescriptions.prescribing import PrescriptionRequest
from services.prescription.domain.prescriptions.prescriptions import Line, Prescription, prescription_of
from services.prescription.domain.prescriptions.quantity import LineRequest
from services.prescription.domain.rules.rule_book import AreaRules
from shared.domain.decision import Refused, Sentence, refuse_any

What = Literal["price", "package_size", "name", "status", "replaced_by", "rule"]


class AnnulBeforeCopying(Refused):
    """An active line is annulled before it is copied (S25, S26)."""

    rule = "annul-before-copying"
    sentence = Sentence(
        "Raden är fortfarande aktiv. Makulera den först, och kopiera den sedan.",
        "The line is still active. Annul it first, and copy it then.",
    )


class LinesOfSeveralTypes(Refused):
    """A prescription is of one type (S7)."""

    rule = "lines-of-several-types"
    sentence = Sentence(
        "Raderna är av olika förskrivningstyper. Kopiera en typ i taget.",
        "The lines are of different prescription types. Copy one type at a time.",
    )


class LinesOfSeveralPatients(Refused):
    """A prescription is for one patient (S6)."""

    rule = "lines-of-several-patients"
    sentence = Sentence(
        "Raderna hör till olika patienter. Kopiera en patients rader i taget.",
        "The lines belong to different patients. Copy one patient's lines at a time.",
    )


@dataclass(frozen=True)
class Change:
    """What differs from the day of prescribing; `line` is the line's place among the copies, from 1."""

    line: int
    what: What
    was: str | None
    now: str | None


@dataclass(frozen=True)
class Ticked:
    """A line that somebody wants copied, with the prescription it stands on."""

    prescription: Prescription
    line: Line


def against_copying(ticked: Sequence[Ticked], *, on: date) -> Iterator[Refused]:
    """Say why the lines cannot become one new prescription (S25, S26)."""
    for place, each in enumerate(ticked, start=1):
        if each.line.state == "active" and on <= each.prescription.valid_through:
            yield AnnulBeforeCopying(line=place, line_id=each.line.line_id)
    if len({each.prescription.prescription_type for each in ticked}) > 1:
        yield LinesOfSeveralTypes()
    if len({each.prescription.patient_ref for each in ticked}) > 1:
        yield LinesOfSeveralPatients()


def copy_lines(ticked: Sequence[Ticked], *, care_unit: str, on: date) -> PrescriptionRequest:
    """Prefill a new prescription with article numbers and quantities as they were (S25).

    Raises AnnulBeforeCopying, LinesOfSeveralTypes and LinesOfSeveralPatients.
    """
    refuse_any(against_copying(ticked, on=on))
    lines = tuple(_as_it_was(each.line) for each in ticked)
    return PrescriptionRequest(ticked[0].prescription.prescription_type, care_unit, lines)


def changes_since(
    ticked: Sequence[Ticked], known: Mapping[str, Article], *, rules: AreaRules, on: date
) -> Iterator[Change]:
    """Tell what is no longer as it was when each line was prescribed (S25, N14)."""
    for place, each in enumerate(ticked, start=1):
        article = known.get(each.line.article_no)
        if article is not None:
            yield from _of_article(each.line, article, place)
        for was, now in _of_rules(rules, each.prescription.registered_on, on):
            yield Change(place, "rule", was, now)


def lines_of(prescriptions: Collection[Prescription], line_ids: Sequence[str]) -> list[Ticked]:
    """Find the ticked lines in their order (S25); raises NotFound."""
    by_number = {each.prescription_no: each for each in prescriptions}
    found = [(by_number[prescription_of(line_id)], line_id) for line_id in line_ids]
    return [Ticked(prescription, prescription.line(line_id)) for prescription, line_id in found]


def _as_it_was(line: Line) -> LineRequest:
    # what the prescriber said then: pieces per day, or packages
    packages = line.packages if line.per_day is None else None
    return LineRequest(line.article_no, line.days, line.withdrawals, line.per_day, packages)


def _of_article(line: Line, article: Article, place: int) -> Iterator[Change]:
    price = line.package_price
    if price is not None and price != article.package_price:
        yield Change(place, "price", str(price.amount), str(article.package_price.amount))
    size = line.pieces_per_package
    if size is not None and size != article.pieces_per_package:
        yield Change(place, "package_size", str(size), str(article.pieces_per_package))
    if line.article_name != article.name:
        yield Change(place, "name", line.article_name, article.name)
    if article.status != "active":
        yield Change(place, "status", "active", article.status)
    if article.replaced_by is not None:
        yield Change(place, "replaced_by", line.article_no, article.replaced_by)


def _of_rules(rules: AreaRules, then: date, now: date) -> Iterator[tuple[str | None, str | None]]:
    before = {row.rule for row in rules.rows if row.holds.covers(then)}
    after = {row.rule for row in rules.rows if row.holds.covers(now)}
    yield from ((each, None) for each in sorted(before - after))
    yield from ((None, each) for each in sorted(after - before))
