"""Less comes than was ordered: what is paid, who is asked, and that the rest can be ordered (Q31, Q32)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.ordering.domain.again import (
    NothingLacking,
    NothingToOrderAgain,
    OrderedAgain,
    order_again,
    order_rest,
)
from services.ordering.domain.allowance import Allowance, AnnulledLine, ArticleOnTheWay, ExpiredLine
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.dialogue.effects import take_reply
from services.ordering.domain.dialogue.what_came import missing
from services.ordering.domain.flavours import Share
from services.ordering.domain.order import Order
from services.ordering.domain.withdrawal import Withdrawal
from services.ordering.domain.withdrawing.annulling import annul
from services.ordering.domain.withdrawing.drafting import draft
from services.ordering.domain.withdrawing.sending import Dispatch, send
from shared import partners
from shared.domain.decision import Refused
from shared.domain.money import Money
from shared.events.fact import Fact
from shared.events.fees import ArticleFee, Cap, TypeFee
from shared.events.ordering import OrderSent, WithdrawalAnnulled, WithdrawalRepriced
from shared.events.tasks import TaskRaised, TaskResolved
from shared.partners import DistributorReply, LineResponse
from tests.ordering.conversation import (
    CANCELLED,
    DELIVERED,
    DESPATCHED,
    LATER,
    REFUSAL,
    UNDELIVERABLE,
    after,
    answer,
    arrived,
    goods,
    left,
    rejected,
)
from tests.ordering.examples import (
    ABSENT,
    ALLOWANCE,
    CATALOGUE,
    DISPATCH,
    DRAWN,
    LINE,
    ORDER,
    ORDER_NO,
    OTHER_ORDER_NO,
    OTHER_WITHDRAWAL_NO,
    PERSON,
    SENT,
    TARIFF,
    USED,
    WITHDRAWAL_NO,
)

CHILD = replace(PERSON, born=date(2015, 7, 5))
PER_PACKAGE = TARIFF.model_copy(
    update={
        "types": (
            *TARIFF.types[:1],
            TypeFee(
                prescription_type="specific_content", basis="product", fee_code="LMN-3", text="Egenavgift"
            ),
        ),
        "articles": (ArticleFee(article_no="900100", amount=Decimal(6), per="package"),),
    }
)
LATER_DISPATCH = Dispatch((OTHER_ORDER_NO,), "9520000000011", LATER)
HALF = answer(LineResponse(line=1, status="changed", quantity=10), rejected(2), rejected(3))
"""Ten of twenty packages come: one flavour of three."""

Start = tuple[Withdrawal, Allowance, Order]


def sent(*, tariff: object = TARIFF, child: bool = False, days: int = 90) -> tuple[Start, Catalogue]:
    """Send the example by another tariff, or for a child."""
    line = replace(LINE, days=days)
    allowance = replace(ALLOWANCE, person=CHILD if child else PERSON, lines=(line, *ALLOWANCE.lines[1:]))
    catalogue = Catalogue(CATALOGUE.articles, (tariff,))  # type: ignore[arg-type]  # a test's own
    requested = replace(DRAWN, catalogue=catalogue)
    made, *_ = draft(None, allowance, requested=requested, withdrawal_no=WITHDRAWAL_NO, at=DISPATCH.at)
    withdrawal, used, (order,), _ = send(made, allowance, ABSENT, requested=requested, dispatch=DISPATCH)
    assert order
    return (withdrawal, used, order), catalogue


def heard(
    start: Start, catalogue: Catalogue, *replies: DistributorReply
) -> tuple[Withdrawal, Allowance, Order, list[Fact]]:
    withdrawal, allowance, order = start
    told: list[Fact] = []
    for each in replies:
        withdrawal, allowance, (order,), facts = take_reply(
            withdrawal, allowance, (order,), reply=each, body="sealed:b", at=LATER, catalogue=catalogue
        )
        told += facts
    return withdrawal, allowance, order, told


def dues(told: list[Fact]) -> list[list[Decimal]]:
    return [[fee.amount for fee in each.fees] for each in told if isinstance(each, WithdrawalRepriced)]


def short_tasks(told: list[Fact]) -> list[TaskRaised]:
    return [each for each in told if isinstance(each, TaskRaised) and each.kind == "delivered_short"]


def test_a_fee_per_package_is_for_what_comes() -> None:
    withdrawal, _, _, told = heard(*sent(tariff=PER_PACKAGE), HALF)

    assert [fee.amount for fee in withdrawal.fees] == [Decimal(120)]
    assert dues(told) == [[Decimal(60)]]
    assert withdrawal.due_of(withdrawal.fees[0]) == Money.of(60)


def test_a_fee_per_withdrawal_stays_when_anything_of_its_type_comes() -> None:
    withdrawal, _, _, told = heard(*sent(), HALF)

    assert dues(told) == []
    assert withdrawal.due_of(withdrawal.fees[0]) == Money.of(210)
    assert len(short_tasks(told)) == 1


@pytest.mark.parametrize(("packages", "due"), [(3, "72.00"), (4, "96.00"), (5, "120.00"), (10, "120.00")])
def test_a_childs_fee_is_held_to_the_cost_of_what_comes(packages: int, due: str) -> None:
    some = answer(LineResponse(line=1, status="changed", quantity=packages), rejected(2), rejected(3))
    withdrawal, *_ = heard(*sent(child=True), some)

    assert str(withdrawal.due_of(withdrawal.fees[0])) == due


def test_a_fee_that_a_cap_had_lowered_never_rises_again_because_less_comes() -> None:
    capped = PER_PACKAGE.model_copy(update={"cap": Cap(scope="withdrawal", amount=Decimal(50))})
    withdrawal, _, _, told = heard(*sent(tariff=capped), HALF)

    assert withdrawal.due_of(withdrawal.fees[0]) == Money.of(50)
    assert dues(told) == []


def test_what_is_still_on_back_order_is_paid_for_until_it_is_called_off() -> None:
    later = answer(
        LineResponse(line=1, status="changed", quantity=4, back_order=6, back_order_date=date(2026, 12, 6)),
        LineResponse(line=2, status="accepted"),
        LineResponse(line=3, status="accepted"),
    )
    start, catalogue = sent(tariff=PER_PACKAGE)
    withdrawal, allowance, order, told = heard(start, catalogue, later)
    parts = (left(goods(1, 4), goods(2, 5), goods(3, 5)), arrived(goods(1, 4), goods(2, 5), goods(3, 5)))
    *_, then = heard((withdrawal, allowance, order), catalogue, *parts, CANCELLED)

    assert dues(told) == []
    assert dues(then) == [[Decimal(84)]]
    assert [each.reason for each in short_tasks(then)] == ["RECALLED"]


def test_less_and_less_is_published_with_a_higher_revision_each_time() -> None:
    start, catalogue = sent(tariff=PER_PACKAGE)
    withdrawal, _, _, told = heard(
        start, catalogue, HALF, left(goods(1, 10)), arrived(goods(1, 4)), UNDELIVERABLE
    )

    repriced = [each for each in told if isinstance(each, WithdrawalRepriced)]
    assert [each.revision for each in repriced] == [1, 2]
    assert dues(told) == [[Decimal(60)], [Decimal(24)]]
    assert (withdrawal.state, withdrawal.shown_state) == ("delivered", "delivered")


def test_what_somebody_annulled_is_called_annulled_and_is_nobodys_work() -> None:
    withdrawal, (order,), _ = annul(SENT, (ORDER,), by="clerk-1", at=LATER)
    withdrawal, _, order, told = after(CANCELLED, start=(withdrawal, USED, order))

    assert (withdrawal.shown_state, order.said_state.sv) == ("annulled", "makulerad")
    assert [each for each in told if isinstance(each, TaskRaised)] == []
    assert [each.notify for each in told if isinstance(each, WithdrawalAnnulled)] == [None]


def test_who_waits_for_goods_that_do_not_come_is_to_be_told() -> None:
    *_, told = after(REFUSAL)

    (annulled,) = [each for each in told if isinstance(each, WithdrawalAnnulled)]
    (task,) = [each for each in told if isinstance(each, TaskRaised)]
    assert annulled.notify == ORDER.notify
    assert (task.kind, task.role, task.care_unit) == ("goods_not_coming", "customer_service", "DEMO-101")


def test_the_rest_is_ordered_under_the_same_withdrawal_without_a_new_use_or_fee() -> None:
    start, catalogue = sent(tariff=PER_PACKAGE)
    withdrawal, allowance, order, _ = heard(start, catalogue, HALF, DESPATCHED, DELIVERED)
    kept, after_it, _, (new,), told = order_rest(
        withdrawal, allowance, (order,), ABSENT,
        requested=replace(DRAWN, catalogue=catalogue), dispatch=LATER_DISPATCH,
    )  # fmt: skip

    assert new
    assert [(line.article_no, line.packages) for line in new.lines] == [("900102", 5), ("900103", 5)]
    assert (kept.state, kept.order_nos) == ("ordered", (ORDER_NO, OTHER_ORDER_NO))
    assert after_it.line(LINE.line_id).used_by == (WITHDRAWAL_NO,)
    assert [each.order_no for each in after_it.blocks("900100")] == [OTHER_ORDER_NO]
    assert dues(list(told)) == [[Decimal(120)]]
    assert [each.is_rest for each in told if isinstance(each, OrderSent)] == [True]
    assert [each.order_no for each in told if isinstance(each, partners.Order)] == [OTHER_ORDER_NO]
    assert [each.task_id for each in told if isinstance(each, TaskResolved)] == [
        f"delivered-short:{ORDER_NO}"
    ]
    assert missing(kept, (order, new)) == ()


def came_half() -> Start:
    withdrawal, allowance, order, _ = after(HALF, DESPATCHED, DELIVERED)
    return withdrawal, allowance, order


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"annulled_lines": (LINE.line_id,)}, AnnulledLine),
        ({"expired_lines": (LINE.line_id,)}, ExpiredLine),
    ],
)
def test_the_rest_is_ordered_while_the_line_is_valid(change: dict[str, object], why: type[Refused]) -> None:
    withdrawal, allowance, order = came_half()

    with pytest.raises(why):
        order_rest(
            withdrawal,
            replace(allowance, **change),  # type: ignore[arg-type]
            (order,),
            ABSENT,
            requested=DRAWN,
            dispatch=LATER_DISPATCH,
        )  # fmt: skip


def test_the_rest_of_a_used_up_line_can_be_ordered() -> None:
    withdrawal, allowance, order = came_half()
    (line, *others) = allowance.lines
    last = replace(allowance, lines=(replace(line, withdrawals=1), *others))

    *_, (new,), _ = order_rest(withdrawal, last, (order,), ABSENT, requested=DRAWN, dispatch=LATER_DISPATCH)

    assert new


def test_the_rest_waits_until_what_is_on_its_way_has_come() -> None:
    withdrawal, allowance, order, _ = after(HALF)

    with pytest.raises(ArticleOnTheWay):
        order_rest(withdrawal, allowance, (order,), ABSENT, requested=DRAWN, dispatch=LATER_DISPATCH)


def test_where_nothing_is_lacking_there_is_no_rest() -> None:
    withdrawal, allowance, order, _ = after(DESPATCHED, DELIVERED)

    with pytest.raises(NothingLacking):
        order_rest(withdrawal, allowance, (order,), ABSENT, requested=DRAWN, dispatch=LATER_DISPATCH)


def test_what_never_came_is_ordered_again_as_a_new_withdrawal() -> None:
    withdrawal, allowance, *_ = after(REFUSAL)
    old, new, used, (order,), told = order_again(
        withdrawal, None, allowance, ABSENT,
        requested=DRAWN, withdrawal_no=OTHER_WITHDRAWAL_NO, dispatch=LATER_DISPATCH,
    )  # fmt: skip

    assert (new and new.state, new and new.choice.items) == ("ordered", withdrawal.choice.items)
    assert order
    assert old.ordered_again_as == OTHER_WITHDRAWAL_NO
    assert used.line(LINE.line_id).used_by == (OTHER_WITHDRAWAL_NO,)
    ended = [each.task_id for each in told if isinstance(each, TaskResolved)]
    assert ended == [f"goods-not-coming:{ORDER_NO}"]
    with pytest.raises(OrderedAgain):
        order_again(
            old, None, used, ABSENT, requested=DRAWN, withdrawal_no="U2026-000125-4", dispatch=LATER_DISPATCH
        )


def test_what_came_is_not_ordered_again() -> None:
    withdrawal, allowance, *_ = after(DESPATCHED, DELIVERED)

    with pytest.raises(NothingToOrderAgain):
        order_again(
            withdrawal, None, allowance, ABSENT,
            requested=DRAWN, withdrawal_no=OTHER_WITHDRAWAL_NO, dispatch=LATER_DISPATCH,
        )  # fmt: skip


def test_a_share_that_lacks_is_named_by_its_flavour() -> None:
    withdrawal, _, order = came_half()

    assert missing(withdrawal, (order,))[0].split == (Share("900102", 5), Share("900103", 5))
