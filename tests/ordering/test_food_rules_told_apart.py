"""Rules of withdrawals where two things are alike but for one: the line, the flavour, what was filled in."""

from dataclasses import replace
from typing import Any

import pytest

from services.ordering.domain.delivery import DeliveryRequest, Notice, Receiver, settle
from services.ordering.domain.dialogue.replies import delivered_goods, despatched_goods
from services.ordering.domain.dialogue.what_came import missing
from services.ordering.domain.flavours import Share
from services.ordering.domain.withdrawal import Item, remind
from services.ordering.domain.withdrawing.drafting import completed
from tests.ordering.conversation import DELIVERED, DESPATCHED, LATER
from tests.ordering.deliveries import REGISTER
from tests.ordering.examples import (
    ALLOWANCE,
    BOTH_ORDER,
    BOTH_SENT,
    BREAD_LINE,
    CATALOGUE,
    DRAFT,
    ITEM,
    LINE,
    SPLIT,
    drawing,
)

WHOLE = DeliveryRequest(
    receiver=Receiver("other", "Granne Testsson"),
    address=REGISTER.address,
    notice="sms",
    notice_to="+46701740606",
)


@pytest.mark.parametrize(
    ("change", "version"),
    [
        ({}, None),
        ({"notice": "none", "notice_to": None}, None),
        ({"notice": "letter", "notice_to": None}, None),
        ({"notice_to": None}, 1),
        ({"receiver": Receiver("other")}, 1),
        ({"address": None}, 1),
        ({"address": None, "notice": "none"}, 1),
    ],
)
def test_a_delivery_that_takes_anything_from_the_register_says_by_which_version(
    change: dict[str, Any], version: int | None
) -> None:
    assert settle(replace(WHOLE, **change), register=REGISTER).register_version == version


@pytest.mark.parametrize(
    ("notice", "to"),
    [("sms", "+46701740606"), ("phone", "+46701740605"), ("email", "test@example.se"), ("letter", None)],
)
def test_a_notice_goes_where_the_register_says_unless_it_has_an_address_of_its_own(
    notice: Notice, to: str | None
) -> None:
    request = DeliveryRequest(notice=notice)
    register = replace(REGISTER, mobile="+46701740606", email="test@example.se")

    assert settle(request, register=register).notice_to == to
    own = settle(replace(request, notice_to="eget"), register=register).notice_to
    assert own == (None if notice == "letter" else "eget")


def test_a_split_that_was_left_out_is_filled_in_only_for_a_known_article() -> None:
    unknown = replace(ALLOWANCE, lines=(replace(LINE, article_no="999999"), BREAD_LINE))
    requested = drawing(Item(LINE.line_id), Item(BREAD_LINE.line_id), catalogue=CATALOGUE)

    items = completed(unknown, requested).choice.items

    assert items == (Item(LINE.line_id), Item(BREAD_LINE.line_id, (Share("900200", 5),)))
    chosen = drawing(ITEM)
    assert completed(ALLOWANCE, chosen).choice.items == chosen.choice.items == (Item(LINE.line_id, SPLIT),)


def test_goods_without_lines_are_all_that_is_left() -> None:
    lines = (
        replace(BOTH_ORDER.lines[0], despatched=6, delivered=3),
        replace(BOTH_ORDER.lines[1], delivered=2),
        replace(BOTH_ORDER.lines[2], answer="rejected"),
        replace(BOTH_ORDER.lines[3], confirmed=4, despatched=4, delivered=4),
    )
    order = replace(BOTH_ORDER, lines=lines)
    nothing_under_way = replace(order, lines=(replace(lines[0], delivered=6), *lines[1:]))

    assert despatched_goods(order, DESPATCHED) == {1: 4, 2: 5}
    assert delivered_goods(order, DELIVERED) == {1: 3}
    assert delivered_goods(nothing_under_way, DELIVERED) == {1: 4, 2: 3}


def test_what_is_missing_is_told_by_line_and_flavour_of_the_lines_that_were_not_given_back() -> None:
    first, second, third, bread = BOTH_ORDER.lines
    short = replace(
        BOTH_ORDER, lines=(replace(first, confirmed=7), second, third, replace(bread, confirmed=0))
    )
    of_drink = Item(LINE.line_id, (Share("900101", 3),))

    assert missing(BOTH_SENT, (short,)) == (of_drink, Item(BREAD_LINE.line_id, (Share("900200", 5),)))
    given_back = replace(BOTH_SENT, given_back=(BREAD_LINE.line_id,))
    assert missing(given_back, (short,)) == (of_drink,)
    assert missing(BOTH_SENT, (short, replace(short, lines=(replace(bread, packages=5),)))) == (of_drink,)
    assert missing(BOTH_SENT, (BOTH_ORDER,)) == ()


@pytest.mark.parametrize(
    ("maker", "channel", "asked"),
    [
        ("prescriber", "care_unit", ("order_placer", "DEMO-101")),
        ("order_placer", "care_unit", ("order_placer", "DEMO-101")),
        ("customer_service", "customer_service", ("customer_service", None)),
        ("customer_service", "citizen", ("customer_service", None)),
    ],
)
def test_of_a_draft_that_was_left_the_makers_list_is_reminded_once(
    maker: str, channel: Any, asked: tuple[str, str | None]
) -> None:
    draft = replace(DRAFT, maker_role=maker, channel=channel, care_units=("DEMO-101", "DEMO-102"))

    after, (task,) = remind(draft, before=LATER)

    assert (getattr(task, "role", ""), getattr(task, "care_unit", "")) == asked
    assert after == replace(draft, is_reminded=True)
    assert remind(after, before=LATER) == (after, [])


@pytest.mark.parametrize(
    ("name", "receiver", "co", "minor", "shown"),
    [
        ("Barn Testsson", "barn testsson", None, True, True),
        ("Barn Testsson", "Vuxen Testsson", "c/o BARN TESTSSON", True, True),
        ("Barn Testsson", "Vuxen Testsson", None, True, False),
        ("Barn Testsson", "Barn Testsson", None, False, False),
        (None, "Barn Testsson", None, True, False),
        ("Barn Testsson", None, None, True, False),
    ],
)
def test_only_the_name_of_a_child_is_not_to_stand_on_a_parcel(
    name: str | None,
    receiver: str | None,
    co: str | None,
    minor: bool,
    shown: bool,
) -> None:
    register = replace(REGISTER, name=name, minor=minor)
    address = REGISTER.address and replace(REGISTER.address, co=co)
    request = DeliveryRequest(receiver=Receiver("guardian", receiver), address=address)

    assert settle(request, register=register).names_child is shown


@pytest.mark.parametrize(
    ("state", "failure", "shown"),
    [
        ("annulled", "refused", "refused"),
        ("annulled", None, "annulled"),
        ("ordered", "refused", "ordered"),
        ("delivered", None, "delivered"),
    ],
)
def test_only_a_withdrawal_of_which_nothing_comes_is_called_by_its_failure(
    state: Any, failure: Any, shown: str
) -> None:
    assert replace(BOTH_SENT, state=state, failure=failure).shown_state == shown
