"""Devices on the facts that foods already have: what older consumers need stays, and nobody parks."""

import json
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from services import SERVICES
from shared.events.inventory import ArticleChanged, DeviceArticle, FoodsArticle
from shared.messaging import consuming
from tests.shared.test_earlier_messages import KEPT, TOLD, every_subscription, name_of
from tests.shared.test_open_enumerations import as_today, consumed

FOODS = TOLD / ArticleChanged.topic / "0001.json"
DEVICE = TOLD / ArticleChanged.topic / "0003.json"
WITHOUT_WITHDRAWAL = [file for file in KEPT if '"withdrawal_no": null' in file.read_text()]
CONSUMED = [
    (file, each.service)
    for file in (*WITHOUT_WITHDRAWAL, DEVICE)
    for each in every_subscription()
    if each.topic == file.parent.name and each.service in SERVICES
]


class AsBefore(BaseModel):
    """What the version before devices demands of an article."""

    article_no: str
    version: int
    product_area: str
    subgroup: str
    distributor: str
    pieces_per_package: int


def article(file: Path) -> ArticleChanged:
    return ArticleChanged.model_validate_json(file.read_bytes())


def test_an_article_is_of_foods_or_a_device() -> None:
    foods, device = article(FOODS), article(DEVICE)

    assert (foods.device, foods.foods) == (
        None,
        FoodsArticle(subgroup="supplement", distributor="demo-a", pieces_per_package=4),
    )
    assert (device.device, device.foods) == (DeviceArticle(iso_code="040308", fee_code="HJM-20"), None)


@pytest.mark.parametrize(
    "changes", [{"device": {"iso_code": "040308"}}, {"subgroup": ""}, {"distributor": ""}], ids=str
)
def test_an_article_is_not_both_and_not_neither(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="or is a device"):
        ArticleChanged.model_validate_json(json.dumps({**as_today(FOODS), **changes}))


def test_a_consumer_from_before_devices_still_reads_every_article() -> None:
    told = article(DEVICE).model_dump_json()

    assert AsBefore.model_validate_json(told).pieces_per_package == 1


def test_every_fact_of_an_order_can_be_published_without_a_withdrawal() -> None:
    assert {file.parent.name for file in WITHOUT_WITHDRAWAL} == {
        *(f"ordering.order_{each}.v1" for each in ("sent", "despatched", "delivered", "undeliverable")),
        *("ordering.order_annulled.v1", "ordering.order_delayed.v1", "ordering.article_substituted.v1"),
    }


@pytest.mark.parametrize(
    ("file", "service"), CONSUMED, ids=[f"{name_of(file)}-{name}" for file, name in CONSUMED]
)
async def test_what_is_published_of_a_device_or_its_order_parks_at_no_consumer_of_foods(
    file: Path, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consuming, "BACK_OFF_SECONDS", ())

    assert await consumed(service, file.parent.name, as_today(file)) == {"done": 1}
