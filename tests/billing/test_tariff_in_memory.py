"""A tariff is drafted, tried, published by a second person and priced for any day; the demo has one."""

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from shared.events.billing import TariffPublished
from shared.events.ordering import LineWithdrawn
from tests.billing.in_memory import SENT, Billing

TARIFF: dict[str, Any] = json.loads(Path("tools/demo/tariff.json").read_text())


PRICED = SENT.model_copy(
    update={
        "sent_on": date(2026, 10, 20),
        "conditions": (),
        "fees": SENT.fees[:1],
        "lines": (
            LineWithdrawn(
                line_id="F1-1",
                prescription_no="F1",
                article_no="900100",
                packages=4,
                prescription_type="coeliac_metabolic",
                cost=Decimal(400),
            ),
        ),
    }
)


async def draft(billing: Billing, tariff: dict[str, Any] = TARIFF, *, by: str = "eko") -> Any:
    headers = billing.service.once("economist", sub=by)
    return await billing.service.client.post("/tariffs/drafts", json=tariff, headers=headers)


async def publish(billing: Billing, draft_id: str, *, by: str = "ekon") -> Any:
    headers = billing.service.once("economist", sub=by)
    return await billing.service.client.post(f"/tariffs/drafts/{draft_id}/publish", headers=headers)


async def published(billing: Billing, tariff: dict[str, Any] = TARIFF) -> None:
    answer = await publish(billing, (await draft(billing, tariff)).json()["draft_id"])
    assert answer.status_code == 200, answer.text


async def test_a_tariff_is_drafted_by_one_economist_and_published_by_another(billing: Billing) -> None:
    drafted = await draft(billing)
    by_the_same = await publish(billing, drafted.json()["draft_id"], by="eko")
    by_another = await publish(billing, drafted.json()["draft_id"])
    again = await draft(billing)

    assert drafted.status_code == 201, drafted.text
    assert (by_the_same.status_code, by_the_same.json()["rule"]) == (422, "second-person-needed")
    assert (by_another.status_code, by_another.json()["state"]) == (200, "published")
    assert (again.status_code, again.json()["rule"]) == (422, "tariff-exists")
    (told,) = billing.service.told_of(TariffPublished)
    assert told.tariff == "2026-01-01"
    listed = await billing.service.client.get("/tariffs", headers=billing.service.token("dietitian"))
    assert [each["tariff"] for each in listed.json()] == ["2026-01-01"]


async def test_a_tariff_with_fees_of_devices_is_published_and_shown_with_them(billing: Billing) -> None:
    cpap = {"fee_code": "HJM-20", "text": "Egenavgift hjälpmedel", "amount": 500, "per": "line"}

    await published(billing, {**TARIFF, "device_fees": [cpap]})

    (told,) = billing.service.told_of(TariffPublished)
    (row,) = told.device_fees
    assert (row.fee_code, row.amount, row.per, row.deferred_days) == ("HJM-20", Decimal(500), "line", 90)
    (shown,) = (
        await billing.service.client.get("/tariffs", headers=billing.service.token("dietitian"))
    ).json()
    assert [each["fee_code"] for each in shown["device_fees"]] == ["HJM-20"]


async def test_the_demo_prices_a_cpap_and_a_counted_aid(billing: Billing) -> None:
    await published(billing)

    (told,) = billing.service.told_of(TariffPublished)
    assert [(row.fee_code, row.amount, row.per, row.deferred_days) for row in told.device_fees] == [
        ("HJM-CPAP", Decimal(500), "line", 90),
        ("HJM-20", Decimal(75), "piece", 0),
    ]


async def test_a_draft_can_be_read_listed_and_withdrawn(billing: Billing) -> None:
    client, economist = billing.service.client, billing.service.token("economist")
    draft_id = (await draft(billing)).json()["draft_id"]

    withdrawn = await client.post(
        f"/tariffs/drafts/{draft_id}/withdraw", headers=billing.service.once("economist")
    )

    assert withdrawn.json()["state"] == "withdrawn"
    assert (await client.get(f"/tariffs/drafts/{draft_id}", headers=economist)).json() == withdrawn.json()
    assert (await client.get("/tariffs/drafts", headers=economist)).json() == [withdrawn.json()]


async def test_only_an_economist_drafts_a_tariff(billing: Billing) -> None:
    answer = await billing.service.client.post(
        "/tariffs/drafts", json=TARIFF, headers=billing.service.once("customer_service")
    )

    assert answer.status_code == 403


async def test_a_draft_is_tried_on_last_months_withdrawals_and_names_nobody(billing: Billing) -> None:
    await published(billing)
    child = PRICED.model_copy(update={"withdrawal_no": "U2026-000124-2", "conditions": ("under16",)})
    this_month = PRICED.model_copy(update={"withdrawal_no": "U2026-000125-9", "sent_on": date(2026, 11, 2)})
    untold = SENT.model_copy(update={"withdrawal_no": "U2026-000126-7", "sent_on": date(2026, 10, 31)})
    await billing.hear(PRICED, child, this_month, untold.model_copy(update={"conditions": None}))
    dearer = json.loads(json.dumps(TARIFF).replace('"210.00"', '"260.00"').replace('"120.00"', '"150.00"'))

    draft_id = (await draft(billing, dearer | {"valid_from": "2027-01-01"})).json()["draft_id"]
    tried = await billing.service.client.get(
        f"/tariffs/drafts/{draft_id}/preview", headers=billing.service.token("economist")
    )

    found = tried.json()
    assert (found["sent_from"], found["sent_through"]) == ("2026-10-01", "2026-10-31")
    assert (found["withdrawals"], found["before"], found["after"]) == (2, "240.00", "300.00")
    assert (found["dearer"], found["cheaper"], found["unchanged"], found["left_out"]) == (2, 0, 0, 1)
    assert {row["rule"]: row["after"] for row in found["rules"]} == {
        "type:coeliac_metabolic": "150.00",
        "under16": "150.00",
    }
    assert "p-1" not in tried.text
    assert "U2026" not in tried.text


async def test_goods_are_priced_by_the_tariff_of_any_day(billing: Billing) -> None:
    await published(billing)
    dearer = json.loads(json.dumps(TARIFF).replace('"210.00"', '"260.00"'))
    await published(billing, dearer | {"valid_from": "2027-01-01"})
    line = {"article_no": "900200", "prescription_type": "specific_content", "packages": 2, "cost": 350}

    async def price(on: str, *conditions: str) -> Any:
        answer = await billing.service.client.post(
            "/tariffs/price",
            json={"on": on, "lines": [line], "conditions": conditions},
            headers=billing.service.token("customer_service"),
        )
        return answer.json()

    assert (await price("2026-12-31"))["total"] == "210.00"
    assert (await price("2027-01-01"))["total"] == "260.00"
    assert (await price("2026-12-31", "under16"))["fees"][0]["reason"] == "under16"
    assert (await price("2025-12-31"))["rule"] == "no-tariff"


def test_the_texts_of_the_demo_tariff_are_neutral() -> None:
    texts = [each["text"].lower() for each in (*TARIFF["types"], *TARIFF["overrides"])]

    forbidden = ("celiaki", "gluten", "metabol", "asyl", "närings", "diagnos", "modersmjölk")
    assert not [text for text in texts if any(word in text for word in forbidden)]


def test_the_demo_tariff_prices_every_energy_and_nutrition_article_of_the_demo_catalogue() -> None:
    with Path("tools/demo/catalogue.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=";"))

    priced = {each["article_no"]: each["per"] for each in TARIFF["articles"]}
    per_product = {
        row["article_no"] for row in rows if row["subgroup"] in {"enrichment", "supplement", "tube_feed"}
    }
    assert per_product <= priced.keys()
    assert set(priced.values()) == {"line", "package"}
