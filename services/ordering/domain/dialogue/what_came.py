"""What of a withdrawal comes and what does not, and its fees after that (Q32)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.flavours import Share
from services.ordering.domain.order import Order
from services.ordering.domain.reply_context import ReplyContext
from services.ordering.domain.tasks import order_task, order_task_over
from services.ordering.domain.withdrawal import Item, Withdrawal
from shared.domain.days import local_day
from shared.domain.money import NOTHING, Money
from shared.domain.tariff import Priced, price_again
from shared.events.fees import FeeDue, FeePriced, LineCame
from shared.events.ordering import WithdrawalRepriced

SHORT = "delivered_short"


def missing(withdrawal: Withdrawal, orders: Iterable[Order]) -> tuple[Item, ...]:
    """Name what was ordered and will not come, of the lines that were not given back (Q32)."""
    known = tuple(orders)
    items = (
        replace(item, split=tuple(_lacking(item, known)))
        for item in withdrawal.choice.items
        if item.line_id not in withdrawal.given_back
    )
    return tuple(item for item in items if item.split)


def _lacking(item: Item, orders: tuple[Order, ...]) -> Iterator[Share]:
    for share in item.split:
        coming = sum(
            order.coming(line)
            for order in orders
            for line in order.lines
            if (line.line_id, line.article_no) == (item.line_id, share.article_no)
        )
        if coming < share.packages:
            yield Share(share.article_no, share.packages - coming)


def follow_what_comes(before: ReplyContext, context: ReplyContext, *, catalogue: Catalogue) -> ReplyContext:
    """Let the fees follow what comes, and ask somebody about what will not (Q32)."""
    return _asked_about(before, priced_by_what_comes(context, catalogue=catalogue))


def priced_by_what_comes(context: ReplyContext, *, catalogue: Catalogue) -> ReplyContext:
    """Price the fees again, and publish those that differ from what was published last (Q32)."""
    withdrawal = context.withdrawal
    lines = _coming(context)
    standing = [fee for fee in withdrawal.fees if fee.fee_no not in withdrawal.credited]
    amounts = {fee.fee_no: _amount(fee, lines, catalogue) for fee in standing}
    if all(withdrawal.due_of(fee) == amounts[fee.fee_no] for fee in standing):
        return context
    due = tuple(
        FeeDue(fee_no=fee.fee_no, amount=amounts[fee.fee_no].amount, priced=fee.amount) for fee in standing
    )
    priced = replace(withdrawal, due=due, revision=withdrawal.revision + 1)
    told = WithdrawalRepriced(
        withdrawal_no=priced.withdrawal_no,
        patient_ref=priced.patient_ref,
        revision=priced.revision,
        repriced_on=local_day(context.at),
        lines=tuple(
            LineCame(line_id=each.line_id, packages=each.packages, cost=each.cost.amount) for each in lines
        ),
        fees=due,
    )
    return replace(context, withdrawal=priced).with_facts(told)


def _amount(fee: FeePriced, lines: tuple[Priced, ...], catalogue: Catalogue) -> Money:
    tariff = next((each for each in catalogue.tariffs if each.tariff == fee.tariff), None)
    return price_again(tariff, fee, lines) if tariff else Money(fee.amount)


def _coming(context: ReplyContext) -> tuple[Priced, ...]:
    """Give each line that was not given back, with the packages that come and what those cost (Q32)."""
    withdrawal = context.withdrawal
    taken = [each for each in withdrawal.choice.line_ids if each not in withdrawal.given_back]
    return tuple(_coming_of(line_id, context) for line_id in taken)


def _coming_of(line_id: str, context: ReplyContext) -> Priced:
    line = context.allowance.line(line_id)
    coming = [
        (order.coming(each), each.unit_price)
        for order in context.orders
        for each in order.lines
        if each.line_id == line_id
    ]
    return Priced(
        line_id=line_id,
        article_no=line.article_no,
        prescription_type=line.prescription_type,
        packages=sum(packages for packages, _ in coming),
        cost=sum((price * packages for packages, price in coming), NOTHING),
    )


def _asked_about(before: ReplyContext, context: ReplyContext) -> ReplyContext:
    """Raise a task when more is lacking than before, and nobody asked for that (Q32, N7)."""
    known = _packages(missing(before.withdrawal, before.orders))
    lacking = _packages(missing(context.withdrawal, context.orders))
    more = [each for each in lacking if lacking[each] > known.get(each, 0)]
    if known and not lacking:  # nothing of it comes at all, which is another task
        over = [order_task_over(each.order_no, kind=SHORT, how="nothing-comes") for each in context.orders]
        return context.with_facts(*over)
    if not more or context.order.is_annulled or before.order.cancelling == "asked":
        return context
    codes = [
        line.code for line in context.order.lines if line.code and (line.line_id, line.article_no) in more
    ]
    task = order_task(
        context.order_no,
        patient_ref=context.withdrawal.named_ref,
        kind=SHORT,
        reason=next(iter(codes), context.order.over_code or "other"),
        care_unit=context.withdrawal.care_units[0],
    )
    return context.with_facts(task)


def _packages(items: Iterable[Item]) -> dict[tuple[str, str], int]:
    return {(item.line_id, share.article_no): share.packages for item in items for share in item.split}
