"""An equivalent article instead: with the patient's consent and a notice, else a person asks (T11)."""

from dataclasses import replace

import pytest

from services.ordering.domain.catalogue import Article, Catalogue
from services.ordering.domain.dialogue.effects import take_reply
from services.ordering.domain.flavours import ArticleDiscontinued, Share
from services.ordering.domain.order import Order
from services.ordering.domain.withdrawal import Withdrawal
from services.ordering.domain.withdrawing.sending import against_sending, send
from shared import partners
from shared.events.fact import Fact
from shared.events.ordering import ArticleSubstituted
from shared.events.tasks import TaskRaised
from shared.partners import LineResponse
from tests.ordering.conversation import LATER, answer, kinds
from tests.ordering.examples import (
    ABSENT,
    ALLOWANCE,
    BREAD,
    BREAD_ITEM,
    CATALOGUE,
    DISPATCH,
    DRAFT,
    DRAWN,
    ITEM,
    LINE,
    ORDER,
    SENT,
    STRAWBERRY,
    TODAY,
    USED,
    drawing,
)

NEW_BREAD = replace(BREAD, article_no="900201", name="Demobröd fullkorn")
REPLACED = replace(BREAD, replaced_by="900201")
WITH_NEW_BREAD = Catalogue({**CATALOGUE.articles, "900200": REPLACED, "900201": NEW_BREAD}, CATALOGUE.tariffs)
ALLOWED = replace(ORDER, lines=tuple(replace(line, substitution_allowed=True) for line in ORDER.lines))
NEUTRAL_INSTEAD = LineResponse(line=1, status="changed", quantity=10, replacement_article_no="900103")


def after_answer(line: LineResponse, order: Order = ALLOWED) -> tuple[Withdrawal, Order, list[Fact]]:
    withdrawal, _, (answered,), told = take_reply(
        SENT, USED, (order,), reply=answer(line), body="sealed:b", at=LATER, catalogue=CATALOGUE
    )
    return withdrawal, answered, list(told)


def test_the_consent_travels_with_each_line_of_the_order() -> None:
    draft = replace(DRAFT, choice=replace(DRAFT.choice, items=(replace(ITEM, substitution_allowed=True),)))

    *_, told = send(draft, ALLOWANCE, ABSENT, requested=DRAWN, dispatch=DISPATCH)

    (message,) = [each for each in told if isinstance(each, partners.Order)]
    assert [line.substitution_allowed for line in message.lines] == [True] * 3


def test_without_a_consent_no_line_allows_it() -> None:
    assert not any(line.substitution_allowed for line in ORDER.lines)


def test_another_flavour_of_the_same_drink_that_was_allowed_for_is_published_and_noted() -> None:
    withdrawal, order, told = after_answer(NEUTRAL_INSTEAD)

    (substituted,) = told
    assert isinstance(substituted, ArticleSubstituted)
    assert (substituted.article_no, substituted.replacement_article_no) == ("900101", "900103")
    assert (substituted.packages, substituted.line_id) == (10, LINE.line_id)
    assert substituted.notify == ORDER.notify
    assert order.lines[0].is_substituted
    assert [step.what for step in withdrawal.history][-1] == "substituted"


def test_an_unasked_replacement_is_a_task_and_tells_the_patient_nothing() -> None:
    *_, told = after_answer(NEUTRAL_INSTEAD, ORDER)

    assert [each.kind for each in told if isinstance(each, TaskRaised)] == ["article_replaced"]
    assert ArticleSubstituted not in kinds(told)


@pytest.mark.parametrize("other", ["900200", "900999"])
def test_a_replacement_that_is_not_equivalent_is_a_task_even_with_consent(other: str) -> None:
    *_, told = after_answer(NEUTRAL_INSTEAD.model_copy(update={"replacement_article_no": other}))

    assert kinds(told) == [TaskRaised]


def test_a_rejected_line_is_not_substituted_whatever_stands_beside_it() -> None:
    rejected = NEUTRAL_INSTEAD.model_copy(update={"status": "rejected"})

    _, order, told = after_answer(rejected)

    assert not order.lines[0].is_substituted
    assert ArticleSubstituted not in kinds(told)


def test_a_replacement_said_again_with_another_day_is_published_once() -> None:
    withdrawal, allowance, orders, told = take_reply(
        SENT, USED, (ALLOWED,), reply=answer(NEUTRAL_INSTEAD), body="sealed:b", at=LATER, catalogue=CATALOGUE
    )
    again = NEUTRAL_INSTEAD.model_copy(update={"delivery_date": TODAY})
    *_, told_again = take_reply(
        withdrawal, allowance, orders, reply=answer(again), body="sealed:b", at=LATER, catalogue=CATALOGUE
    )

    assert kinds(told) == [ArticleSubstituted]
    assert ArticleSubstituted not in kinds(told_again)


@pytest.mark.parametrize(
    ("ordered", "other", "equivalent"),
    [
        ("900101", "900102", True),
        ("900101", "900200", False),
        ("900200", "900201", True),
        ("900201", "900200", False),
        ("900101", "900999", False),
        ("900999", "900101", False),
    ],
)
def test_equivalent_is_what_our_own_catalogue_says(ordered: str, other: str, equivalent: bool) -> None:
    assert WITH_NEW_BREAD.is_equivalent(other, ordered_no=ordered) is equivalent


def test_a_discontinued_article_stands_for_nothing() -> None:
    gone = Catalogue({**CATALOGUE.articles, "900102": replace(STRAWBERRY, status="discontinued")})

    assert not gone.is_equivalent("900102", ordered_no="900101")


def discontinued(article: Article, catalogue: Catalogue) -> ArticleDiscontinued:
    gone = replace(article, status="discontinued")
    requested = drawing(
        BREAD_ITEM, catalogue=replace(catalogue, articles={**catalogue.articles, "900200": gone})
    )
    (reason,) = against_sending(ALLOWANCE, requested, on=TODAY)
    assert isinstance(reason, ArticleDiscontinued)
    return reason


def test_an_article_discontinued_between_prescription_and_withdrawal_is_refused_with_its_replacement() -> (
    None
):
    reason = discontinued(REPLACED, WITH_NEW_BREAD)

    assert reason.facts == {"article_no": "900200", "replaced_by": "900201", "line_id": BREAD_ITEM.line_id}
    assert "900201 Demobröd fullkorn" in reason.said.sv
    assert "900201 Demobröd fullkorn" in reason.said.en


def test_without_a_replacement_the_refusal_says_whom_to_ask() -> None:
    reason = discontinued(BREAD, CATALOGUE)

    assert reason.facts["replaced_by"] is None
    assert "ask the prescriber" in reason.said.en


def test_a_discontinued_flavour_leaves_the_others_to_choose() -> None:
    catalogue = Catalogue(
        {**CATALOGUE.articles, "900101": replace(STRAWBERRY, status="discontinued")}, CATALOGUE.tariffs
    )
    chocolate = replace(ITEM, split=(Share("900102", 20),))

    assert [
        type(each) for each in against_sending(ALLOWANCE, drawing(ITEM, catalogue=catalogue), on=TODAY)
    ] == [ArticleDiscontinued]
    assert list(against_sending(ALLOWANCE, drawing(chocolate, catalogue=catalogue), on=TODAY)) == []
