"""Whom it concerns when an article is no longer available: lines that are not used up (N3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.ordering.domain.allowance import Allowance, ArticleOnTheWay, Line, against_line
from services.ordering.domain.catalogue import Article, note_article
from services.ordering.domain.person import against_person
from shared.domain.decision import Decision
from shared.events.fact import Fact
from shared.events.tasks import TaskRaised, TaskResolved


@dataclass(frozen=True)
class Affected:
    """A patient, and the lines of which the article, or the flavour taken last time, cannot be had."""

    patient_ref: str
    lines: tuple[Line, ...]


def affected(allowance: Allowance, *, article_no: str, on: date) -> Affected | None:
    """Find the lines of a patient that a shortage concerns; nobody's who cannot be served (N3, S53, Q18)."""
    if any(against_person(allowance.person)):
        return None
    lines = tuple(
        line
        for line in allowance.lines
        if _needs(line, article_no) and not any(_ended(allowance, line, on=on))
    )
    return Affected(allowance.patient_ref, lines) if lines else None


def is_still_prescribed(allowance: Allowance, article_no: str, *, on: date) -> bool:
    """Tell whether the patient may still withdraw the article that day (N3, S24)."""
    lines = (line for line in allowance.lines if line.article_no == article_no)
    return any(allowance.state_of(line, on=on) == "active" for line in lines)


def follow_article(known: Article | None, *, published: Article, is_prescribed: bool) -> Decision[Article]:
    """Store the newest version of an article; one that is prescribed and discontinued is a task (N3, N7)."""
    newest, _ = note_article(known, published=published)
    is_news = newest is published and known is not None and known.can_be_ordered != published.can_be_ordered
    return newest, _task(published, is_prescribed=is_prescribed) if is_news else []


def _task(published: Article, *, is_prescribed: bool) -> list[Fact]:
    task_id = f"article-discontinued:{published.article_no}"
    if published.can_be_ordered:
        return [TaskResolved(task_id=task_id, how="to-be-had-again")]
    if not is_prescribed:
        return []
    return [
        TaskRaised(
            task_id=task_id,
            kind="article_discontinued",
            role="customer_service",
            subject_no=published.article_no,
            reason="prescribed-and-discontinued",
        )
    ]


def _needs(line: Line, article_no: str) -> bool:
    return line.article_no == article_no or any(share.article_no == article_no for share in line.last_choice)


def _ended(allowance: Allowance, line: Line, *, on: date) -> Iterator[object]:
    reasons = against_line(allowance, line, passed=frozenset(), on=on)
    return (reason for reason in reasons if not isinstance(reason, ArticleOnTheWay))
