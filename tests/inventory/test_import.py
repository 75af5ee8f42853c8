"""The import of a catalogue file, as its keeper meets it."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pytest

from services.inventory.app import assemble, import_articles
from services.inventory.application import imports as importing
from services.inventory.application.catalogue import Catalogue
from services.inventory.application.importing import entry_of, import_into
from services.inventory.domain.catalogue_file import read_catalogue
from services.inventory.domain.importing import ImportTakenOver
from services.inventory.repository.collections import COLLECTIONS
from services.inventory.repository.search import SearchCriteria
from shared.clock import clock_from
from shared.events.billing import TariffPublished
from shared.events.fees import ArticleFee, TypeFee
from shared.events.inventory import ArticleChanged
from shared.fault import Disturbed, Order, arm
from shared.repository.mongo.backend import Mongo, connect
from shared.sealed import new_key_file, seals_from
from shared.service.process import repository_of
from shared.settings import Settings
from tests.inventory.foods import CHOCOLATE, GENERIC_ROW, HEADER, VARIANT_ROW, file_of
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
    content = file_of(*rows)
    return await import_into(
        catalogue_of(service),
        read_catalogue(content),
        dry_run=dry_run,
        skip_bad=skip_bad,
        entry=entry_of(content),
    )


def catalogue_of(service: InMemory) -> Catalogue:
    """The catalogue as another process has it."""
    return Catalogue(service.repository, service.clock)


async def numbers(service: InMemory) -> list[str]:
    return sorted(await catalogue_of(service).everything())


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


TARIFF = TariffPublished(
    tariff="2026-01-01",
    version=1,
    valid_from=date(2026, 1, 1),
    types=(
        TypeFee(
            prescription_type="energy_nutrition", basis="product", fee_code="LMN-20", text="Egenavgift",
        ),
        TypeFee(
            prescription_type="coeliac_metabolic", basis="withdrawal", amount=Decimal(120), fee_code="LMN-10",
            text="Egenavgift, per uttag",
        ),
    ),
    overrides=(),
    articles=(ArticleFee(article_no="900001", amount=Decimal(6), per="package"),),
)  # fmt: skip


async def test_the_import_says_which_articles_nobody_could_price(
    service: InMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    flour = "900020;Demomjöl;gluten_free;demo-a;DX-20;1;40,00;;"
    await imported(service, GENERIC_ROW, VARIANT_ROW)
    before = capsys.readouterr().err
    await service.hear(TARIFF)
    await service.hear(TARIFF.model_copy(update={"version": 0, "articles": ()}))

    code = await imported(service, GENERIC_ROW, VARIANT_ROW, flour, dry_run=True)

    assert "no fee" not in before
    assert code == 0
    assert (
        "Note: without a fee in the tariff, and not to be withdrawn until it is there (1): 900002. Contact"
        in capsys.readouterr().err
    )


async def test_an_import_leaves_its_rows_in_the_audit_log(service: InMemory) -> None:
    await imported(service, GENERIC_ROW)
    await imported(service, BAD_ROW)
    await imported(service, GENERIC_ROW, dry_run=True)

    rows = [row for row in await service.repository.backend.audit.rows() if "import" in row["action"]]
    assert [(row["action"], row["outcome"]) for row in rows] == [
        ("inventory.begin_import", "done"),
        ("inventory.import_articles", "done"),
        ("inventory.begin_import", "done"),
    ]
    assert {row["actor"].partition(":")[0] for row in rows} == {"operator"}
    assert rows[1]["purpose"].startswith("file sha256:")


STEPS = (
    "before_stage", "before_switch", "after_switch", "before_rows", "after_rows",
)  # fmt: skip
WHOLE = tuple(GENERIC_ROW.replace("900001", f"A{number}") for number in range(9))
IN_FORCE = ("after_switch", "before_rows", "after_rows")


@pytest.fixture(autouse=True)
def a_few_at_once(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Let nine rows be an import of several steps."""
    if "connected" not in request.keywords:
        monkeypatch.setattr(importing, "STAGED_AT_ONCE", 4)
        monkeypatch.setattr(importing, "TOLD_AT_ONCE", 3)


@pytest.fixture
def undisturbed() -> Iterator[None]:
    yield
    arm("import", [], book=None, mode="embedded")


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("hit", [1, 2])
async def test_an_import_that_is_killed_at_any_step_is_whole_or_nothing_and_the_next_one_succeeds(
    service: InMemory, step: str, hit: int
) -> None:
    await imported(service, GENERIC_ROW)
    orders = [Order(point=f"import.import.{step}", hit=hit, action="raise")]
    arm("import", orders, book=None, mode="embedded")
    with suppress(Disturbed):
        await killed(service, *WHOLE)
    arm("import", [], book=None, mode="embedded")
    at_once = await numbers(service)

    service.clock.move(seconds=11)
    await service.run_jobs()

    whole = step in IN_FORCE or (hit == 2 and step == "before_switch")
    assert len(at_once) == len(await numbers(service)) == (10 if whole else 1)
    assert len(service.told_of(ArticleChanged)) == (10 if whole else 1)
    assert await imported(service, *WHOLE) == 0
    assert len(service.told_of(ArticleChanged)) == 10


async def killed(service: InMemory, *rows: str) -> None:
    """Import until a disturbance, and tidy nothing up: as a process that is killed."""
    imports, content = catalogue_of(service).imports, file_of(*rows)
    articles = [row.article for row in read_catalogue(content).rows]
    import_id = await imports.begin(entry=entry_of(content))
    await imports.stage(import_id, articles, progress=print)
    await imports.switch(import_id, articles=len(articles), entry=entry_of(content))
    await imports.publish(import_id, articles=len(articles), progress=print)


async def test_from_the_switch_on_every_article_of_the_import_is_shown_as_it_is_now(
    service: InMemory,
) -> None:
    await imported(service, GENERIC_ROW, VARIANT_ROW)
    catalogue, dearer = catalogue_of(service), GENERIC_ROW.replace("96,00", "98,00")
    vanilla = VARIANT_ROW.replace("900002", "900003").replace("96,00", "98,00").replace("choklad", "vanilj")
    articles = [row.article for row in read_catalogue(file_of(dearer, vanilla)).rows]
    import_id = await catalogue.imports.begin(entry=entry_of(b""))
    await catalogue.imports.stage(import_id, articles, progress=print)
    before = await catalogue.article("900001")

    await catalogue.imports.switch(import_id, articles=2, entry=entry_of(b""))

    after = await catalogue.article("900001")
    assert (before.version, str(before.package_price)) == (1, "96.00")
    assert (after.version, str(after.package_price)) == (2, "98.00")
    assert [each.article_no for each in await catalogue.variants("900001")] == ["900002", "900003"]
    assert len(service.told) == 2


async def test_of_two_imports_at_once_one_is_refused_in_words(
    service: InMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = await asyncio.gather(imported(service, *WHOLE), imported(service, GENERIC_ROW))

    assert sorted(codes) == [0, 1]
    assert "Another import is running. Nothing was imported" in capsys.readouterr().err


async def test_an_import_that_stood_still_gives_way_and_lays_nothing_out_any_more(service: InMemory) -> None:
    imports = catalogue_of(service).imports
    slow = await imports.begin(entry=entry_of(b""))
    service.clock.move(seconds=11)

    assert await imported(service, GENERIC_ROW) == 0

    with pytest.raises(ImportTakenOver):
        await imports.stage(slow, [CHOCOLATE], progress=print)
    assert await numbers(service) == ["900001"]


async def test_an_import_that_is_broken_off_before_the_switch_leaves_nothing_and_says_so(
    service: InMemory, capsys: pytest.CaptureFixture[str]
) -> None:
    running = asyncio.create_task(imported(service, *WHOLE))
    while "Laid out" not in capsys.readouterr().err:
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert "Broken off: nothing was imported." in capsys.readouterr().err
    assert await numbers(service) == []
    assert await imported(service, GENERIC_ROW) == 0


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


async def test_a_file_without_end_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert await import_articles(Path("/dev/zero"), dry_run=False, skip_bad=False) == 1

    assert "larger than 64 MB" in capsys.readouterr().err


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
