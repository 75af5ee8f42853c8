"""Response bodies about what people registered, and what inventory decided about it (Q41, Q43, Q51)."""

from datetime import date, datetime

from services.ordering.domain.devices.goods import Refusal
from services.ordering.domain.devices.order import DeviceOrder
from shared.domain.decision import Sentence
from shared.http import Language, View
from shared.http.language import said


class RefusalView(View):
    """Why inventory did not make a hand-out (Q41)."""

    rule: str
    detail: str
    line_no: int | None


class MistakeView(View):
    """Who took a hand-out back as registered by mistake, and why (Q51)."""

    by: str
    at: datetime
    reason: str | None
    refusal: RefusalView | None
    """Why it stands, when inventory did not take it back."""


class HandOverView(View):
    """What the unit registered that it handed over, on which day and why later (Q43)."""

    hand_over_no: str
    handed_over_on: date
    registered_at: datetime
    by: str
    reason: str | None
    refusal: RefusalView | None
    """Why nothing was handed over, when inventory did not make it."""


def refusal_shown(known: Refusal | None, language: Language) -> RefusalView | None:
    if known is None:
        return None
    detail = said(Sentence(known.sv, known.en), language)
    return RefusalView(rule=known.rule, detail=detail, line_no=known.line_no)


def mistake_shown(order: DeviceOrder, language: Language) -> MistakeView | None:
    known = order.mistake
    if known is None:
        return None
    refusal = refusal_shown(order.mistake_refusal, language)
    return MistakeView(by=known.by, at=known.at, reason=known.reason, refusal=refusal)


def hand_overs_shown(order: DeviceOrder, language: Language) -> list[HandOverView]:
    return [
        HandOverView(
            hand_over_no=each.hand_over_no,
            handed_over_on=each.handed_over_on,
            registered_at=each.registered_at,
            by=each.by,
            reason=each.reason,
            refusal=refusal_shown(each.refusal, language),
        )
        for each in order.hand_overs
    ]
