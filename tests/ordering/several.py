"""A withdrawal of goods from two distributors, as an example (Q23)."""

from dataclasses import replace

from services.ordering.domain.allowance import Allowance
from services.ordering.domain.catalogue import Catalogue
from services.ordering.domain.dialogue.effects import take_reply
from services.ordering.domain.order import Order
from services.ordering.domain.withdrawal import Withdrawal
from services.ordering.domain.withdrawing.drafting import draft
from services.ordering.domain.withdrawing.sending import send
from shared.events.fact import Fact
from shared.partners import DistributorReply
from tests.ordering.conversation import LATER
from tests.ordering.examples import (
    ALLOWANCE,
    BREAD,
    BREAD_ITEM,
    CATALOGUE,
    CHOCOLATE,
    DISPATCH,
    ITEM,
    NOW,
    ORDER_NO,
    OTHER_ORDER_NO,
    WITHDRAWAL_NO,
    drawing,
)

Standing = tuple[Withdrawal, Allowance, tuple[Order, ...], list[Fact]]

ELSEWHERE = Catalogue(
    {
        **CATALOGUE.articles,
        BREAD.article_no: replace(BREAD, distributor="demo-b"),
        CHOCOLATE.article_no: replace(CHOCOLATE, distributor="demo-b"),
    },
    CATALOGUE.tariffs,
)
"""The bread, and the drink's chocolate flavour, come from another distributor."""
SEVERAL = drawing(ITEM, BREAD_ITEM, catalogue=ELSEWHERE)
SEVERAL_DISPATCH = replace(DISPATCH, order_nos=(ORDER_NO, OTHER_ORDER_NO))
SEVERAL_DRAFT, *_ = draft(None, ALLOWANCE, requested=SEVERAL, withdrawal_no=WITHDRAWAL_NO, at=NOW)


def several_sent() -> Standing:
    sent, allowance, orders, told = send(
        SEVERAL_DRAFT, ALLOWANCE, (None, None), requested=SEVERAL, dispatch=SEVERAL_DISPATCH
    )
    return sent, allowance, tuple(each for each in orders if each), list(told)


def told_by(*replies: DistributorReply, standing: Standing | None = None) -> Standing:
    """Let distributors answer a withdrawal of several orders; give only what was told after."""
    withdrawal, allowance, orders, _ = standing or several_sent()
    told: list[Fact] = []
    for reply in replies:
        withdrawal, allowance, orders, facts = take_reply(
            withdrawal, allowance, orders, reply=reply, body="sealed:body", at=LATER, catalogue=ELSEWHERE
        )
        told += facts
    return withdrawal, allowance, orders, told


def elsewhere(reply: DistributorReply) -> DistributorReply:
    """The same reply about the other distributor's order."""
    return reply.model_copy(update={"order_no": OTHER_ORDER_NO, "message_id": f"b-{reply.message_id}"})
