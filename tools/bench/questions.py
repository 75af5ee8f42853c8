"""The queries of routes and jobs: measured by `./sesam bench growth`, explained by the tests."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from services.billing.application.waivers import MOST_FORESEEN
from services.billing.domain.fees.waiver import Group
from services.billing.domain.tariffs.repricing import month_before
from services.billing.repository.figures import figures as billing_figures
from services.inventory.domain.devices.finding import sought
from services.inventory.repository.maintenance import DueWanted
from services.inventory.repository.swaps import open_swaps
from services.notification.repository.figures import figures as notification_figures
from services.notification.repository.tasks import TasksWanted
from services.ordering.repository.assortment_requests import requests_waiting
from services.ordering.repository.collecting import CollectionsWanted, collections_found
from services.ordering.repository.figures import figures as ordering_figures
from services.ordering.repository.reports import orders_waiting_at
from services.ordering.repository.withdrawals import LONGEST_LIST, Within
from services.prescription.application.searching import Reach
from services.prescription.domain.patients.search import Criteria
from shared.domain.number_parts import numbers_like
from shared.service.counting import PAGE
from tools.bench.databases import ASKING, TODAY, Desk, Question
from tools.bench.grown import DAYS, NOW, PASSED_ONE_IN
from tools.bench.grown_devices import A_RECALL, ARTICLES, ONE_IN, device_no, lot_of

EVERYWHERE = Reach(care_units=None, areas=None)
OWN = Reach(care_units=frozenset({"U3", "U4"}), areas=frozenset({"foods"}))
A_MONTH = Group(TODAY - timedelta(days=30), TODAY)
TWO_YEARS = Group(TODAY - timedelta(days=730), TODAY)
OF_STAFF = TasksWanted(roles={"prescriber"}, care_units={"U3", "U4"})
OF_SERVICE = TasksWanted(roles={"customer_service", "economist"}, care_units=None)
A_DEVICE, A_LOT = device_no(400), lot_of(400)
A_PART = sought(A_DEVICE)
OVERDUE = DueWanted(due_through=TODAY)
OF_OWN_UNITS = replace(OVERDUE, care_units=frozenset({"U3", "U4"}))
OF_A_STOREROOM = replace(OVERDUE, storeroom_no="S3")
OWN_STOREROOMS = ("S3", "S4")
PART = numbers_like("000077", kinds=("B", "U"), years=(2026, 2025, 2024))


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


def of_an_article(size: int) -> int:
    """Give how many devices, and orders, there are of one article."""
    return size // ONE_IN // ARTICLES


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
    "orders of a device": lambda desk: desk.orders(device_nos=frozenset({A_DEVICE})),
    "a unit's collection orders of a month": lambda desk: collections_found(
        desk.repositories["ordering"],
        CollectionsWanted(
            care_units=frozenset({"U3"}), since=NOW - timedelta(days=60), before=NOW - timedelta(days=30)
        ),
    ),
    "assortment requests that wait": lambda desk: requests_waiting(desk.repositories["ordering"], None),
    "fee corrections of a care unit": lambda desk: desk.devices.fee_corrections_waiting("U3"),
    "my baskets of devices": lambda desk: desk.devices.baskets_of("clerk-3"),
    "a storeroom's stock": lambda desk: desk.goods.balances_in("S3", after=None),
    "the stock of own storerooms": lambda desk: desk.stock.balances(
        OWN_STOREROOMS, articles=None, after=None
    ),
    "the stock of some articles": lambda desk: desk.stock.balances(
        OWN_STOREROOMS, articles=("9200003", "9200004"), after=None
    ),
    "a storeroom's devices": lambda desk: desk.goods.devices_in("S3", after=None),
    "a storeroom's stocktakes": lambda desk: desk.goods.stocktakes_in("S3", after=None),
    "devices by a part of their number": lambda desk: desk.register.devices_with(A_PART.runs, after=None),
    "a device's movements": lambda desk: desk.register.movements_of(A_DEVICE, after=None),
    "who has a device": lambda desk: desk.register.loans_of_device(A_DEVICE),
    "who has a lot": lambda desk: desk.register.orders_with_lot(A_LOT, after=None),
    "where a lot lies": lambda desk: desk.register.balances_with_lot(A_LOT),
    "a patient's loans": lambda desk: desk.goods.loans_of(["p00000007"], product_areas=None, after=None),
    "what is overdue": lambda desk: desk.maintenance.due(OVERDUE, after=None),
    "what of own patients is overdue": lambda desk: desk.maintenance.due(OF_OWN_UNITS, after=None),
    "what of a storeroom is overdue": lambda desk: desk.maintenance.due(OF_A_STOREROOM, after=None),
    "the devices of a recall": lambda desk: desk.recalls.page_of_devices(A_RECALL, after=None),
    "the orders of a recall": lambda desk: desk.recalls.page_of_orders(A_RECALL, after=None),
    "a warehouse's open swaps": lambda desk: open_swaps(
        desk.repositories["inventory"], "storeroom_no", ["S3"], after=None
    ),
    "own units' open swaps": lambda desk: open_swaps(
        desk.repositories["inventory"], "care_unit", ["U3", "U4"], after=None
    ),
    "what waits at own units": lambda desk: orders_waiting_at(
        desk.repositories["ordering"], ["U3", "U4"], after=None
    ),
    "what waits at any unit": lambda desk: orders_waiting_at(
        desk.repositories["ordering"], None, after=None
    ),
    "what can be picked": lambda desk: desk.goods.orders_to_pick("S3", after=None),
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
    "look for who was not told of a recall": lambda desk: gone_through(desk.recalls.devices_to_notice()),
    "look for devices that a recall set apart": lambda desk: gone_through(desk.recalls.on_shelves(A_RECALL)),
    "give to waiting orders": lambda desk: gone_through(desk.goods.balances_waited_for()),
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
    "the devices that a recall of an article marks": (
        lambda desk: gone_through(desk.recalls.devices_of("910003")), of_an_article
    ),
    "the orders that a recall of an article marks": (
        lambda desk: gone_through(desk.recalls.orders_with("910003")), of_an_article
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
