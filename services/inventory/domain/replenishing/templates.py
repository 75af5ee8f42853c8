"""Order templates: what a unit often orders to its storeroom, shared by who works there (S169)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.replenishing.manual import LineAsked, ReplenishmentAsked, against_article
from services.inventory.domain.replenishing.refusals import (
    ArticleTwice,
    NameOfPerson,
    NoSuchArticle,
    NothingInTemplate,
    NotInTemplate,
    TemplateArchived,
)
from shared.domain.code import is_persons
from shared.domain.decision import Decision, Refused, refuse_any


@dataclass(frozen=True)
class OrderTemplate:
    """A list of articles with the packages that are usually ordered of each."""

    template_id: str
    name: str
    description: str
    care_unit: str
    """Whose it is: somebody there archives it (Q13)."""
    storeroom_no: str
    """The one that is replenished by it."""
    created_by: str
    created_by_name: str
    created_at: datetime
    lines: tuple[LineAsked, ...] = ()
    archived: bool = False
    archived_by: str | None = None
    archived_at: datetime | None = None


@dataclass(frozen=True)
class Contents:
    """What somebody says that a template is called and contains."""

    name: str
    description: str
    lines: tuple[LineAsked, ...]


def create_template(
    _: OrderTemplate | None, *, made: OrderTemplate, contents: Contents, known: frozenset[str]
) -> Decision[OrderTemplate]:
    """Make a template. Raises NameOfPerson, ArticleTwice and NoSuchArticle."""
    refuse_any(_against(contents, kept=(), known=known))
    return _with(made, contents), []


def change_template(
    template: OrderTemplate, *, contents: Contents, known: frozenset[str]
) -> Decision[OrderTemplate]:
    """Change name and contents; what stood in it before may stay though it cannot be ordered (S171)."""
    if template.archived:
        raise TemplateArchived
    kept = tuple(each.article_no for each in template.lines)
    refuse_any(_against(contents, kept=kept, known=known))
    return _with(template, contents), []


def archive_template(template: OrderTemplate, *, by: str, at: datetime) -> Decision[OrderTemplate]:
    """Take the template out of use; it is kept (Q13). Raises TemplateArchived."""
    if template.archived:
        raise TemplateArchived
    return replace(template, archived=True, archived_by=by, archived_at=at), []


def lines_ordered(template: OrderTemplate, changed: Mapping[str, int] | None) -> tuple[LineAsked, ...]:
    """Give what is ordered this time: of the articles that are named the packages said, or all of it (S122).

    Raises TemplateArchived, NothingInTemplate and NotInTemplate.
    """
    if template.archived:
        raise TemplateArchived
    if not template.lines:
        raise NothingInTemplate
    if changed is None:
        return template.lines
    known = {each.article_no for each in template.lines}
    refuse_any(NotInTemplate(article_no=each) for each in changed if each not in known)
    return tuple(
        replace(each, packages=changed[each.article_no])
        for each in template.lines
        if each.article_no in changed
    )


def invalid_lines(
    asked: ReplenishmentAsked, shelves: Sequence[Balance | None]
) -> dict[str, tuple[Refused, ...]]:
    """Say of each article that cannot be ordered why (S171)."""
    reasons = {
        no: tuple(against_article(no, balance, asked=asked))
        for no, balance in zip(asked.article_nos, shelves, strict=True)
    }
    return {no: found for no, found in reasons.items() if found}


def without_invalid(asked: ReplenishmentAsked, shelves: Sequence[Balance | None]) -> ReplenishmentAsked:
    """Leave out what cannot be ordered; of a template without any other the reasons are given."""
    invalid = invalid_lines(asked, shelves)
    lines = tuple(each for each in asked.lines if each.article_no not in invalid)
    return replace(asked, lines=lines) if lines else asked


def _against(contents: Contents, *, kept: Sequence[str], known: frozenset[str]) -> list[Refused]:
    found: list[Refused] = []
    if is_persons(contents.name) or is_persons(contents.description):
        found.append(NameOfPerson())
    for no, times in Counter(each.article_no for each in contents.lines).items():
        if times > 1:
            found.append(ArticleTwice(article_no=no))
        if no not in known and no not in kept:
            found.append(NoSuchArticle(article_no=no))
    return found


def _with(template: OrderTemplate, contents: Contents) -> OrderTemplate:
    return replace(template, name=contents.name, description=contents.description, lines=contents.lines)
