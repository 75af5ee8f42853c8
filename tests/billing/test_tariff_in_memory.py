"""An economist publishes a tariff; the demo has one."""

import csv
import json
from pathlib import Path
from typing import Any

from shared.events.billing import TariffPublished
from tests.billing.in_memory import Billing

TARIFF: dict[str, Any] = json.loads(Path("deploy/demo/tariff.json").read_text())


async def test_an_economist_publishes_a_tariff_once(billing: Billing) -> None:
    client, service = billing.service.client, billing.service

    published = await client.post("/tariffs", json=TARIFF, headers=service.once("economist", "tariff-2026"))
    again = await client.post("/tariffs", json=TARIFF, headers=service.once("economist", "tariff-2026-b"))

    assert published.status_code == 201, published.text
    assert (again.status_code, again.json()["rule"]) == (422, "tariff-exists")
    (told,) = service.told_of(TariffPublished)
    assert told.tariff == "2026-01-01"
    listed = await client.get("/tariffs", headers=service.token("dietitian"))
    assert [each["tariff"] for each in listed.json()] == ["2026-01-01"]


async def test_only_an_economist_publishes_a_tariff(billing: Billing) -> None:
    answer = await billing.service.client.post(
        "/tariffs", json=TARIFF, headers=billing.service.once("customer_service")
    )

    assert answer.status_code == 403


def test_the_texts_of_the_demo_tariff_are_neutral() -> None:
    texts = [each["text"].lower() for each in (*TARIFF["types"], *TARIFF["overrides"])]

    forbidden = ("celiaki", "gluten", "metabol", "asyl", "närings", "diagnos", "modersmjölk")
    assert not [text for text in texts if any(word in text for word in forbidden)]


def test_the_demo_tariff_prices_every_energy_and_nutrition_article_of_the_demo_catalogue() -> None:
    with Path("deploy/demo/catalogue.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=";"))

    priced = {each["article_no"]: each["per"] for each in TARIFF["articles"]}
    per_product = {
        row["article_no"] for row in rows if row["subgroup"] in {"enrichment", "supplement", "tube_feed"}
    }
    assert per_product <= priced.keys()
    assert set(priced.values()) == {"line", "package"}
