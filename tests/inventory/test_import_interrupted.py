"""Imports that are killed, broken off, or run at once: whole or nothing."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import pytest

from services.inventory.application import imports as importing
from services.inventory.application.importing import entry_of
from services.inventory.domain.catalogue_file import read_catalogue
from services.inventory.domain.importing import ImportTakenOver
from shared.events.inventory import ArticleChanged
from shared.fault import Disturbed, Order, arm
from tests.inventory.foods import CHOCOLATE, GENERIC_ROW, VARIANT_ROW, file_of
from tests.inventory.importing import catalogue_of, imported, numbers
from tests.support import InMemory

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
