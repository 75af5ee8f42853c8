"""Drafting a withdrawal: the draft, its changes, and every reason against it (S34, S35, S47 to S50)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.ordering.domain.allowance import Allowance, Line, against_line
from services.ordering.domain.catalogue import ArticleNotKnownYet, Catalogue
from services.ordering.domain.channels import (
    Asker,
    Channel,
    NotYourPatient,
    against_asking,
    against_channel,
    channel_of,
)
from services.ordering.domain.flavours import NoFlavourChosen, against_split, suggested
from services.ordering.domain.person import against_person
from services.ordering.domain.pickup import PickupPoint
from services.ordering.domain.withdrawal import (
    BlockPassed,
    Choice,
    Item,
    Step,
    Withdrawal,
    refuse_unless_draft,
)
from shared.domain.days import local_day
from shared.domain.decision import Decision, Refused, Sentence, refuse_any


class NoLines(Refused):
    """A withdrawal has one line or more (S35)."""

    rule = "no-lines"
    sentence = Sentence("Välj minst en rad att ta ut.", "Choose at least one line to withdraw.")


class LineTwice(Refused):
    """A line can be taken once in a withdrawal."""

    rule = "line-twice"
    sentence = Sentence(
        "Samma rad eller artikel är vald två gånger. Ta med den en gång, och gör ett nytt uttag senare.",
        "The same line or article is chosen twice. Take it once, and make another withdrawal later.",
    )


class SeveralPayers(Refused):
    """All lines of a withdrawal have the same payer (S35)."""

    rule = "several-payers"
    sentence = Sentence(
        "Raderna har olika betalare. Gör ett uttag för varje betalare.",
        "The lines have different payers. Make one withdrawal for each payer.",
    )


class SeveralProductAreas(Refused):
    """All lines of a withdrawal belong to one product area."""

    rule = "several-product-areas"
    sentence = Sentence(
        "Raderna hör till olika produktområden. Gör ett uttag för varje produktområde.",
        "The lines belong to different product areas. Make one withdrawal for each product area.",
    )


class BlockNotYours(Refused):
    """Only customer service passes the open-order block (S48)."""

    rule = "block-not-yours"
    sentence = Sentence(
        "Bara kundservice kan gå förbi spärren för en pågående beställning. Kontakta kundservice.",
        "Only customer service can pass the block of an open order. Contact customer service.",
    )


@dataclass(frozen=True)
class WithdrawalRequest:
    """What a person wants: the choice, who asks and what is on offer."""

    choice: Choice
    asker: Asker
    catalogue: Catalogue
    points: tuple[PickupPoint, ...] = ()

    def lines(self, allowance: Allowance) -> tuple[Line, ...]:
        """Find the chosen lines; raises NotFound when one is not this patient's."""
        return tuple(line for _, line in self.taken(allowance))

    def taken(self, allowance: Allowance) -> tuple[tuple[Item, Line], ...]:
        """Give what is chosen, each with its line; raises NotFound when one is not this patient's."""
        return tuple((item, allowance.line(item.line_id)) for item in self.choice.items)


def completed(allowance: Allowance, requested: WithdrawalRequest) -> WithdrawalRequest:
    """Fill splits that were left out with the article itself or the last choice (S44); raises NotFound."""
    items = tuple(_completed(item, line, requested.catalogue) for item, line in requested.taken(allowance))
    return replace(requested, choice=replace(requested.choice, items=items))


def _completed(item: Item, line: Line, catalogue: Catalogue) -> Item:
    article = catalogue.articles.get(line.article_no)
    if item.split or article is None:
        return item
    split = suggested(article, packages=line.packages, last_choice=line.last_choice, catalogue=catalogue)
    return replace(item, split=split)


def against_drafting(allowance: Allowance, requested: WithdrawalRequest, *, on: date) -> Iterator[Refused]:
    """Say all that speaks against beginning this withdrawal; raises NotFound (S23, S35, S47, Q7, Q18)."""
    lines = requested.lines(allowance)
    yield from against_person(allowance.person)
    if allowance.person is None or allowance.person.protected:
        return
    channel = tuple(
        against_channel(
            requested.asker, patient_ref=allowance.patient_ref, lines=lines, person=allowance.person, on=on
        )
    )
    yield from channel
    if any(isinstance(reason, NotYourPatient) for reason in channel):
        return  # what else is so of somebody else's lines is nobody's business
    yield from against_asking(requested.choice.asked_by, person=allowance.person, on=on)
    yield from _against_together(lines, passed=requested.choice.passed_articles)
    yield from _against_passing(requested)
    for item, line in requested.taken(allowance):
        yield from against_line(allowance, line, passed=requested.choice.passed_articles, on=on)
        reasons = against_item(item, line, requested.catalogue)
        # A draft may wait for its flavours to be chosen.
        yield from (reason for reason in reasons if not isinstance(reason, NoFlavourChosen))


def against_item(item: Item, line: Line, catalogue: Catalogue) -> Iterator[Refused]:
    """Say what is wrong with what is taken of one line (S43, S54)."""
    article = catalogue.articles.get(line.article_no)
    if article is None:
        yield ArticleNotKnownYet(line_id=line.line_id, article_no=line.article_no)
        return
    for reason in against_split(item.split, prescribed=article, packages=line.packages, catalogue=catalogue):
        reason.facts["line_id"] = line.line_id
        yield reason


def _against_together(lines: tuple[Line, ...], *, passed: frozenset[str]) -> Iterator[Refused]:
    if not lines:
        yield NoLines()
    for place, line in enumerate(lines):
        before = lines[:place]
        same = (each for each in before if each.article_no == line.article_no)
        if any(each.line_id == line.line_id or line.article_no not in passed for each in same):
            yield LineTwice(line_id=line.line_id, article_no=line.article_no)
    for line in lines:
        if line.payer != lines[0].payer:
            yield SeveralPayers(line_id=line.line_id, payer=line.payer)
        if line.product_area != lines[0].product_area:
            yield SeveralProductAreas(line_id=line.line_id, product_area=line.product_area)


def _against_passing(requested: WithdrawalRequest) -> Iterator[Refused]:
    own = [each for each in requested.choice.passed if each.by == requested.asker.sub]
    if not requested.asker.is_customer_service:
        yield from (BlockNotYours(article_no=each.article_no) for each in own)


def draft(
    _absent: Withdrawal | None,
    allowance: Allowance,
    *,
    requested: WithdrawalRequest,
    withdrawal_no: str,
    at: datetime,
) -> Decision[Withdrawal, Allowance]:
    """Begin a withdrawal that waits until somebody sends it (S34, S50)."""
    requested = completed(allowance, requested)
    refuse_any(against_drafting(allowance, requested, on=local_day(at)))
    lines, on = requested.lines(allowance), local_day(at)
    channel = channel_of(
        requested.asker, patient_ref=allowance.patient_ref, lines=lines, person=allowance.person, on=on
    )
    made = Withdrawal(
        withdrawal_no=withdrawal_no,
        patient_ref=allowance.patient_ref,
        choice=requested.choice,
        payer=lines[0].payer,
        product_area=lines[0].product_area,
        care_units=_units(lines),
        channel=channel,
        made_by=requested.asker.sub,
        made_by_name=requested.asker.name or None,
        made_at=at,
        maker_role=_reminded_role(channel),
        touched_at=at,
    )
    return made.noting(Step(at, requested.asker.sub, "drafted")), allowance, []


def change(
    withdrawal: Withdrawal, allowance: Allowance, *, requested: WithdrawalRequest, at: datetime
) -> Decision[Withdrawal, Allowance]:
    """Change a draft to another choice (S50); raises AlreadySent and AlreadyAnnulled."""
    refuse_unless_draft(withdrawal)
    passed = _kept(withdrawal.choice.passed, requested.choice.passed)
    requested = completed(allowance, replace(requested, choice=replace(requested.choice, passed=passed)))
    refuse_any(against_drafting(allowance, requested, on=local_day(at)))
    lines = requested.lines(allowance)
    changed = replace(
        withdrawal,
        choice=requested.choice,
        payer=lines[0].payer,
        product_area=lines[0].product_area,
        care_units=_units(lines),
        touched_at=at,
    )
    return changed.noting(Step(at, requested.asker.sub, "changed")), allowance, []


def _kept(before: tuple[BlockPassed, ...], wanted: tuple[BlockPassed, ...]) -> tuple[BlockPassed, ...]:
    """Let what customer service passed stay theirs when somebody else saves the draft again (S48)."""
    known = {(each.article_no, each.reason): each for each in before}
    return tuple(known.get((each.article_no, each.reason), each) for each in wanted)


def _reminded_role(channel: Channel) -> str:
    """Say whose list an unsent draft stands on: a citizen has none, a prescriber may have no right (Q7)."""
    return "order_placer" if channel == "care_unit" else "customer_service"


def _units(lines: tuple[Line, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.care_unit for line in lines))
