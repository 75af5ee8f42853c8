"""Inventory in memory: what people may ask of the catalogue."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from services.inventory.app import assemble
from services.inventory.application.catalogue import Catalogue
from services.inventory.domain.article import Article
from services.inventory.repository.collections import ARTICLES
from services.inventory.repository.search import ArticleSearch, Hits, SearchCriteria
from shared.domain.money import Money
from shared.domain.subgroups import SUBGROUPS
from shared.events.inventory import ArticleChanged, DeviceArticle
from shared.repository import Entry
from tests.inventory.devices import CPAP
from tests.inventory.foods import CHOCOLATE
from tests.support import InMemory, in_memory

GENERIC = replace(
    CHOCOLATE,
    article_no="900001",
    name="Demodryck (välj smak vid uttag) 200 ml",
    gtin=None,
    supplier_article_no="DX-1",
)
CHOCOLATE_FLAVOUR = replace(CHOCOLATE, variant_of="900001", variant_name="choklad")
VANILLA_FLAVOUR = replace(
    CHOCOLATE_FLAVOUR, article_no="900003", name="Demodryck apelsin 200 ml", variant_name="apelsin", gtin=None
)
FLOUR = replace(CHOCOLATE, article_no="900020", name="Demomjöl glutenfri", subgroup="gluten_free", gtin=None)
ALL = (GENERIC, CHOCOLATE_FLAVOUR, VANILLA_FLAVOUR, FLOUR)
HOSE = DeviceArticle(iso_code="040312", article_type="accessory")
ENTRY = Entry(actor="operator:test", action="inventory.import_articles")


async def kept(service: InMemory, *rows: Article) -> None:
    """Import rows as another process would, and let the index follow."""
    imports = Catalogue(service.repository, service.clock).imports
    import_id = await imports.begin(entry=ENTRY)
    await imports.stage(import_id, rows, progress=print)
    await imports.switch(import_id, articles=len(rows), entry=ENTRY)
    await imports.publish(import_id, articles=len(rows), progress=print)
    await asyncio.sleep(0)


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await in_memory("inventory", assemble)
    await asyncio.sleep(0)
    await kept(inventory, *ALL)
    yield inventory
    await inventory.client.aclose()


async def search(service: InMemory, role: str = "dietitian", **body: Any) -> dict[str, Any]:
    answer = await service.client.post("/articles/search", json=body, headers=service.token(role))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def numbers(found: dict[str, Any]) -> list[str]:
    return [article["article_no"] for article in found["articles"]]


async def test_a_dietitian_finds_articles_by_parts_of_the_name(service: InMemory) -> None:
    found = await search(service, text="200 DEMO")

    assert (found["hits"], found["at_least"]) == (1, False)
    assert found["articles"][0] == {
        "article_no": "900001",
        "name": "Demodryck (välj smak vid uttag) 200 ml",
        "product_area": "foods",
        "subgroup": "supplement",
        "subgroup_name": "Kosttillägg",
        "prescription_type": "energy_nutrition",
        "distributor": "demo-a",
        "supplier_article_no": "DX-1",
        "gtin": None,
        "pieces_per_package": 4,
        "piece": "flaska",
        "package_price": "96.00",
        "warn_above_packages": 60,
        "is_generic": True,
        "variant_of": None,
        "variant_name": None,
        "status": "active",
        "replaced_by": None,
        "replaced_by_name": None,
        "device": None,
        "version": 1,
    }


async def test_a_device_is_shown_with_its_components_and_where_it_comes_from(service: InMemory) -> None:
    await kept(service, CPAP, replace(CPAP, article_no="910100", name="Demoslang", device=HOSE))

    answer = await service.client.get("/articles/910001", headers=service.token("prescriber"))

    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["subgroup"], shown["prescription_type"], shown["distributor"]) == (None, None, None)
    assert shown["device"]["iso_code"] == "040312"
    assert [(each["article_no"], each["name"]) for each in shown["device"]["components"]] == [
        ("910100", "Demoslang"),
        ("910101", None),
    ]
    assert shown["device"]["sources"] == ["storeroom", "warehouse"]


async def test_what_replaces_an_article_is_shown_by_name(service: InMemory) -> None:
    await kept(service, CPAP, replace(CPAP, article_no="910009", status="outgoing", replaced_by="910001"))

    found = await search(service, text="910009")

    assert found["articles"][0]["replaced_by_name"] == "Demoluft CPAP"


async def test_flavours_are_found_when_they_are_asked_for(service: InMemory) -> None:
    found = await search(service, text="demodryck", include_variants=True)

    assert sorted(numbers(found)) == ["900001", "900002", "900003"]


async def test_the_prescription_type_limits_what_can_be_found(service: InMemory) -> None:
    found = await search(service, text="demo", prescription_type="coeliac_metabolic")

    assert numbers(found) == ["900020"]


async def test_a_subgroup_lists_its_articles_whatever_their_names(service: InMemory) -> None:
    assert numbers(await search(service, subgroup="gluten_free")) == ["900020"]


async def test_a_subgroup_of_another_type_has_nothing_to_offer(service: InMemory) -> None:
    found = await search(service, subgroup="gluten_free", prescription_type="energy_nutrition")

    assert found == {"hits": 0, "at_least": False, "articles": []}


async def test_a_page_holds_as_many_as_were_asked_for_and_the_count_stays(service: InMemory) -> None:
    found = await search(service, include_variants=True, limit=1, offset=1)

    assert found["hits"] == 4
    assert len(found["articles"]) == 1


async def test_the_names_of_subgroups_are_told_in_the_language_of_the_one_who_asks(service: InMemory) -> None:
    headers = {**service.token("dietitian"), "Accept-Language": "en"}

    listed = (await service.client.get("/subgroups", headers=headers)).json()

    assert len(listed) == len(SUBGROUPS)
    assert listed[0] == {
        "key": "gluten_free",
        "name": "Gluten-free products",
        "prescription_type": "coeliac_metabolic",
        "prescription_type_name": "Coeliac/metabolic disease",
    }


async def test_a_generic_article_shows_the_flavours_to_choose_among(service: InMemory) -> None:
    answer = await service.client.get("/articles/900001", headers=service.token("customer_service"))

    shown = answer.json()
    assert shown["is_generic"] is True
    assert [each["variant_name"] for each in shown["variants"]] == ["apelsin", "choklad"]


async def test_a_specific_flavour_has_nothing_to_choose_among(service: InMemory) -> None:
    answer = await service.client.get("/articles/900002", headers=service.token("customer_service"))

    assert (answer.json()["variant_of"], answer.json()["variants"]) == ("900001", [])


async def test_an_article_that_does_not_exist_is_not_found(service: InMemory) -> None:
    answer = await service.client.get("/articles/999999", headers=service.token("patient"))

    assert answer.status_code == 404


@pytest.mark.parametrize("role", ["physician", "order_placer", "customer_service", "store_keeper", "patient"])
async def test_everybody_who_is_signed_in_may_search(service: InMemory, role: str) -> None:
    assert (await search(service, role, text="demomjöl"))["hits"] == 1


async def test_nobody_searches_without_signing_in(service: InMemory) -> None:
    answer = await service.client.post("/articles/search", json={"text": "demo"})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"subgroup": "godis"},
        {"prescription_type": "allt"},
        {"limit": 51},
        {"limit": 0},
        {"offset": -1},
        {"text": "x" * 101},
        {"colour": "red"},
    ],
)
async def test_a_wrong_field_is_named(service: InMemory, body: dict[str, Any]) -> None:
    answer = await service.client.post("/articles/search", json=body, headers=service.token("dietitian"))

    assert answer.status_code == 422
    assert next(iter(body)) in answer.json()["fields"][0]["field"]


async def test_what_another_process_imports_is_found_and_published_at_once(service: InMemory) -> None:
    dearer = replace(FLOUR, name="Demobröd glutenfritt", package_price=Money.of(39))

    await kept(service, dearer)

    assert numbers(await search(service, text="demobröd")) == ["900020"]
    assert [(fact.article_no, fact.version) for fact in service.told_of(ArticleChanged)][-1] == ("900020", 2)


async def test_importing_the_same_rows_again_publishes_nothing(service: InMemory) -> None:
    told = len(service.told)

    await kept(service, *ALL)

    assert len(service.told) == told == len(ALL)


async def test_a_new_process_finds_what_was_imported_before_it_started(service: InMemory) -> None:
    catalogue = Catalogue(service.repository, service.clock)

    await catalogue.fill_search()

    assert len(await service.repository.find(ARTICLES, {})) == len(await catalogue.everything()) == len(ALL)


async def test_a_search_that_takes_long_holds_up_nothing_else(
    service: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    others_worked = threading.Event()

    class Slow(ArticleSearch):
        def find(self, wanted: SearchCriteria) -> Hits:
            return super().find(wanted) if others_worked.wait(5) else Hits((), 0)

    monkeypatch.setattr("services.inventory.application.catalogue.ArticleSearch", Slow)
    catalogue = Catalogue(service.repository, service.clock)
    await catalogue.fill_search()

    async def work() -> None:
        others_worked.set()

    hits, _ = await asyncio.gather(catalogue.found(SearchCriteria("")), work())

    assert hits.count > 0


async def test_the_index_is_refreshed_again_and_again_without_losing_what_it_follows(
    service: InMemory,
) -> None:
    await service.run_jobs()
    await service.run_jobs()

    await kept(service, replace(FLOUR, name="Demobröd glutenfritt"))

    assert numbers(await search(service, text="demobröd")) == ["900020"]
