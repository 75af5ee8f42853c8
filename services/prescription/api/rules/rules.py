"""Routes that show the rule book, and explain which rules decide a case on any date (N14)."""

from dataclasses import fields
from datetime import date
from typing import Annotated, Any

from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from services.prescription.domain.rules.rule_book import AreaRules, Row, RuleBook
from services.prescription.domain.rules.rules import Case, Stretch, Verdict, judge
from shared.clock import Clock
from shared.domain.days import birthday, valid_through
from shared.domain.decision import Sentence
from shared.domain.subgroups import area_of
from shared.events.values import PrescriptionType
from shared.fields import BirthDate, Code, Day, refusal
from shared.http import Ask, Language, Request, Router, View
from shared.http.language import said

Text = Annotated[Code, StringConstraints(max_length=64)]
Count = Annotated[int, Field(ge=1, le=10_000)]
OF_EVERY_ROW = frozenset(each.name for each in fields(Row))


AGE_OR_BORN = Sentence(
    "Ange ålder eller födelsedatum, inte båda.", "Give the age or the date of birth, not both."
)
DAYS_AND_WITHDRAWALS = Sentence(
    "Ange både antal dagar och antal uttag, eller inget av dem.",
    "Give both the number of days and of withdrawals, or neither.",
)


class RowView(View):
    """One dated rule; `says` is what it decides, in the rule book's own words."""

    rule: str
    product_area: str
    kind: str
    source: str
    valid_from: date
    valid_through: date | None
    says: dict[str, Any]

    @classmethod
    def of(cls, row: Row, product_area: str) -> "RowView":
        content = TypeAdapter(type(row)).dump_python(row, mode="json")
        return cls(
            rule=row.rule,
            product_area=product_area,
            kind=type(row).__name__,
            source=row.source,
            valid_from=row.holds.valid_from,
            valid_through=row.holds.valid_through,
            says={name: value for name, value in content.items() if name not in OF_EVERY_ROW},
        )


class CaseForm(Request):
    """A case without a person: give `age` or `born`, or neither when no age is to be asked for."""

    prescription_type: PrescriptionType
    profession: Text
    on: Day | None = None
    age: Annotated[int, Field(ge=0, le=130)] | None = None
    born: BirthDate | None = None
    exempted: bool = False
    days: Count | None = None
    withdrawals: Count | None = None

    @model_validator(mode="after")
    def _one_age(self) -> "CaseForm":
        if self.age is not None and self.born is not None:
            raise refusal("one-of-two", AGE_OR_BORN)
        if (self.days is None) != (self.withdrawals is None):
            raise refusal("both-or-neither", DAYS_AND_WITHDRAWALS)
        return self

    def case(self, on: date) -> Case:
        born = self.born if self.age is None else birthday(on, -self.age)
        return Case(self.prescription_type, self.profession, born, self.exempted)

    def stretches(self) -> list[Stretch]:
        if self.days is None or self.withdrawals is None:
            return []
        return [Stretch(1, self.days, self.withdrawals)]


class VerdictView(View):
    """What one rule said; `rule` is None when there was none to allow it."""

    rule: str | None
    source: str | None
    allows: bool
    code: str | None
    detail: str | None

    @classmethod
    def of(cls, verdict: Verdict, language: Language) -> "VerdictView":
        row, refused = verdict.row, verdict.refused
        return cls(
            rule=row and row.rule,
            source=row and row.source,
            allows=verdict.allows,
            code=refused and refused.rule,
            detail=said(refused.said, language) if refused else None,
        )


class Explanation(View):
    """Whether it would be allowed, and every rule that was asked, in order."""

    on: date
    product_area: str
    allowed: bool
    verdicts: list[VerdictView]
    valid_through: date
    """The last day of a line prescribed on the day (Q4)."""


def routes(book: RuleBook, clock: Clock) -> Router:
    router = Router("prescription", prefix="/rules", tags=["rules"])

    @router.get("")
    async def list_rules(
        ask: Ask,  # noqa: ARG001  the policy table is asked at every door
        on: Day | None = None,
        product_area: Text | None = None,
    ) -> list[RowView]:
        areas = [area for area in book.areas if product_area in (None, area.product_area)]
        return [RowView.of(row, area.product_area) for area in areas for row in _rows(area, on)]

    @router.post("/explain")
    async def explain_rules(form: CaseForm, ask: Ask) -> Explanation:
        on = form.on or clock.today()
        area = area_of(form.prescription_type).key
        verdicts = list(judge(book.of(area), form.case(on), stretches=form.stretches(), on=on))
        return Explanation(
            on=on,
            product_area=area,
            allowed=all(verdict.allows for verdict in verdicts),
            verdicts=[VerdictView.of(verdict, ask.language) for verdict in verdicts],
            valid_through=valid_through(on),
        )

    return router


def _rows(area: AreaRules, on: date | None) -> list[Row]:
    return [row for row in area.rows if on is None or row.holds.covers(on)]
