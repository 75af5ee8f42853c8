"""The import of a catalogue file, as its keeper meets it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.inventory.app import import_articles
from shared.events.billing import TariffPublished
from shared.events.fees import ArticleFee, TypeFee
from shared.events.inventory import ArticleChanged
from tests.inventory.foods import GENERIC_ROW, VARIANT_ROW
from tests.inventory.importing import imported, numbers
from tests.support import InMemory

BAD_ROW = "900009;;godis;demo-a;DX-1009;4;96,00;;"


async def test_a_file_of_good_rows_is_imported_and_every_article_published(service: InMemory) -> None:
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
