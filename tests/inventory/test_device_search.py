"""Finding devices: every word must be there, and the region's assortment comes first (S160, S161)."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from services.inventory.domain.article import Article, Status
from services.inventory.domain.listing import Listing
from services.inventory.repository.properties import DeviceLimits
from services.inventory.repository.search import ArticleSearch, SearchCriteria
from shared.domain.money import Money
from shared.events.inventory import ArticleComponent, DeviceArticle
from tests.inventory.searched import KEPT

MAIN_AID = DeviceArticle(iso_code="040312", supplier="Demovård AB")
LOOSE = MAIN_AID.model_copy(update={"article_type": "accessory"})
MACHINE = Article(
    "910001", "Nattluft A CPAP", "cpap", "", "", "DV-0001", 1, Money.of("4800.00"), device=MAIN_AID, version=1
)
HOSE = replace(MACHINE, article_no="910100", name="Slang 22 mm", supplier_article_no="DV-0100", device=LOOSE)
INHALER = replace(
    MACHINE, article_no="910400", name="Nebulisator", product_area="inhalation", supplier_article_no="ET-4",
    device=MAIN_AID.model_copy(update={"iso_code": "040306", "supplier": "Exempelteknik"}),
)  # fmt: skip
ALL = DeviceLimits()


def found(index: ArticleSearch, text: str = "", limits: DeviceLimits = ALL) -> list[str]:
    return list(index.find(SearchCriteria(text, devices=limits)).article_nos)


def of(article: Article, **changes: object) -> Article:
    assert article.device
    return replace(article, device=article.device.model_copy(update=changes))


@pytest.mark.parametrize(
    "text",
    ["demovård nattluft", "NATT demov", "910001", "9100 cpap", "dv-0001", "dv-00 luft", "cpap demovård 9100"],
)
def test_words_of_name_supplier_and_both_numbers_are_combined(search: ArticleSearch, text: str) -> None:
    search.put([MACHINE, HOSE, INHALER])

    assert found(search, text) == ["910001"]


@pytest.mark.parametrize("text", ["maslan", "slamas", "demåluft", "dv00", "9101"])
def test_a_word_whose_parts_stand_apart_is_not_there(search: ArticleSearch, text: str) -> None:
    search.put([replace(MACHINE, name="Maskin slangring demo åluft")])

    assert found(search, text) == []


def test_what_a_distributor_sends_is_no_device(search: ArticleSearch) -> None:
    search.put([KEPT, MACHINE])

    assert found(search, "demo") == ["910001"]
    assert found(search, KEPT.article_no) == []


def test_the_standard_assortment_comes_first_and_can_be_all_that_is_found(search: ArticleSearch) -> None:
    other = of(replace(MACHINE, article_no="910002", name="Aluft CPAP"), assortment="other")
    going = replace(MACHINE, article_no="910003", name="Bluft CPAP", status="outgoing")
    search.put([other, going, MACHINE])

    assert found(search, "cpap") == ["910001", "910003", "910002"]
    assert found(search, "cpap", DeviceLimits(only_standard=True)) == ["910001", "910003"]
    assert found(search, "910002", DeviceLimits(only_standard=True)) == []


def test_a_discontinued_article_leaves_the_assortment_by_itself(search: ArticleSearch) -> None:
    search.put([MACHINE])
    search.put([replace(MACHINE, status="discontinued", version=2)])

    assert found(search, "cpap", DeviceLimits(only_standard=True)) == []
    assert found(search, "cpap") == ["910001"]


def test_a_class_holds_all_articles_whose_code_begins_with_it(search: ArticleSearch) -> None:
    search.put([MACHINE, INHALER])
    codes = ("04", "0403", "040306", "12")

    assert [found(search, "", DeviceLimits(iso_code=each)) for each in codes] == [
        ["910001", "910400"], ["910001", "910400"], ["910400"], [],
    ]  # fmt: skip


def test_articles_are_limited_by_type_and_area(search: ArticleSearch) -> None:
    search.put([MACHINE, HOSE, INHALER])

    assert found(search, "910", DeviceLimits(article_type="accessory")) == ["910100"]
    assert found(search, "910", DeviceLimits(areas=frozenset({"inhalation", "vision"}))) == ["910400"]
    assert found(search, "910", DeviceLimits(areas=frozenset())) == []


def test_what_fits_a_device_is_what_its_supplier_groups_with_it_and_its_own_components(
    search: ArticleSearch,
) -> None:
    listed = Listing(product="Nattluft")
    machine = of(replace(MACHINE, listing=listed), components=(ArticleComponent(article_no="910102"),))
    same = replace(HOSE, listing=Listing(product="nattluft"))
    own = replace(HOSE, article_no="910102", name="Slang av annat slag")
    namesake = of(replace(HOSE, article_no="910103", listing=listed), supplier="Exempelteknik")
    search.put([machine, same, own, namesake, of(replace(same, article_no="910104"), marked=True)])

    assert found(search, "", DeviceLimits(only_components=True, fitting=machine)) == ["910100", "910102"]
    assert found(search, "", DeviceLimits(only_components=True, fitting=MACHINE)) == []
    assert found(search, "slang", DeviceLimits(only_components=True)) == ["910100", "910103", "910102"]


def test_an_article_is_found_by_what_it_is_now(search: ArticleSearch) -> None:
    search.put([HOSE])
    search.put([of(replace(HOSE, version=2), iso_code="123903", article_type="spare_part")])

    assert found(search, "slang", DeviceLimits(iso_code="04")) == []
    assert found(search, "slang", DeviceLimits(article_type="accessory")) == []
    assert found(search, "slang", DeviceLimits(iso_code="12", article_type="spare_part")) == ["910100"]


def test_the_classes_below_one_are_counted_in_the_areas_asked_for(search: ArticleSearch) -> None:
    other = of(replace(MACHINE, article_no="910002"), assortment="other")
    search.put([KEPT, MACHINE, HOSE, INHALER, other])
    both, cpap = frozenset({"cpap", "inhalation"}), frozenset({"cpap"})

    assert search.classes("", level=2, areas=both) == {"04": 3}
    assert search.classes("0403", level=6, areas=both) == {"040306": 1, "040312": 2}
    assert search.classes("04", level=4, areas=cpap) == {"0403": 2}
    assert search.classes("0", level=2, areas=frozenset()) == {}


NAMES = [" ".join(each) for each in product(("slang", "mask", "Rör"), ("liten", "stor", "22 mm", "ålder"))]
SUPPLIERS = ("Demovård AB", "Exempelteknik", None)
TYPES = ("main_aid", "accessory", "spare_part")
STATUSES: tuple[Status, ...] = ("active", "outgoing", "discontinued")
WORDS = ("sla", "mask", "stor", "ålder", "demovård", "exempel", "teknik", "rör", "lit")


@some.composite
def catalogues(draw: some.DrawFn) -> list[Article]:
    def one(number: int) -> Article:
        device = MAIN_AID.model_copy(
            update={
                "supplier": draw(some.sampled_from(SUPPLIERS)),
                "article_type": draw(some.sampled_from(TYPES)),
                "assortment": draw(some.sampled_from(("standard", "other", "earlier"))),
            }
        )
        status = draw(some.sampled_from(STATUSES))
        name = draw(some.sampled_from(NAMES))
        return replace(
            MACHINE, article_no=f"X{number}", name=name, supplier_article_no=f"Y{number}", device=device,
            status=status,
        )  # fmt: skip

    return [one(number) for number in range(draw(some.integers(0, 8)))]


LIMITS = some.builds(
    DeviceLimits, only_standard=some.booleans(), article_type=some.sampled_from((None, *TYPES))
)


def matches(article: Article, words: list[str], limits: DeviceLimits) -> bool:
    """What a hit is, said as plainly as it can be."""
    device = article.device
    assert device
    text = f"{article.name} {device.supplier or ''}".casefold()
    return (
        all(word in text for word in words)
        and (article.in_assortment or not limits.only_standard)
        and limits.article_type in {None, device.article_type}
    )


@settings(max_examples=60, deadline=None)
@given(
    catalogue=catalogues(), words=some.lists(some.sampled_from(WORDS), min_size=1, max_size=3), limits=LIMITS
)
def test_every_hit_has_every_word_and_nothing_that_matches_is_missing(
    catalogue: list[Article], words: list[str], limits: DeviceLimits
) -> None:
    index = ArticleSearch()
    index.put(catalogue)

    numbers = found(index, " ".join(words), limits)

    index.close()
    assert sorted(numbers) == sorted(each.article_no for each in catalogue if matches(each, words, limits))
