"""Withdrawals before they are sent."""

from dataclasses import replace

import pytest

from services.ordering.domain.allowance import AnnulledLine, ArticleOnTheWay, UsedUpLine
from services.ordering.domain.catalogue import ArticleNotKnownYet, Catalogue
from services.ordering.domain.channels import OwnPrescription
from services.ordering.domain.flavours import Share, TooManyPackages
from services.ordering.domain.person import PersonNotKnownYet, ProtectedIdentity
from services.ordering.domain.withdrawal import (
    AlreadyAnnulled,
    AlreadySent,
    BlockPassed,
    Item,
    annul_draft,
)
from services.ordering.domain.withdrawing.drafting import (
    BlockNotYours,
    LineTwice,
    NoLines,
    SeveralPayers,
    SeveralProductAreas,
    WithdrawalRequest,
    against_drafting,
    change,
    draft,
)
from shared.domain.decision import NotFound, Refused
from tests.ordering.examples import (
    ALLOWANCE,
    BREAD_LINE,
    CATALOGUE,
    CLERK,
    DRAFT,
    DRAWN,
    ITEM,
    LINE,
    NOW,
    ORDER_PLACER,
    PERSON,
    SENT,
    SPLIT,
    TODAY,
    USED,
    WITHDRAWAL_NO,
    drawing,
)

PASSED = BlockPassed(LINE.article_no, "Paketet skadades", CLERK.sub)


def against(requested: WithdrawalRequest, allowance: object = ALLOWANCE) -> list[type[Refused]]:
    assert isinstance(allowance, type(ALLOWANCE))
    return [type(each) for each in against_drafting(allowance, requested, on=TODAY)]


def passing(*passed: BlockPassed, requested: WithdrawalRequest = DRAWN) -> WithdrawalRequest:
    return replace(requested, choice=replace(requested.choice, passed=passed))


def test_customer_service_begins_a_withdrawal_of_one_or_more_lines() -> None:
    made, allowance, told = draft(
        None,
        ALLOWANCE,
        requested=drawing(ITEM, Item(BREAD_LINE.line_id)),
        withdrawal_no=WITHDRAWAL_NO,
        at=NOW,
    )

    assert (made.state, made.channel, made.made_by) == ("new", "customer_service", "clerk-1")
    assert [step.what for step in made.history] == ["drafted"]
    assert allowance is ALLOWANCE
    assert told == []


def test_a_draft_takes_the_whole_article_or_the_last_choice_when_nothing_was_chosen() -> None:
    remembered = replace(ALLOWANCE, lines=(replace(LINE, last_choice=SPLIT), BREAD_LINE))
    requested = drawing(Item(LINE.line_id), Item(BREAD_LINE.line_id))

    made, *_ = draft(None, remembered, requested=requested, withdrawal_no=WITHDRAWAL_NO, at=NOW)

    assert made.choice.items[0].split == SPLIT
    assert made.choice.items[1].split == (Share("900200", 5),)


def test_a_draft_may_wait_for_its_flavours_to_be_chosen() -> None:
    made, *_ = draft(None, ALLOWANCE, requested=drawing(Item(LINE.line_id)), withdrawal_no="U", at=NOW)

    assert made.choice.items[0].split == ()


def test_a_withdrawal_without_lines_is_refused() -> None:
    assert against(drawing()) == [NoLines]


def test_a_line_is_taken_once_in_a_withdrawal() -> None:
    assert LineTwice in against(drawing(ITEM, ITEM))


def test_an_article_of_two_prescriptions_is_taken_once_unless_its_block_is_passed() -> None:
    other = replace(LINE, line_id="other-1")
    allowance = replace(ALLOWANCE, lines=(LINE, other))
    requested = drawing(ITEM, Item("other-1", SPLIT))

    assert against(requested, allowance) == [LineTwice]
    assert against(passing(PASSED, requested=requested), allowance) == []


def test_all_lines_of_a_withdrawal_have_one_payer_and_one_product_area() -> None:
    bread = replace(BREAD_LINE, payer="home_region", product_area="diabetes")
    allowance = replace(ALLOWANCE, lines=(LINE, bread))

    reasons = against(drawing(ITEM, Item(bread.line_id, (Share("900200", 5),))), allowance)

    assert reasons == [SeveralPayers, SeveralProductAreas]


def test_every_reason_is_told_at_once() -> None:
    used_up = replace(
        USED,
        annulled_lines=(LINE.line_id,),
        lines=(replace(LINE, used_by=("a", "b", "c")), BREAD_LINE),
    )
    own = replace(CLERK, sub=LINE.prescriber)

    with pytest.raises(Refused) as refused:
        draft(
            None,
            used_up,
            requested=drawing(Item(LINE.line_id, (Share("900101", 21),)), asker=own),
            withdrawal_no=WITHDRAWAL_NO,
            at=NOW,
        )

    assert [type(each) for each in refused.value.reasons] == [
        OwnPrescription,
        AnnulledLine,
        UsedUpLine,
        ArticleOnTheWay,
        TooManyPackages,
    ]


def test_of_a_protected_or_unknown_person_nothing_more_is_said() -> None:
    protected = replace(ALLOWANCE, person=replace(PERSON, protected=True))
    unknown = replace(ALLOWANCE, person=None)

    assert against(drawing(), protected) == [ProtectedIdentity]
    assert against(drawing(), unknown) == [PersonNotKnownYet]


def test_an_article_that_inventory_has_not_published_is_refused_for_now() -> None:
    assert against(drawing(ITEM, catalogue=Catalogue({}))) == [ArticleNotKnownYet]


def test_another_patients_line_is_not_found() -> None:
    with pytest.raises(NotFound):
        against(drawing(Item("another-1")))


def test_an_article_on_its_way_is_blocked_for_a_new_withdrawal() -> None:
    assert against(DRAWN, USED) == [ArticleOnTheWay]


def test_customer_service_passes_the_block_with_a_reason() -> None:
    assert against(passing(PASSED), USED) == []


def test_nobody_but_customer_service_passes_the_block() -> None:
    own = replace(PASSED, by=ORDER_PLACER.sub)

    assert against(passing(own, requested=drawing(ITEM, asker=ORDER_PLACER)), USED) == [BlockNotYours]


def test_a_draft_is_changed_until_it_is_sent() -> None:
    fewer = drawing(Item(LINE.line_id, (Share("900103", 4),)), asker=ORDER_PLACER)

    changed, allowance, told = change(DRAFT, ALLOWANCE, requested=fewer, at=NOW)

    assert changed.choice.items[0].split == (Share("900103", 4),)
    assert [step.what for step in changed.history] == ["drafted", "changed"]
    assert changed.made_by == "clerk-1"
    assert allowance is ALLOWANCE
    assert told == []


def test_what_customer_service_passed_stays_theirs_when_another_saves_the_draft() -> None:
    drafted, *_ = draft(None, USED, requested=passing(PASSED), withdrawal_no=WITHDRAWAL_NO, at=NOW)
    again = passing(replace(PASSED, by=ORDER_PLACER.sub), requested=drawing(ITEM, asker=ORDER_PLACER))

    changed, *_ = change(drafted, USED, requested=again, at=NOW)

    assert changed.choice.passed == (PASSED,)


def test_a_sent_withdrawal_is_neither_changed_nor_annulled_as_a_draft() -> None:
    with pytest.raises(AlreadySent):
        change(SENT, USED, requested=DRAWN, at=NOW)
    with pytest.raises(AlreadySent):
        annul_draft(SENT, by="clerk-1", at=NOW)


def test_an_annulled_draft_is_over_and_forgets_where_it_would_have_gone() -> None:
    annulled, told = annul_draft(DRAFT, by="clerk-1", at=NOW)

    assert annulled.state == "annulled"
    assert annulled.choice.delivery.recipient is None
    assert annulled.choice.delivery.address is None
    assert annulled.choice.delivery.door_code is None
    assert told == []
    with pytest.raises(AlreadyAnnulled):
        annul_draft(annulled, by="clerk-1", at=NOW)


def test_variants_are_listed_by_number_in_whatever_order_they_are_kept() -> None:
    backwards = replace(CATALOGUE, articles=dict(reversed(list(CATALOGUE.articles.items()))))

    for catalogue in (CATALOGUE, backwards):
        listed = [each.variant_name for each in catalogue.variants("900100")]
        assert listed == ["jordgubb", "choklad", "neutral"]
