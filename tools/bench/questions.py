"""The queries of routes and jobs: measured by `./sesam bench growth`, explained by the tests."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from deploy.topology import assembled
from services import SERVICES
from services.billing.application.batches import Batches
from services.billing.application.reconciliations import Reconciliations
from services.billing.application.waivers import MOST_FORESEEN, Waivers
from services.billing.domain.fees.waiver import Group
from services.billing.domain.tariffs.repricing import month_before
from services.billing.gateways.files import Files
from services.billing.repository.compensations import CompensationQueries
from services.billing.repository.corrections import CorrectionQueries
from services.billing.repository.fees import FeeQueries
from services.billing.repository.figures import figures as billing_figures
from services.billing.repository.tariffs import TariffQueries
from services.billing.repository.withdrawals import WithdrawalQueries
from services.notification.repository.figures import figures as notification_figures
from services.notification.repository.messages import MessageQueries
from services.notification.repository.tasks import TaskQueries, TasksWanted
from services.ordering.domain.order_types import ORDER_TYPES
from services.ordering.repository.assortment_requests import requests_waiting
from services.ordering.repository.devices import DeviceOrdering
from services.ordering.repository.figures import figures as ordering_figures
from services.ordering.repository.order_search import OrderSearch, OrdersWanted
from services.ordering.repository.withdrawals import LONGEST_LIST, Ordering, Within
from services.prescription.application.merging import Mergings
from services.prescription.application.renewing import Radar, radar_page
from services.prescription.application.searching import Reach, Searching
from services.prescription.domain.patients.search import Criteria
from services.prescription.domain.prescriptions.radar import window
from services.prescription.repository.prescriptions import Prescribing
from shared.clock import FixedClock
from shared.domain.days import local_day
from shared.domain.number_parts import numbers_like
from shared.repository import Entry, Repository
from shared.repository.mongo.backend import Client, Mongo
from shared.sealed import Seals
from shared.service.counting import PAGE
from shared.service.process import repository_of
from tools.bench.grown import DAYS, NOW, PASSED_ONE_IN

TODAY = local_day(NOW)
EVERYWHERE = Reach(care_units=None, areas=None)
OWN = Reach(care_units=frozenset({"U3", "U4"}), areas=frozenset({"foods"}))
A_MONTH = Group(TODAY - timedelta(days=30), TODAY)
TWO_YEARS = Group(TODAY - timedelta(days=730), TODAY)
OF_STAFF = TasksWanted(roles={"prescriber"}, care_units={"U3", "U4"})
OF_SERVICE = TasksWanted(roles={"customer_service", "economist"}, care_units=None)
PART = numbers_like("000077", kinds=("B", "U"), years=(2026, 2025, 2024))

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


async def foreseen(desk: Desk, group: Group) -> None:
    """Ask for all of a preview, answer after answer."""
    found = await desk.waivers.foresee(group)
    while found.day:
        found = await desk.waivers.foresee(group, so_far=found)


async def gone_through(pages: AsyncIterator[Any]) -> None:
    async for _ in pages:
        pass


def of_a_page(size: int) -> int:
    """Give how many documents are counted at one asking."""
    return min(size, PAGE)


Question = Callable[[Desk], Awaitable[Any]]

DOORS: Mapping[str, Question] = MappingProxyType({
    "my withdrawals": lambda desk: desk.ordering.made_by("clerk-3", state=None, within=Within()),
    "my annulled withdrawals": lambda desk: desk.ordering.made_by(
        "clerk-9", state="annulled", within=Within()
    ),
    "my drafts": lambda desk: desk.ordering.made_by("clerk-3", state="new", within=Within()),
    "drafts of a unit": lambda desk: desk.ordering.drafts(patient_ref=None, within=Within(frozenset({"U3"}))),
    "a patient's withdrawals": lambda desk: desk.ordering.withdrawals_of("p00000007"),
    "open orders of an article": lambda desk: desk.ordering.open_orders_of("900003"),
    "whom an article is prescribed to": lambda desk: desk.ordering.prescribed(
        ["900003", "900004"], after="p00000050", limit=100
    ),
    "a prescription's withdrawals": lambda desk: desk.ordering.withdrawals_on(["F7-1"]),
    "what a patient waits for": lambda desk: desk.ordering.unfinished("p00000007"),
    "an order's long replies": lambda desk: desk.ordering.long_replies("B00000007", after=None),
    "a patient's device orders": lambda desk: desk.devices.orders_of_patient("p00000007"),
    "a care unit's device orders": lambda desk: desk.devices.orders_of_unit("U3"),
    "a care unit's open device orders": lambda desk: desk.devices.orders_of_unit("U3", only_open=True),
    "orders of own units": lambda desk: desk.orders(care_units=frozenset({"U3", "U4"})),
    "a unit's orders of a month": lambda desk: desk.orders(
        care_units=frozenset({"U3"}), since=NOW - timedelta(days=60), before=NOW - timedelta(days=30)
    ),
    "orders of mine": lambda desk: desk.orders(of_person="clerk-3"),
    "a patient's orders": lambda desk: desk.orders(patient_ref="p00000007"),
    "orders by a part of their number": lambda desk: desk.orders(numbers=PART),
    "orders of a device": lambda desk: desk.orders(device_nos=frozenset({"D100001"})),
    "assortment requests that wait": lambda desk: requests_waiting(desk.repositories["ordering"], None),
    "fee corrections of a care unit": lambda desk: desk.devices.fee_corrections_waiting("U3"),
    "my baskets of devices": lambda desk: desk.devices.baskets_of("clerk-3"),
    "replies that are nobody's": lambda desk: desk.ordering.stray_replies(),
    "patients by prescriber": lambda desk: desk.search(Criteria(prescriber="prescriber-3"), EVERYWHERE),
    "patients by type": lambda desk: desk.search(Criteria(prescription_type="specific_content"), EVERYWHERE),
    "own patients by type": lambda desk: desk.search(Criteria(prescription_type="specific_content"), OWN),
    "own active patients": lambda desk: desk.search(Criteria(activity="active"), OWN),
    "patients whose lines end soon": lambda desk: desk.search(Criteria(ends_within_days=180), EVERYWHERE),
    "own patients by name": lambda desk: desk.search(Criteria(name="Berg"), OWN),
    "renewals of own units": lambda desk: desk.renewals({"care_unit": {"$in": ["U3", "U4"]}}),
    "renewals of a prescriber": lambda desk: desk.renewals({"prescriber": "prescriber-3"}),
    "renewals of everybody": lambda desk: desk.renewals({}),
    "a patient's prescriptions": lambda desk: desk.prescribing.prescriptions_of("p00000007"),
    "a prescription's attachments": lambda desk: desk.prescribing.attachments_of("F00000007"),
    "a dietitian's exemptions": lambda desk: desk.prescribing.exemptions(dietitian="dietitian-1"),
    "tasks of own units": lambda desk: desk.tasks.wanted(OF_STAFF, limit=50),
    "tasks of customer service": lambda desk: desk.tasks.wanted(OF_SERVICE, limit=50),
    "my tasks": lambda desk: desk.tasks.wanted(replace(OF_SERVICE, owner="clerk-3"), limit=50),
    "tasks of a kind": lambda desk: desk.tasks.wanted(replace(OF_SERVICE, kind="kind_2"), limit=50),
    "tasks that are done": lambda desk: desk.tasks.wanted(replace(OF_STAFF, only_open=False), limit=50),
    "counts of tasks": lambda desk: desk.tasks.counts(OF_STAFF),
    "a patient's fees": lambda desk: desk.fees.of_patient("p00000007"),
    "answers about no fee": lambda desk: desk.fees.strays(),
    "waivers": lambda desk: desk.waivers.queries.newest_first(),
    "drafts of tariffs": lambda desk: desk.tariffs.drafts(),
    "corrections that wait": lambda desk: desk.corrections.waiting(ASKING),
    "compensations that wait": lambda desk: desk.compensations.waiting(),
    "the newest files": lambda desk: desk.batches.queries.newest_first(limit=1),
    "days added up": lambda desk: desk.withdrawals.reconciliations(limit=50),
    "a patient's messages": lambda desk: desk.messages.of(ASKING, field="patient_ref", value="p00000007"),
})  # fmt: skip

JOBS: Mapping[str, Question] = MappingProxyType({
    "remind of drafts": lambda desk: desk.ordering.forgotten_drafts(before=NOW - timedelta(days=7)),
    "remind of devices": lambda desk: desk.devices.waiting_at_unit(before=NOW - timedelta(days=14)),
    "look for silent orders": lambda desk: desk.ordering.silent_orders(before=NOW - timedelta(days=7)),
    "send what is due": lambda desk: desk.messages.due(["sms"]),
    "expire messages": lambda desk: desk.messages.too_late(),
    "look for lost attempts": lambda desk: desk.messages.lost(),
    "look for reports": lambda desk: desk.messages.without_report(),
    "escalate tasks": lambda desk: desk.tasks.overdue(),
    "close the day": lambda desk: desk.fees.waiting_for_file(),
    "write the day's files": lambda desk: desk.batches.write_all(),
    "watch for unanswered files": lambda desk: desk.batches.watch(),
    "carry out waivers": lambda desk: desk.waivers.carry_out(),
    "follow merged patients": lambda desk: desk.merged.follow_up(),
    "end prescriptions": lambda desk: desk.prescribing.due(NOW, after=None),
    "date prescriptions": lambda desk: desk.prescribing.undated(after=None),
    "ask the register": lambda desk: desk.prescribing.served_after("p00000050", limit=50),
    "tell what waits": lambda desk: gone_through(desk.fees.in_days({"stage": "held"}, through=TODAY)),
    "follow merged payers": lambda desk: desk.fees.merged_since(NOW - timedelta(days=2)),
})  # fmt: skip

Rows = Callable[[int], int]

BY_THE_ROW: Mapping[str, tuple[Question, Rows]] = MappingProxyType({
    "an answer of a waiver's preview": (
        lambda desk: desk.waivers.foresee(TWO_YEARS), lambda size: min(size, MOST_FORESEEN)
    ),
    "a waiver's preview over two years": (lambda desk: foreseen(desk, TWO_YEARS), lambda size: size),
    "blocks passed in a month": (
        lambda desk: desk.ordering.past_blocks(since=A_MONTH.sent_from, until=A_MONTH.sent_through),
        lambda size: min(size * 30 // DAYS // PASSED_ONE_IN, LONGEST_LIST),
    ),
    "what a waiver took back": (
        lambda desk: gone_through(desk.fees.pages({"entry.because": "w1"})), lambda size: size // 33
    ),
    "adding up a day": (
        lambda desk: desk.reconciliations.reconcile(TODAY - timedelta(days=100)), lambda size: size // DAYS
    ),
    "trying a tariff on last month": (
        lambda desk: gone_through(desk.withdrawals.sent_within(*month_before(TODAY))), lambda size: size // 24
    ),
    "counting fees": (lambda desk: billing_figures(desk.repositories["billing"])(), of_a_page),
    "counting orders": (lambda desk: ordering_figures(desk.ordering, desk.clock)(), of_a_page),
    "counting messages": (
        lambda desk: notification_figures(desk.repositories["notification"])(), of_a_page
    ),
})  # fmt: skip
"""What reads as much as it answers: its time by the row must not grow."""

ALL: Mapping[str, Question] = MappingProxyType({
    **DOORS, **JOBS, **{name: question for name, (question, _) in BY_THE_ROW.items()}
})  # fmt: skip
