"""The imports of places and devices on a real database: whole, quick, and never told twice."""

import asyncio
from pathlib import Path
from time import perf_counter

import pytest

from services.inventory.app import import_articles, import_places
from services.inventory.application.catalogue import Catalogue
from services.inventory.repository.collections import ARTICLES, CARE_UNITS, COLLECTIONS, STOREROOMS
from shared.sealed import new_key_file
from shared.service.file_import import repository_for
from shared.settings import Settings
from tests.inventory.test_places_file import file_of
from tools.demo.load import DEVICES, PLACES

pytestmark = pytest.mark.connected

UNITS = 1500
LONGEST_SECONDS = 20


@pytest.fixture
def embedded(
    mongodb_url: str, database_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """An environment that names a database of this test's own."""
    monkeypatch.setenv("SESAM_DATABASE_PREFIX", database_prefix)
    monkeypatch.setenv("SESAM_MODE", "embedded")
    monkeypatch.setenv("SESAM_KEYS_FILE", str(tmp_path / "sealed.json"))
    new_key_file(tmp_path / "sealed.json")
    return Settings(mongodb_url=mongodb_url)


async def test_the_demos_places_and_devices_stand_in_the_database_after_two_commands(
    embedded: Settings,
) -> None:
    codes = [await import_places(PLACES, dry_run=False) for _ in range(2)]
    codes += [await import_articles(DEVICES, dry_run=False, skip_bad=False) for _ in range(2)]

    assert codes == [0, 0, 0, 0]
    async with repository_for(embedded, "inventory", COLLECTIONS) as (repository, clock):
        cpap = await Catalogue(repository, clock).article("910001")
        clinic = await repository.get(CARE_UNITS.ref("DEMO-101"))
        of_clinic = await repository.find(STOREROOMS, {"care_units": {"$in": ["DEMO-101"]}})
        articles = await repository.find(ARTICLES, {}, limit=100)
    assert cpap.device
    assert (cpap.version, cpap.device.marked, cpap.device.fee_code) == (1, True, "HJM-CPAP")
    assert (clinic.version, clinic.name) == (1, "Sömnmottagningen Demostad")
    assert [each.storeroom_no for each in of_clinic] == ["DEMO-S1", "DEMO-W1"]
    assert len(articles) == 80


async def test_the_places_of_a_large_region_are_imported_whole_within_seconds(
    embedded: Settings, tmp_path: Path
) -> None:
    units = [f"U{number};vårdenhet;Mottagning {number};;;;;;" for number in range(UNITS)]
    rooms = [f"S{number};förråd;Förråd {number};U{number};W;;;;" for number in range(UNITS)]
    named = ",".join(f"U{number}" for number in range(UNITS))
    path = tmp_path / "places.csv"
    content = file_of(*units, *rooms, f'W;huvudlager;Centrallagret;"{named}";;;;;')
    await asyncio.to_thread(path.write_bytes, content)

    started = perf_counter()
    code = await import_places(path, dry_run=False)
    seconds = perf_counter() - started

    print(f"{2 * UNITS + 1} places imported in {seconds:.1f} s")  # noqa: T201
    assert (code, await _count(embedded)) == (0, 2 * UNITS + 1)
    assert seconds < LONGEST_SECONDS


async def _count(settings: Settings) -> int:
    async with repository_for(settings, "inventory", COLLECTIONS) as (repository, _):
        return len(await repository.whole(CARE_UNITS, {})) + len(await repository.whole(STOREROOMS, {}))
