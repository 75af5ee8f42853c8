"""The import of a catalogue file, as its keeper meets it."""

import asyncio
from pathlib import Path
from time import perf_counter

import pytest

from services.inventory.app import assemble, import_articles, import_into
from services.inventory.domain.catalogue_file import read_catalogue
from services.inventory.repository import ARTICLES, Catalogue, Wanted
from shared.clock import clock_from
from shared.events.inventory import ArticleChanged
from shared.repository.mongo import Mongo, connect
from shared.sealed import new_key_file, seals_from
from shared.service import repository_of
from shared.settings import Settings
from tests.inventory.foods import GENERIC_ROW, HEADER, VARIANT_ROW, file_of
from tests.support import InMemory, in_memory

BAD_ROW = "900009;;godis;demo-a;DX-1009;4;96,00;;"
MANY = 10_000
LONGEST_SECONDS = 20
A_WHOLE_CATALOGUE = 100_000
BAD_AMONG_THEM = 300
LONGEST_SECONDS_OF_ALL = 60


@pytest.fixture
async def service() -> InMemory:
    return await in_memory("inventory", assemble)


async def imported(service: InMemory, *rows: str, dry_run: bool = False, skip_bad: bool = False) -> int:
    file = read_catalogue(file_of(*rows))
    return await import_into(Catalogue(service.repository), file, dry_run=dry_run, skip_bad=skip_bad)


async def numbers(service: InMemory) -> list[str]:
    return sorted(await Catalogue(service.repository).everything())


async def test_a_file_of_good_rows_is_imported_and_every_article_told(service: InMemory) -> None:
    code = await imported(service, GENERIC_ROW, VARIANT_ROW)

    assert code == 0
    assert await numbers(service) == ["900001", "900002"]
    assert [fact.article_no for fact in service.told_of(ArticleChanged)] == ["900001", "900002"]


async def test_one_bad_row_keeps_the_whole_file_out_and_is_named(
    service: InMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    code = await imported(service, GENERIC_ROW, BAD_ROW)

    said = capsys.readouterr().err
    assert code == 1
    assert await numbers(service) == []
    assert "Line 3, 900009 name: The cell is empty." in said
    assert "Line 3, 900009 subgroup: There is no subgroup “godis”." in said
    assert "Nothing was imported." in said


async def test_the_others_are_imported_when_bad_rows_are_skipped(service: InMemory) -> None:
    code = await imported(service, GENERIC_ROW, BAD_ROW, VARIANT_ROW, skip_bad=True)

    assert code == 0
    assert await numbers(service) == ["900001", "900002"]


async def test_a_dry_run_shows_the_difference_and_changes_nothing(
    service: InMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    await imported(service, GENERIC_ROW, VARIANT_ROW)
    capsys.readouterr()

    dearer = (GENERIC_ROW.replace("96,00", "98,00"), VARIANT_ROW.replace("96,00", "98,00"))
    code = await imported(service, *dearer, dry_run=True)

    said = capsys.readouterr().out
    assert code == 0
    assert "~ 900002 Demodryck choklad 200 ml (package_price: 96.00 -> 98.00)" in said
    assert "0 new, 2 changed, 0 unchanged" in said
    assert len(service.told) == 2


async def test_an_import_may_be_run_again_and_an_older_file_may_come_back(service: InMemory) -> None:
    cheaper = GENERIC_ROW.replace("96,00", "90,00")

    for row in (GENERIC_ROW, GENERIC_ROW, cheaper, GENERIC_ROW):
        assert await imported(service, row) == 0

    assert [fact.version for fact in service.told_of(ArticleChanged)] == [1, 2, 3]


async def test_articles_that_the_file_leaves_out_are_left_alone(
    service: InMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    await imported(service, GENERIC_ROW, VARIANT_ROW)

    await imported(service, GENERIC_ROW)

    assert await numbers(service) == ["900001", "900002"]
    assert "1 not in the file (left as they are)." in capsys.readouterr().out


async def test_the_keeper_reads_swedish_where_the_machine_speaks_it(
    service: InMemory, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")

    await imported(service, BAD_ROW)

    assert "Rad 2, 900009 name: Cellen är tom. Fyll i den." in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b"no;catalogue\n"])
async def test_a_file_that_cannot_be_read_is_said_so(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "catalogue.csv"
    if content is not None:
        path.write_bytes(content)

    code = await import_articles(path, dry_run=False, skip_bad=False)

    assert code == 1
    assert capsys.readouterr().err.strip().endswith(".")


@pytest.fixture
def embedded(
    mongodb_url: str, database_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """An environment that names a database of this test's own."""
    monkeypatch.setenv("SESAM_DATABASE_PREFIX", database_prefix)
    monkeypatch.setenv("SESAM_MODE", "embedded")
    monkeypatch.setenv("SESAM_KEYS_FILE", str(tmp_path / "sealed.json"))
    new_key_file(tmp_path / "sealed.json")
    return Settings()


async def found(catalogue: Catalogue, text: str) -> int:
    hits, _ = await catalogue.search(Wanted(text=text))
    return hits.count


@pytest.mark.connected
async def test_a_running_process_finds_within_a_second_what_the_command_imports(
    embedded: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "catalogue.csv"
    await asyncio.to_thread(path.write_bytes, file_of(GENERIC_ROW))
    async with connect(embedded.mongodb_url, app_name="running") as mongo:
        backend = Mongo(mongo[f"{embedded.database_prefix}_inventory"])
        await backend.prepare([ARTICLES])
        clock, seals = clock_from(embedded.clock_file), seals_from(embedded.keys_file)
        running = Catalogue(repository_of(backend, service="inventory", clock=clock, seals=seals))
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


@pytest.mark.slow
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
    shown = [int(each.split("/")[0]) for each in said.err.split("\r")[1:]]
    assert (refused, code) == (1, 0)
    assert said.err.count("There is no subgroup") == BAD_AMONG_THEM
    assert f"{good} new, 0 changed" in said.out
    assert shown == sorted(shown)
    assert (shown[-1], len(shown) > 10) == (good, True)
    assert seconds < LONGEST_SECONDS_OF_ALL
