"""The import of foods on a real database: quick, found at once, and within its bounds."""

import asyncio
from pathlib import Path
from time import perf_counter

import pytest

from services.inventory.app import import_articles
from services.inventory.application.catalogue import Catalogue
from services.inventory.repository.collections import COLLECTIONS
from services.inventory.repository.search import SearchCriteria
from shared.clock import clock_from
from shared.repository.mongo.backend import Mongo, connect
from shared.sealed import new_key_file, seals_from
from shared.service.process import repository_of
from shared.settings import Settings
from tests.inventory.foods import GENERIC_ROW, HEADER, file_of

MANY = 10_000
LONGEST_SECONDS = 20
A_WHOLE_CATALOGUE = 100_000
BAD_AMONG_THEM = 300
LONGEST_SECONDS_OF_ALL = 60


@pytest.fixture
def embedded(
    mongodb_url: str, database_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """An environment that names a database of this test's own."""
    monkeypatch.setenv("SESAM_DATABASE_PREFIX", database_prefix)
    monkeypatch.setenv("SESAM_MODE", "embedded")
    monkeypatch.setenv("SESAM_DISTRIBUTORS", '["demo-a", "demo-b"]')
    monkeypatch.setenv("SESAM_KEYS_FILE", str(tmp_path / "sealed.json"))
    new_key_file(tmp_path / "sealed.json")
    return Settings()


async def found(catalogue: Catalogue, text: str) -> int:
    hits, _ = await catalogue.search(SearchCriteria(text=text))
    return hits.count


@pytest.mark.connected
async def test_a_running_process_finds_within_a_second_what_the_command_imports(
    embedded: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "catalogue.csv"
    await asyncio.to_thread(path.write_bytes, file_of(GENERIC_ROW))
    async with connect(embedded.mongodb_url, app_name="running") as mongo:
        backend = Mongo(mongo[f"{embedded.database_prefix}_inventory"])
        await backend.prepare(COLLECTIONS)
        clock, seals = clock_from(embedded.clock_file), seals_from(embedded.keys_file)
        running = Catalogue(repository_of(backend, service="inventory", clock=clock, seals=seals), clock)
        await running.refresh_search()
        await asyncio.sleep(0.2)

        await import_articles(path, dry_run=False, skip_bad=False)

        async with asyncio.timeout(1):
            while not await found(running, "demodryck"):
                await asyncio.sleep(0.02)


@pytest.mark.connected
async def test_ten_thousand_articles_reach_a_real_database_in_seconds(
    embedded: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "catalogue.csv"
    rows = [f"A{number};Demovara {number};fibre;demo-a;DX-{number};4;96,00;;" for number in range(MANY)]
    await asyncio.to_thread(path.write_bytes, file_of(*rows, header=HEADER))

    started = perf_counter()
    first = await import_articles(path, dry_run=False, skip_bad=False)
    seconds = perf_counter() - started
    again = await import_articles(path, dry_run=False, skip_bad=False)

    print(f"{MANY} articles imported in {seconds:.1f} s")  # noqa: T201
    assert (first, again) == (0, 0)
    assert seconds < LONGEST_SECONDS


@pytest.mark.long
@pytest.mark.connected
async def test_a_hundred_thousand_articles_with_300_bad_rows_are_read_in_within_a_minute(
    embedded: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "catalogue.csv"
    every = A_WHOLE_CATALOGUE // BAD_AMONG_THEM
    bad = set(range(0, every * BAD_AMONG_THEM, every))
    rows = [
        f"A{number};Demovara {number};{'godis' if number in bad else 'fibre'};demo-a;DX-{number};4;96,00;;"
        for number in range(A_WHOLE_CATALOGUE)
    ]
    await asyncio.to_thread(path.write_bytes, file_of(*rows, header=HEADER))

    refused = await import_articles(path, dry_run=False, skip_bad=False)
    capsys.readouterr()
    started = perf_counter()
    code = await import_articles(path, dry_run=False, skip_bad=True)
    seconds = perf_counter() - started

    said = capsys.readouterr()
    good = A_WHOLE_CATALOGUE - BAD_AMONG_THEM
    shown = [
        int(each.split(": ")[1].split("/")[0])
        for each in said.err.split("\r")
        if each.startswith("Imported and")
    ]
    assert (refused, code) == (1, 0)
    assert said.err.count("There is no subgroup") == BAD_AMONG_THEM
    assert f"{good} new, 0 changed" in said.out
    assert shown == sorted(shown)
    assert (shown[-1], len(shown) > 10) == (good, True)
    assert seconds < LONGEST_SECONDS_OF_ALL
