"""A distributor's answer for each line: fewer, later, or another article instead (Q9, T10, T11)."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from services.ordering.domain.allowance import expect
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.dialogue.ending import complete, give_back_nothing, over
from services.ordering.domain.dialogue.replies import packages_of
from services.ordering.domain.order import OrderedLine, State
from services.ordering.domain.reply_context import ReplyContext
from services.ordering.domain.tasks import order_task
from shared.domain.code import code_of
from shared.events.ordering import ArticleSubstituted, OrderDelayed
from shared.partners import LineResponse, OrderResponse

UNKNOWN_ARTICLE = "unknown-article"
"""Stands for a replacement that can be none of our articles."""
ARTICLE_NO = re.compile(r"(?=(?:[^0-9]*[0-9]){0,9}[^0-9]*\Z)[0-9A-Z][0-9A-Z-]{0,19}")
"""With ten digits it may be a person's number, and must stand in the catalogue."""
Changed = tuple[OrderedLine, OrderedLine]
"""A line before and after the answer."""


def answered(context: ReplyContext, reply: OrderResponse, *, catalogue: Catalogue) -> ReplyContext:
    """Follow an answer: note what deviates, give back what does not come, publish what is late (Q9, T10)."""
    answers = {each.line: each for each in reply.lines}
    before = context.order.lines
    lines = tuple(_with_answer(line, answers.get(line.line), catalogue) for line in before)
    if all(line.answer == "rejected" for line in lines):
        codes = (line.code for line in lines if line.code)
        return over(
            context.with_order_changed(lines=lines), "refused", note=next(codes, "all-lines-rejected")
        )
    state: State = "despatched" if context.order.state == "despatched" else "confirmed"
    context = context.with_order_changed(state=state, lines=lines).noting("confirmed")
    changed = [(was, now) for was, now in zip(before, lines, strict=True) if now.line in answers]
    for was, now in changed:
        context = _deviating(context, was, now)
    rejected = context.line_ids(lambda line: line.answer == "rejected")
    codes = (line.code for line in lines if line.code and line.line_id in rejected)
    context = give_back_nothing(context, why="refused", code=next(codes, "other")).releasing(rejected)
    context = _expecting(context, changed)
    return complete(context, when=reply.at) if all(line.is_over for line in lines) else context


def _with_answer(line: OrderedLine, answer: LineResponse | None, catalogue: Catalogue) -> OrderedLine:
    if answer is None:
        return line
    packages = packages_of(answer, line)
    other = _article_named(answer.replacement_article_no, catalogue)
    equivalent = other is not None and catalogue.is_equivalent(other, ordered_no=line.article_no)
    return replace(
        line,
        answer=answer.status if packages else "rejected",
        confirmed=packages,
        delivery_date=answer.delivery_date,
        replacement_article_no=other,
        is_substituted=bool(packages) and equivalent and line.substitution_allowed,
        back_ordered=min(answer.back_order, packages),
        back_order_on=answer.back_order_date,
        code=code_of(answer.code) if answer.code else None,
    )


def _article_named(text: str | None, catalogue: Catalogue) -> str | None:
    """Give what is or may be an article's number; what else a distributor writes stays sealed (N7, T11)."""
    if text is None or text in catalogue.articles or ARTICLE_NO.fullmatch(text):
        return text
    return UNKNOWN_ARTICLE


def _deviating(context: ReplyContext, was: OrderedLine, line: OrderedLine) -> ReplyContext:
    if line.replacement_article_no != was.replacement_article_no:
        context = _replaced(context, line)
    if line.answer == "rejected":
        return context.noting("line_rejected", line.article_no)
    if line.expected < line.packages:
        return context.noting("deviated", f"{line.article_no}: {line.expected}/{line.packages}")
    return context


def _replaced(context: ReplyContext, line: OrderedLine) -> ReplyContext:
    other = line.replacement_article_no or ""
    if line.is_substituted:
        told = ArticleSubstituted(
            **context.about,
            line_id=line.line_id,
            article_no=line.article_no,
            replacement_article_no=other,
            packages=line.expected,
            notify=context.order.notify,
        )
        return context.noting("substituted", f"{line.article_no} > {other}").with_facts(told)
    # Nobody allowed for it, or it is not equivalent: a person asks what the patient will get (T11).
    task = order_task(
        context.order_no,
        patient_ref=context.order.patient_ref,
        kind="article_replaced",
        which=str(line.line),
        reason="another-article-is-offered",
        details={"ordered": line.article_no, "offered": other},
    )
    return context.with_facts(task)


def _expecting(context: ReplyContext, changed: Iterable[Changed]) -> ReplyContext:
    """Note when the goods are expected, and publish when that is later than was promised (T10)."""
    days = {
        line_id: max(day for day in promised if day)
        for line_id in context.order.line_ids
        if any(promised := [line.promised_on for line in context.order.lines if line.line_id == line_id])
    }
    context = replace(context, allowance=expect(context.allowance, order_no=context.order_no, days=days))
    late = [(was, now, day) for was, now in changed if (day := now.promised_on) and _is_late(was, now, day)]
    if not late:
        return context
    latest = max(day for _, _, day in late)
    earlier = [was.promised_on for was, _, _ in late if was.promised_on]
    told = OrderDelayed(
        **context.about,
        line_ids=tuple(dict.fromkeys(now.line_id for _, now, _ in late)),
        expected_on=latest,
        was_expected_on=max(earlier, default=None),
        notify=context.order.notify,
    )
    return context.noting("delayed", latest.isoformat()).with_facts(told)


def _is_late(was: OrderedLine, now: OrderedLine, day: date) -> bool:
    if was.promised_on:
        return day > was.promised_on
    # A first day is late when a part is on back-order, or when the day is all that was changed.
    whole = now.answer == "changed" and now.expected == now.packages
    return now.back_ordered > 0 or whole
