"""The five services' queries on one set of databases, for who measures them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from deploy.topology import assembled
from services import SERVICES
from services.billing.application.batches import Batches
from services.billing.application.reconciliations import Reconciliations
from services.billing.application.waivers import Waivers
from services.billing.gateways.files import Files
from services.billing.repository.compensations import CompensationQueries
from services.billing.repository.corrections import CorrectionQueries
from services.billing.repository.fees import FeeQueries
from services.billing.repository.tariffs import TariffQueries
from services.billing.repository.withdrawals import WithdrawalQueries
from services.inventory.repository.goods import GoodsQueries
from services.inventory.repository.maintenance import MaintenanceQueries
from services.inventory.repository.recalls import RecallQueries
from services.inventory.repository.register import RegisterQueries
from services.inventory.repository.stock import StockQueries
from services.notification.repository.messages import MessageQueries
from services.notification.repository.tasks import TaskQueries
from services.ordering.domain.order_types import ORDER_TYPES
from services.ordering.repository.devices import DeviceOrdering
from services.ordering.repository.order_search import OrderSearch, OrdersWanted
from services.ordering.repository.withdrawals import Ordering
from services.prescription.application.merging import Mergings
from services.prescription.application.renewing import Radar, radar_page
from services.prescription.application.searching import Reach, Searching
from services.prescription.domain.patients.search import Criteria
from services.prescription.domain.prescriptions.radar import window
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import FixedClock
from shared.domain.days import local_day
from shared.repository import Entry, Repository
from shared.repository.mongo.backend import Client, Mongo
from shared.sealed import Seals
from shared.service.process import repository_of
from tools.bench.grown import NOW

TODAY = local_day(NOW)

ENTRY = Entry(actor="bench", action="bench.ask")


@dataclass(frozen=True)
class Reader:
    """Somebody who asks for what is audited."""

    entry: Entry = ENTRY

    def seen(self, version: int) -> None: ...


ASKING = Reader()


@dataclass
class Desk:
    """The five services' repositories on one set of databases."""

    repositories: Mapping[str, Repository]
    seals: Seals
    clock: FixedClock

    @cached_property
    def ordering(self) -> Ordering:
        return Ordering(self.repositories["ordering"])

    @cached_property
    def devices(self) -> DeviceOrdering:
        return DeviceOrdering(self.repositories["ordering"])

    def orders(self, **wanted: Any) -> Awaitable[Any]:
        return OrderSearch(self.repositories["ordering"]).page(OrdersWanted(**wanted), types=ORDER_TYPES)

    @cached_property
    def goods(self) -> GoodsQueries:
        return GoodsQueries(self.repositories["inventory"])

    @cached_property
    def register(self) -> RegisterQueries:
        return RegisterQueries(self.repositories["inventory"])

    @cached_property
    def stock(self) -> StockQueries:
        return StockQueries(self.repositories["inventory"])

    @cached_property
    def maintenance(self) -> MaintenanceQueries:
        return MaintenanceQueries(self.repositories["inventory"])

    @cached_property
    def recalls(self) -> RecallQueries:
        return RecallQueries(self.repositories["inventory"])

    @cached_property
    def prescribing(self) -> Prescribing:
        return Prescribing(self.repositories["prescription"])

    @cached_property
    def messages(self) -> MessageQueries:
        return MessageQueries(self.repositories["notification"], self.clock)

    @cached_property
    def tasks(self) -> TaskQueries:
        return TaskQueries(self.repositories["notification"], self.clock)

    @cached_property
    def fees(self) -> FeeQueries:
        return FeeQueries(self.repositories["billing"])

    @cached_property
    def waivers(self) -> Waivers:
        return Waivers(self.repositories["billing"], self.clock)

    @cached_property
    def tariffs(self) -> TariffQueries:
        return TariffQueries(self.repositories["billing"])

    @cached_property
    def withdrawals(self) -> WithdrawalQueries:
        return WithdrawalQueries(self.repositories["billing"])

    @cached_property
    def batches(self) -> Batches:
        return Batches(self.repositories["billing"], self.clock, self.seals, Files(Path("not-written")))

    @cached_property
    def reconciliations(self) -> Reconciliations:
        return Reconciliations(self.repositories["billing"], self.clock)

    @cached_property
    def corrections(self) -> CorrectionQueries:
        return CorrectionQueries(self.repositories["billing"])

    @cached_property
    def compensations(self) -> CompensationQueries:
        return CompensationQueries(self.repositories["billing"])

    @cached_property
    def merged(self) -> Mergings:
        return Mergings(self.prescribing, self.clock)

    def search(self, criteria: Criteria, reach: Reach) -> Awaitable[Any]:
        searching = Searching(self.prescribing, self.seals)
        return searching.page(criteria, reach, on=TODAY, after=None, limit=50)

    def renewals(self, where: Mapping[str, Any]) -> Awaitable[Any]:
        radar = Radar(where, window(TODAY, within_days=365, past_days=0))
        return radar_page(self.prescribing, radar, on=TODAY, limit=100, after=None)


async def prepare(client: Client, prefix: str) -> None:
    """Make all collections and indexes that there are to be."""
    for service in SERVICES:
        await Mongo(client[f"{prefix}_{service}"]).prepare(assembled(service).collections)


@asynccontextmanager
async def desk_on(client: Client, prefix: str, seals: Seals) -> AsyncIterator[Desk]:
    """Open the five databases of a prefix, which `prepare` has made."""
    clock = FixedClock(NOW)
    async with AsyncExitStack() as stack:
        repositories = {}
        for service in SERVICES:
            backend = Mongo(client[f"{prefix}_{service}"])
            repositories[service] = repository_of(backend, service=service, clock=clock, seals=seals)
            stack.push_async_callback(repositories[service].close)
        yield Desk(repositories, seals, clock)


Question = Callable[[Desk], Awaitable[Any]]
