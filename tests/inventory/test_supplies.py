"""What is on order from a supplier tells the orders that wait when it comes (Q36, Q50, S89)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.inventory.application.warehouse import Warehouse
from services.inventory.domain.article import Article
from services.inventory.domain.goods.balance import Balance, Supply
from services.inventory.domain.goods.supplying import comes_on
from services.inventory.domain.orders.order import OrderLine
from services.inventory.domain.orders.replacing import instead, replacement_of
from services.inventory.repository.collections import ARTICLES, BALANCES, DEVICE_ORDERS
from shared.events.inventory import ArticleComponent, DeviceArticle
from shared.events.inventory_goods import DeviceOrderReserved, LineReserved
from shared.events.ordering_devices import DeviceLine
from shared.repository import Cause
from shared.repository.codec import from_document
from tests.inventory.shelves import CPAP, FEE, HOSE, MASK, order_of, receive, shelf, stocked
from tests.support import A_MONDAY_MORNING, InMemory

W = "DEMO-W1"
KEEPER: dict[str, Any] = {"care_units": [W], "product_areas": []}
SUPPLIES = f"/storerooms/{W}/articles/{MASK.article_no}/supplies"
NEXT_WEEK, LATER = date(2026, 12, 1), date(2026, 12, 15)


@pytest.fixture
async def service() -> InMemory:
    return await stocked()


def wanted(running: int, quantity: int, article_no: str = MASK.article_no) -> Any:
    return order_of(running, lines=(DeviceLine(line_no=1, article_no=article_no, quantity=quantity),))


async def on_order(service: InMemory, quantity: int, expected_on: date) -> str:
    form = {"quantity": quantity, "expected_on": expected_on.isoformat()}
    answer = await service.client.post(SUPPLIES, json=form, headers=service.once("store_keeper", **KEEPER))
    assert answer.status_code == 200, answer.text
    return str(max(answer.json()["supplies"], key=lambda each: each["supply_no"])["supply_no"])


def line_of(service: InMemory, running: int) -> LineReserved:
    """The newest that was said of an order's line."""
    number = order_of(running).order_no
    told = [each for each in service.told_of(DeviceOrderReserved) if each.order_no == number]
    line: LineReserved = max(told, key=lambda each: each.version).lines[0]
    return line


async def test_who_waits_is_told_when_the_pieces_come_first_come_first_served(service: InMemory) -> None:
    await on_order(service, 3, NEXT_WEEK)
    await service.hear(wanted(1, 2))
    await service.hear(wanted(2, 2))
    before = [line_of(service, each).expected_on for each in (1, 2)]

    await on_order(service, 5, LATER)

    assert before == [NEXT_WEEK, None]
    assert [line_of(service, each).expected_on for each in (1, 2)] == [NEXT_WEEK, LATER]


async def test_another_day_and_an_end_are_told_to_who_waits(service: InMemory) -> None:
    await service.hear(wanted(1, 2))
    number = await on_order(service, 2, NEXT_WEEK)

    def keeper() -> dict[str, str]:
        return service.once("store_keeper", **KEEPER)

    told = [line_of(service, 1).expected_on]
    form = {"expected_on": LATER.isoformat()}
    await service.client.put(f"{SUPPLIES}/{number}", json=form, headers=keeper())
    told.append(line_of(service, 1).expected_on)
    ended = await service.client.post(f"{SUPPLIES}/{number}/end", headers=keeper())
    told.append(line_of(service, 1).expected_on)

    assert told == [NEXT_WEEK, LATER, None]
    assert (ended.json()["supplies"], ended.json()["on_order"]) == ([], 0)


async def test_goods_are_received_against_what_was_on_order(service: InMemory) -> None:
    await service.hear(wanted(1, 2))
    await service.hear(wanted(2, 4))
    number = await on_order(service, 6, NEXT_WEEK)

    answer = await receive(service, W, article_no=MASK.article_no, quantity=2, supply_no=number)

    stock = answer.json()
    assert [(each["supply_no"], each["quantity"]) for each in stock["supplies"]] == [(number, 4)]
    assert (line_of(service, 1).reserved, line_of(service, 1).expected_on) == (2, None)
    assert (line_of(service, 2).waiting, line_of(service, 2).expected_on) == (4, NEXT_WEEK)
    rest = await receive(service, W, article_no=MASK.article_no, quantity=5, supply_no=number)
    assert (rest.json()["on_order"], line_of(service, 2).waiting) == (0, 0)
    again = await receive(service, W, article_no=MASK.article_no, quantity=1, supply_no=number)
    assert (again.status_code, again.json()["rule"]) == (422, "supply-not-open")
    assert (await shelf(service, W, MASK.article_no))[0] == 7


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"quantity": 1, "expected_on": "2026-11-22"}, 422),
        ({"quantity": 1, "expected_on": "2026-11-23"}, 200),
        ({"quantity": 0, "expected_on": "2026-12-01"}, 422),
        ({"quantity": 1, "expected_on": "2025-12-01"}, 422),
        ({"quantity": 1, "expected_on": "2027-11-23"}, 200),
        ({"quantity": 1, "expected_on": "2027-11-24"}, 422),
        ({"quantity": 1, "expected_on": "2099-12-01"}, 422),
    ],
)
async def test_what_is_on_order_comes_today_or_later(
    service: InMemory, form: dict[str, Any], status: int
) -> None:
    answer = await service.client.post(SUPPLIES, json=form, headers=service.once("store_keeper", **KEEPER))

    assert answer.status_code == status, answer.text


async def test_a_day_that_is_a_slip_of_the_pen_is_refused_also_as_a_change(service: InMemory) -> None:
    number = await on_order(service, 2, NEXT_WEEK)
    headers = service.once("store_keeper", None, **KEEPER)

    answer = await service.client.put(
        f"{SUPPLIES}/{number}", json={"expected_on": "2099-12-01"}, headers=headers
    )

    assert (answer.status_code, answer.json()["rule"]) == (422, "expected-too-far-off")


async def test_nobody_is_told_a_day_that_has_passed(service: InMemory) -> None:
    await service.hear(wanted(1, 2))
    await on_order(service, 2, NEXT_WEEK)
    before = line_of(service, 1).expected_on
    service.clock.move(days=8)
    on_the_day = await told_anew(service)
    service.clock.move(days=1)
    late = await told_anew(service)
    await service.hear(wanted(2, 1))
    planned = await service.client.post(
        "/stock/planned",
        json={"storeroom_no": W, "lines": [{"line_no": 1, "article_no": MASK.article_no, "quantity": 1}]},
        headers=service.token("service_ordering"),
    )

    assert (before, on_the_day, late) == (NEXT_WEEK, NEXT_WEEK, None)
    assert line_of(service, 2).expected_on is None
    assert planned.json()["lines"][0]["expected_on"] is None


async def told_anew(service: InMemory) -> date | None:
    """Run the job that looks after who waits; give the day that the order was told last."""
    await Warehouse(service.repository, service.clock).give_everywhere()
    return line_of(service, 1).expected_on


async def test_only_who_works_at_the_warehouse_registers_what_is_on_order(service: InMemory) -> None:
    form = {"quantity": 1, "expected_on": "2026-12-01"}
    elsewhere = service.once("store_keeper", care_units=["DEMO-W2"])

    assert (await service.client.post(SUPPLIES, json=form, headers=elsewhere)).status_code == 404
    nurse = service.once("order_placer", care_units=["DEMO-101"])
    assert (await service.client.post(SUPPLIES, json=form, headers=nurse)).status_code == 403


async def keep(service: InMemory, article: Article) -> None:
    await service.repository.change(
        ARTICLES.maybe(article.article_no), lambda _: (article, []), cause=Cause(key=None)
    )


async def chain(service: InMemory) -> None:
    """The mask is going out: a newer one replaces it, and an even newer one that."""
    await keep(service, replace(MASK, status="discontinued", replaced_by="910301"))
    await keep(service, replace(MASK, article_no="910301", status="outgoing", replaced_by="910302"))
    await keep(service, replace(MASK, article_no="910302", name="Demomask ny"))


async def test_an_article_that_goes_out_comes_while_it_lasts_and_then_the_last_of_its_chain(
    service: InMemory,
) -> None:
    await chain(service)
    await receive(service, W, article_no=MASK.article_no, quantity=2)
    await receive(service, W, article_no="910302", quantity=9)

    await service.hear(wanted(1, 2))
    await service.hear(wanted(2, 2))

    assert [line_of(service, each).article_no for each in (1, 2)] == [MASK.article_no, "910302"]
    assert (await shelf(service, W, "910302"))[1] == 2
    kept = await service.repository.get(DEVICE_ORDERS.ref(order_of(2).order_no))
    assert (kept.lines[0].reserved, kept.to_pick) == (2, True)


async def test_ordering_asks_what_would_come_and_nothing_is_reserved(service: InMemory) -> None:
    await chain(service)
    await on_order(service, 9, NEXT_WEEK)
    await receive(service, W, article_no="910302", quantity=1)
    lines = [
        {"line_no": 1, "article_no": MASK.article_no, "quantity": 2},
        {"line_no": 2, "article_no": HOSE.article_no, "quantity": 1},
    ]

    answer = await service.client.post(
        "/stock/planned", json={"storeroom_no": W, "lines": lines}, headers=service.token("service_ordering")
    )

    assert answer.json()["lines"] == [
        {"line_no": 1, "article_no": "910302", "in_stock": 1, "expected_on": None},
        {"line_no": 2, "article_no": HOSE.article_no, "in_stock": 0, "expected_on": None},
    ]
    assert (await shelf(service, W, "910302"))[1] == 0
    assert (
        await service.client.post("/stock/planned", json={}, headers=service.token("store_keeper", **KEEPER))
    ).status_code == 403


def test_a_day_is_known_when_enough_is_on_order_by_then() -> None:
    supplies = tuple(
        Supply(f"P{n}", pieces, on, "keeper", A_MONDAY_MORNING)
        for n, (pieces, on) in enumerate([(2, LATER), (3, NEXT_WEEK)])
    )
    balance = Balance(W, "910300", supplies=supplies)

    assert [comes_on(balance, pieces, on=date(2026, 11, 23)) for pieces in (1, 3, 4, 5, 6)] == [
        NEXT_WEEK,
        NEXT_WEEK,
        LATER,
        LATER,
        None,
    ]


def test_a_chain_of_replacements_that_ends_nowhere_or_in_a_circle_replaces_nothing() -> None:
    going = replace(MASK, status="discontinued")
    circle = {
        "A": replace(going, article_no="A", replaced_by="B"),
        "B": replace(going, article_no="B", replaced_by="A"),
    }

    assert replacement_of("A", circle) is None
    assert replacement_of("A", {"A": circle["A"]}) is None
    assert replacement_of("A", {"A": replace(MASK, article_no="A")}) is None


def test_a_replacement_has_its_own_standard_components_and_those_chosen_that_fit() -> None:
    device = DeviceArticle(
        iso_code="040312",
        components=(
            ArticleComponent(article_no="hose", standard=True, removable=False),
            ArticleComponent(article_no="filter", standard=True),
            ArticleComponent(article_no="mask"),
        ),
    )
    newer = replace(MASK, article_no="N", device=device)
    line = OrderLine(1, "O", 1, components=(("mask", 2), ("cable", 1)), removed=("filter", "hose"))

    assert instead(line, newer).components == (("hose", 1), ("mask", 2))


def test_what_replaces_an_article_costs_what_was_told_with_the_order() -> None:
    assert instead(OrderLine(1, "O", 1, fee=FEE), MASK).fee == FEE
    assert instead(OrderLine(1, "O", 1), CPAP).fee is None


def test_a_balance_of_the_version_before_is_read_with_nothing_on_order() -> None:
    lots = [{"lot": "", "best_before": None, "on_hand": 2, "quarantined": 0}]
    written = {"_id": f"{W}:X", "_v": 1, "storeroom_no": W, "article_no": "X", "lots": lots, "on_order": 0}

    balance = from_document(BALANCES, written).state

    assert (balance.on_hand, balance.on_order) == (2, 0)
