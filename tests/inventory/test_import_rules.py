"""An import is abandoned when nothing of it has moved for a while, whatever step it had reached (T30)."""

from datetime import UTC, datetime, timedelta

import pytest

from services.inventory.domain.importing import (
    ABANDONED_AFTER,
    CatalogueImport,
    ImportRunning,
    begin_import,
    give_up_import,
    publish_articles,
    stage_articles,
    switch_import,
)
from services.inventory.domain.pricing import MOST_NAMED, warning

BEGUN = datetime(2026, 11, 23, 9, tzinfo=UTC)
MOVED = BEGUN + timedelta(hours=1)
STAGING, _ = begin_import(None, seen=None, import_id="i-1", by="maria", at=BEGUN)
SWITCHED, _ = switch_import(STAGING, import_id="i-1", articles=2, at=BEGUN)


@pytest.mark.parametrize(
    "moved",
    [
        begin_import(None, seen=None, import_id="i-1", by="maria", at=MOVED)[0],
        stage_articles(STAGING, (), import_id="i-1", rows=(), until=0, at=MOVED)[0],
        switch_import(STAGING, import_id="i-1", articles=2, at=MOVED)[0],
        publish_articles(SWITCHED, (), rows=(), at=MOVED)[0],
    ],
    ids=["begun", "staged", "switched", "told"],
)
def test_every_step_of_an_import_shows_that_it_is_alive(moved: CatalogueImport) -> None:
    assert not moved.is_abandoned(at=MOVED + ABANDONED_AFTER)
    assert moved.is_abandoned(at=MOVED + ABANDONED_AFTER + timedelta(seconds=1))


def test_an_import_that_is_over_is_never_abandoned() -> None:
    nothing, _ = switch_import(STAGING, import_id="i-1", articles=0, at=MOVED)
    given_up, _ = give_up_import(STAGING, import_id="i-1", at=MOVED)
    long_after = MOVED + timedelta(days=1)

    assert [each.is_abandoned(at=long_after) for each in (nothing, given_up)] == [False, False]


def test_a_new_import_has_laid_out_and_published_nothing() -> None:
    assert (STAGING.articles, STAGING.staged, STAGING.told) == (0, 0, 0)


def test_what_is_in_force_is_published_before_another_import_begins() -> None:
    with pytest.raises(ImportRunning):
        begin_import(SWITCHED, seen=SWITCHED, import_id="i-2", by="maria", at=MOVED)


@pytest.mark.parametrize(
    ("more", "sv", "en"), [(0, "19. Kontakta", "19. Contact"), (3, " och 3 till.", " and 3 more.")]
)
def test_articles_without_a_price_are_named_and_of_many_how_many_more(more: int, sv: str, en: str) -> None:
    said = warning([f"9000{number}" for number in range(MOST_NAMED + more)])

    assert sv in said.sv
    assert en in said.en
