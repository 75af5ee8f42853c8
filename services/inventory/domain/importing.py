"""The states of an import: stored beside the catalogue, in force, published (T30, decision 0051)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from services.inventory.domain.article import Article, change_articles
from shared.domain.decision import Decision, Refused, Sentence

ABANDONED_AFTER = timedelta(seconds=10)
"""An import that has not moved for so long was killed, or its machine is gone."""


class ImportRunning(Refused):
    """Another import is at work: of two at once the second is refused."""

    rule = "import-running"
    sentence = Sentence(
        "En annan import pågår. Ingenting lästes in: vänta tills den är klar och kör igen.",
        "Another import is running. Nothing was imported: wait until it has ended, and run again.",
    )


class ImportTakenOver(Refused):
    """The import stood still so long that another one began in its place."""

    rule = "import-taken-over"
    sentence = Sentence(
        "Importen stod still och en annan har börjat. Ingenting lästes in: kör igen när den är klar.",
        "The import stood still, and another has begun. Nothing was imported: run again when it has ended.",
    )


@dataclass(frozen=True)
class CatalogueImport:
    """The pointer: which import is being laid out, or is in force, and how far it has come."""

    import_id: str
    by: str
    begun_at: datetime
    moved_at: datetime
    state: Literal["staging", "switched", "done", "given_up"] = "staging"
    articles: int = 0
    staged: int = 0
    told: int = 0

    @property
    def is_busy(self) -> bool:
        return self.state in {"staging", "switched"}

    def is_abandoned(self, *, at: datetime) -> bool:
        return self.is_busy and at - self.moved_at > ABANDONED_AFTER


@dataclass(frozen=True)
class StagedArticle:
    """One row of an import, as it lies beside the catalogue; the next import writes over it."""

    import_id: str
    article_no: str
    article: Article


def begin_import(
    current: CatalogueImport | None, *, seen: CatalogueImport | None, import_id: str, by: str, at: datetime
) -> Decision[CatalogueImport]:
    """Begin an import in place of what was `seen` to be over or abandoned (T30); raises ImportRunning.

    What is in force already is never replaced before all of it is published.
    """
    if current != seen or (current and current.state == "switched"):
        raise ImportRunning
    return CatalogueImport(import_id, by, begun_at=at, moved_at=at), []


def stage_articles(
    current: CatalogueImport,
    slots: tuple[StagedArticle | None, ...],
    *,
    import_id: str,
    rows: Sequence[Article],
    until: int,
    at: datetime,
) -> Decision[CatalogueImport, tuple[StagedArticle, ...]]:
    """Lay some rows out; nobody sees them (T30). Raises ImportTakenOver."""
    _demand_own(current, import_id)
    staged = tuple(StagedArticle(import_id, row.article_no, row) for row, _ in zip(rows, slots, strict=True))
    return replace(current, staged=until, moved_at=at), staged, []


def switch_import(
    current: CatalogueImport, *, import_id: str, articles: int, at: datetime
) -> Decision[CatalogueImport]:
    """Put all rows in force at this moment (T30); raises ImportTakenOver."""
    _demand_own(current, import_id)
    return replace(current, state="switched" if articles else "done", articles=articles, moved_at=at), []


def publish_articles(
    current: CatalogueImport, articles: tuple[Article | None, ...], *, rows: Sequence[Article], at: datetime
) -> Decision[CatalogueImport, tuple[Article, ...]]:
    """Make some articles what their rows say, and publish those that differ (S10)."""
    changed, facts = change_articles(articles, rows=rows)
    told = current.told + len(rows)
    state = "done" if told >= current.articles else current.state
    return replace(current, told=told, state=state, moved_at=at), changed, facts


def give_up_import(current: CatalogueImport, *, import_id: str, at: datetime) -> Decision[CatalogueImport]:
    """End an import that is not in force; one that is in force continues (T30)."""
    if (current.import_id, current.state) != (import_id, "staging"):
        return current, []
    return replace(current, state="given_up", moved_at=at), []


def _demand_own(current: CatalogueImport, import_id: str) -> None:
    if (current.import_id, current.state) != (import_id, "staging"):
        raise ImportTakenOver
