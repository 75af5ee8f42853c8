"""Response bodies of a preview of a withdrawal: every reason against it, and what is left (N1)."""

from datetime import date

from services.ordering.api.delivery_views import delivery_shown
from services.ordering.api.fee_views import fees_shown, total_of
from services.ordering.api.views import LineLeft, WithdrawalPreview, reasons_shown, split_shown
from services.ordering.domain.allowance import Allowance, Line
from services.ordering.domain.withdrawal import Item
from services.ordering.domain.withdrawing.drafting import WithdrawalRequest, against_item
from services.ordering.domain.withdrawing.pricing import fees_of
from services.ordering.domain.withdrawing.sending import against_sending
from shared.domain.decision import Refused
from shared.events.fees import FeePriced
from shared.http import Language


def previewed(
    allowance: Allowance, requested: WithdrawalRequest, *, also: list[Refused], on: date, language: Language
) -> WithdrawalPreview:
    """Run the rules of sending, and keep nothing; `also` was found while reading the wishes."""
    reasons = also + list(against_sending(allowance, requested, on=on))
    fees = _fees(allowance, requested, on=on)
    return WithdrawalPreview(
        allowed=not reasons,
        reasons=reasons_shown(reasons, language),
        fees=fees_shown(fees or (), language),
        total=None if fees is None else total_of(fees),
        lines=_lines_left(allowance, requested, reasons, on=on),
        next_possible_on=next_possible(reasons, on=on),
        delivery=delivery_shown(requested.choice.delivery),
    )


def next_possible(reasons: list[Refused], *, on: date) -> date | None:
    """Give today when nothing speaks against, else the day when every reason is over, where that is known."""
    days = [each.facts.get("next_possible") for each in reasons]
    known = [date.fromisoformat(each) for each in days if isinstance(each, str)]
    return max(known, default=on) if len(known) == len(days) else None


def _fees(allowance: Allowance, requested: WithdrawalRequest, *, on: date) -> tuple[FeePriced, ...] | None:
    """Give the fees; None when they cannot be calculated, which is one of the reasons (N1, Q3)."""
    person = allowance.person
    if person is None or person.protected:
        return None
    items = requested.taken(allowance)
    if any(next(against_item(item, line, requested.catalogue), None) for item, line in items):
        return None
    try:
        return fees_of(allowance, requested.choice, person=person, catalogue=requested.catalogue, on=on)
    except Refused:
        return None


def _lines_left(
    allowance: Allowance, requested: WithdrawalRequest, reasons: list[Refused], *, on: date
) -> list[LineLeft]:
    if allowance.person is None or allowance.person.protected:
        return []  # nothing more is said of a protected person (Q18)
    lines = requested.taken(allowance)
    return [_left(allowance, item, line, reasons, on=on) for item, line in lines]


def _left(allowance: Allowance, item: Item, line: Line, reasons: list[Refused], *, on: date) -> LineLeft:
    own = [each for each in reasons if each.facts.get("line_id") == line.line_id]
    block = next(iter(allowance.blocks(line.article_no)), None)
    return LineLeft(
        line_id=line.line_id,
        article_no=line.article_no,
        packages=line.packages,
        withdrawals_left=allowance.left_of(line, on=on),
        valid_through=line.valid_through,
        split=split_shown(item.split),
        on_the_way_in=block.order_no if block else None,
        next_possible_on=next_possible(own, on=on),
    )
