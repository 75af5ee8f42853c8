"""The register of devices on a real database: every question is answered by an index (S174)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.finding import sought
from services.inventory.domain.devices.upkeep import Upkeep
from services.inventory.domain.goods.balance import Balance, Lot
from services.inventory.domain.goods.marks import RecallMark
from services.inventory.domain.maintenance.planning import MaintenancePlan
from services.inventory.repository.collections import BALANCES, COLLECTIONS, DEVICES
from services.inventory.repository.maintenance import DueWanted, MaintenanceQueries
from services.inventory.repository.recalls import RecallQueries
from services.inventory.repository.register import RegisterQueries
from services.inventory.repository.stock import StockQueries
from shared.clock import FixedClock
from shared.repository import Repository
from shared.repository.codec import to_document
from shared.repository.mongo.backend import Mongo
from shared.repository.refs import Loaded
from shared.service.process import repository_of
from tests.plans import Plans
from tests.support import A_MONDAY_MORNING, seals_for

pytestmark = pytest.mark.connected
MANY = 1_000
FIRST = Device("D100000", "910001", "central", "S0", serial_no="21000000000")


@pytest.fixture
async def plans(mongodb_url: str) -> AsyncIterator[Plans]:
    plans = Plans(mongodb_url)
    yield plans
    await plans.client.close()


@pytest.fixture
async def repository(plans: Plans, database_prefix: str) -> Repository:
    """A thousand devices, and a balance of as many articles, over fifty storerooms."""
    database = plans.client[f"{database_prefix}_inventory"]
    backend = Mongo(database)
    await backend.prepare(COLLECTIONS)
    devices = [
        replace(
            FIRST,
            device_no=f"D{100_000 + each}",
            storeroom_no=f"S{each % 50}",
            serial_no=f"2{each:010d}",
            article_no=f"91000{each % 10}",
            care_unit=f"U{each % 40}",
            recalls=(RecallMark("R1", A_MONDAY_MORNING),) if each == 7 else (),
            to_notice=each == 7,
            upkeep=Upkeep(due_on=date(2026, 1, 1) + timedelta(days=each), plan_version=1),
        )
        for each in range(MANY)
    ]
    await database["devices"].insert_many(
        to_document(DEVICES, each.device_no, Loaded(each, 1)) for each in devices
    )
    balances = [Balance(f"S{each % 50}", str(each), (Lot(f"L{each}", None, 1),)) for each in range(MANY)]
    await database["balances"].insert_many(
        to_document(BALANCES, f"{each.storeroom_no}:{each.article_no}", Loaded(each, 1)) for each in balances
    )
    clock = FixedClock(A_MONDAY_MORNING)
    return repository_of(backend, service="inventory", clock=clock, seals=seals_for("inventory"))


async def test_every_question_about_the_register_and_the_stock_is_answered_by_an_index(
    plans: Plans, repository: Repository
) -> None:
    register, stock = RegisterQueries(repository), StockQueries(repository)

    examined = [
        *await plans.too_much(lambda: register.devices_with(sought("100777").runs, after=None)),
        *await plans.too_much(lambda: register.devices_with(sought("D10").runs, after=None)),
        *await plans.too_much(lambda: register.devices_with_serial("20000000007")),
        *await plans.too_much(lambda: register.movements_of("D100007", after=None)),
        *await plans.too_much(lambda: register.labels_of("D100007")),
        *await plans.too_much(lambda: register.loans_of_device("D100007")),
        *await plans.too_much(lambda: register.orders_with_lot("L7", after=None)),
        *await plans.too_much(lambda: register.balances_with_lot("L7")),
        *await plans.too_much(lambda: stock.balances({"S7", "S8"}, articles=None, after=None)),
        *await plans.too_much(lambda: stock.balances({"S7", "S8"}, articles={"7", "57"}, after=None)),
        *await plans.too_much(lambda: stock.devices_of(["910001"], "S7")),
    ]

    assert examined == []
    found = await register.devices_with(sought("100777").runs, after=None)
    assert [each.device_no for each in found.states] == ["D100777"]


async def test_what_is_due_and_which_jobs_there_are_is_answered_by_an_index(
    plans: Plans, repository: Repository
) -> None:
    maintenance = MaintenanceQueries(repository)
    days: dict[str, Any] = {"due_from": date(2026, 3, 1), "due_through": date(2026, 3, 31)}
    wanted = [
        DueWanted(**days),
        DueWanted(**days, care_units=frozenset({"U7", "U8"})),
        DueWanted(**days, storeroom_no="S7"),
        DueWanted(**days, articles={"910003", "910004"}),
        DueWanted(due_through=date(2026, 1, 31)),
    ]

    examined = [
        *[row for each in wanted for row in await plans.too_much(partial(maintenance.due, each, after=None))],
        *await plans.too_much(lambda: maintenance.counted_by_another(MaintenancePlan("910003", (), 1))),
        *await plans.too_much(lambda: maintenance.jobs_of("D100007", after=None)),
        *await plans.too_much(lambda: maintenance.open_jobs(after=None)),
        *await plans.too_much(lambda: maintenance.jobs_by("technician-1", after=None)),
    ]

    assert examined == []
    found = await maintenance.due(wanted[1], after=None)
    assert {each.care_unit for each in found.states} == {"U7", "U8"}


async def test_what_a_recall_concerns_is_answered_by_an_index(plans: Plans, repository: Repository) -> None:
    recalls = RecallQueries(repository)

    examined = [
        *await plans.too_much(lambda: recalls.page_of_devices("R1", after=None)),
        *await plans.too_much(lambda: anext(recalls.devices_of("910003"))),
        *await plans.too_much(lambda: anext(recalls.devices_of("910003", since=date(2026, 11, 1)))),
        *await plans.too_much(lambda: anext(recalls.on_shelves("R1"))),
        *await plans.too_much(lambda: anext(recalls.devices_to_notice())),
        *await plans.too_much(lambda: anext(recalls.orders_to_notice())),
        *await plans.too_much(lambda: recalls.balances_of("7")),
        *await plans.too_much(lambda: anext(recalls.marked_balances("R1"))),
        *await plans.too_much(lambda: anext(recalls.orders_with("910003"))),
        *await plans.too_much(lambda: recalls.page_of_orders("R1", after=None)),
        *await plans.too_much(lambda: recalls.orders_to_free("S1", "910003", 5)),
        *await plans.too_much(lambda: recalls.notices("R1", after=None)),
        *await plans.too_much(lambda: anext(recalls.open_notices("R1"))),
        *await plans.too_much(recalls.followed),
        *await plans.too_much(lambda: recalls.recalls(after=None)),
        *await plans.too_much(lambda: recalls.articles_of("Demoluft AB", most=200)),
    ]

    assert examined == []
