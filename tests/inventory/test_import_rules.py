"""An import is abandoned when nothing of it has moved for a while, whatever step it had reached (T30)."""

from datetime import UTC, datetime, timedelta

import pytest

from services.inventory.domain.importing import (
    ABANDONED_AFTER,
    CatalogueImport,
    begin_import,
    give_up_import,
    stage_articles,
    switch_import,
    tell_articles,
)

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
        tell_articles(SWITCHED, (), rows=(), at=MOVED)[0],
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
